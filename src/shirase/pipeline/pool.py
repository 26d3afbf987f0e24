"""Edge: a pool of worker processes. A worker that hangs or dies costs one report, never the batch."""

import multiprocessing
from collections.abc import Iterator
from concurrent import futures
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from shirase.domain.report import Report
from shirase.rendering.worker import (
    Rendered,
    RenderFailure,
    WorkerSettings,
    collect_between_reports,
    initialise,
    render_report,
)

TASKS_PER_WORKER = 200
"""A worker is replaced after that many reports, so that memory it never gives back does not add up."""


@dataclass(frozen=True, slots=True)
class PoolSettings:
    """How many workers, and how many seconds of wall clock one report may take."""

    jobs: int
    seconds_per_report: float


class RenderPool:
    """Worker processes that render reports.

    They start with :meth:`warm`, so that they get ready while lines are still being decided.
    """

    def __init__(self, settings: PoolSettings, worker: WorkerSettings) -> None:
        context = multiprocessing.get_context("spawn")
        self._settings = settings
        self._pool = ProcessPool(
            settings.jobs, TASKS_PER_WORKER, initializer=_make_ready, initargs=(worker,), context=context
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        # Where Ctrl-C came between waking the thread that hands tasks out and striking it off the list of those asleep,
        # the next call for it is lost: pebble's own, that ends it. This one comes before.
        self._pool._context.task_queue.put(None)  # noqa: SLF001
        self._pool.join()

    def warm(self) -> None:
        """Start the workers. Without this they start with the first report."""
        self._pool.schedule(_begin)

    def render(self, reports: Iterator[Report]) -> Iterator[Rendered | RenderFailure]:
        """Render reports as workers get free; results come in the order in which they are ready.

        ``reports`` is drawn from only as fast as workers take them, so that memory holds a few at a time.
        """
        waiting: dict[Future[Rendered | RenderFailure], Report] = {}
        limit = self._settings.seconds_per_report
        for report in reports:
            waiting[self._pool.schedule(render_report, args=(report,), timeout=limit)] = report
            if len(waiting) > self._settings.jobs + 1:
                yield from _collect(waiting)
        while waiting:
            yield from _collect(waiting)


def _make_ready(worker: WorkerSettings) -> None:
    initialise(worker)
    collect_between_reports()


def _begin() -> None:
    """Nothing: a pool starts its workers with its first task."""


def _collect(waiting: dict[Future[Rendered | RenderFailure], Report]) -> Iterator[Rendered | RenderFailure]:
    done, _ = futures.wait(waiting, return_when=futures.FIRST_COMPLETED)
    for future in done:
        yield _outcome(future, waiting.pop(future))


def _outcome(future: Future[Rendered | RenderFailure], report: Report) -> Rendered | RenderFailure:
    try:
        return future.result()
    except futures.TimeoutError:
        return _failure(report, "timeout", "rendering took too long and was stopped")
    except (ProcessExpired, futures.CancelledError) as error:
        return _failure(report, "worker_died", f"the worker process ended ({error})")


def _failure(report: Report, kind: str, what: str) -> RenderFailure:
    return RenderFailure(
        report_id=report.report_id,
        customer_id=report.customer.customer_id,
        kind=kind,
        what=what,
        where=f"{report.counts.actions} actions",
        mend="run draft again with --customer; a case that repeats needs more memory or a longer --timeout",
    )
