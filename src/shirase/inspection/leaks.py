"""The leak gate: every identifier of every customer, searched in everything that another customer would get.

Chance hits are handled by rules that are stated, never by silence:

- *Too short*: fewer than :data:`SHORTEST` characters. Not searched, and listed.
- *Common words*: stand in the fixed texts of the reports, or are users or objects of several customers; users and
  objects also when they stand in what the case says of its kinds of actions, such as ``admin``. Not searched, and
  listed.
- *Part of a word*: letters and digits, or katakana, go on before or after it on the same line.
- *Part of an own name*: the hit lies inside an identifier of the customer the report is for, such as 日本 in 日本電気.
- *Own data*: the hit lies inside an object that was logged on the customer's own tenant, where it is printed. A remark.
- *Waived*: the hit lies inside words that somebody signed for in ``decisions.toml``. A remark, and in the run sheet.

Everything else is a blocker.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from shirase.domain.finding import Finding
from shirase.inspection.folding import fold, positions, whole_characters

SHORTEST = {"ascii": 5, "other": 3}
"""Characters after folding that an identifier needs so that finding it means anything."""

_CONTEXT = 20

_NEIGHBOURS = 12
"""Characters on either side of a hit by which it is known for a part of an own object."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something that tells who a customer is.

    Attributes:
        customer_id: Whose.
        kind: ``name``, ``domain``, ``tenant``, ``mail``, ``phone``, ``person``, ``ticket``, ``user``, ``code`` or
            ``report``.
        value: As written.
    """

    customer_id: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """A piece of text that reaches a customer: a page, a bookmark, a file inside, a file name.

    Attributes:
        place: Where it stands.
        text: The text.
        seam: Where it was put together from two pieces that are carriers themselves: only hits across are new. 0: none.
    """

    place: str
    text: str
    seam: int = 0


@dataclass(frozen=True, slots=True)
class NotSearched:
    """An identifier that would be found everywhere, and why."""

    value: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    folded: str
    owners: frozenset[str]
    sample: Identifier


@dataclass(slots=True)
class LeakGate:
    """All identifiers of a case, made ready for searching once.

    Attributes:
        not_searched: What is too short or too common, to be listed.
        waived: Texts that somebody signed for.
    """

    not_searched: tuple[NotSearched, ...]
    waived: tuple[str, ...]
    _patterns: list[_Pattern] = field(repr=False)
    _matcher: AhoCorasick = field(repr=False)

    @classmethod
    def build(
        cls,
        identifiers: Iterable[Identifier],
        common: Iterable[str],
        waived: Iterable[str] = (),
        *,
        general: Iterable[str] = (),
    ) -> "LeakGate":
        """Make the gate.

        Args:
            identifiers: Of all customers.
            common: Fixed texts of the reports, which can name nobody.
            waived: Texts whose finding somebody has signed for.
            general: Texts about kinds of things, in which a word that is also called so somewhere means the kind.
        """
        owners: dict[str, set[str]] = {}
        samples: dict[str, Identifier] = {}
        for entry in identifiers:
            folded = fold(entry.value)
            if folded:
                owners.setdefault(folded, set()).add(entry.customer_id)
                samples.setdefault(folded, entry)
        text, kinds = ("\n".join(map(fold, pieces)) for pieces in (common, general))
        skipped, patterns = [], []
        for folded, found in owners.items():
            sample = samples[folded]
            reason = _why_not(folded, sample.kind, found, text)
            if not reason and sample.kind == "user" and folded in kinds:
                reason = "a word for a kind of thing"
            if reason:
                skipped.append(NotSearched(samples[folded].value, samples[folded].kind, reason))
            else:
                patterns.append(_Pattern(folded, frozenset(found), samples[folded]))
        # ``SHORTEST`` keeps the empty pattern, which would match everywhere, away.
        matcher = AhoCorasick([pattern.folded for pattern in patterns], matchkind=MatchKind.Standard)
        return cls(tuple(skipped), tuple(waived), patterns, matcher)

    def findings(self, customer_id: str, carriers: Iterable[Carrier], own_values: Sequence[str]) -> Iterator[Finding]:
        """Identifiers of others in what ``customer_id`` would get.

        Args:
            customer_id: Whose report it is.
            carriers: Everything of it.
            own_values: Objects that were logged on that customer's own tenants.
        """
        own = [fold(value) for value in own_values]
        for carrier in carriers:
            yield from self._search(customer_id, carrier, own)

    def _search(self, customer_id: str, carrier: Carrier, own_values: Sequence[str]) -> Iterator[Finding]:
        said = whole_characters(carrier.text)
        text = fold(said)
        seam = len(fold(whole_characters(carrier.text[: carrier.seam])))
        foreign: list[tuple[int, int, _Pattern]] = []
        own: list[tuple[int, int]] = []
        for index, start, end in self._matcher.find_matches_as_indexes(text, overlapping=True):
            pattern = self._patterns[index]
            if customer_id in pattern.owners:
                own.append((start, end))
            elif not seam or start < seam < end:
                foreign.append((start, end, pattern))
        if not foreign:
            return
        exact, where = positions(said)
        waived = [span for words in self.waived for span in _spans(fold(words), text)]
        seen: set[tuple[str, str]] = set()
        for start, end, pattern in foreign:
            inside = any(first <= start and end <= last and last - first > end - start for first, last in own)
            if inside or (exact == text and _part_of_a_word(said, where[start], where[end - 1])):
                continue
            rule = "leak"
            if any(_stands_in(value, pattern.folded, text, start) for value in own_values):
                rule = "leak-own-data"
            elif any(first <= start and end <= last for first, last in waived):
                rule = "leak-waived"
            if (rule, pattern.folded) not in seen:
                seen.add((rule, pattern.folded))
                yield _finding(rule, pattern, carrier, text[max(0, start - _CONTEXT) : end + _CONTEXT])


_MENDS = {
    "leak": "do not send it. Find where the words come from; a chance hit is waived in decisions.toml, [[leaks]]",
    "leak-own-data": "it stands in an object logged on this customer's own tenant; make sure that it belongs there",
    "leak-waived": "waived in decisions.toml",
}


def _finding(rule: str, pattern: _Pattern, carrier: Carrier, around: str) -> Finding:
    sample = pattern.sample
    what = f"{sample.kind} of another customer ({sample.customer_id}): {sample.value!r}, in …{around}…"
    return Finding(rule, carrier.place, what, _MENDS[rule], blocker=rule == "leak")


def _spans(words: str, text: str) -> Iterator[tuple[int, int]]:
    """Every place where ``words`` stand in ``text``, overlapping ones included."""
    start = text.find(words) if words else -1
    while start >= 0:
        yield start, start + len(words)
        start = text.find(words, start + 1)


def _stands_in(value: str, pattern: str, text: str, start: int) -> bool:
    """Whether what stands in ``text`` from ``start`` on is ``pattern`` as part of ``value``.

    A long value may be cut on the page, so only what stands next to the hit is compared.
    """
    for first, last in _spans(pattern, value):
        before, after = value[max(0, first - _NEIGHBOURS) : first], value[last : last + _NEIGHBOURS]
        end = start + len(pattern)
        if text[max(0, start - len(before)) : start] == before and text[end : end + len(after)] == after:
            return True
    return False


def _why_not(folded: str, kind: str, owners: set[str], common: str) -> str:
    if len(folded) < SHORTEST["ascii" if folded.isascii() else "other"]:
        return "too short"
    if kind == "user" and len(owners) > 1:
        return "a user or object of several customers"
    return "a word of the fixed texts" if folded in common else ""


def _part_of_a_word(text: str, first: int, last: int) -> bool:
    """Whether letters of the same kind go on, on the same line, before ``first`` or after ``last``."""
    before = text[first - 1] if first > 0 else " "
    after = text[last + 1] if last + 1 < len(text) else " "
    return _goes_on(before, text[first]) or _goes_on(text[last], after)


def _goes_on(left: str, right: str) -> bool:
    return any(kind(left) and kind(right) for kind in (_is_latin, _is_katakana))


def _is_latin(character: str) -> bool:
    return unicodedata.normalize("NFKC", character).isascii() and character.isalnum()


def _is_katakana(character: str) -> bool:
    return "\u30a1" <= character <= "\u30fe" and character != "・"


def group_not_searched(entries: Iterable[NotSearched]) -> Mapping[str, list[str]]:
    """Values that are not searched by their reason, each sorted: for the run sheet."""
    grouped: dict[str, list[str]] = {}
    for entry in entries:
        grouped.setdefault(entry.reason, []).append(entry.value)
    return {reason: sorted(values) for reason, values in sorted(grouped.items())}
