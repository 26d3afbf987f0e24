"""Finding ticket numbers in free words: one pass over the words, whatever the number of tickets."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_ASCII_PIECE = re.compile(r"[0-9a-z]+")
_PIECE = re.compile(r"[0-9a-z]+|[^\x00-\x7f]")
"""Where a ticket number may be told to begin: a run of letters and digits, or any one character beyond ASCII."""

_LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, slots=True)
class MentionIndex:
    """Ticket numbers by how they are written, for finding them in text.

    Width and case do not matter: people write ``ｃｓ－１２３`` in Japanese text. A number counts only where no
    further ASCII letter or digit touches it: ``CS-123`` is not in ``CS-1234``, but it is in ``CS-123の件``.

    Attributes:
        owners: By folded number: the numbers as they are listed, each with its customer; more than one where numbers
            differ in case or width only.
        shapes: By the first piece of a number: how many characters stand before that piece, and the whole length.
        ascii_only: Whether every number has a letter or digit of ASCII first, so that other characters begin none.
    """

    owners: dict[str, tuple[tuple[str, str], ...]]
    shapes: dict[str, frozenset[tuple[int, int]]]
    ascii_only: bool

    @classmethod
    def build(cls, owned: Iterable[tuple[str, str]]) -> "MentionIndex":
        """Index pairs of ticket number and customer. Numbers without any letter or digit are never looked for."""
        owners: dict[str, tuple[tuple[str, str], ...]] = {}
        shapes: dict[str, set[tuple[int, int]]] = {}
        for number, customer_id in owned:
            folded = _fold(number)
            first = _PIECE.search(folded)
            if first is not None:
                owners[folded] = (*owners.get(folded, ()), (number.strip(), customer_id))
                shapes.setdefault(first.group(), set()).add((first.start(), len(folded)))
        frozen = {first: frozenset(found) for first, found in shapes.items()}
        return cls(owners, frozen, all(first.isascii() for first in shapes))

    def owners_in(self, text: str) -> Iterator[str]:
        """Customers whose ticket numbers stand in ``text``, possibly several times."""
        return (customer_id for _, customer_id in self.found_in(text))

    def found_in(self, text: str) -> Iterator[tuple[str, str]]:
        """Ticket numbers, as they are listed, that stand in ``text``, each with its customer."""
        folded = _fold(text)
        pieces = _ASCII_PIECE if self.ascii_only else _PIECE
        # Most reasons name no ticket: for them this is all that is done.
        if self.shapes.keys().isdisjoint(pieces.findall(folded)):
            return
        for piece in pieces.finditer(folded):
            for before, length in self.shapes.get(piece.group(), ()):
                start = piece.start() - before
                if start >= 0 and _stands_alone(folded, start, start + length):
                    yield from self.owners.get(folded[start : start + length], ())


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
