"""``shirase scope``: read the case and its evidence, decide every line, and group the actions by customer."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from shirase.attribution.resolve import ClueResolver
from shirase.case.evidence_list import list_evidence
from shirase.case.folder import read_case
from shirase.domain.accounting import total_account
from shirase.domain.bilingual import Language
from shirase.domain.claims import Answer, contradicted
from shirase.domain.disposition import Disposition
from shirase.domain.errors import CaseError, GateError, Problem
from shirase.domain.incident import MAPPED, Case, SourceSection
from shirase.domain.profile import Profile
from shirase.domain.report import BatchFacts, MethodFacts
from shirase.intake.intake_file import IntakeFile, arrive
from shirase.intake.read import choose_reader, refuse_too_many_rejects
from shirase.intake.summary import IntakeSummary
from shirase.pipeline.coverage import shown_coverage, sources_in_several_cuts, sources_with_serial_ids
from shirase.pipeline.expected import Expected, expected_reports
from shirase.pipeline.garbage import no_cycle_collection
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.progress import Progress
from shirase.pipeline.reading import read_evidence
from shirase.pipeline.scope_cache import load_scope, scope_key, store_scope
from shirase.reporting.build import build_batch
from shirase.scoping.claims import answer_own, open_lines
from shirase.scoping.contradictions import find_contradictions
from shirase.scoping.decide import decide_lines
from shirase.scoping.grouping import group_by_customer
from shirase.scoping.nested_files import find_nested_files
from shirase.scoping.queries import open_engine
from shirase.scoping.reach import with_missing_ids
from shirase.scoping.reconciliation.feed import SourceFacts, reconcile
from shirase.scoping.result import ScopeResult, collect_result
from shirase.scoping.rules import Scope
from shirase.scoping.undescribed import find_undescribed
from shirase.text.markdown import placeholders_of

CLOCK_US = 2_000_000
CLIENT_CLOCK_US = 120_000_000
"""How far clocks may be off, in microseconds: those of servers, and those of devices that report their own time."""

CLIENT_CLOCKS = frozenset({"ringcentral-audit", "ringcentral-call-log"})
"""Adapters whose times are told by a device (RingCentral: ``eventTime`` is "provided by the client")."""


@dataclass(frozen=True, slots=True)
class ScopeRun:
    """A scope that was run: the case, what intake read, what the rules decided, where it lies, and what it answers."""

    case: Case
    intake: IntakeSummary
    result: ScopeResult
    output: OutputFolder
    own_answers: tuple[Answer, ...] = ()

    @property
    def expected(self) -> Expected:
        """Who gets a report."""
        return expected_reports(self.case, self.result)

    @property
    def grouped(self) -> Path:
        """The actions of each customer, together."""
        return grouped_path(self.output)


def grouped_path(output: OutputFolder) -> Path:
    """Where the actions of each customer lie together."""
    return output.work / "by-customer.parquet"


def run_scope(
    case_folder: Path, out: Path, progress: Progress, *, jobs: int = 1, after_reading: Callable[[], None] = lambda: None
) -> ScopeRun:
    """Run intake and scoping, or take over the last run when nothing that decides it has changed.

    Args:
        case_folder: The case.
        out: Where the incident's output folder is made.
        progress: Told how far it is.
        jobs: Processes that may read evidence at once.
        after_reading: Called when all evidence is read: from then on one processor is busy, and the others are free.

    Raises:
        CaseError: When the case cannot be used.
        EvidenceError: When evidence cannot be read, or too much of it is unusable.
        GateError: When the accounting identity does not hold.
    """
    with no_cycle_collection():
        case = read_case(case_folder)
    require_adapters(case)
    output = OutputFolder(out / case.incident.id)
    output.make()
    files = take_in(case_folder, case, progress)
    key = scope_key(case, files)
    kept = (output.actions, output.rejects, grouped_path(output))
    known = load_scope(output, key, kept)
    if known is not None:
        return ScopeRun(case, known.intake, known.result, output, own_answers(case, output))
    read = output.work / "read"
    intake = read_evidence(case_folder, with_resolver(case, files), read, jobs=jobs, progress=progress)
    after_reading()
    (read / "rejects.ndjson").replace(output.rejects)
    refuse_too_many_rejects(intake, case.incident.reject_limit)
    result = _run_scoping(case, intake, output, progress)
    _require_identity(intake, result)
    store_scope(output, key, intake=intake, result=result, kept=kept)
    return ScopeRun(case, intake, result, output, own_answers(case, output))


def take_in(case_folder: Path, case: Case, progress: Progress) -> tuple[IntakeFile, ...]:
    """Every evidence file with its source, profile, size and SHA-256; not yet with what finds tenants."""
    sources = {source.id: source for source in case.incident.sources}
    listed = list_evidence(case_folder, case)
    progress.begin("hashing evidence", len(listed))
    files = []
    for entry in listed:
        source = sources[entry.source_id]
        files.append(arrive(case_folder, entry.path, source, profile_of(case, source)))
        progress.advance(1)
    progress.end()
    return tuple(files)


def with_resolver(case: Case, files: tuple[IntakeFile, ...]) -> tuple[IntakeFile, ...]:
    """``files``, those of adapters with what finds the tenants of their records: as costly as a long register."""
    if all(file.source.adapter == MAPPED for file in files):
        return files
    resolver = clue_resolver(case)
    return tuple(file if file.source.adapter == MAPPED else replace(file, resolver=resolver) for file in files)


def clue_resolver(case: Case) -> ClueResolver:
    """What finds the customers of records that name no tenant, by everything the case knows."""
    return ClueResolver.build(
        case.customers,
        tickets=case.tickets,
        accounts=case.accounts,
        contacts=case.contacts,
        decisions=case.decisions.resolutions,
    )


def profile_of(case: Case, source: SourceSection) -> Profile | None:
    """The mapping profile of a source; None where its adapter needs none."""
    return case.profiles[source.profile] if source.profile is not None else None


def require_adapters(case: Case) -> None:
    """Refuse a case whose sources name adapters that are not there, or leave out what they need.

    Raises:
        CaseError: Naming the source and what to declare.
    """
    problems: list[Problem] = []
    for source in case.incident.sources:
        try:
            choose_reader(source, profile_of(case, source))
        except CaseError as error:
            problems += error.diagnostics()
    if problems:
        raise CaseError(*problems)


def require_signed_off(run: ScopeRun) -> None:
    """Refuse to go on while a line waits for a person.

    Raises:
        GateError: Naming the lines and what to write into ``decisions.toml``.
    """
    problems = []
    for line in run.result.open_lines[:20]:
        tenants = ", ".join(line.tenant_ids) or "none"
        key = f'tenant_id = "{line.tenant_ids[0]}"' if line.tenant_ids else f'line_digest = "{line.raw_digest}"'
        problems.append(
            Problem(f"nobody knows whose this line is (tenants named: {tenants})", f"{line.path}:{line.line}",
                    f"decide it in decisions.toml: [[attributions]] {key}")
        )  # fmt: skip
    if problems:
        left = run.result.open_count - len(problems)
        if left > 0:
            problems.append(Problem(f"{left} more such lines", str(run.output.run_sheet), "see scope.open_lines there"))
        raise GateError(*problems)


def method_facts(run: ScopeRun) -> MethodFacts:
    """The accounting of the case as every report states it."""
    total = total_account(run.result.accounts)
    return MethodFacts(
        lines_read=total.lines_read,
        in_scope=total.count(Disposition.IN_SCOPE),
        outside_window=total.count(Disposition.OUTSIDE_WINDOW),
        other_organisation=total.count(Disposition.OTHER_ORGANISATION),
        duplicate=total.count(Disposition.DUPLICATE),
        not_an_action=total.count(Disposition.NOT_AN_ACTION),
        quarantined=total.count(Disposition.QUARANTINED),
        unattributed=total.count(Disposition.UNATTRIBUTED),
        customers_affected=len(run.result.customers),
        customers_total=run.case.incident.customer_total,
        tenants_affected=run.result.tenants_affected,
    )


def batch_facts(run: ScopeRun) -> BatchFacts:
    """What all reports of ``run`` state alike."""
    named = named_values(run.case)
    figures = tuple((answer.name, answer.result) for answer in run.own_answers if answer.name in named)
    return build_batch(
        run.case, method_facts(run), shown_coverage(run.case, run.intake, run.result), own_figures=figures
    )


def require_claims_hold(run: ScopeRun) -> None:
    """Refuse to go on while a text rests on a figure that the log does not give.

    Raises:
        GateError: Naming the claim, the figure expected and the one found.
    """
    problems = [
        Problem(
            f"texts rest on {claim.expect} ({claim.label.en}); the log says {answer.result}",
            f"claims.toml, {claim.id}",
            "correct the texts and the claim: what the log does not bear out is not sent to anybody",
        )
        for claim, answer in contradicted(run.case.claims, run.own_answers)
    ]
    if problems:
        raise GateError(*problems)


def require_permissions_hold(run: ScopeRun) -> None:
    """Refuse to go on while the log shows what reports would say is impossible.

    Raises:
        GateError: Naming the sentence, the code and the first line.
    """
    cannot = run.case.permissions.cannot
    problems = [
        Problem(
            f"reports say that the tool cannot do this ({cannot[found.position - 1].text.en!r}), but {found.lines} log "
            f"lines show {found.code!r}",
            f"permissions.toml, cannot[{found.position}], against {found.path}:{found.line}",
            "correct the sentence or its action_codes: a claim that the log contradicts is not sent to anybody",
        )
        for found in run.result.contradictions
    ]
    if problems:
        raise GateError(*problems)


def named_values(case: Case) -> frozenset[str]:
    """Every value that a narrative of ``case`` names."""
    texts = (section.text.of(language) for section in case.narrative for language in Language)
    return frozenset().union(*map(placeholders_of, texts))


def own_answers(case: Case, output: OutputFolder) -> tuple[Answer, ...]:
    """What the log answers to the claims of ``case``."""
    if not case.claims:
        return ()
    with open_lines(output.actions, case.catalogue) as connection:
        return answer_own(connection, case.claims)


def source_facts(case: Case) -> tuple[SourceFacts, ...]:
    """What reconciliation knows of each source; the order of ``incident.toml`` says which one is primary."""
    return tuple(
        SourceFacts(source.id, CLIENT_CLOCK_US if source.adapter in CLIENT_CLOCKS else CLOCK_US, source.tenant_id)
        for source in case.incident.sources
    )


def _run_scoping(case: Case, intake: IntakeSummary, output: OutputFolder, progress: Progress) -> ScopeResult:
    lines_path = output.work / "read" / "lines" / "*.parquet"
    progress.begin("deciding lines", intake.records)
    with open_engine(output.work / "spill") as engine, no_cycle_collection():
        reconciliation = reconcile(engine, lines_path, source_facts(case), case.roster.identities())
        decide_lines(engine, lines_path, output.actions, scope=Scope.of(case), decided=progress.advance)
        customers = group_by_customer(engine, output.actions, grouped_path(output))
        lines_read: Counter[str] = Counter({source.id: 0 for source in case.incident.sources})
        for file in intake.files:
            lines_read[file.source_id] += file.count.records
        result = collect_result(engine, output.actions, window=case.window, lines_read=lines_read, customers=customers)
        nested = find_nested_files(engine, output.actions, sources_in_several_cuts(case))
        reach = with_missing_ids(engine, output.actions, result.reach, sources_with_serial_ids(case))
        contradictions = find_contradictions(engine, output.actions, case.permissions)
        undescribed = find_undescribed(engine, output.actions, case.catalogue)
    progress.end()
    shutil.rmtree(output.work / "read")
    return replace(
        result,
        reach=reach,
        nested_files=nested,
        contradictions=contradictions,
        undescribed=undescribed,
        reconciliation=reconciliation,
    )


def _require_identity(intake: IntakeSummary, result: ScopeResult) -> None:
    problems = [
        Problem(
            f"{account.lines_read} lines read, {sum(account.by_disposition.values())} accounted for",
            f"source {account.source_id}",
            "no report may be written from this run; keep the case folder and report the fault",
        )
        for account in result.accounts
        if not account.balances()
    ]
    quarantined = total_account(result.accounts).count(Disposition.QUARANTINED)
    if quarantined != intake.reject_count:
        problems.append(Problem(f"{intake.reject_count} rejects written, {quarantined} lines quarantined", "", ""))
    if problems:
        raise GateError(*problems)
