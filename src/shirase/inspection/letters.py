"""The two letters and the annexes of a finished report, as its structure tree has them."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from shirase.domain.bilingual import Language
from shirase.inspection.finished import Element

_BLOCKS = frozenset({"P", "LI", "TH", "TD", "Caption", "H1", "H2", "H3"})
HEADING = re.compile(r"^(\d{1,2})\. ")
"""How a numbered heading of the letter begins."""

_ANNEX = re.compile(r"(?:別紙([A-Z])\s|Annex ([A-Z]) )")
_BROKEN = re.compile(r"([A-Za-z])\n([0-9])")
"""A space between a word and a figure at which a Japanese line was broken."""

_HYPHENATED = re.compile(r"(?<=\w)-\s*\n\s*(?=\w)")

_NUMBER = re.compile(r"^[A-Z]-\d+ ")
"""Number of a table, which belongs to its caption in either language."""

_LOGGED = re.compile(r"Object")
"""Head of the tables whose rows the log wrote."""

_ENDS = re.compile(r"[。．.:：！？!?）)」』%]\s*$")


@dataclass(slots=True)
class Block:
    """A paragraph, list item, heading or cell of one language.

    It ``goes_on`` from the page before where it may; a cell may be the first of its row.
    """

    kind: str
    text: str
    page: int
    goes_on: bool = False
    begins_row: bool = False


@dataclass(slots=True)
class Section:
    """The blocks below one numbered heading; the letterhead and the key points are section 0."""

    number: int
    blocks: list[Block] = field(default_factory=list)


def read_letter(root: Element, language: Language) -> list[Section]:
    """The letter in ``language``, up to the first annex. Above its title, names and addresses differ as they may."""
    sections = [Section(0)]
    blocks = letter_blocks(root, language)
    title = next((position for position, block in enumerate(blocks) if block.kind == "H1"), 0)
    for position, block in enumerate(blocks):
        if position < title and block.kind == "P":
            continue
        heading = HEADING.match(block.text) if block.kind == "H2" else None
        if heading is not None:
            sections.append(Section(int(heading[1])))
        if block.kind != "H2":
            sections[-1].blocks.append(block)
    return sections


def letter_blocks(root: Element, language: Language) -> list[Block]:
    """Blocks of the letter in one language, the addressee included; links to the other language are no part of it."""
    letter = []
    for element in _parts(root):
        if annex_of(element):
            break
        if element.language == language:
            letter.append(element)
    return letter_blocks_of(letter, language)


def letter_blocks_of(parts: Sequence[Element], language: Language) -> list[Block]:
    """Blocks of the parts of one letter, one part a page; a block that a page divides is one."""
    return _joined_over_pages([block for part in parts for block in _blocks_below(part, language, words_of)])


def whole_letter_blocks_of(parts: Sequence[Element], language: Language) -> list[Block]:
    """The same for people who read: with what stands in a block in other languages, such as a customer's name."""
    return _joined_over_pages([block for part in parts for block in _blocks_below(part, language, _all_words_of)])


def annex_letter(title: str) -> str:
    """The letter of the annex that ``title`` begins; empty when it is another heading."""
    match = _ANNEX.match(title)
    return (match[1] or match[2]) if match is not None else ""


def letter_text(root: Element, language: Language) -> str:
    """All that stands in the letter in one language, names in third languages included."""
    parts = []
    for element in _parts(root):
        if annex_of(element):
            break
        if element.language == language:
            parts.append(element.whole_text)
    return "".join(parts)


def first_page(root: Element, language: Language) -> int:
    """Page on which the letter in one language begins."""
    return next((part.page for part in _parts(root) if part.language == language and not annex_of(part)), 0)


def annexes(root: Element) -> dict[str, list[Element]]:
    """The parts of each annex, one a page, by its letter."""
    found: dict[str, list[Element]] = {}
    letter = ""
    for element in _parts(root):
        letter = annex_of(element) or letter
        if letter:
            found.setdefault(letter, []).append(element)
    return found


@dataclass(frozen=True, slots=True)
class Pair:
    """The same said twice, in Japanese and in English; empty where one of them is missing."""

    ja: Block
    en: Block


def annex_pairs(parts: Sequence[Element]) -> Iterator[Pair]:
    """Everything that an annex says in both languages: a text in its second language, and what stands right before it.

    What belongs to no language (numbers, marks, file names, the rows of actions) has no such companion. Whole texts
    after each other, which a page may divide, are one pair.
    """
    whole: dict[str, list[Element]] = {language: [] for language in Language}
    for part in parts:
        for element, before in _in_second_language(part, part.language):
            if element.kind == "Div":
                whole[element.language].append(element)
                whole[part.language] += [before] if before is not None and before.kind == "Div" else []
            else:
                yield _pair(part.language, [before] if before is not None else [], [element])
    if any(whole.values()):
        yield Pair(*(_as_block(whole[language], language) for language in Language))


