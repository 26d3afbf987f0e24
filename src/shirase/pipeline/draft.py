"""``shirase draft``: one PDF and its data for every affected customer, and a run sheet that accounts for all."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from shirase.domain.errors import GateError, Problem, UsageError
from shirase.domain.identifiers import report_id
from shirase.domain.report import BatchFacts, Report
from shirase.evidence.store import ScopedActions
from shirase.pipeline.batch_key import batch_key
from shirase.pipeline.output import OutputFolder, write_json, write_whole
from shirase.pipeline.pool import PoolSettings, RenderPool
from shirase.pipeline.progress import Progress
from shirase.pipeline.receipts import Receipt, digest_of, same_batch, valid_receipt, write_receipt
from shirase.pipeline.run_sheet import Drafted, run_key, run_sheet, with_reports
from shirase.pipeline.scope import (
    ScopeRun,
    batch_facts,
    require_claims_hold,
    require_permissions_hold,
    require_signed_off,
    run_scope,
)
from shirase.rendering.attachments import DataFiles
from shirase.rendering.fingerprint import report_fingerprint
from shirase.rendering.worker import Rendered, RenderFailure, WorkerSettings
from shirase.reporting.build import build_report
from shirase.scoping.grouping import CustomerRows

FIXED_COST_ROWS = 60
"""What a report costs besides its rows, in rows; only for the estimate of the time left."""


@dataclass(frozen=True, slots=True)
class DraftOptions:
    """What to draft, and with what.

    Attributes:
        customers: Only these customers; all affected when empty.
        limit: At most so many reports.
        pool: Workers and limits.
    """

    pool: PoolSettings
    customers: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """What rendering needs on this machine, and the clock (seconds, monotonic)."""

    worker: WorkerSettings
    versions: dict[str, str]
    clock: Callable[[], float]


@dataclass(slots=True)
class Timings:
    """How long a run took, in seconds."""

    total: float = 0.0
    scope: float = 0.0
    first_report: float | None = None
    jobs: int = 0
    pages: int = 0
    rendered: int = 0
    reused: int = 0
    slowest: list[dict[str, object]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class DraftRun:
    """A finished draft."""

    scope: ScopeRun
    drafted: Drafted
    timings: Timings


def run_draft(case_folder: Path, out: Path, options: DraftOptions, *, engine: Engine, progress: Progress) -> DraftRun:
    """Scope the case and write every report that is not finished yet.

    Raises:
        UsageError: When a customer asked for gets no report.
        GateError: When a line waits for a person, the log contradicts the permission matrix or a claim, or the
            customers do not add up.
    """
    started = engine.clock()
    with RenderPool(options.pool, engine.worker) as pool:
        run = run_scope(case_folder, out, progress, jobs=options.pool.jobs, after_reading=pool.warm)
        scoped = engine.clock()
        sheet = run_sheet(run, engine.versions)
        write_json(run.output.run_sheet, sheet)
        require_signed_off(run)
        require_permissions_hold(run)
        require_claims_hold(run)
        selected = _select(run, options)
        chosen = set(selected)
        others = [entry for entry in run.expected.entries if entry not in chosen]
        with ReportLoader(run, batch_facts(run)) as loader:
            drafting = _Drafting(run, run_key(sheet), loader, engine, progress)
            drafting.draft(selected, pool, jobs=options.pool.jobs)
            drafting.withdraw_stale(others)
    not_selected = tuple(entry.customer_id for entry in others)
    withdrawn = withdraw_unexpected(run)
    drafted = Drafted(tuple(drafting.written), tuple(drafting.failed), not_selected, withdrawn)
    sheet = with_reports(sheet, run, drafted)
    if not sheet["reports"]["balances"]:
        raise GateError(Problem("customers expected and reports written do not add up", str(run.output.run_sheet), ""))
    write_json(run.output.run_sheet, sheet)
    timings = drafting.timings(scope=scoped - started, total=engine.clock() - started, jobs=options.pool.jobs)
    return DraftRun(run, drafted, timings)


def load_report(run: ScopeRun, batch: BatchFacts, entry: CustomerRows) -> Report:
    """The report of one affected customer, where no other is wanted."""
    with ReportLoader(run, batch) as loader:
        return loader.load(entry)


class ReportLoader:
    """Makes the reports of a run, each from its customer's own rows."""

    def __init__(self, run: ScopeRun, batch: BatchFacts) -> None:
        self._run = run
        self._batch = batch
        self._actions = ScopedActions(run.grouped)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._actions.__exit__(*error)

    def load(self, entry: CustomerRows) -> Report:
        """The report of one affected customer."""
        customer = self._run.case.customers.by_id[entry.customer_id]
        scoped = self._actions.read(entry.row_groups) if entry.row_groups else ()
        return build_report(self._run.case, self._batch, customer, scoped)


