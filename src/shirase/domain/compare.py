"""Two revisions of a report held against each other: words by section and language, and rows by their actions."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadReport, ReadSection, wording_of

_TOKEN = re.compile(r"[A-Za-z]+|\d[\d,.:]*|\s+|.", re.DOTALL)


_SHORTEST = 2
"""Characters between two changes that are not worth keeping apart."""


class Mark(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that were kept, removed or added."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class ChangedBlock:
    """A paragraph, list item or cell that differs; ``wording`` is the change with values taken out."""

    section: str
    language: Language
    before: str
    after: str
    pieces: tuple[Piece, ...]
    wording: tuple[str, str]


@dataclass(frozen=True, slots=True)
class RowChanges:
    """Rows by the identifiers of their actions."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def count(self) -> int:
        """All rows that differ."""
        return len(self.added) + len(self.removed) + len(self.changed)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two revisions of one report."""

    report_id: str
    blocks: tuple[ChangedBlock, ...]
    rows: RowChanges
    same_bytes: bool


@dataclass(frozen=True, slots=True)
class SharedChange:
    """The same change of wording in several reports."""

    section: str
    language: Language
    before: str
    after: str
    reports: tuple[str, ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Its words, values left out."""
        return word_pieces(self.before, self.after)


@dataclass(frozen=True, slots=True)
class BatchComparison:
    """What differs over a whole batch.

    Attributes:
        compared: Reports with two revisions.
        unchanged: Those of which not one byte differs: their approvals stand.
        paragraphs: Changes of wording, the widest first. What is said in both languages is two.
        rows_changed: Reports of which rows differ.
        only_bytes: Reports that differ in bytes, and neither in words nor in rows.
    """

    compared: int
    unchanged: tuple[str, ...]
    paragraphs: tuple[SharedChange, ...]
    rows_changed: tuple[str, ...]
    only_bytes: tuple[str, ...]

    @property
    def places(self) -> int:
        """Places of the text that changed, both languages counted once where both changed."""
        return len({(change.section, change.reports) for change in self.paragraphs})


def compare(before: ReadReport, after: ReadReport) -> Comparison:
    """What differs from ``before`` to ``after``."""
    return Comparison(
        after.report_id,
        tuple(_changed_blocks(before, after)),
        _row_changes(before, after),
        same_bytes=(before.pdf_digest, before.data_digest) == (after.pdf_digest, after.data_digest),
    )


def compare_batch(comparisons: Sequence[Comparison]) -> BatchComparison:
    """Put the differences of all reports together: the same change of wording is one."""
    shared: dict[tuple[str, Language, str, str], list[str]] = {}
    for comparison in comparisons:
        for block in comparison.blocks:
            reports = shared.setdefault((block.section, block.language, *block.wording), [])
            if comparison.report_id not in reports:
                reports.append(comparison.report_id)
    paragraphs = [SharedChange(*key, tuple(sorted(reports))) for key, reports in shared.items()]
    return BatchComparison(
        compared=len(comparisons),
        unchanged=tuple(sorted(each.report_id for each in comparisons if each.same_bytes)),
        paragraphs=tuple(
            sorted(paragraphs, key=lambda change: (-len(change.reports), change.section, change.language))
        ),
        rows_changed=tuple(sorted(each.report_id for each in comparisons if each.rows.count)),
        only_bytes=tuple(
            sorted(
                each.report_id
                for each in comparisons
                if not each.same_bytes and not each.blocks and not each.rows.count
            )
        ),
    )


def word_pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both, each once where both have them: English by word, Japanese by character.

    A space or a comma between two changed words belongs to the change; otherwise nobody could read it.
    """
    one, other = _TOKEN.findall(before), _TOKEN.findall(after)
    pieces: list[Piece] = []
    removed, added = "", ""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        old, new = "".join(one[i1:i2]), "".join(other[j1:j2])
        if tag != "equal" or ((removed or added) and len(old) <= _SHORTEST and i2 < len(one) and j2 < len(other)):
            removed, added = removed + old, added + new
            continue
        pieces += _replaced(removed, added)
        removed, added = "", ""
        pieces.append(Piece(Mark.SAME, old))
    return (*pieces, *_replaced(removed, added))


def _replaced(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Mark.REMOVED, removed)
    if added:
        yield Piece(Mark.ADDED, added)


def _changed_blocks(before: ReadReport, after: ReadReport) -> Iterator[ChangedBlock]:
    earlier = {(section.language, section.number): section for section in before.sections}
    later = {(section.language, section.number): section for section in after.sections}
    own = (*before.own, *after.own)
    for language, number in dict.fromkeys((*earlier, *later)):
        one, other = _texts(earlier.get((language, number))), _texts(later.get((language, number)))
        for old, new in _pairs(one, other):
            wording = (wording_of(old, own), wording_of(new, own))
            yield ChangedBlock(number, language, old, new, word_pieces(old, new), wording)


def _texts(section: ReadSection | None) -> list[str]:
    """Its blocks. The head of a table that a page divides is repeated there, which is no change of words."""
    if section is None:
        return []
    seen: Counter[str] = Counter()
    texts = []
    for block in section.blocks:
        seen[block.text] += 1
        if block.kind != "TH" or seen[block.text] == 1:
            texts.append(block.text)
    return texts


def _pairs(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Blocks that differ, what took the place of what side by side; empty where there is no other."""
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for offset in range(max(i2 - i1, j2 - j1)):
            yield (
                one[i1 + offset] if i1 + offset < i2 else "",
                other[j1 + offset] if j1 + offset < j2 else "",
            )


def _row_changes(before: ReadReport, after: ReadReport) -> RowChanges:
    both = [uid for uid in after.rows if uid in before.rows]
    return RowChanges(
        added=tuple(uid for uid in after.rows if uid not in before.rows),
        removed=tuple(uid for uid in before.rows if uid not in after.rows),
        changed=tuple(uid for uid in both if before.rows[uid] != after.rows[uid]),
    )
