"""Edge: ``rejects.ndjson``, one line for each log line that could not be used, with all there is to find it again."""

import base64
import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from shirase.domain.reject import Reject


class RejectWriter:
    """Writes rejects in the order given; the file appears only when all is written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        self._file = self._part.open("w", encoding="utf-8", newline="\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self._path)

    def write(self, reject: Reject) -> None:
        """Add one reject."""
        json.dump(reject_as_json(reject), self._file, ensure_ascii=False)
        self._file.write("\n")


def reject_as_json(reject: Reject) -> dict[str, object]:
    """The record written for a reject.

    ``text`` is the original line; where the bytes are no UTF-8 it is readable only in part, and ``base64`` has them.
    Where ``redacted`` stands, ``text`` has only the values that may get past intake, and the line is in the evidence.
    """
    entry: dict[str, object] = {
        "source": reject.source_id,
        "file": reject.ref.path,
        "line": reject.ref.line,
        "offset": reject.ref.offset,
        "reason": reject.reason.value,
        "detail": reject.detail,
        "sha256": reject.raw_digest,
        "size": reject.raw_size,
        "text": reject.raw.decode("utf-8", errors="replace"),
    }
    if reject.redacted:
        entry["redacted"] = True
    try:
        reject.raw.decode("utf-8")
    except UnicodeDecodeError:
        entry["base64"] = base64.b64encode(reject.raw).decode("ascii")
    return entry