def withdraw_unexpected(run: ScopeRun) -> tuple[str, ...]:
    """Move every file out of ``reports/`` that belongs to no customer in scope. Nothing is deleted."""
    expected = {report_id(run.case.incident.id, entry.customer_id) for entry in run.expected.entries}
    moved = []
    for path in sorted(run.output.reports.iterdir()):
        if path.name.partition(".")[0] not in expected:
            _withdraw(run.output, path)
            moved.append(path.name)
    return tuple(moved)


def _select(run: ScopeRun, options: DraftOptions) -> tuple[CustomerRows, ...]:
    expected = {entry.customer_id: entry for entry in run.expected.entries}
    unknown = [customer for customer in options.customers if customer not in expected]
    if unknown:
        raise UsageError(
            *(
                Problem("has no action in scope and did not ask: there is no report to draft", f"customer {customer}",
                        "see scope.customers in run.json for those who have, or add a row to inquiries.csv")
                for customer in unknown
            )
        )  # fmt: skip
    chosen = [expected[customer] for customer in dict.fromkeys(options.customers)] or list(expected.values())
    return tuple(chosen[: options.limit])


def _in_working_order(entries: tuple[CustomerRows, ...], jobs: int) -> list[CustomerRows]:
    """A few of the smallest first, so that somebody can look at once; then the largest, so that none is waited for."""
    by_size = sorted(entries, key=lambda entry: (entry.action_count, entry.customer_id))
    return by_size[:jobs] + by_size[: jobs - 1 : -1]


def _withdraw(output: OutputFolder, path: Path) -> None:
    """Move a file to ``withdrawn/`` under a name with its digest, so that no earlier one is overwritten there."""
    output.withdrawn.mkdir(mode=0o700, exist_ok=True)
    path.replace(output.withdrawn / f"{path.stem}.{str(digest_of(path))[:12]}{path.suffix}")


def _withdraw_report(output: OutputFolder, identifier: str) -> None:
    """A version of a report that is not the current one any more must not be taken for it."""
    output.receipt(identifier).unlink(missing_ok=True)
    for path in output.report_files(identifier):
        if path.exists():
            _withdraw(output, path)


def _write_data(output: OutputFolder, identifier: str, data: DataFiles) -> str | None:
    """Write the rows beside the PDF. Returns the digest of the table; none is left where the customer wants none."""
    write_whole(output.report_data(identifier), data.json)
    path = output.report_csv(identifier)
    if data.csv is not None:
        write_whole(path, data.csv)
        return hashlib.sha256(data.csv).hexdigest()
    if path.exists():
        _withdraw(output, path)
    return None


