"""Records: what a file holds before anybody has looked for meaning in it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from shirase.domain.reject import RejectReason
from shirase.intake.streams import UTF8_BOM, Lines

MAX_LINE_BYTES = 16 << 20
MAX_KEPT_BYTES = 64 << 10


class PhysicalLine(NamedTuple):
    """One line of a file; in files whose records are no lines, one record.

    Attributes:
        number: 1-based; the ordinal of the record where records are no lines.
        offset: Byte offset of its first byte, decompressed, byte order mark included.
        raw: Its bytes without line end and byte order mark; only the first 64 KiB when ``too_long``.
        digest: SHA-256 of the whole line without its end.
        size: Length of the whole line without its end, in bytes.
        terminated: Whether a line end followed.
        too_long: Whether it is longer than :data:`MAX_LINE_BYTES`.
    """

    number: int
    offset: int
    raw: bytes
    digest: str
    size: int
    terminated: bool
    too_long: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing but white space stands on it."""
        return not self.raw.strip() and not self.too_long


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be cut out or decoded."""

    line: PhysicalLine
    reason: RejectReason
    detail: str


class RecordError(ValueError):
    """A record that cannot be used, with its reason; caught where the record becomes a reject."""

    def __init__(self, reason: RejectReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def iter_lines(lines: Lines, *, number: int = 0, offset: int = 0) -> Iterator[PhysicalLine]:
    """Cut at line feeds only: other separators (U+2028, U+0085, form feed) are part of the text.

    Args:
        lines: What is left of the file.
        number: Lines that were read of it before.
        offset: Bytes that were read of it before.
    """
    readline, sha256 = lines.readline, hashlib.sha256
    while chunk := readline(MAX_LINE_BYTES + 1):
        number += 1
        length = len(chunk)
        if length > MAX_LINE_BYTES and not chunk.endswith(b"\n"):
            line, length = _skip_long_line(lines, chunk, number, offset)
            yield line
        else:
            raw = chunk.removesuffix(b"\n")
            terminated = len(raw) != length
            raw = raw.removesuffix(b"\r")
            if number == 1:
                raw = raw.removeprefix(UTF8_BOM)
            yield PhysicalLine(number, offset, raw, sha256(raw).hexdigest(), len(raw), terminated)
        offset += length


def _skip_long_line(lines: Lines, chunk: bytes, number: int, offset: int) -> tuple[PhysicalLine, int]:
    digest = hashlib.sha256()
    kept, length, terminated = chunk[:MAX_KEPT_BYTES], 0, False
    while chunk:
        length += len(chunk)
        terminated = chunk.endswith(b"\n")
        digest.update(chunk.rstrip(b"\r\n") if terminated else chunk)
        chunk = b"" if terminated else lines.readline(MAX_LINE_BYTES + 1)
    size = length - (1 if terminated else 0)
    return PhysicalLine(number, offset, kept, digest.hexdigest(), size, terminated, too_long=True), length


def decode(line: PhysicalLine) -> str:
    """The text of a line.

    Raises:
        RecordError: When it is too long, holds a NUL byte, or is not UTF-8.
    """
    if line.too_long:
        raise RecordError(RejectReason.TOO_LONG, f"{line.size} bytes; at most {MAX_LINE_BYTES} are read")
    return decode_bytes(line.raw)


def decode_bytes(raw: bytes) -> str:
    """The text of some bytes of a log.

    Raises:
        RecordError: When they hold a NUL byte or are not UTF-8.
    """
    if b"\x00" in raw:
        raise RecordError(RejectReason.NUL_BYTE, f"NUL byte at position {raw.index(0)}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(RejectReason.NOT_UTF8, f"byte 0x{raw[error.start]:02x} at position {error.start}") from error
