"""Whether the journal holds: looked at when somebody asks, and the page says when that was and how far it went.

A look makes the whole state again from all entries, so it is not done for everybody who turns a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from shirase.pipeline.review_book import ReviewBook


@dataclass(frozen=True, slots=True)
class Verified:
    """What the last look found, up to which entry, and when."""

    sound: bool
    number: int
    at: datetime


class JournalCheck:
    """Safe for several threads; two who ask at once wait for one look each."""

    def __init__(self, book: ReviewBook, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now
        self._lock = Lock()
        self._last: Verified | None = None

    def last(self) -> Verified:
        """What was found last; looks when nobody has yet."""
        return self._last if self._last is not None else self.verify()

    def verify(self) -> Verified:
        """Look now."""
        with self._lock:
            newest = self._book.entries(None, 1)
            self._last = Verified(self._book.is_sound(), newest[0].number if newest else 0, self._now())
            return self._last
