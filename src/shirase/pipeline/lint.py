"""``shirase lint``: the templates and a case's texts, drawn at the limits of what a page has to hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from shirase.case.folder import read_case
from shirase.domain.finding import Finding
from shirase.domain.incident import Case, ConfirmedSection
from shirase.domain.report import MethodFacts
from shirase.inspection.layout import layout_findings
from shirase.inspection.page_text import read_pages
from shirase.pipeline.draft import Engine
from shirase.pipeline.output import write_whole
from shirase.pipeline.progress import Progress
from shirase.rehearsal.hard_reports import HardReport, hard_reports
from shirase.rendering.worker import Rendered, RenderFailure, initialise, render_report
from shirase.reporting.build import build_batch, build_report

_COST = 40
"""What a report without rows takes, in rows."""

_METHOD = MethodFacts(
    lines_read=1_234_567, in_scope=12_345, outside_window=1_000_000, other_organisation=200_000, duplicate=12_222,
    not_an_action=9_999, quarantined=1, unattributed=0, customers_affected=366, customers_total=14_640,
    tenants_affected=401,
)  # fmt: skip
"""Made up, with the largest figures that are likely."""


@dataclass(frozen=True, slots=True)
class LintedReport:
    """One hard report: how many rows and pages it has, and what is wrong with it."""

    name: str
    rows: int
    pages: int
    seconds: float
    findings: tuple[Finding, ...]


def run_lint(
    case_folder: Path, *, rows: int, engine: Engine, progress: Progress, keep: Path | None = None
) -> tuple[LintedReport, ...]:
    """Draw every hard report with the templates and the texts of the case, and look for what cannot be read.

    No log is read: customers and actions are made up.

    Args:
        case_folder: Whose texts.
        rows: Actions of the largest report.
        engine: What renders.
        progress: Told of each report.
        keep: Folder for the PDFs, to look at; none are kept when None.

    Raises:
        CaseError: When the case cannot be used.
    """
    case = read_case(case_folder)
    initialise(replace(engine.worker, memory_limit=None))
    hard = list(_variants(case, rows))
    progress.begin("drawing hard cases", sum(len(report.actions) + _COST for _, report in hard))
    linted = []
    for variant, report in hard:
        linted.append(_lint(variant, report, keep))
        progress.advance(len(report.actions) + _COST, report.name)
    progress.end()
    return tuple(linted)


def _variants(case: Case, rows: int) -> Iterator[tuple[Case, HardReport]]:
    """Each hard report as potentially affected; and the one with every kind of row as confirmed, too."""
    source = case.incident.sources[0].id
    for report in hard_reports(case.catalogue, case.window, source, rows):
        yield replace(case, incident=case.incident.model_copy(update={"confirmed": None})), report
        if report.name == "every kind of row":
            actors = tuple(sorted({scoped.action.actor_uid for scoped in report.actions}))[:2]
            section = ConfirmedSection(**case.incident.window.model_dump(), actors=actors)
            confirmed = case.incident.model_copy(update={"confirmed": section})
            yield replace(case, incident=confirmed), replace(report, name="every kind of row, confirmed affected")


def _lint(case: Case, hard: HardReport, keep: Path | None) -> LintedReport:
    figures = tuple((claim.id, 12_345) for claim in case.claims)
    batch = build_batch(case, _METHOD, own_figures=figures)
    report = build_report(case, batch, hard.customer, hard.actions)
    outcome = render_report(report)
    if isinstance(outcome, RenderFailure):
        finding = Finding(outcome.kind, outcome.where, outcome.what, outcome.mend)
        return LintedReport(hard.name, len(hard.actions), 0, 0.0, (finding,))
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        write_whole(keep / f"{_file_name(hard.name)}.pdf", outcome.pdf)
    return LintedReport(
        hard.name, len(hard.actions), outcome.page_count, round(outcome.seconds, 2), tuple(_findings(outcome, hard))
    )


def _findings(outcome: Rendered, hard: HardReport) -> Iterator[Finding]:
    """What pdfium sees of the pages; and that each row stands on one of them."""
    numbers = _expected_numbers(hard)
    for page in read_pages(outcome.pdf):
        yield from layout_findings(page)
        numbers -= set(page.text.split())
    if numbers:
        lost = ", ".join(sorted(numbers, key=int)[:10])
        yield Finding("lost-row", "Annex A", f"{len(numbers)} rows are not on the pages: {lost}", "mend the template")


def _expected_numbers(hard: HardReport) -> set[str]:
    return {str(number) for number in range(1, len(hard.actions) + 1)}


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name.lower())


def blocked(linted: Iterable[LintedReport]) -> bool:
    """Whether a report has a finding that must be mended."""
    return any(finding.blocker for report in linted for finding in report.findings)
