"""A pool of workers ends, whenever it was interrupted."""

import multiprocessing
import threading
import time

from pebble import ProcessPool

from shirase.pipeline.pool import RenderPool


def test_a_lost_call_does_not_keep_a_pool_from_ending() -> None:
    """As Ctrl-C leaves the queue when it comes in the middle of :meth:`threading.Condition.notify`."""
    pool = RenderPool.__new__(RenderPool)
    pool._pool = ProcessPool(1, context=multiprocessing.get_context("spawn"))
    pool._pool.schedule(int).result(timeout=60)
    sleepers = pool._pool._context.task_queue.not_empty._waiters  # type: ignore[attr-defined]
    while not sleepers:
        time.sleep(0.01)
    awake = threading.Lock()
    awake.acquire()
    sleepers.appendleft(awake)
    ending = threading.Thread(target=pool.__exit__, args=(None, None, None), daemon=True)
    ending.start()
    ending.join(timeout=20)
    assert not ending.is_alive()
