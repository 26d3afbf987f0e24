"""Finding ticket numbers in free words: one pass over the words, whatever the number of tickets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

_PIECE = re.compile(r"[0-9a-z]+|[^\x00-\x7f]")
"""Where a ticket number may be told to begin: a run of letters and digits, or any one character beyond ASCII."""

T = TypeVar("T")

_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class MentionIndex:
    """Ticket numbers by how they are written, for finding them in text.

    Width and case do not matter: people write ``ｃｓ－１２３`` in Japanese text. A number counts only where no
    further ASCII letter or digit touches it: ``CS-123`` is not in ``CS-1234``, but it is in ``CS-123の件``.

    Attributes:
        owners: Customers by folded number; more than one where numbers differ in case or width only.
        shapes: By the first piece of a number: how many characters stand before that piece, and the whole length.
    """

    owners: dict[str, frozenset[str]]
    shapes: dict[str, frozenset[tuple[int, int]]]

    @classmethod
    def build(cls, owned: Iterable[tuple[str, str]]) -> "MentionIndex":
        """Index pairs of ticket number and customer. Numbers without any letter or digit are never looked for."""
        owners: dict[str, set[str]] = {}
        shapes: dict[str, set[tuple[int, int]]] = {}
        for number, customer_id in owned:
            folded = _fold(number)
            first = _PIECE.search(folded)
            if first is not None:
                owners.setdefault(folded, set()).add(customer_id)
                shapes.setdefault(first.group(), set()).add((first.start(), len(folded)))
        return cls(_frozen(owners), _frozen(shapes))

    def owners_in(self, text: str) -> Iterator[str]:
        """Customers whose ticket numbers stand in ``text``, possibly several times."""
        folded = _fold(text)
        for piece in _PIECE.finditer(folded):
            for before, length in self.shapes.get(piece.group(), ()):
                start = piece.start() - before
                end = start + length
                if start >= 0 and _stands_alone(folded, start, end):
                    yield from self.owners.get(folded[start:end], ())


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter or digit of ``text`` outside ``start`` to ``end`` continues one inside."""
    if end > len(text):
        return False
    joined_before = start > 0 and text[start] in _LETTERS and text[start - 1] in _LETTERS
    joined_after = end < len(text) and text[end] in _LETTERS and text[end - 1] in _LETTERS
    return not (joined_before or joined_after)


def _fold(text: str) -> str:
    """The same for all widths and cases."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip().casefold()


def _frozen(sets: dict[str, set[T]]) -> dict[str, frozenset[T]]:
    return {key: frozenset(values) for key, values in sets.items()}
