"""Edge: a new case folder, started from commented example files."""

import os
from pathlib import Path

from shirase.case.canary_key import write_key
from shirase.domain.errors import CaseError, PlatformError, Problem


def write_scaffold(folder: Path, *, starter: Path) -> tuple[Path, ...]:
    """Copy every file below ``starter`` into ``folder``, which must be new or empty, and write it a key of its own.

    Returns:
        The files written, in order of their paths, the key last.

    Raises:
        CaseError: When something is already there, or the folder cannot be written. Nothing is ever overwritten.
        PlatformError: When the example files are not installed.
    """
    names = sorted(path.relative_to(starter) for path in starter.rglob("*") if path.is_file())
    if not names:
        raise PlatformError(Problem("the example case is not installed", str(starter), "install the program again"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise CaseError(Problem("this folder is not empty", str(folder), "name a new one; nothing is overwritten"))
        return (*(_copy(starter / name, folder / name) for name in names), write_key(folder))
    except OSError as error:
        raise CaseError(
            Problem(f"nothing can be written here: {os.strerror(error.errno or 0)}", str(folder))
        ) from error


def _copy(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        file.write(source.read_bytes())
    return target
