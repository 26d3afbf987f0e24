"""``shirase inspect``: finished reports read again by other libraries, many at once, before anybody reviews them."""

import json
import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, as_completed
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pebble import ProcessPool

from shirase.domain.errors import Problem, UsageError
from shirase.domain.finding import Finding
from shirase.domain.identifiers import report_id
from shirase.inspection.inspect_report import Inspected, inspect_report
from shirase.inspection.leaks import LeakGate, group_not_searched
from shirase.inspection.subject import Expected, ReportFiles
from shirase.pipeline.batch_key import batch_key
from shirase.pipeline.completeness_sheet import completeness_csv, completeness_figures
from shirase.pipeline.draft import DraftRun, Engine
from shirase.pipeline.inspection_facts import GateFacts, expected_report, gate_facts, inspection_key
from shirase.pipeline.inspections import InspectedReport, made_again, read_inspection, write_inspection
from shirase.pipeline.known_gate import KnownGate, read_gate, write_gate
from shirase.pipeline.output import OutputFolder, write_json, write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.receipts import Receipt, is_intact, read_receipt
from shirase.pipeline.reproduce import reproduce, sample_of
from shirase.pipeline.scope import ScopeRun
from shirase.scoping.grouping import CustomerRows


@dataclass(frozen=True, slots=True)
class Inspection:
    """What became of all reports that were looked at.

    Attributes:
        reports: By report id.
        not_searched: Identifiers that the leak gate leaves out, by its reason.
        missing: Customers whose report is not there, or was changed after it had been drafted.
        sample: Reports that were to be made again.
    """

    reports: tuple[InspectedReport, ...] = ()
    not_searched: Mapping[str, list[str]] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()

    @property
    def blocked(self) -> tuple[InspectedReport, ...]:
        """Those that must not go on."""
        return tuple(report for report in self.reports if report.blocked)


_GATE: list[LeakGate] = []
"""The gate of this worker process, made once."""


@dataclass(frozen=True, slots=True)
class InspectOptions:
    """What to inspect, and how.

    Attributes:
        jobs: Worker processes.
        customers: Only these; all expected reports when empty.
        known: Whether a report that was inspected before, unchanged in everything that decides, is taken over.
        reproduce: How many reports are made again; one in a hundred when None.
    """

    jobs: int
    customers: tuple[str, ...] = ()
    known: bool = True
    reproduce: int | None = None


def run_inspect(run: ScopeRun, options: InspectOptions, *, engine: Engine, progress: Progress) -> Inspection:
    """Inspect the finished reports of ``run``.

    Raises:
        UsageError: When a customer asked for gets no report.
    """
    entries = _chosen(run, options.customers)
    gate, facts = _gate(run, engine)
    receipts = {entry.customer_id: _whole_receipt(run, entry) for entry in entries}
    whole = [(entry, receipt) for entry in entries if (receipt := receipts[entry.customer_id]) is not None]
    known = [read_inspection(run.output, receipt, gate.key) if options.known else None for _, receipt in whole]
    records = {record.report_id: record for record in known if record is not None}
    sample = sample_of([receipt for _, receipt in whole], options.reproduce)
    wanted = [each for each in sample if each.report_id not in records or not records[each.report_id].reproduced]
    again = reproduce(run, wanted, engine=engine, jobs=options.jobs, progress=progress) if wanted else {}
    pending = [(entry, receipt) for entry, receipt in whole if receipt.report_id not in records]
    progress.begin("inspecting reports", sum(receipt.page_count for _, receipt in pending))
    for receipt, found in _inspect(run, pending, facts, options.jobs) if pending else ():
        record = InspectedReport(
            receipt.report_id, receipt.customer_id, receipt.page_count, found.findings, found.items
        )  # fmt: skip
        write_inspection(run.output, receipt, gate.key, record)
        records[receipt.report_id] = record
        progress.advance(receipt.page_count, f"{len(records)}/{len(entries)} reports")
    progress.end()
    for receipt in wanted:
        record = made_again(records[receipt.report_id], again[receipt.report_id])
        write_inspection(run.output, receipt, gate.key, record)
        records[receipt.report_id] = record
    return Inspection(
        reports=tuple(records[identifier] for identifier in sorted(records)),
        not_searched=gate.not_searched,
        missing=tuple(customer_id for customer_id, receipt in receipts.items() if receipt is None),
        sample=tuple(sorted(receipt.report_id for receipt in sample)),
    )


