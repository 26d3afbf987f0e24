"""Counts what framing cuts off, independently of what becomes of it, so that the two can be held against each other."""

from collections import deque
from collections.abc import Iterable, Iterator

from shirase.intake.records import PhysicalLine
from shirase.intake.sources.contract import Envelope

KEPT_ENVELOPES = 1_000


class Units:
    """The running count over one file.

    Attributes:
        seen: Physical lines, or records of files that have no lines.
        envelopes: The last envelopes that were read to their end.
        unread: Parts of the file that hold no records this adapter knows, by name: a person is told of them.
    """

    def __init__(self) -> None:
        self.seen = 0
        self.unread: list[str] = []
        self.envelopes: deque[Envelope] = deque(maxlen=KEPT_ENVELOPES)

    def count(self, lines: Iterable[PhysicalLine]) -> Iterator[PhysicalLine]:
        """Pass ``lines`` on, counting them."""
        for line in lines:
            self.seen += 1
            yield line

    def close(self, envelope: Envelope) -> None:
        """Note an envelope that ended."""
        self.envelopes.append(envelope)
