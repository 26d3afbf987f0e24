"""What the environment decides: folders, processors. Read here and nowhere else."""

import os
from pathlib import Path

from shirase.text.resources import templates_root


def default_jobs() -> int:
    """One worker per processor this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def cache_folder() -> Path:
    """Where derived files that may be made again are kept: ``$SHIRASE_CACHE``, else the XDG cache folder."""
    if configured := os.environ.get("SHIRASE_CACHE"):
        return Path(configured)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "shirase"


def story() -> Path:
    """The texts of the synthetic incident."""
    return templates_root() / "rehearsal"


def starter_case() -> Path:
    """The commented files that ``shirase init`` starts from."""
    return templates_root() / "case"
