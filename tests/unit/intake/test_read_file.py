"""Reading one file: what was hashed on arrival is what is read."""

import gzip
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
import zstandard

from mapped_source import profile
from shirase.domain.errors import EvidenceError
from shirase.domain.incident import SourceSection
from shirase.intake.intake_file import IntakeParts, arrive
from shirase.intake.read import read_file
from shirase.intake.streams import open_lines

CHUNK = 1 << 20
"""Bytes that are read of a stored file at a time."""


def _lines(who: str) -> bytes:
    entry = {"date_create": 1642720684, "action": "user_login", "actor": {"user": {"id": who}}, "entity": {}}
    return b"".join(json.dumps({**entry, "id": str(number)}).encode() + b"\n" for number in range(3_000))


def _array(who: str) -> bytes:
    return b"[" + _lines(who).replace(b"\n", b",")[:-1] + b"]"


def _sheet(who: str) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Event Time", who])
    book.save(content)
    return content.getvalue()


def _folder(who: str) -> bytes:
    content = io.BytesIO()
    message = {"type": "message", "ts": "1642720684.000100", "user": who, "text": "x"}
    with zipfile.ZipFile(content, "w") as folder:
        folder.writestr("general/2022-01-20.json", json.dumps([message]))
    return content.getvalue()


KINDS = {
    "log.ndjson": ("slack-audit", _lines),
    "log.json": ("slack-audit", _array),
    "log.ndjson.gz": ("slack-audit", lambda who: gzip.compress(_lines(who))),
    "log.ndjson.zst": ("slack-audit", lambda who: zstandard.compress(_lines(who))),
    "export.zip": ("slack-export", _folder),
    "audit.xlsx": ("ringcentral-audit-sheet", _sheet),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_changed_after_it_arrived_is_refused(name: str, tmp_path: Path) -> None:
    """A report would otherwise rest on a file that nobody hashed; its time may be as before."""
    adapter, content = KINDS[name]
    path, parts = tmp_path / name, IntakeParts(tmp_path / "lines", tmp_path / "rejects")
    path.write_bytes(content("W1"))
    by_profile = profile() if adapter == "ringcentral-audit-sheet" else None
    declared = {"zone": "UTC", "locale": "mdy", "site": "v", "profile": "profiles/x.toml" if by_profile else None}
    source = SourceSection.model_validate(
        {"id": "x", "name": {"ja": "x", "en": "x"}, "adapter": adapter, "files": [name], **declared}
    )
    file, before = arrive(tmp_path, name, source, by_profile), path.stat()
    path.write_bytes(content("W2"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(EvidenceError, match="is not the file any more"):
        read_file(tmp_path, file, parts, lambda _: None)
    assert not parts.lines.exists()


@pytest.mark.parametrize("name", [name for name in KINDS if name.startswith("log")])
def test_the_digest_is_that_of_what_was_read(name: str, tmp_path: Path) -> None:
    """Taken while the file is read; there is none before its end."""
    content = KINDS[name][1]("W1") * 40
    (tmp_path / name).write_bytes(content)
    with open_lines(tmp_path, name) as lines:
        lines.read(10)
        assert (lines.digest() is None) == (len(content) > CHUNK)
        while lines.read(100_000):
            pass
        assert lines.digest() == hashlib.sha256(content).hexdigest()
