"""What the environment decides: folders, processors. Read here and nowhere else."""

import getpass
import os
import socket
from pathlib import Path

from shirase.text.resources import templates_root


def default_jobs() -> int:
    """One worker per processor this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def default_drawing() -> str:
    """How pages are made when no ``--engine`` says so: ``$SHIRASE_ENGINE``, else the fast way."""
    return os.environ.get("SHIRASE_ENGINE") or "fast"


def cache_folder() -> Path:
    """Where derived files that may be made again are kept: ``$SHIRASE_CACHE``, else the XDG cache folder."""
    if configured := os.environ.get("SHIRASE_CACHE"):
        return Path(configured)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "shirase"


def acting_operator() -> str | None:
    """Who acts when no ``--as`` says so: ``$SHIRASE_OPERATOR``."""
    return os.environ.get("SHIRASE_OPERATOR") or None


def ledger_url() -> str | None:
    """Where ledgers are kept when no ``--ledger`` says so: ``$SHIRASE_LEDGER``."""
    return os.environ.get("SHIRASE_LEDGER") or None


def credentials_folder() -> str | None:
    """Where systemd puts the secrets of a service: ``$CREDENTIALS_DIRECTORY`` (systemd.exec, ``LoadCredential=``)."""
    return os.environ.get("CREDENTIALS_DIRECTORY") or None


def login() -> str:
    """The account on this machine, in whose name a step runs when nobody says who acts."""
    try:
        return f"{getpass.getuser()}@{socket.gethostname()}"
    except (OSError, KeyError):
        return "somebody"


def story() -> Path:
    """The texts of the synthetic incident."""
    return templates_root() / "rehearsal"


def starter_case() -> Path:
    """The commented files that ``shirase init`` starts from."""
    return templates_root() / "case"