def _in_second_language(element: Element, first: str) -> Iterator[tuple[Element, Element | None]]:
    """Elements in the other language than ``first``, each with the one that says the same."""
    if element.kind == "Table" and _LOGGED.search("".join(kid.whole_text for kid in element.kids[:2])):
        kids: tuple[Element, ...] = tuple(kid for kid in element.kids if kid.kind != "TBody")
    else:
        kids = element.kids
    before: Element | None = None
    for kid in kids:
        if kid.own_language in tuple(Language) and kid.own_language != first:
            yield kid, before
        else:
            yield from _in_second_language(kid, first)
        if kid.whole_text.strip():
            before = kid


def _pair(first: str, said: list[Element], again: list[Element]) -> Pair:
    by_language = {language: said if language == first else again for language in Language}
    return Pair(*(_as_block(by_language[language], language) for language in Language))


def _as_block(elements: Sequence[Element], language: Language) -> Block:
    pieces = [each.text for element in elements for each in element.walk() if each.language == language and each.text]
    text = one_line("\n".join(pieces) if language is Language.JA else _spaced(pieces), language)
    return Block("P", _NUMBER.sub("", text), elements[0].page if elements else 0)


def _parts(root: Element) -> tuple[Element, ...]:
    return root.kids[0].kids if root.kids else ()


def annex_of(element: Element) -> str:
    """Its letter when an annex begins here."""
    for kid in element.walk():
        if kid.kind == "H1" and (letter := annex_letter(words_of(kid, kid.language))):
            return letter
    return ""


def _blocks_below(element: Element, language: Language, words: Callable[[Element, str], str]) -> Iterator[Block]:
    begins_row = element.kind == "TR"
    for kid in element.kids:
        if kid.kind in _BLOCKS and kid.language == language:
            text = words(kid, language)
            if text:
                yield Block(kid.kind, text, kid.page, _may_go_on(kid), begins_row)
                begins_row = False
        elif kid.kind == "THead" and _is_continued(element):
            continue
        else:
            yield from _blocks_below(kid, language, words)


def _may_go_on(element: Element) -> bool:
    """A list item without its mark goes on; of a paragraph only the one before tells."""
    if element.kind == "LI":
        return all(kid.kind != "Lbl" for kid in element.kids)
    return element.kind == "P"


def _is_continued(table: Element) -> bool:
    """Whether a table goes on from the page before: its head is repeated, and it has no caption of its own."""
    kinds = [kid.kind for kid in table.kids]
    return "Caption" not in kinds


def words_of(element: Element, language: str) -> str:
    """Its text in ``language``; English lines are divided by spaces."""
    return _joined([each.text for each in element.walk() if each.language == language], language)


def _all_words_of(element: Element, language: str) -> str:
    """Its text in whatever language, written as ``language`` is."""
    return _joined([each.text for each in element.walk()], language)


def _joined(found: Iterable[str], language: str) -> str:
    pieces = [text for text in found if text]
    return one_line("".join(pieces) if language == Language.JA else _spaced(pieces), language)


def one_line(text: str, language: str) -> str:
    """One line. A hyphen at the end of a line is that of a word: reports never hyphenate."""
    whole = _HYPHENATED.sub("-", _BROKEN.sub(r"\1 \2", text))
    return re.sub(r"[ \n]+", " ", whole.replace("\n", "" if language == Language.JA else " ")).strip()


def _spaced(pieces: Sequence[str]) -> str:
    """Lines of English: a space between two, unless the first ends in a hyphen or there is one already."""
    return "".join(
        piece if piece.endswith((" ", "-", "/", "(")) or following.startswith((" ", ")", ",", ".", ":", ";", "/"))
        else f"{piece} "
        for piece, following in pairwise([*pieces, ""])
    )  # fmt: skip


def _joined_over_pages(blocks: list[Block]) -> list[Block]:
    """A paragraph or list item that a page divides is one again."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            last is not None and block.goes_on and block.kind == last.kind and block.page > last.page
            and (block.kind == "LI" or not _ENDS.search(last.text))
        ):  # fmt: skip
            gap = " " if last.text.isascii() and not last.text.endswith("-") else ""
            joined[-1] = Block(last.kind, f"{last.text}{gap}{block.text}", last.page)
        else:
            joined.append(block)
    return joined
