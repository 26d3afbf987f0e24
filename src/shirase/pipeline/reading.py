"""Edge: read all evidence files, several at once, and put their parts together in the order of their paths."""

import multiprocessing
import shutil
from collections.abc import Iterator
from concurrent import futures
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from pebble import ProcessPool

from shirase.intake.intake_file import IntakeFile, IntakeParts
from shirase.intake.read import read_file
from shirase.intake.summary import FileSummary, IntakeSummary
from shirase.pipeline.garbage import no_cycle_collection
from shirase.pipeline.progress import Progress
from shirase.text.zones import use_pinned_zones

WORTH_WORKERS = 16 << 20
"""Bytes of evidence below which starting worker processes takes longer than reading."""

POLL_SECONDS = 0.2

_BYTES_READ: list["Synchronized[int]"] = []
"""The counter that workers share with their parent: filled by :func:`_initialise`, at most one."""


def read_evidence(
    root: Path, files: tuple[IntakeFile, ...], folder: Path, *, jobs: int, progress: Progress
) -> IntakeSummary:
    """Read ``files`` below ``root``; the order they are named in means nothing.

    Leaves ``lines/*.parquet`` and ``rejects.ndjson`` in ``folder``, whatever was there before.

    Raises:
        EvidenceError: When a file cannot be read to its end.
    """
    ordered = sorted(files, key=lambda file: file.path)
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "lines").mkdir(parents=True)
    parts = [
        IntakeParts(folder / "lines" / f"{number:05}.parquet", folder / f"{number:05}.ndjson")
        for number in range(len(ordered))
    ]
    size = sum(file.facts.size for file in ordered)
    progress.begin("reading evidence", size)
    if jobs == 1 or len(ordered) == 1 or size < WORTH_WORKERS:
        read = [read_file(root, file, part, progress.advance) for file, part in zip(ordered, parts, strict=True)]
    else:
        read = list(_read_in_workers(root, list(zip(ordered, parts, strict=True)), jobs, progress))
    progress.end()
    with (folder / "rejects.ndjson").open("wb") as whole:
        for part in parts:
            with part.rejects.open("rb") as rejects:
                shutil.copyfileobj(rejects, whole)
            part.rejects.unlink()
    return IntakeSummary(tuple(read))


def _read_in_workers(
    root: Path, tasks: list[tuple[IntakeFile, IntakeParts]], jobs: int, progress: Progress
) -> Iterator[FileSummary]:
    """Summaries in the order of ``tasks``; the largest file is begun first, so that none is waited for."""
    context = multiprocessing.get_context("spawn")
    counter = context.Value("q", 0)
    pool = ProcessPool(min(jobs, len(tasks)), initializer=_initialise, initargs=(counter,), context=context)
    try:
        begun = {
            file.path: pool.schedule(_read_task, args=(root, file, parts))
            for file, parts in sorted(tasks, key=lambda task: -task[0].facts.size)
        }
        told = 0
        while futures.wait(begun.values(), timeout=POLL_SECONDS).not_done:
            progress.advance(counter.value - told)
            told = counter.value
        for file, _ in tasks:
            yield begun[file.path].result()
        pool.close()  # type: ignore[no-untyped-call]
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()


def _initialise(counter: "Synchronized[int]") -> None:
    use_pinned_zones()
    _BYTES_READ[:] = [counter]


def _read_task(root: Path, file: IntakeFile, parts: IntakeParts) -> FileSummary:
    with no_cycle_collection():
        return read_file(root, file, parts, _tell)


def _tell(amount: int) -> None:
    (counter,) = _BYTES_READ
    with counter.get_lock():
        counter.value += amount
