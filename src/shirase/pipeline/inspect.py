"""``shirase inspect``: finished reports read again by other libraries, many at once, before anybody reviews them."""

import hashlib
import json
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pebble import ProcessPool

import shirase
from shirase.domain.errors import Problem, UsageError
from shirase.domain.finding import Finding
from shirase.domain.identifiers import report_id
from shirase.evidence.store import read_scoped_actions
from shirase.inspection.identifiers import customer_identifiers, ticket_identifiers, user_identifiers
from shirase.inspection.inspect_report import Subject, inspect_report
from shirase.inspection.leaks import Identifier, LeakGate, group_not_searched
from shirase.pipeline.draft import DraftRun
from shirase.pipeline.inspections import InspectedReport, read_inspection, write_inspection
from shirase.pipeline.output import OutputFolder, write_json
from shirase.pipeline.progress import Progress
from shirase.pipeline.receipts import Receipt, is_intact, read_receipt
from shirase.pipeline.scope import ScopeRun
from shirase.scoping.grouping import CustomerRows
from shirase.scoping.queries import open_engine
from shirase.scoping.touched import objects_touched
from shirase.text.catalogues import fixed_texts

_ROOMS = ("domain", "inspection", "text")


@dataclass(frozen=True, slots=True)
class Inspection:
    """What became of all reports that were looked at.

    Attributes:
        reports: By report id.
        not_searched: Identifiers that the leak gate leaves out, by its reason.
        missing: Customers whose report is not there, or was changed after it had been drafted.
    """

    reports: tuple[InspectedReport, ...] = ()
    not_searched: Mapping[str, list[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    @property
    def blocked(self) -> tuple[InspectedReport, ...]:
        """Those that must not go on."""
        return tuple(report for report in self.reports if report.blocked)


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the leak gate is made from, small enough to be sent to worker processes."""

    identifiers: tuple[Identifier, ...]
    common: tuple[str, ...]
    waived: tuple[str, ...]

    def build(self) -> LeakGate:
        """The gate."""
        return LeakGate.build(self.identifiers, self.common, self.waived)


_GATE: list[LeakGate] = []
"""The gate of this worker process, made once."""


def run_inspect(
    run: ScopeRun, *, jobs: int, progress: Progress, customers: Iterable[str] = (), known: bool = True
) -> Inspection:
    """Inspect the finished reports of ``run``.

    Args:
        run: The scope the reports were drafted from.
        jobs: Worker processes.
        progress: Told of each report.
        customers: Only these; all expected reports when empty.
        known: Whether a report that was inspected before, unchanged in everything that decides, is taken over.

    Raises:
        UsageError: When a customer asked for gets no report.
    """
    wanted = set(customers)
    entries = [entry for entry in run.expected.entries if not wanted or entry.customer_id in wanted]
    if strangers := wanted - {entry.customer_id for entry in entries}:
        mend = "see scope.expected in run.json"
        raise UsageError(*(Problem("gets no report", f"customer {name}", mend) for name in sorted(strangers)))
    facts = gate_facts(run)
    key = _key(facts)
    inspected: list[InspectedReport] = []
    missing: list[str] = []
    pending: list[tuple[CustomerRows, Receipt]] = []
    for entry in entries:
        receipt = read_receipt(run.output.receipt(report_id(run.case.incident.id, entry.customer_id)))
        if receipt is None or not is_intact(run.output, receipt):
            missing.append(entry.customer_id)
        elif known and (record := read_inspection(run.output, receipt, key)) is not None:
            inspected.append(record)
        else:
            pending.append((entry, receipt))
    progress.begin("inspecting reports", sum(receipt.page_count for _, receipt in pending))
    for receipt, findings in _inspect(run, pending, facts, jobs):
        record = InspectedReport(receipt.report_id, receipt.customer_id, receipt.page_count, findings)
        write_inspection(run.output, receipt, key, record)
        inspected.append(record)
        progress.advance(receipt.page_count, f"{len(inspected)}/{len(entries)} reports")
    progress.end()
    gate = facts.build()
    return Inspection(
        tuple(sorted(inspected, key=lambda report: report.report_id)),
        group_not_searched(gate.not_searched),
        tuple(missing),
    )


def inspect_drafted(done: DraftRun, jobs: int, progress: Progress) -> Inspection:
    """Inspect what a draft has just written, or found to be finished already, and put the result into its run sheet."""
    written = [receipt.customer_id for receipt in done.drafted.written]
    inspection = run_inspect(done.scope, jobs=jobs, progress=progress, customers=written) if written else Inspection()
    record_inspection(done.scope.output, inspection)
    return inspection


def inspection_sheet(inspection: Inspection) -> dict[str, Any]:
    """The inspection as ``run.json`` holds it: figures, what was not searched, and every finding."""
    findings = [finding for report in inspection.reports for finding in report.findings]
    return {
        "inspected": len(inspection.reports),
        "blocked": [report.customer_id for report in inspection.blocked],
        "missing": sorted(inspection.missing),
        "blockers": sum(finding.blocker for finding in findings),
        "remarks": sum(not finding.blocker for finding in findings),
        "not_searched": dict(inspection.not_searched),
        "findings": [
            {"report_id": report.report_id, "customer_id": report.customer_id, **asdict(finding)}
            for report in inspection.reports
            for finding in report.findings
        ],
    }


def record_inspection(output: OutputFolder, inspection: Inspection) -> None:
    """Put the inspection into ``run.json``, beside what the last draft put there."""
    try:
        sheet = json.loads(output.run_sheet.read_bytes())
    except (OSError, ValueError) as error:
        what = "there is no run sheet to put the inspection into"
        raise UsageError(Problem(what, str(output.run_sheet), "run draft first")) from error
    write_json(output.run_sheet, {**sheet, "inspection": inspection_sheet(inspection)})


def gate_facts(run: ScopeRun) -> GateFacts:
    """Every identifier of every customer of the case, whether or not it is affected."""
    case = run.case
    with open_engine(run.output.work / "spill") as engine:
        users = tuple(user_identifiers(objects_touched(engine, run.output.actions, case.customers)))
    tickets = case.tickets.by_id.values() if case.tickets is not None else ()
    identifiers = (
        *customer_identifiers(case.incident.id, case.customers.by_id.values()), *ticket_identifiers(tickets), *users,
    )  # fmt: skip
    return GateFacts(identifiers, fixed_texts(), tuple(waiver.text for waiver in case.decisions.leaks))


def _inspect(
    run: ScopeRun, pending: list[tuple[CustomerRows, Receipt]], facts: GateFacts, jobs: int
) -> Iterator[tuple[Receipt, tuple[Finding, ...]]]:
    """Largest first, so that none is waited for at the end."""
    if not pending:
        return
    context = multiprocessing.get_context("spawn")
    workers = min(jobs, len(pending))
    with ProcessPool(workers, initializer=_make_ready, initargs=(facts,), context=context) as pool:
        waiting: dict[Future[tuple[Finding, ...]], Receipt] = {}
        for entry, receipt in sorted(pending, key=lambda each: -each[1].page_count):
            waiting[pool.schedule(_look, args=(str(run.output.root), _subject(run, entry, receipt)))] = receipt
        for future in as_completed(waiting):
            receipt = waiting[future]
            try:
                yield receipt, future.result()
            except Exception as error:  # noqa: BLE001 - a report that cannot be inspected is stopped, never let through
                what = f"the inspection itself failed: {type(error).__name__}: {error}"
                yield receipt, (Finding("not-inspected", receipt.report_id, what, "report the fault"),)


def _subject(run: ScopeRun, entry: CustomerRows, receipt: Receipt) -> Subject:
    """What the worker needs besides the files, which it reads by itself."""
    scoped = read_scoped_actions(run.grouped, entry.row_groups) if entry.row_groups else ()
    return Subject(
        report_id=receipt.report_id,
        customer=run.case.customers.by_id[entry.customer_id],
        pdf=b"",
        data=b"",
        table=None,
        uids=tuple(each.action.action_uid for each in scoped),
    )


def _make_ready(facts: GateFacts) -> None:
    _GATE[:] = [facts.build()]


def _look(root: str, subject: Subject) -> tuple[Finding, ...]:
    folder = Path(root) / "reports"
    table = folder / f"{subject.report_id}.csv"
    whole = Subject(
        report_id=subject.report_id,
        customer=subject.customer,
        pdf=(folder / f"{subject.report_id}.pdf").read_bytes(),
        data=(folder / f"{subject.report_id}.json").read_bytes(),
        table=table.read_bytes() if table.exists() else None,
        uids=subject.uids,
        targets=subject.targets,
    )
    return inspect_report(whole, _GATE[0])


def _key(facts: GateFacts) -> str:
    """SHA-256 over everything besides the report that decides what is found in it."""
    digest = hashlib.sha256()
    for entry in facts.identifiers:
        digest.update(f"{entry.customer_id}\x00{entry.kind}\x00{entry.value}\x01".encode())
    digest.update("\x01".join((*facts.common, "", *facts.waived)).encode())
    package = Path(shirase.__file__).parent
    for room in _ROOMS:
        for module in sorted((package / room).glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()
