"""Python's cyclic garbage collector, switched off where a step makes very many objects and no cycles.

The collector walks everything that is alive again and again while the number of objects grows; the objects of these
steps are freed by their reference counts alone.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycle_collection() -> Iterator[None]:
    """Switch the collector off for the block, and on again where it was on."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
