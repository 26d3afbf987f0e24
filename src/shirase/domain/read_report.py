"""What a reviewer reads: the words of one finished report by section and language, and its rows by their digests."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from shirase.domain.bilingual import Language

_FIGURE = re.compile(r"\d[\d,.:%]*")
_MONTH = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")
_ZONE = re.compile(r"\b[A-Z][A-Za-z]+/[A-Z][A-Za-z_/]+")
_INSTANT = re.compile(r"#(?:[ ,、]*(?:[#年月日/／()（）]|UTC|JST|PST|PDT|[+-]))*")
"""Figures with what makes them a date or time; another customer's clock shows another number of them."""


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """A paragraph, list item, heading or cell, the page it begins on, and whether it is the first cell of a row."""

    kind: str
    text: str
    page: int
    begins_row: bool = False


@dataclass(frozen=True, slots=True)
class ReadSection:
    """One section in one language.

    Attributes:
        number: As printed: ``1`` to ``13``, ``A`` to ``E``; ``0`` is what stands above the first.
        title: As printed, without its number.
        language: Of the words.
        blocks: In the order of the report.
    """

    number: str
    title: str
    language: Language
    blocks: tuple[ReadBlock, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph, list item or heading, or the rows of a table; ``kind`` is P, LI, H1, H3, Caption or Table."""

    kind: str
    rows: tuple[tuple[ReadBlock, ...], ...]

    @property
    def block(self) -> ReadBlock:
        """Its first block, which is the only one unless it is a table."""
        return self.rows[0][0]


@dataclass(frozen=True, slots=True)
class ReadReport:
    """One revision of a report, read from its finished bytes.

    Attributes:
        report_id: Which report.
        customer_id: Whose.
        name_ja: The customer's name in Japanese, empty when it has none; likewise ``name_en``.
        pdf_digest: SHA-256 of the PDF that was read.
        data_digest: SHA-256 of its data copy.
        page_count: Pages.
        impact: What the report says of the customer as a whole.
        first: Language that comes first.
        own: Values that are this customer's alone: names, tenants, report id, document code.
        sections: All sections, the first language's first.
        by_code: Actions by code.
        by_effect: Actions by effect.
        flagged: Actions that name no ticket of the customer, that did not succeed, that the investigation
            attributes to the intruder, and that touched other customers too: by these names.
        rows: Digest of each row by the identifier of its action, in order.
    """

    report_id: str
    customer_id: str
    name_ja: str
    name_en: str
    pdf_digest: str
    data_digest: str
    page_count: int
    impact: str
    first: Language
    own: tuple[str, ...]
    sections: tuple[ReadSection, ...]
    by_code: Mapping[str, int]
    by_effect: Mapping[str, int]
    flagged: Mapping[str, int]
    rows: Mapping[str, str]

    @property
    def action_count(self) -> int:
        """Rows of Annex A."""
        return len(self.rows)

    @property
    def character_count(self) -> int:
        """Length of all its words outside of Annex A."""
        return sum(len(block.text) for section in self.sections for block in section.blocks)

    def of(self, language: Language) -> tuple[ReadSection, ...]:
        """Its sections in ``language``."""
        return tuple(section for section in self.sections if section.language is language)

    def name(self, language: Language) -> str:
        """The customer's name, in the other language where there is none in this."""
        names = (self.name_ja, self.name_en) if language is Language.JA else (self.name_en, self.name_ja)
        return names[0] or names[1] or self.customer_id


def passages_of(section: ReadSection) -> tuple[Passage, ...]:
    """The blocks of ``section`` as a reader sees them: cells that follow each other are one table."""
    passages: list[Passage] = []
    rows: list[list[ReadBlock]] = []
    for block in section.blocks:
        if block.kind in ("TH", "TD"):
            if block.begins_row or not rows:
                rows.append([])
            rows[-1].append(block)
            continue
        if rows:
            passages.append(Passage("Table", tuple(map(tuple, rows))))
            rows = []
        kind = block.kind if block.kind in ("LI", "H1", "H3", "Caption") else "P"
        passages.append(Passage(kind, ((block,),)))
    if rows:
        passages.append(Passage("Table", tuple(map(tuple, rows))))
    return tuple(passages)


def beside(left: Sequence[Passage], right: Sequence[Passage]) -> tuple[tuple[Passage | None, Passage | None], ...]:
    """Passages of both languages in pairs; None where one has nothing there.

    Letterheads stand in another order in each language, so that the titles below them are where both meet again.
    """
    one, other = _title(left), _title(right)
    return (*zip_longest(left[:one], right[:other]), *zip_longest(left[one:], right[other:]))


def are_aligned(left: Sequence[Passage], right: Sequence[Passage]) -> bool:
    """Whether both are divided alike, from their titles on."""
    kinds = [[passage.kind for passage in each[_title(each) :]] for each in (left, right)]
    return kinds[0] == kinds[1]


def _title(passages: Sequence[Passage]) -> int:
    return next((position for position, passage in enumerate(passages) if passage.kind == "H1"), 0)


def wording_of(text: str, own: tuple[str, ...]) -> str:
    """``text`` without its values: the customer's own, figures, dates and times, zones."""
    for value in sorted(own, key=len, reverse=True):
        text = text.replace(value, "‹›")
    text = _FIGURE.sub("#", _ZONE.sub("‹›", _MONTH.sub("#", text)))
    return _INSTANT.sub("#", text).strip()
