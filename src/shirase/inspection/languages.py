"""Whether the Japanese and the English text of a finished report say the same: figures, dates, references, hedges."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.inspection.finished import Element
from shirase.inspection.letters import Block, Section, annex_pairs, annexes, first_page, read_letter
from shirase.inspection.values import in_words, values
from shirase.text.wording import wording_rules

_PAGE = re.compile(r"p\. (\d+)|(\d+)頁")
"""A page named beside a link."""


def language_findings(root: Element) -> Iterator[Finding]:
    """Objections to the two texts of a report, held against each other.

    The letters section by section and block by block; the annexes, which print both languages together, block by block.
    """
    letters = {language: read_letter(root, language) for language in Language}
    ja, en = letters[Language.JA], letters[Language.EN]
    if [section.number for section in ja] != [section.number for section in en]:
        what = f"the sections are {[s.number for s in ja]} in Japanese and {[s.number for s in en]} in English"
        yield Finding("sections-differ", "letter", what, "draft it again; the templates have the same sections")
    numbered = {section.number: section for section in en}
    for section in ja:
        if section.number in numbered:
            yield from _compare(section, numbered[section.number])
    yield from _compare_charts(root)
    yield from _wrong_references(root)
    for letter, parts in annexes(root).items():
        yield from _compare_annex(letter, parts)


def _compare_charts(root: Element) -> Iterator[Finding]:
    """Labels are the same, and what is said in place of the picture says the same."""
    charts = {
        language: [each for each in root.walk() if each.kind == "Figure" and each.language == language]
        for language in Language
    }
    for ja, en in zip_longest(charts[Language.JA], charts[Language.EN]):
        if ja is None or en is None or ja.text != en.text:
            said = " / ".join(repr(each.text if each is not None else "no chart") for each in (ja, en))
            page = (ja or en).page
            yield Finding("values-differ", f"chart, page {page}", said, "draw both from the same figures")
        else:
            yield from block_findings(
                "chart", Block("P", ja.alternative, ja.page), Block("P", en.alternative, en.page)
            )  # fmt: skip


def _wrong_references(root: Element) -> Iterator[Finding]:
    """A link from one letter to the other names the page on which that begins."""
    first = {language: first_page(root, language) for language in Language}
    for element in root.walk():
        named = _PAGE.search(element.text) if element.kind == "Link" else None
        if named is not None and element.language in first:
            page = int(named[1] or named[2])
            wanted = first[Language(element.language)]
            if page != wanted:
                what = f"names page {page}; the other letter begins on page {wanted}"
                yield Finding("page-number", f"page {element.page}", what, "draft it again")


def _compare_annex(letter: str, parts: Sequence[Element]) -> Iterator[Finding]:
    for pair in annex_pairs(parts):
        yield from block_findings(f"Annex {letter}", pair.ja, pair.en)


def _compare(ja: Section, en: Section) -> Iterator[Finding]:
    """Block by block where both are divided alike, else the section as a whole."""
    if [block.kind for block in ja.blocks] == [block.kind for block in en.blocks]:
        pairs = list(zip(ja.blocks, en.blocks, strict=True))
    else:
        pairs = [(_joined(ja.blocks), _joined(en.blocks))]
        items = {
            name: sum(block.kind == "LI" for block in section.blocks) for name, section in (("ja", ja), ("en", en))
        }
        if items["ja"] != items["en"]:
            what = f"section {ja.number}: {items['ja']} list items in Japanese, {items['en']} in English"
            yield Finding("list-length", f"page {pairs[0][0].page}", what, "divide both texts alike")
    for one, other in pairs:
        yield from block_findings(f"section {ja.number}", one, other)


def block_findings(section: str, ja: Block, en: Block) -> Iterator[Finding]:
    """Values and hedges that only one of two texts has which have to say the same."""
    found = {Language.JA: values(ja.text, Language.JA), Language.EN: values(en.text, Language.EN)}
    only_ja, only_en = found[Language.JA] - found[Language.EN], found[Language.EN] - found[Language.JA]
    only_ja -= in_words(en.text)
    place = _place(section, ja, en)
    if only_ja or only_en:
        what = (
            f"only in Japanese: {_listed(only_ja)}; only in English: {_listed(only_en)}. "
            f"「{_sentence(ja.text, only_ja)}」 / “{_sentence(en.text, only_en)}”"
        )
        yield Finding("values-differ", place, what, "give both texts the same values, by the same placeholder")
    for hedge in wording_rules().hedges:
        says = {
            "Japanese": any(re.search(pattern, ja.text) for pattern in hedge.ja),
            "English": any(re.search(pattern, en.text, re.IGNORECASE) for pattern in hedge.en),
        }
        if len(set(says.values())) > 1:
            one = next(name for name, said in says.items() if said)
            what = f"only the {one} text says {hedge.name!r}: 「{_short(ja.text)}」 / “{_short(en.text)}”"
            yield Finding("hedge-differs", place, what, "say it in both languages, or in neither")


def _place(section: str, ja: Block, en: Block) -> str:
    if not ja.page and not en.page:
        return section
    return f"{section}, page {ja.page}" if ja.page == en.page else f"{section}, pages {ja.page} and {en.page}"


def _joined(blocks: Sequence[Block]) -> Block:
    return Block("P", "\n".join(block.text for block in blocks), blocks[0].page if blocks else 0)


def _listed(counter: Counter[str]) -> str:
    return ", ".join(sorted(counter.elements())) or "nothing"


def _sentence(text: str, tokens: Counter[str]) -> str:
    """The part of ``text`` around the first value that differs, as far as it is found as written."""
    for token in tokens:
        position = text.find(token.rpartition(" ")[2])
        if position >= 0:
            return text[max(0, position - 40) : position + 40]
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:80]}…"
