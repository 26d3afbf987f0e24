"""How far a file is, in bytes of the file as it is stored."""

from collections.abc import Callable

from shirase.intake.streams import Lines

PROGRESS_RECORDS = 2_000

BytesRead = Callable[[int], None]
"""Told how many bytes of stored files were read since the last call."""


class ByteProgress:
    """Tells how far the stored file is, every few thousand records."""

    def __init__(self, lines: Lines, bytes_read: BytesRead) -> None:
        self._lines = lines
        self._bytes_read = bytes_read
        self._steps = 0
        self._reported = 0

    def step(self, *, many: bool = False) -> None:
        """One record more, or many."""
        self._steps += 1
        if many or self._steps % PROGRESS_RECORDS == 0:
            self.tell()

    def tell(self) -> None:
        """Tell now."""
        position = self._lines.raw_position()
        # A zip is read from its end first, and by jumps: never tell less than was told.
        if position > self._reported:
            self._bytes_read(position - self._reported)
            self._reported = position
