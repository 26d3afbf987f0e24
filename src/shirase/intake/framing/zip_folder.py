"""A zip of JSON lists, one file a day and channel. Members are streamed; nothing is ever unpacked to disk."""

import fnmatch
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import msgspec

from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.framing.items import Cut, Item
from shirase.intake.framing.json_stream import JsonStream
from shirase.intake.framing.units import Units
from shirase.intake.sources.contract import Framing, RecordContext
from shirase.intake.streams import Lines

MAX_COMPANION_BYTES = 256 << 20
MAX_RATIO = 200
"""How many times larger than stored a member may be; JSON of chats is six to twelve times."""

DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
    msgspec.MsgspecError,
)  # fmt: skip
"""What zipfile and zlib raise for broken, encrypted or strange files."""

WORTH_A_LOOK = 16 << 20


def frame_zip(lines: Lines, path: str, framing: Framing, units: Units) -> Iterator[Item]:
    """Every record of every matching member, in order of their names.

    Raises:
        EvidenceError: When the zip is damaged, encrypted, or a member is absurdly large for its stored size.
    """
    try:
        with zipfile.ZipFile(lines.stored) as folder:
            members = sorted(folder.infolist(), key=lambda member: member.filename)
            for member in members:
                refuse_bomb(member, path)
            side = {name: _companion(folder, member) for name, member in _companions(members, framing)}
            for member in members:
                if fnmatch.fnmatchcase(member.filename, framing.members):
                    yield from _read_member(folder, member, path, (framing, units, side))
                elif member.filename not in framing.companions and not member.is_dir():
                    units.unread.append(member.filename)
    except DAMAGE as error:
        what = f"this zip is damaged or encrypted ({str(error)[:200]})"
        raise EvidenceError(Problem(what, path, "export it again; half a log is not evidence")) from error


def refuse_bomb(member: zipfile.ZipInfo, path: str) -> None:
    """Refuse a member that would unpack to absurdly more than is stored.

    Raises:
        EvidenceError: Naming it.
    """
    if member.file_size > max(WORTH_A_LOOK, MAX_RATIO * member.compress_size):
        what = f"{member.filename!r} would unpack to {member.file_size:,} bytes from {member.compress_size:,}"
        raise EvidenceError(Problem(what, path, "no export looks like that; find out where the file comes from"))


def _companions(members: list[zipfile.ZipInfo], framing: Framing) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    for member in members:
        if member.filename in framing.companions and member.file_size <= MAX_COMPANION_BYTES:
            yield member.filename, member


def _companion(folder: zipfile.ZipFile, member: zipfile.ZipInfo) -> Any:
    return msgspec.json.decode(folder.read(member))


def _read_member(
    folder: zipfile.ZipFile, member: zipfile.ZipInfo, path: str, shared: tuple[Framing, Units, dict[str, Any]]
) -> Iterator[Item]:
    framing, units, side = shared
    context = RecordContext(member=member.filename, side=side)
    with folder.open(member) as opened:
        stream = io.BufferedReader(cast("io.RawIOBase", opened), 1 << 20)
        for item in JsonStream(Lines(cast("BinaryIO", opened), stream), f"{path}!{member.filename}", framing, units):
            yield item._replace(context=context) if isinstance(item, Cut) else item
