"""One report as a reviewer reads it: both languages side by side, comments, and what the inspection objects to."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shirase.desk.library import Checked, section_key, text_key
from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.domain.read_report import Passage, ReadReport, ReadSection, are_aligned, beside, passages_of, wording_of
from shirase.domain.standing import Remark, Standing

NARRATIVES: Mapping[str, str] = {
    "1": "introduction", "3": "summary", "7": "cause", "8": "measures", "9": "requests", "10": "prevention",
    "B": "limits",
}  # fmt: skip
"""Sections whose words people write in ``narrative/``, and under which name."""

_PAGE = re.compile(r"\bpages? (\d+)(?: and (\d+))?")
_SECTION = re.compile(r"\bsection (\d+)\b|\bAnnex ([A-E])\b")
_ROW = re.compile(r"\brow (\d+)\b")


@dataclass(frozen=True, slots=True)
class Beside:
    """A passage in one language, the key by which comments find it, and the comments."""

    passage: Passage
    key: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class BesidePair:
    """What stands beside each other; None where one language has nothing there."""

    ja: Beside | None
    en: Beside | None


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section in both languages, with what concerns it.

    Attributes:
        number: As printed; ``0`` above the first.
        title_ja: Japanese title.
        title_en: English title.
        page_ja: Page on which the Japanese begins, 0 when there is none; likewise ``page_en``.
        aligned: Whether both are divided alike.
        pairs: What stands beside each other.
        findings: Objections to this place.
        narrative: Name of the file in which people wrote its words; empty when they did not.
        key: By which comments find the section as a whole.
        remarks: Comments on it.
    """

    number: str
    title_ja: str
    title_en: str
    page_ja: int
    page_en: int
    aligned: bool
    pairs: tuple[BesidePair, ...]
    findings: tuple[Finding, ...]
    narrative: str
    key: str
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The page of one report."""

    standing: Standing
    report: ReadReport
    sections: tuple[SectionView, ...]
    checked: Checked
    elsewhere: tuple[Finding, ...]
    orphans: tuple[Remark, ...]
    general: tuple[Remark, ...]


def build_reading(standing: Standing, report: ReadReport, checked: Checked, remarks: Sequence[Remark]) -> Reading:
    """Put everything at its place; what has none is shown at the end, never dropped."""
    by_key: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_key.setdefault(remark.anchor.key, []).append(remark)
    both: dict[str, dict[Language, ReadSection]] = {}
    for section in report.sections:
        both.setdefault(section.number, {})[section.language] = section
    sections = tuple(
        _section(number, languages, report, checked.findings, by_key) for number, languages in both.items()
    )
    placed = {id(finding) for section in sections for finding in section.findings}
    shown = {remark.id for view in sections for remark in _remarks_of(view)} | {
        remark.id for remark in remarks if remark.anchor.key in report.rows
    }
    return Reading(
        standing,
        report,
        sections,
        checked,
        elsewhere=tuple(finding for finding in checked.findings if id(finding) not in placed),
        orphans=tuple(remark for remark in remarks if remark.anchor.key and remark.id not in shown),
        general=tuple(remark for remark in remarks if not remark.anchor.key),
    )


def findings_on_page(findings: Iterable[Finding], number: int) -> tuple[Finding, ...]:
    """Objections that name page ``number``."""
    return tuple(
        finding for finding in findings if any(str(number) in match.groups() for match in _PAGE.finditer(finding.place))
    )


def findings_by_row(findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Objections that name a row of Annex A, by its number."""
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        if match := _ROW.search(finding.place):
            found.setdefault(int(match[1]), []).append(finding)
    return found


def _section(
    number: str,
    languages: Mapping[Language, ReadSection],
    report: ReadReport,
    findings: Iterable[Finding],
    by_key: Mapping[str, list[Remark]],
) -> SectionView:
    ja, en = languages.get(Language.JA), languages.get(Language.EN)
    whole = section_key(report, number)
    left, right = passages_of(ja) if ja else (), passages_of(en) if en else ()
    pairs = tuple(
        BesidePair(
            _beside(one, number, Language.JA, report, by_key), _beside(other, number, Language.EN, report, by_key)
        )
        for one, other in beside(left, right)
    )
    return SectionView(
        number=number,
        title_ja=ja.title if ja else "",
        title_en=en.title if en else "",
        page_ja=ja.blocks[0].page if ja and ja.blocks else 0,
        page_en=en.blocks[0].page if en and en.blocks else 0,
        aligned=are_aligned(left, right),
        pairs=pairs,
        findings=tuple(finding for finding in findings if number in _sections_named(finding)),
        narrative=NARRATIVES.get(number, ""),
        key=whole,
        remarks=tuple(by_key.get(whole, ())),
    )


def _beside(
    passage: Passage | None,
    number: str,
    language: Language,
    report: ReadReport,
    by_key: Mapping[str, list[Remark]],
) -> Beside | None:
    """Comments on any cell of a table stand at the table; a new one is about its first cell."""
    if passage is None:
        return None
    keys = [text_key(number, language, wording_of(block.text, report.own)) for row in passage.rows for block in row]
    said = tuple(remark for key in dict.fromkeys(keys) for remark in by_key.get(key, ()))
    return Beside(passage, keys[0], said)


def _remarks_of(view: SectionView) -> Iterable[Remark]:
    yield from view.remarks
    for pair in view.pairs:
        for side in (pair.ja, pair.en):
            if side is not None:
                yield from side.remarks


def _sections_named(finding: Finding) -> set[str]:
    return {match[1] or match[2] for match in _SECTION.finditer(finding.place)}