def _gate(run: ScopeRun, engine: Engine) -> tuple[KnownGate, GateFacts | None]:
    """The gate, and what it is made from; None where the last batch had the same one and nobody has asked yet."""
    key = batch_key(run, engine.worker)
    known = read_gate(run.output, key)
    if known is not None:
        return known, None
    facts = gate_facts(run)
    gate = KnownGate(key, inspection_key(facts, run.case), group_not_searched(facts.build().not_searched))
    write_gate(run.output, gate)
    return gate, facts


def _whole_receipt(run: ScopeRun, entry: CustomerRows) -> Receipt | None:
    """The receipt of a report that is there as it was written."""
    receipt = read_receipt(run.output.receipt(report_id(run.case.incident.id, entry.customer_id)))
    return receipt if receipt is not None and is_intact(run.output, receipt) else None


def _chosen(run: ScopeRun, customers: Iterable[str]) -> list[CustomerRows]:
    wanted = set(customers)
    entries = [entry for entry in run.expected.entries if not wanted or entry.customer_id in wanted]
    if strangers := wanted - {entry.customer_id for entry in entries}:
        mend = "see scope.expected in run.json"
        raise UsageError(*(Problem("gets no report", f"customer {name}", mend) for name in sorted(strangers)))
    return entries


def inspect_drafted(done: DraftRun, jobs: int, *, engine: Engine, progress: Progress) -> Inspection:
    """Inspect what a draft has just written, or found to be finished already, and put the result into its run sheet."""
    written = tuple(receipt.customer_id for receipt in done.drafted.written)
    options = InspectOptions(jobs, written)
    inspection = run_inspect(done.scope, options, engine=engine, progress=progress) if written else Inspection()
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
        "reproduced": [
            report.report_id
            for report in inspection.reports
            if report.reproduced and report.report_id in inspection.sample
        ],
        "completeness": completeness_figures(inspection.reports),
        "findings": [
            {"report_id": report.report_id, "customer_id": report.customer_id, **asdict(finding)}
            for report in inspection.reports
            for finding in report.findings
        ],
    }


def record_inspection(output: OutputFolder, inspection: Inspection) -> None:
    """Put the inspection into ``run.json``, beside what the last draft put there, and write ``completeness.csv``."""
    try:
        sheet = json.loads(output.run_sheet.read_bytes())
    except (OSError, ValueError) as error:
        what = "there is no run sheet to put the inspection into"
        raise UsageError(Problem(what, str(output.run_sheet), "run draft first")) from error
    write_json(output.run_sheet, {**sheet, "inspection": inspection_sheet(inspection)})
    write_whole(output.completeness, completeness_csv(inspection.reports))


def _inspect(
    run: ScopeRun, pending: list[tuple[CustomerRows, Receipt]], facts: GateFacts | None, jobs: int
) -> Iterator[tuple[Receipt, Inspected]]:
    """Largest first, so that none is waited for at the end."""
    facts = facts or gate_facts(run)
    context = multiprocessing.get_context("spawn")
    workers = min(jobs, len(pending))
    with ProcessPool(workers, initializer=_make_ready, initargs=(facts,), context=context) as pool:
        waiting: dict[Future[Inspected], Receipt] = {}
        for entry, receipt in sorted(pending, key=lambda each: -each[1].page_count):
            waiting[pool.schedule(_look, args=(str(run.output.reports), expected_report(run, entry)))] = receipt
        for future in as_completed(waiting):
            receipt = waiting[future]
            try:
                yield receipt, future.result()
            except Exception as error:  # noqa: BLE001 - a report that cannot be inspected is stopped, never let through
                what = f"the inspection itself failed: {type(error).__name__}: {error}"
                yield receipt, Inspected((Finding("not-inspected", receipt.report_id, what, "report the fault"),))


def _make_ready(facts: GateFacts) -> None:
    _GATE[:] = [facts.build()]


def _look(reports: str, expected: Expected) -> Inspected:
    paths = {ending: Path(reports) / f"{expected.report_id}.{ending}" for ending in ("pdf", "json", "csv")}
    table = paths["csv"].read_bytes() if paths["csv"].exists() else None
    return inspect_report(expected, ReportFiles(paths["pdf"].read_bytes(), paths["json"].read_bytes(), table), _GATE[0])
