"""Whether the Japanese and the English text of a finished report say the same: figures, dates, references, hedges."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.inspection.finished import Element
from shirase.text.wording import wording_rules

_BLOCKS = frozenset({"P", "LI", "TH", "TD", "Caption", "H1", "H2", "H3"})
_HEADING = re.compile(r"^(\d{1,2})\. ")
_ANNEX = re.compile(r"別紙[A-Z]\s|Annex [A-Z] ")
_ENDS = re.compile(r"[。．.:：！？!?）)」』%]\s*$")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_PATTERNS: dict[Language, tuple[tuple[str, re.Pattern[str]], ...]] = {
    Language.JA: (
        ("date", re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日")),
        ("day", re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})日")),
        ("month", re.compile(r"(?P<m>\d{1,2})月(?!間)")),
        ("hour", re.compile(r"(?P<half>午前|午後)?(?P<h>\d{1,2})時(?!間|点)(?:(?P<min>\d{1,2})分)?")),
        ("annex", re.compile(r"別紙(?P<v>[A-Z])")),
        ("section", re.compile(r"第(?P<v>\d{1,2})項")),
    ),
    Language.EN: (
        ("date", re.compile(rf"(?P<d>\d{{1,2}}) (?P<n>{'|'.join(_MONTHS)}) (?P<y>\d{{4}})")),
        ("day", re.compile(rf"(?P<d>\d{{1,2}}) (?P<n>{'|'.join(_MONTHS)})")),
        ("month", re.compile(rf"\b(?P<n>{'|'.join(name for name in _MONTHS if name != 'May')}|(?:in|of) May)\b")),
        ("hour", re.compile(r"(?P<h>\d{1,2})(?::(?P<min>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?")),
        ("annex", re.compile(r"Annex (?P<v>[A-Z])\b")),
        ("section", re.compile(r"[Ss]ection (?P<v>\d{1,2})")),
    ),
}
_COMMON = (
    ("address", re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+|https?://[^\s（）「」]+")),
    ("share", re.compile(r"(?P<v>\d+(?:\.\d+)?)\s?%")),
    ("clock", re.compile(r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?")),
    ("offset", re.compile(r"UTC[+\-−]\d{1,2}(?::\d{2})?")),
    ("identifier", re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z0-9-]*[A-Za-z])(?=[A-Za-z0-9-]*\d)[A-Za-z0-9][A-Za-z0-9-]+")),
    ("number", re.compile(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?")),
)


@dataclass(slots=True)
class Block:
    """A paragraph, list item, heading or cell of one language; ``goes_on`` from the page before where it may."""

    kind: str
    text: str
    page: int
    goes_on: bool = False


@dataclass(slots=True)
class Section:
    """The blocks below one numbered heading; the letterhead and the key points are section 0."""

    number: int
    blocks: list[Block] = field(default_factory=list)


def language_findings(root: Element) -> Iterator[Finding]:
    """Objections to the two letters of a report, held against each other section by section and block by block."""
    letters = {language: _letter(root, language) for language in Language}
    ja, en = letters[Language.JA], letters[Language.EN]
    if [section.number for section in ja] != [section.number for section in en]:
        what = f"the sections are {[s.number for s in ja]} in Japanese and {[s.number for s in en]} in English"
        yield Finding("sections-differ", "letter", what, "draft it again; the templates have the same sections")
    numbered = {section.number: section for section in en}
    for section in ja:
        if section.number in numbered:
            yield from _compare(section, numbered[section.number])


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
        yield from _compare_blocks(ja.number, one, other)


def _compare_blocks(section: int, ja: Block, en: Block) -> Iterator[Finding]:
    found = {Language.JA: values(ja.text, Language.JA), Language.EN: values(en.text, Language.EN)}
    only_ja, only_en = found[Language.JA] - found[Language.EN], found[Language.EN] - found[Language.JA]
    place = f"section {section}, pages {ja.page} and {en.page}"
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


def values(text: str, language: Language) -> Counter[str]:
    """Everything in ``text`` that must be the same in the other language, in one notation, and how often."""
    found: Counter[str] = Counter()
    rest = text.replace("\u3000", " ")
    for name, pattern in (*_COMMON[:1], *_PATTERNS[language], *_COMMON[1:]):
        for match in pattern.finditer(rest):
            found[_canonical(name, match)] += 1
        rest = pattern.sub(" ", rest)
    return found


def _canonical(name: str, match: re.Match[str]) -> str:
    parts = match.groupdict()
    if name in ("date", "day", "month"):
        month = int(parts["m"]) if parts.get("m") else _MONTHS.index(parts["n"].split()[-1]) + 1
        return f"{parts.get('y') or ''}-{month:02}-{int(parts.get('d') or 0):02}"
    if name == "hour":
        late = parts["half"] in ("午後", "p")
        return f"{int(parts['h']) % 12 + 12 * late if parts['half'] else int(parts['h']):02}:{parts['min'] or '00'}"
    if name in ("annex", "section", "share"):
        return f"{name} {parts['v']}"
    if name == "clock":
        return match[0].zfill(len("00:00") if match[0].count(":") == 1 else len("00:00:00"))
    return match[0].replace(",", "").replace("−", "-")


def _letter(root: Element, language: Language) -> list[Section]:
    """The letter in ``language``, up to the first annex. Above its title, names and addresses differ as they may."""
    sections = [Section(0)]
    blocks = _joined_over_pages(list(_blocks(root, language)))
    title = next((position for position, block in enumerate(blocks) if block.kind == "H1"), 0)
    for position, block in enumerate(blocks):
        if position < title and block.kind == "P":
            continue
        heading = _HEADING.match(block.text) if block.kind == "H2" else None
        if heading is not None:
            sections.append(Section(int(heading[1])))
        if block.kind != "H2":
            sections[-1].blocks.append(block)
    return sections


def _blocks(root: Element, language: Language) -> Iterator[Block]:
    """Blocks of the letter in one language; links to the other language are no part of it."""
    for element in root.kids[0].kids if root.kids else ():
        if element.kind in ("Sect", "Part") and any(
            kid.kind == "H1" and _ANNEX.match(_words(kid, kid.language)) for kid in element.walk()
        ):
            return
        if element.language == language:
            yield from _blocks_below(element, language)


def _blocks_below(element: Element, language: Language) -> Iterator[Block]:
    for kid in element.kids:
        if kid.kind in _BLOCKS and kid.language == language:
            text = _words(kid, language)
            if text:
                yield Block(kid.kind, text, kid.page, _may_go_on(kid))
        elif kid.kind == "THead" and _is_continued(element):
            continue
        else:
            yield from _blocks_below(kid, language)


def _may_go_on(element: Element) -> bool:
    """A list item without its mark goes on; of a paragraph only the one before tells."""
    if element.kind == "LI":
        return all(kid.kind != "Lbl" for kid in element.kids)
    return element.kind == "P"


def _is_continued(table: Element) -> bool:
    """Whether a table goes on from the page before: its head is repeated, and it has no caption of its own."""
    kinds = [kid.kind for kid in table.kids]
    return "Caption" not in kinds


def _words(element: Element, language: str) -> str:
    """Its text in ``language``; English lines are divided by spaces."""
    pieces = [each.text for each in element.walk() if each.language == language and each.text]
    joined = "".join(pieces) if language == Language.JA else _spaced(pieces)
    return re.sub(r"[ \n]+", " ", joined.replace("\n", "" if language == Language.JA else " ")).strip()


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
            joined[-1] = Block(last.kind, f"{last.text}{' ' if last.text.isascii() else ''}{block.text}", last.page)
        else:
            joined.append(block)
    return joined


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
