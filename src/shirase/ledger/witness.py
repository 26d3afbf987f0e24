"""Edge: the second place for the heads of the chain: a file beside the reports, one line an entry, only added to.

Whoever cuts the tail of the journal, or writes all of it anew, has to change this file as well. It is written after the
transaction: a process killed in between leaves an entry without its line, which the next writer adds.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shirase.domain.journal import Break

MODE = 0o600
_LINE = 64 + 1


class Witness:
    """The file, as one program on one machine sees it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, heads: Iterable[tuple[int, str]]) -> None:
        """Add the digests of entries; those that are there already are left out."""
        found = sorted(heads)
        if not found:
            return
        with self._locked() as file:
            known = {number for number, _ in _lines(_read(file))}
            new = "".join(f"{number} {digest}\n" for number, digest in found if number not in known)
            content = _read(file)
            os.ftruncate(file, content.rfind(b"\n") + 1)  # a line that a killed process began
            os.lseek(file, 0, os.SEEK_END)
            os.write(file, new.encode())
            os.fsync(file)

    def last(self) -> int:
        """Number of the last entry it has seen; 0 without one."""
        return max((number for number, _ in self.lines()), default=0)

    def lines(self) -> tuple[tuple[int, str], ...]:
        """Everything it has seen."""
        try:
            return tuple(_lines(self._path.read_bytes()))
        except FileNotFoundError:
            return ()

    def compare(self, journal: dict[int, str]) -> Iterator[Break]:
        """Entries that the journal has no more, or has with another digest."""
        if journal and not self._path.exists():
            yield Break(str(self._path), "is gone: a cut end of the journal could not be found")
        for number, digest in self.lines():
            if number not in journal:
                yield Break(f"journal entry {number}", f"was seen by {self._path.name} and is gone")
            elif journal[number] != digest:
                yield Break(f"journal entry {number}", f"is not the one that {self._path.name} has seen")

    @contextmanager
    def _locked(self) -> Iterator[int]:
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, MODE)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)


def _read(file: int) -> bytes:
    os.lseek(file, 0, os.SEEK_SET)
    parts = []
    while part := os.read(file, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for line in content.decode("ascii", "replace").split("\n")[:-1]:
        number, _, digest = line.partition(" ")
        yield (int(number) if number.isascii() and number.isdigit() else -1), digest
