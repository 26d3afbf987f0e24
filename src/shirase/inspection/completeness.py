"""What a finished report states, read from its pages, held against the checklists and against its Annex E."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shirase.domain.bilingual import Language
from shirase.domain.completeness import ItemStanding, Level, Particular, Regime, Standing, applicable, assess
from shirase.domain.finding import Finding
from shirase.inspection.finished import Element
from shirase.inspection.letters import annexes, words_of
from shirase.inspection.rows import compact
from shirase.inspection.stated import StatedInLetter, Told
from shirase.text.environment import sentence

_MEND = "state it in facts.toml or the narrative; what is open needs the day of the next report"


@dataclass(frozen=True, slots=True)
class ItemFound:
    """How far one item of a checklist is stated in one language, on which pages, and what is missing."""

    regime: str
    item: str
    level: Level
    language: Language
    standing: Standing
    places: tuple[str, ...]
    pages: tuple[int, ...]
    missing: tuple[Particular, ...] = ()


def check_completeness(root: Element, told: Told) -> tuple[list[ItemFound], list[Finding]]:
    """Every item of every checklist in both languages, and the objections: missing, or otherwise than Annex E says."""
    items: list[ItemFound] = []
    findings: list[Finding] = []
    for language in Language:
        letter = StatedInLetter(root, language, told)
        findings += [
            Finding("letterhead-differs", f"letter in {language}", f"does not say {text!r}", "draft it again")
            for text in letter.missing_from_letterhead()
        ]
        stated = {particular: letter.standing_of(particular) for particular in Particular}
        for regime in applicable(told.regimes, told.chosen):
            standing = assess(regime, stated, told.issued_on)
            for entry in standing.items:
                pages = tuple(sorted({letter.pages[place] for place in entry.places if place in letter.pages}))
                items.append(
                    ItemFound(
                        regime=regime.id,
                        item=entry.item.id,
                        level=entry.item.level,
                        language=language,
                        standing=entry.standing,
                        places=entry.places,
                        pages=pages,
                        missing=entry.missing,
                    )
                )
            findings += _missing(regime, standing.items, language)
            findings += _annex_differs(root, regime, standing.items, language)
    return items, findings


def _missing(regime: Regime, entries: Sequence[ItemStanding], language: Language) -> Iterator[Finding]:
    for entry in entries:
        if entry.missing:
            names = ", ".join(particular.value for particular in entry.missing)
            what = f"{language}: {entry.item.text.of(language)} ({entry.item.source.of(language)}): not stated: {names}"
            yield Finding("incomplete", f"{regime.id}, item {entry.item.id}", what, _MEND, blocker=entry.blocks)


def _annex_differs(
    root: Element, regime: Regime, entries: Sequence[ItemStanding], language: Language
) -> Iterator[Finding]:
    """The table of Annex E has each item with the state that the pages themselves show."""
    title = compact(regime.title.of(language))
    rows: list[tuple[str, str]] = []
    current = ""
    for part in annexes(root).get("E", ()):
        for element in part.walk():
            if element.kind == "Caption":
                current = compact(words_of(element, language)) or current
            elif element.kind == "TR" and current.endswith(title):
                cells = [compact(_said(cell, language)) for cell in element.kids]
                if len(cells) == 4 and element.kids[1].kind == "TD":
                    rows.append((cells[1], cells[3]))
    wanted = [
        (compact(entry.item.text.of(language)), compact(sentence(language, "standing", _STATES[entry.standing])))
        for entry in entries
    ]
    if rows != wanted:
        strange = [row for row in rows if row not in wanted] or [row for row in wanted if row not in rows]
        what = f"{language}: the pages do not show what the table says: {strange[:2]}"
        mend = "draft it again, and report the fault if it stays"
        yield Finding("annex-e-differs", f"Annex E, {regime.id}", what, mend)


_STATES = {
    Standing.PRESENT: "Stated",
    Standing.PARTIAL: "Stated in part",
    Standing.PENDING: "Under investigation",
    Standing.MISSING: "Not stated",
    Standing.YOURS: "Yours to add",
}
"""The words of Annex E, as the catalogues know them."""


def _said(cell: Element, language: Language) -> str:
    return "".join(each.text for each in cell.walk() if each.language == language)
