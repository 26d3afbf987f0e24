"""What a finished report states, read from its pages: each particular in each language, and how far it is known."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from shirase.domain.bilingual import Language
from shirase.domain.completeness import PLACES, TOPICS, Particular, Regime, Standing
from shirase.inspection.finished import Element
from shirase.inspection.letters import Block, annexes, letter_blocks, letter_text, read_letter
from shirase.inspection.rows import compact, printed_rows
from shirase.inspection.values import values
from shirase.text.environment import sentence, topic_labels

_WAITING = ("Under investigation", "Withheld")
_NO_LOG = "We know of no log of your own that records these actions."
_NONE_FOUND = (
    "We examined %(searched)s for the period examined. As of %(instant)s, none has been found within what was examined."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a report must name besides its texts.

    Attributes:
        names: The customer's name as addressed, by language.
        letterhead: Name and address of the sender, and of the officer who answers, by language.
        issued_on: Day of issue, by the sender's clock.
        as_of: State of knowledge.
        next_update_on: Day of the next report.
        contact: Mail address and telephone number of the contact point.
        regimes: Every checklist of the case.
        chosen: Ids of those that the customer is told about.
    """

    names: Mapping[Language, str]
    letterhead: Mapping[Language, tuple[str, ...]]
    issued_on: date
    as_of: datetime
    next_update_on: date
    contact: tuple[str, ...]
    regimes: tuple[Regime, ...]
    chosen: tuple[str, ...]


class StatedInLetter:
    """One letter and the annexes, asked for what they state."""

    def __init__(self, root: Element, language: Language, told: Told) -> None:
        self._language = language
        self._told = told
        self._letter = compact(letter_text(root, language))
        self._blocks = letter_blocks(root, language)
        self._sections = {section.number: section for section in read_letter(root, language)}
        self._rows = sum(1 for _ in printed_rows(root))
        self._annexes = annexes(root)
        self._labels = {topic: compact(label) for topic, label in topic_labels(language).items()}
        self.pages = self._first_pages()

    def missing_from_letterhead(self) -> tuple[str, ...]:
        """What the letterhead ought to say and does not."""
        return tuple(text for text in self._told.letterhead[self._language] if compact(text) not in self._letter)

    def standing_of(self, particular: Particular) -> Standing:
        """How far ``particular`` is stated."""
        if particular in TOPICS:
            return self._topic(particular)
        return Standing.PRESENT if self._states(particular) else Standing.MISSING

    def _states(self, particular: Particular) -> bool:
        asked: dict[Particular, Callable[[], bool]] = {
            Particular.ADDRESSEE: self._names_addressee,
            Particular.ISSUED: self._names_day_of_issue,
            Particular.STAGE: lambda: self._has_row(2, "Stage and version"),
            Particular.AS_OF: lambda: self._has_row(2, "State of knowledge"),
            Particular.TIMELINE: self._has_timeline,
            Particular.NEXT_UPDATE: self._names_next_report,
            Particular.CONTACT: self._names_contact,
            Particular.ACTIONS: lambda: self._rows > 0,
            Particular.METHOD: lambda: self._has_table(particular),
            Particular.OWN_LOG: self._names_own_log,
        }
        if particular in asked:
            return asked[particular]()
        section = self._sections.get(int(PLACES[particular]))
        return section is not None and any(block.kind in ("P", "LI") for block in section.blocks)

    def _names_addressee(self) -> bool:
        return compact(self._told.names[self._language]) in self._letter

    def _names_day_of_issue(self) -> bool:
        """In the letterhead, above the first section."""
        above = self._blocks[: next((n for n, block in enumerate(self._blocks) if block.kind == "H2"), 0)]
        return self._told.issued_on.isoformat() in values(_text(above), self._language)

    def _names_contact(self) -> bool:
        said = compact(self._text_of(13))
        return all(compact(value) in said for value in self._told.contact)

    def _has_table(self, particular: Particular) -> bool:
        parts = self._annexes.get(PLACES[particular], [])
        return any(element.kind == "TD" for part in parts for element in part.walk())

    def _names_own_log(self) -> bool:
        """Annex C knows of a log; that none of the actions leaves an entry there is an answer, too."""
        said = compact("".join(part.whole_text for part in self._annexes.get("C", ())))
        return bool(said) and compact(sentence(self._language, None, _NO_LOG)) not in said

    def _topic(self, particular: Particular) -> Standing:
        """By the row of the table that states it: its content, and its state of knowledge."""
        row = self._row(int(PLACES[particular]), self._labels[TOPICS[particular]])
        if row is None or len(row) < 2 or not row[0]:
            return Standing.MISSING
        content, state = row[0], compact(row[-1])
        names = {name: compact(sentence(self._language, "state", name)) for name in _WAITING}
        if state in names.values():
            listed = any(
                block.kind == "LI" and compact(block.text).lstrip("•・").endswith(self._labels[TOPICS[particular]])
                for block in self._sections[12].blocks
            )
            follows = self._told.next_update_on > self._told.issued_on and self._names_next_report()
            return Standing.PENDING if follows and (listed or state != names[_WAITING[0]]) else Standing.MISSING
        if state == compact(sentence(self._language, "state", "None found")):
            return Standing.PRESENT if self._says_what_was_searched(content) else Standing.MISSING
        return Standing.PRESENT

    def _says_what_was_searched(self, content: str) -> bool:
        """None found counts only with what was searched, the period, and as of when."""
        pattern = sentence(self._language, None, _NONE_FOUND)
        searched = "(?P<searched>.+)".join(map(re.escape, map(compact, pattern.split("%(searched)s"))))
        found = re.search(re.sub(re.escape(re.escape("%(instant)s")), ".+", searched), compact(content))
        return found is not None and bool(found["searched"])

    def _row(self, number: int, label: str) -> list[str] | None:
        """The cells after the heading ``label`` in a table of a section, up to the next heading."""
        section = self._sections.get(number)
        blocks = section.blocks if section is not None else []
        for position, block in enumerate(blocks):
            if block.kind == "TH" and compact(block.text) == label:
                cells = []
                for following in blocks[position + 1 :]:
                    if following.kind != "TD":
                        break
                    cells.append(following.text)
                return cells
        return None

    def _has_row(self, number: int, message: str) -> bool:
        return any(self._row(number, compact(sentence(self._language, None, message))) or ())

    def _has_timeline(self) -> bool:
        title = compact(sentence(self._language, None, "Timeline"))
        blocks = self._sections[3].blocks if 3 in self._sections else []
        captions = [(n, compact(block.text)) for n, block in enumerate(blocks) if block.kind == "Caption"]
        for (start, caption), (end, _) in pairwise([*captions, (len(blocks), "")]):
            if caption == title:
                return sum(block.kind == "TD" for block in blocks[start:end]) >= 2
        return False

    def _names_next_report(self) -> bool:
        return self._told.next_update_on.isoformat() in values(self._text_of(12), self._language)

    def _text_of(self, number: int) -> str:
        section = self._sections.get(number)
        return _text(section.blocks) if section is not None else ""

    def _first_pages(self) -> dict[str, int]:
        pages = {str(number): section.blocks[0].page for number, section in self._sections.items() if section.blocks}
        annex = {letter: parts[0].page for letter, parts in self._annexes.items()}
        return {**pages, **annex}


def _text(blocks: Sequence[Block]) -> str:
    return "\n".join(block.text for block in blocks)
