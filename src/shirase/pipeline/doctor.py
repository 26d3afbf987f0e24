"""``shirase doctor``: whether this machine can make reports, and how to mend what it cannot."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from shirase.domain.errors import PlatformError
from shirase.rendering.fingerprint import engine_versions
from shirase.rendering.fonts import FAMILIES, find_fonts

OLDEST_PYTHON, NEWEST_PYTHON = (3, 11), (3, 14)
PINNED = {"weasyprint": "70.0", "pydyf": "0.13.0", "jinja2": "3.1.6"}
"""Libraries whose other versions draw other pages or have known holes."""

OLDEST_PANGO = (1, 44)
RELEASED_AT = datetime(2026, 11, 23, tzinfo=UTC)
GIB = 1 << 30
WANTED_DISK, WANTED_MEMORY_PER_JOB = 2 * GIB, GIB


class Verdict(StrEnum):
    """What a check found."""

    OK = "ok"
    REMARK = "remark"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what was found, and what to do where it is not as it should be."""

    subject: str
    verdict: Verdict
    found: str
    mend: str = ""


def run_doctor(out: Path, cache: Path, *, now: datetime, jobs: int) -> tuple[Finding, ...]:
    """Look at everything reports need.

    Args:
        out: Where output folders would be made.
        cache: Folder of derived files.
        now: The machine's own idea of the time, UTC.
        jobs: Workers that would run at once.
    """
    return (
        _python(),
        *_libraries(),
        *_fonts(),
        *_folders(out, cache),
        _memory(jobs),
        _clock(now),
    )


def _python() -> Finding:
    found = ".".join(str(part) for part in sys.version_info[:3])
    fits = OLDEST_PYTHON <= sys.version_info[:2] <= NEWEST_PYTHON
    return Finding("Python", Verdict.OK if fits else Verdict.PROBLEM, found, "" if fits else "use Python 3.11 to 3.14")


def _libraries() -> Iterator[Finding]:
    versions = engine_versions()
    for name, wanted in PINNED.items():
        fits = versions[name] == wanted
        mend = "" if fits else f"./run setup installs {wanted}"
        yield Finding(name, Verdict.OK if fits else Verdict.PROBLEM, versions[name], mend)
    pango = tuple(int(part) for part in versions["pango"].split("."))
    fits = pango[:2] >= OLDEST_PANGO
    mend = "" if fits else "apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    yield Finding("Pango", Verdict.OK if fits else Verdict.PROBLEM, versions["pango"], mend)
    subset = versions["harfbuzz-subset"] == "yes"
    yield Finding(
        "HarfBuzz subsetter",
        Verdict.OK if subset else Verdict.REMARK,
        versions["harfbuzz"] if subset else "missing",
        "" if subset else "apt-get install libharfbuzz-subset0; without it reports take several times longer",
    )


def _fonts() -> Iterator[Finding]:
    try:
        fonts = find_fonts()
    except PlatformError as error:
        for problem in error.diagnostics():
            yield Finding("font", Verdict.PROBLEM, problem.what, problem.mend)
        return
    paths = {file.family: str(file.path) for file in fonts.files if file.weight == "regular"}
    for family in FAMILIES:
        found = paths.get(family.name)
        mend = (
            "" if found else f"apt-get install {family.package}; without it other fonts stand in for {family.purpose}"
        )
        yield Finding(f"font {family.name}", Verdict.OK if found else Verdict.REMARK, found or "missing", mend)


def _folders(out: Path, cache: Path) -> Iterator[Finding]:
    for subject, folder in (("output folder", out), ("cache folder", cache)):
        place = _existing(folder)
        if not os.access(place, os.W_OK):
            yield Finding(
                subject, Verdict.PROBLEM, f"{place} cannot be written", "choose another folder, or mend its rights"
            )
            continue
        free = shutil.disk_usage(place).free
        enough = free >= WANTED_DISK
        yield Finding(
            subject,
            Verdict.OK if enough else Verdict.REMARK,
            f"{folder}, {free / GIB:.1f} GiB free",
            "" if enough else f"make room: a full incident needs about {WANTED_DISK // GIB} GiB",
        )


def _memory(jobs: int) -> Finding:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return Finding("memory", Verdict.REMARK, "unknown", f"each of {jobs} workers may need 1 GiB")
    enough = total >= jobs * WANTED_MEMORY_PER_JOB
    mend = "" if enough else f"each of {jobs} workers may need 1 GiB: draft with fewer --jobs"
    return Finding("memory", Verdict.OK if enough else Verdict.REMARK, f"{total / GIB:.1f} GiB, {jobs} workers", mend)


def _clock(now: datetime) -> Finding:
    sane = now >= RELEASED_AT
    mend = "" if sane else "the clock is behind the release of this program: set it, or signatures and mails will lie"
    return Finding("clock", Verdict.OK if sane else Verdict.PROBLEM, f"{now:%Y-%m-%d %H:%M:%S} UTC", mend)


def _existing(folder: Path) -> Path:
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return folder
