"""The only place that picks implementations: clock, engine, zones."""

import secrets
import sys
import time
from datetime import UTC, datetime

from shirase.pipeline.draft import Engine
from shirase.rendering.fingerprint import engine_versions
from shirase.rendering.prepare import prepare_worker
from shirase.settings import cache_folder
from shirase.text.zones import use_pinned_zones

WORKER_MEMORY = 4 << 30
"""Bytes of address space one worker may take. A report of 5,000 actions needs a tenth of it."""


def build_engine() -> Engine:
    """The engine that renders on this machine.

    Raises:
        PlatformError: When a required font is missing.
    """
    limit = WORKER_MEMORY if sys.platform == "linux" else None
    worker = prepare_worker(cache_folder(), memory_limit=limit)
    return Engine(worker=worker, versions=versions(), clock=time.monotonic)


def versions() -> dict[str, str]:
    """Versions of everything that may change a page."""
    return engine_versions()


def now() -> datetime:
    """The time, by the machine's clock, UTC."""
    return datetime.now(UTC)


def begin() -> None:
    """To be called once, before anything reads or prints a time."""
    use_pinned_zones()


def new_token() -> str:
    """A secret for an address or a cookie: 256 bits, which nobody guesses."""
    return secrets.token_urlsafe(32)


def random_bytes() -> bytes:
    """Chance for the codes of bundles."""
    return secrets.token_bytes(32)