class _Drafting:
    """One pass over the customers selected."""

    def __init__(self, run: ScopeRun, key: str, loader: ReportLoader, engine: Engine, progress: Progress) -> None:
        self.written: list[Receipt] = []
        self.failed: list[RenderFailure] = []
        self._run = run
        self._key = key
        self._loader = loader
        self._batch_key = batch_key(run, engine.worker)
        self._engine = engine
        self._progress = progress
        self._pending: dict[str, tuple[Report, str]] = {}
        self._seconds: list[tuple[float, str, int]] = []
        self._reused = 0
        self._begun = engine.clock()
        self._first: float | None = None

    def draft(self, selected: tuple[CustomerRows, ...], pool: RenderPool, *, jobs: int) -> None:
        """Take over what is finished, render the rest, write each as it comes."""
        self._total = len(selected)
        cost = sum(entry.action_count + FIXED_COST_ROWS for entry in selected)
        self._progress.begin("drafting reports", cost)
        for outcome in pool.render(self._open(_in_working_order(selected, jobs))):
            self._take(outcome)
        self._progress.end()

    def withdraw_stale(self, others: Iterable[CustomerRows]) -> None:
        """Of customers not asked for now, keep a finished report only if it would be made the same today."""
        output = self._run.output
        for entry in others:
            identifier = report_id(self._run.case.incident.id, entry.customer_id)
            if not any(path.exists() for path in output.report_files(identifier)):
                continue
            receipt = same_batch(output, identifier, self._batch_key)
            if receipt is None:
                fingerprint = report_fingerprint(self._loader.load(entry), self._engine.worker)
                receipt = valid_receipt(output, identifier, fingerprint)
            if receipt is None:
                _withdraw_report(output, identifier)
            else:
                self._keep(receipt)

    def timings(self, *, scope: float, total: float, jobs: int) -> Timings:
        """How long it took, with the slowest customers."""
        slowest = sorted(self._seconds, reverse=True)[:10]
        return Timings(
            total=round(total, 2),
            scope=round(scope, 2),
            first_report=None if self._first is None else round(self._first + scope, 2),
            jobs=jobs,
            pages=sum(receipt.page_count for receipt in self.written),
            rendered=len(self._seconds),
            reused=self._reused,
            slowest=[{"customer_id": c, "seconds": round(s, 2), "actions": n} for s, c, n in slowest],
        )

    def _open(self, entries: list[CustomerRows]) -> Iterator[Report]:
        """Reports that have to be rendered; those that are finished already are taken over on the way."""
        for entry in entries:
            identifier = report_id(self._run.case.incident.id, entry.customer_id)
            receipt = same_batch(self._run.output, identifier, self._batch_key)
            if receipt is not None:
                self._take_over(receipt)
                continue
            report = self._loader.load(entry)
            fingerprint = report_fingerprint(report, self._engine.worker)
            receipt = valid_receipt(self._run.output, report.report_id, fingerprint)
            if receipt is not None:
                self._take_over(receipt)
                continue
            self._pending[report.report_id] = (report, fingerprint)
            yield report

    def _take_over(self, receipt: Receipt) -> None:
        """Count a report that is finished already, as one of this run."""
        self._reused += 1
        self.written.append(self._keep(receipt))
        self._tell(receipt.action_count)

    def _keep(self, receipt: Receipt) -> Receipt:
        """Say in a receipt that this run found it to be the right one still."""
        current = replace(receipt, run_key=self._key, batch_key=self._batch_key)
        if current != receipt:
            write_receipt(self._run.output, current)
        return current

    def _take(self, outcome: Rendered | RenderFailure) -> None:
        report, fingerprint = self._pending.pop(outcome.report_id)
        output = self._run.output
        if isinstance(outcome, RenderFailure):
            self.failed.append(outcome)
            _withdraw_report(output, report.report_id)
        else:
            csv_digest = _write_data(output, report.report_id, outcome.data)
            write_whole(output.report_pdf(report.report_id), outcome.pdf)
            receipt = Receipt(
                report_id=report.report_id,
                customer_id=report.customer.customer_id,
                fingerprint=fingerprint,
                pdf_digest=outcome.sha256,
                data_digest=hashlib.sha256(outcome.data.json).hexdigest(),
                csv_digest=csv_digest,
                page_count=outcome.page_count,
                action_count=report.counts.actions,
                run_key=self._key,
                engine=self._engine.worker.drawing.value,
                refused=outcome.refused,
                batch_key=self._batch_key,
            )
            write_receipt(output, receipt)
            self.written.append(receipt)
            self._seconds.append((outcome.seconds, report.customer.customer_id, report.counts.actions))
            if self._first is None:
                self._first = self._engine.clock() - self._begun
        self._tell(report.counts.actions)

    def _tell(self, actions: int) -> None:
        done = len(self.written) + len(self.failed)
        slowest = max(self._seconds, default=None)
        note = f"{done}/{self._total} reports"
        if slowest is not None:
            note += f", slowest {slowest[1]} ({slowest[2]} actions, {slowest[0]:.0f} s)"
        self._progress.advance(actions + FIXED_COST_ROWS, note)
