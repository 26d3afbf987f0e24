"""Edge: evidence files as streams of bytes, whatever they are compressed with. Compression is told by content."""

import codecs
import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import zstandard

from shirase.domain.errors import EvidenceError, Problem

GZIP_MAGIC = b"\x1f\x8b"
ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
COMPRESSED = (".gz", ".zst")
UTF8_BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 20
_AGAIN = "export it again; half a log is not evidence"


@dataclass(frozen=True, slots=True)
class EvidenceFileFacts:
    """What was established about a file on arrival: its size in bytes and the SHA-256 of the file as it lies there."""

    path: str
    size: int
    digest: str


def hash_file(root: Path, path: str) -> EvidenceFileFacts:
    """Size and SHA-256 of ``root/path``.

    Raises:
        EvidenceError: When the file cannot be read.
    """
    try:
        with (root / path).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return EvidenceFileFacts(path, file.tell(), digest)
    except OSError as error:
        raise EvidenceError(
            Problem(f"cannot be read: {error.strerror}", path, "check the export and its rights")
        ) from error


class Lines:
    """The decompressed content of a file as UTF-8, by lines or by bytes, with the raw position for progress."""

    def __init__(self, raw: BinaryIO, stream: io.BufferedIOBase, hashed: "_Hashed | None" = None) -> None:
        self._raw = raw
        self._stream = stream
        self._hashed = hashed

    @property
    def stored(self) -> BinaryIO:
        """The file as it is stored, for formats that are no streams (zip, spreadsheets)."""
        return self._raw

    def read(self, size: int) -> bytes:
        """The next bytes, at most ``size``; empty at the end of the file."""
        return self._stream.read(size)

    def readline(self, limit: int) -> bytes:
        """The next line with its end, at most ``limit`` bytes of it; empty at the end of the file."""
        return self._stream.readline(limit)

    def raw_position(self) -> int:
        """Bytes of the stored file consumed so far."""
        return self._raw.tell()

    def digest(self) -> str | None:
        """SHA-256 of the stored file, of the very bytes that were read; None when it was not read from end to end."""
        return self._hashed.digest() if self._hashed is not None else None


def read_head(root: Path, path: str, size: int) -> bytes:
    """The first ``size`` decompressed bytes of ``root/path``, as UTF-8.

    Raises:
        EvidenceError: When they cannot be read.
    """
    with open_lines(root, path) as lines:
        return lines.read(size)


@contextmanager
def open_lines(root: Path, path: str) -> Iterator[Lines]:
    """Open an evidence file for reading by lines.

    Raises:
        EvidenceError: When it cannot be decompressed to its end, is broken UTF-16, or changes while being read.
    """
    full = root / path
    hashed = _Hashed(io.FileIO(full))
    with io.BufferedReader(hashed, _CHUNK) as raw:
        before = _state(full)
        magic = raw.read(4)
        raw.seek(0)
        if not magic and full.suffix in COMPRESSED:
            raise EvidenceError(Problem("is empty, which no compressed file is", path, "export it again"))
        try:
            yield Lines(raw, _as_utf8(_decompressed(raw, magic)), hashed)
        except UnicodeDecodeError as error:
            raise EvidenceError(Problem(f"is not the UTF-16 its mark says ({error.reason})", path, _AGAIN)) from error
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise EvidenceError(Problem(f"is damaged or cut off ({error})", path, _AGAIN)) from error
        if _state(full) != before:
            raise EvidenceError(Problem("changed while it was being read", path, "stop what writes it and run again"))


def _state(full: Path) -> tuple[int, int]:
    stat = full.stat()
    return (stat.st_size, stat.st_mtime_ns)


def _decompressed(raw: BinaryIO, magic: bytes) -> io.BufferedIOBase:
    if magic.startswith(GZIP_MAGIC):
        return gzip.GzipFile(fileobj=raw)
    if magic == ZSTD_MAGIC:
        return io.BufferedReader(_ZstdFrames(raw), _CHUNK)
    return raw  # type: ignore[return-value]  # a BufferedReader, typed as BinaryIO


def _as_utf8(stream: io.BufferedIOBase) -> io.BufferedIOBase:
    """``stream`` itself, or what it says in UTF-8 when it begins with the mark of UTF-16, as spreadsheets write it."""
    if stream.peek(2)[:2] in UTF16_BOMS:  # type: ignore[attr-defined]  # every stream made here can
        return io.BufferedReader(_Transcoded(stream), _CHUNK)
    return stream


class _Hashed(io.RawIOBase):
    """A file whose SHA-256 is taken while it is read from its beginning to its end."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._sha256 = hashlib.sha256()
        self._hashed = 0
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = self._file.readinto(buffer) or 0
        if self._at == self._hashed:
            self._sha256.update(memoryview(buffer)[:count])
            self._hashed += count
        self._at += count
        return count

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        self._file.close()
        super().close()

    def digest(self) -> str | None:
        """Of the whole file; None when some of it was not read in its order."""
        return self._sha256.hexdigest() if self._hashed == os.fstat(self._file.fileno()).st_size else None


class _Transcoded(io.RawIOBase):
    """UTF-16 with its mark as UTF-8 without one. Offsets and digests of lines are those of the UTF-8."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest and not self._ended:
            chunk = self._stream.read(_CHUNK // 4)
            self._ended = not chunk
            self._rest = self._decoder.decode(chunk, final=self._ended).encode()
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


class _ZstdFrames(io.RawIOBase):
    """All frames of a Zstandard file, one after the other; a frame that is cut off is an error, not an end.

    The library's own stream reader ends silently in the middle of a frame, which would drop the rest of a log.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._chunks = self._decompress(raw)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = memoryview(chunk)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    @staticmethod
    def _decompress(raw: BinaryIO) -> Iterator[bytes]:
        frame = None
        while compressed := raw.read(_CHUNK):
            while compressed:
                frame = frame or zstandard.ZstdDecompressor().decompressobj()
                yield frame.decompress(compressed)
                compressed = frame.unused_data if frame.eof else b""
                if frame.eof:
                    frame = None
        if frame is not None:
            raise EOFError("the last Zstandard frame has no end")
