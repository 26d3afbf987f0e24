"""Edge: the files people wrote, as text with the digest of their bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from shirase.case.problems import Reading, place
from shirase.domain.errors import Problem


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of a case.

    Attributes:
        path: Below the case folder, with ``/``.
        text: Its content without a byte order mark; line ends as they are.
        digest: SHA-256 of its bytes.
    """

    path: str
    text: str
    digest: str


def read_written(folder: Path, path: str) -> Reading[WrittenFile]:
    """Read ``path`` below ``folder``, which must be UTF-8."""
    try:
        content = (folder / path).read_bytes()
    except FileNotFoundError:
        return Reading(None, (Problem("this file is missing", path, "write it; `shirase init` writes an example"),))
    except OSError as error:
        return Reading(None, (Problem(f"this file cannot be read: {error.strerror}", path),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Reading(None, (Problem("this is not UTF-8", place(path, line=line), "save the file as UTF-8"),))
    return Reading(WrittenFile(path, text, hashlib.sha256(content).hexdigest()))
