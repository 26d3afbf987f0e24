"""Customers' names in free words: one pass over the words, whatever the number of customers.

A name counts as a whole and never inside a longer one: of all names that begin at a place the longest is taken, and
what it covers is not looked at again. What merely resembles a name is found as a *proposal*, which a person decides:
a single word of Latin letters that may mean anything, and a name in a script without spaces that goes on at an end.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shirase.attribution.words import fold, spoken_names
from shirase.domain.customer import Customer
from shirase.domain.resolution import Confidence

MIN_LATIN = 4
MIN_OTHER = 3
"""Letters below which a name is never looked for: it would be found everywhere."""

_CERTAIN_OTHER = 4
_PIECE = re.compile(r"[0-9a-z]+|[^\x00-\x7f]")
_HONORIFICS = frozenset("様社御殿宛側向")
"""Kanji that follow a name without being a part of it."""


@dataclass(frozen=True, slots=True)
class NameHit:
    """A name that stands in a text.

    Attributes:
        customer_ids: Everybody who bears it, sorted; more than one where it is ambiguous.
        confidence: Low for what only resembles a name.
    """

    customer_ids: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names of all customers, by their folded form and by what they begin with.

    Attributes:
        owners: Customers by folded name.
        lengths: Lengths of names by their first piece (a run of Latin letters and digits, or one other character),
            longest first.
    """

    owners: dict[str, tuple[str, ...]]
    lengths: dict[str, tuple[int, ...]]

    @classmethod
    def build(cls, customers: Iterable[Customer]) -> "NameIndex":
        """Index the names of ``customers``, with and without their legal forms."""
        return cls.of_names(
            (name, customer.customer_id)
            for customer in customers
            for registered in (customer.name_ja, customer.name_en)
            for name in spoken_names(registered)
        )

    @classmethod
    def of_names(cls, named: Iterable[tuple[str, str]]) -> "NameIndex":
        """Index pairs of folded name and customer; names that are too short are left out."""
        owners: dict[str, set[str]] = {}
        lengths: dict[str, set[int]] = {}
        for name, customer_id in named:
            first = _PIECE.match(name)
            if first is None or len(name.replace(" ", "")) < (MIN_LATIN if name.isascii() else MIN_OTHER):
                continue
            owners.setdefault(name, set()).add(customer_id)
            lengths.setdefault(first.group(), set()).add(len(name))
        return cls(
            {name: tuple(sorted(found)) for name, found in owners.items()},
            {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        )

    def find(self, text: str, *, deliberate: bool = False) -> Iterator[NameHit]:
        """Names in ``text``, in their order.

        Args:
            text: As written.
            deliberate: Whether the text is itself a name somebody chose, such as that of a channel: there a single
                word means what it says.
        """
        folded = fold(text)
        covered = 0
        for piece in _PIECE.finditer(folded):
            start = piece.start()
            if start < covered:
                continue
            end = self._end_of_longest(folded, piece)
            if end is not None:
                covered = end
                certain = _is_certain(folded, start, end, deliberate=deliberate)
                yield NameHit(self.owners[folded[start:end]], Confidence.MEDIUM if certain else Confidence.LOW)

    def _end_of_longest(self, text: str, piece: re.Match[str]) -> int | None:
        start = piece.start()
        for length in self.lengths.get(piece.group(), ()):
            end = start + length
            if text[start:end] in self.owners and end <= len(text) and not _is_cut(text, end):
                return end
        return None


def _is_cut(text: str, end: int) -> bool:
    """Whether a word of Latin letters or digits would be cut at ``end``."""
    return end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])


def _is_certain(text: str, start: int, end: int, *, deliberate: bool) -> bool:
    name = text[start:end]
    if name.isascii():
        return deliberate or " " in name
    runs_on = (start > 0 and _continues(text[start - 1], text[start])) or (
        end < len(text) and text[end] not in _HONORIFICS and _continues(text[end - 1], text[end])
    )
    return not runs_on and (deliberate or len(name) >= _CERTAIN_OTHER)


def _continues(left: str, right: str) -> bool:
    """Whether two characters may belong to one word of a script without spaces. Hiragana between words does not."""
    return all(char.isalpha() and not char.isascii() and not _is_hiragana(char) for char in (left, right))


def _is_hiragana(char: str) -> bool:
    return "\u3040" <= char <= "\u309f"


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
