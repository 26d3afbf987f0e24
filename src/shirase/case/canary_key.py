"""Edge: ``canary.key``, the secret of a case from which the code on each customer's pages is derived."""

import os
import re
import secrets
from pathlib import Path

from shirase.case.problems import Reading
from shirase.case.written_files import WrittenFile
from shirase.domain.errors import CaseError, Problem

CANARY_KEY = "canary.key"
_KEY_BYTES = 32
_KEY = re.compile(r"[0-9a-f]{64}\s*")
_MEND = "64 hexadecimal digits; remove the file, and `shirase canary CASE` writes a new one"


def parse_key(file: WrittenFile) -> Reading[bytes]:
    """The key in ``file``: 32 bytes as hexadecimal digits."""
    if not _KEY.fullmatch(file.text):
        return Reading(None, (Problem("this is not a key", file.path, _MEND),))
    return Reading(bytes.fromhex(file.text))


def write_key(folder: Path) -> Path:
    """Write a random key beside the case, readable by its owner only.

    Raises:
        CaseError: When there is one: another key would change every report.
    """
    path = folder / CANARY_KEY
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        mend = "keep it: with another key every page of every report changes"
        raise CaseError(Problem("there is a key already", str(path), mend)) from error
    except OSError as error:
        raise CaseError(Problem(f"nothing can be written here: {os.strerror(error.errno or 0)}", str(path))) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_hex(_KEY_BYTES)}\n")
    return path
