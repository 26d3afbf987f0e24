"""The only place that picks implementations: clock, engine, zones."""

import secrets
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from shirase.domain.errors import Problem, UsageError
from shirase.ledger.database import place_of
from shirase.ledger.open import Ledger, open_ledger
from shirase.ledger.writing import Tools
from shirase.pipeline.draft import Engine
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.output import OutputFolder
from shirase.rendering.fingerprint import engine_versions
from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import Drawing
from shirase.settings import cache_folder, default_drawing, ledger_url
from shirase.text.zones import use_pinned_zones

WORKER_MEMORY = 4 << 30
"""Bytes of address space one worker may take. A report of 5,000 actions needs a tenth of it."""


def build_engine(drawing: Drawing | None = None) -> Engine:
    """The engine that renders on this machine.

    Args:
        drawing: How pages are made; as the environment says when None.

    Raises:
        PlatformError: When a required font is missing.
    """
    limit = WORKER_MEMORY if sys.platform == "linux" else None
    worker = prepare_worker(cache_folder(), memory_limit=limit, drawing=drawing or _drawing(default_drawing()))
    return Engine(worker=worker, versions=versions(), clock=time.monotonic)


def _drawing(name: str) -> Drawing:
    try:
        return Drawing(name)
    except ValueError:
        ways = " or ".join(Drawing)
        raise UsageError(Problem(f"there is no engine named {name}", "$SHIRASE_ENGINE", f"set it to {ways}")) from None


def versions() -> dict[str, str]:
    """Versions of everything that may change a page."""
    return engine_versions()


def now() -> datetime:
    """The time, by the machine's clock, UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A short name that nothing else has: forty-eight bits by chance, short enough to be typed."""
    return secrets.token_hex(6)


def open_incident_ledger(folder: Path, url: str | None = None, *, create: bool = False) -> Ledger:
    """The ledger of the incident whose output folder is ``folder``.

    Args:
        folder: ``out/<incident>``.
        url: Where it is kept; by default ``$SHIRASE_LEDGER``, else the file ``ledger.db`` in the folder.
        create: Whether to begin one where there is none.

    Raises:
        UsageError: When there is none, and none is to be begun.
    """
    if not folder.is_dir():
        mend = "give the folder of an incident, for example out/INC-2022-0120"
        raise UsageError(Problem("there is no such folder", str(folder), mend))
    place = place_of(url or ledger_url(), folder)
    return open_ledger(place, folder / "ledger.heads", Tools(now, new_id), create=create)


def has_ledger(folder: Path, url: str | None = None) -> bool:
    """Whether an incident has a ledger already; one on a server always counts."""
    file = place_of(url or ledger_url(), folder).file
    return file is None or file.exists()


def open_review(folder: Path, url: str | None = None) -> IncidentReview:
    """The review of the incident whose output folder is ``folder``.

    Raises:
        UsageError: When nobody has begun its ledger.
    """
    return IncidentReview(OutputFolder(folder), open_incident_ledger(folder, url))


def begin() -> None:
    """To be called once, before anything reads or prints a time."""
    use_pinned_zones()


def new_token() -> str:
    """A secret for an address or a cookie: 256 bits, which nobody guesses."""
    return secrets.token_urlsafe(32)


def random_bytes() -> bytes:
    """Chance for the codes of bundles."""
    return secrets.token_bytes(32)
