"""Edge: the same small piece of work for many files, on as many processors as there are; results in order."""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from pebble import ProcessPool

Given = TypeVar("Given")
Made = TypeVar("Made")

FEW = 8
"""So few are done here: starting workers would take longer."""


class Workers:
    """Does work here, or in a pool of processes."""

    def __init__(self, pool: ProcessPool | None) -> None:
        self._pool = pool

    def each(self, work: Callable[[Given], Made], items: Sequence[Given]) -> Iterator[Made]:
        """What ``work`` makes of each item, in their order. What it raises is raised here."""
        if self._pool is None:
            yield from map(work, items)
            return
        waiting = deque(self._pool.schedule(work, args=(item,)) for item in items)
        while waiting:
            yield waiting.popleft().result()


@contextmanager
def workers(
    count: int, *, jobs: int, get_ready: Callable[..., None] | None = None, with_these: tuple[object, ...] = ()
) -> Iterator[Workers]:
    """Workers for ``count`` pieces of work, at most ``jobs`` of them; each first calls ``get_ready(*with_these)``."""
    if count <= FEW or jobs == 1:
        if get_ready is not None:
            get_ready(*with_these)
        yield Workers(None)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(min(jobs, count), initializer=get_ready, initargs=with_these, context=context)
    try:
        yield Workers(pool)
    finally:
        pool.stop()  # type: ignore[no-untyped-call]
        pool.join()
