"""What the structure of a PDF says, in reading order, and whether it holds together. Read by pikepdf (qpdf).

Numbers of objects and of marked content do not matter, only what they stand for (ISO 32000-1, 14.7 and 14.8).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import pikepdf

_SHOWS = {"Tj", "TJ"}
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "BI", "INLINE IMAGE"}
_SAYS = ("/Lang", "/Alt", "/ActualText", "/E", "/T", "/R", "/C")
_MARKS = {"BDC", "BMC"}


class Shown(NamedTuple):
    """A run of text: what it says, in which font and size (points), by which glyphs; or a word in angle brackets."""

    text: str
    font: str = ""
    size: float = 0.0
    glyphs: str = ""


@dataclass(frozen=True)
class PageContent:
    """What the operators of a page show.

    Attributes:
        marked: By number of marked content, what it shows.
        artefacts: Each artefact that shows text, in order: its properties, and the text.
        bare: What stands neither in marked content nor in an artefact: PDF/UA-1 allows none.
    """

    marked: Mapping[int, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    artefacts: list[tuple[str, str]] = field(default_factory=list)
    bare: list[Shown] = field(default_factory=list)


class Element(NamedTuple):
    """A structure element as its readers meet it.

    Attributes:
        depth: Elements around it.
        kind: Its type.
        says: Language, alternative text and the like, as far as given.
        attributes: All of them, with headers as ordinals of the cells they name.
        identifier: Ordinal of its ID, since the letters of an ID mean nothing.
        kids: In order: ``element``, or what marked content shows and on which page, or the link and its page.
    """

    depth: int
    kind: str
    says: dict[str, str]
    attributes: list[Any]
    identifier: int | None
    kids: list[Any]


class Structure:
    """The structure of an open PDF."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self._root: Any = pdf.Root.StructTreeRoot
        self._pages: list[Any] = list(pdf.pages)
        self._numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        self.contents = [page_content(page) for page in pdf.pages]
        self._ordinals: dict[str, int] = {}
        self._owners: dict[tuple[int, int], Any] = {}
        self._link_owners: dict[Any, Any] = {}
        self.elements = [found for kid in _list(self._root.K) for found in self._walk(kid, 0)]

    def _walk(self, raw: Any, depth: int) -> Iterator[Element]:
        identifier = self._ordinal(raw.ID) if "/ID" in raw else None
        kids, inner = [], []
        for kid in _list(raw.get("/K")):
            if isinstance(kid, int):
                kids.append(self._content(raw, raw.get("/Pg"), kid))
            elif kid.get("/Type") == "/MCR":
                kids.append(self._content(raw, kid.get("/Pg", raw.get("/Pg")), int(kid.MCID)))
            elif kid.get("/Type") == "/OBJR":
                self._link_owners[kid.Obj.objgen] = raw
                page = kid.get("/Pg", raw.get("/Pg"))
                kids.append(("link", self._numbers.get(page.objgen), plain(kid.Obj, self._numbers)))
            else:
                kids.append("element")
                inner.append(kid)
        says = {key[1:]: str(raw[key]) for key in _SAYS if key in raw}
        attributes = [self._attributes(entry) for entry in _list(raw.get("/A"))]
        yield Element(depth, str(raw.S), says, attributes, identifier, kids)
        for kid in inner:
            yield from self._walk(kid, depth + 1)

    def _content(self, owner: Any, page: Any, mark: int) -> Any:
        number = self._numbers.get(page.objgen) if page is not None else None
        if number is None:
            return ("content of no page", mark)
        self._owners[number, mark] = owner
        return (f"page {number}", list(self.contents[number - 1].marked.get(mark, [Shown("<nothing>")])))

    def _attributes(self, raw: Any) -> Any:
        if not isinstance(raw, pikepdf.Dictionary):
            return plain(raw, self._numbers)
        found = {key: plain(value, self._numbers) for key, value in raw.items() if key != "/Headers"}
        if "/Headers" in raw:
            found["/Headers"] = [self._ordinal(key) for key in _list(raw["/Headers"])]
        return found

    def _ordinal(self, identifier: Any) -> int:
        return self._ordinals.setdefault(str(identifier), len(self._ordinals))

    def outside(self) -> Iterator[tuple[str, list[Shown]]]:
        """Marked content that no element of the tree holds, by page: in WeasyPrint's files, running headers and footers."""
        for number, content in enumerate(self.contents, 1):
            for mark, shown in content.marked.items():
                if (number, mark) not in self._owners:
                    yield f"page {number}", list(shown)

    def broken(self) -> Iterator[str]:
        """Where content and elements do not lead to each other (ISO 32000-1, 14.7.4.4), in words."""
        tree = pikepdf.NumberTree(self._root.ParentTree)
        for number, (page, content) in enumerate(zip(self._pages, self.contents, strict=True), 1):
            key = page.get("/StructParents")
            entries = _list(tree[int(key)]) if key is not None and int(key) in tree else []
            for mark in sorted({*content.marked, *range(len(entries))}):
                leads = entries[mark] if mark < len(entries) else None
                if mark not in content.marked:
                    yield f"page {number}: there is no marked content {mark}, but an element that holds it"
                elif not self._holds(leads, page, number, mark):
                    yield f"page {number}: marked content {mark} and its element do not lead to each other"
            for note in page.get("/Annots", []):
                owner, key = self._link_owners.get(note.objgen), note.get("/StructParent")
                leads = tree[int(key)] if key is not None and int(key) in tree else None
                if owner is None or leads is None or leads.objgen != owner.objgen:
                    yield f"page {number}: a link and its element do not lead to each other"
            for shown in content.bare:
                yield f"page {number}: {shown.text!r} is neither marked content nor an artefact"

    def _holds(self, leads: Any, page: Any, number: int, mark: int) -> bool:
        if leads is None:
            return False
        owner = self._owners.get((number, mark))
        if owner is not None:
            return bool(leads.objgen == owner.objgen)
        return mark in _list(leads.get("/K")) and "/Pg" in leads and bool(leads.Pg.objgen == page.objgen)


def plain(value: Any, pages: Mapping[Any, int]) -> Any:
    """A PDF value as a Python one: numbers as floats, pages as their numbers, without what points back up."""
    if isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        if value.objgen in pages:
            return f"page {pages[value.objgen]}"
        skipped = {"/P", "/Parent", "/StructParent", "/Length", "/Filter"}
        return {key: plain(inner, pages) for key, inner in sorted(value.items()) if key not in skipped}
    if isinstance(value, pikepdf.Array):
        return [plain(inner, pages) for inner in value]
    if isinstance(value, bool) or value is None:
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)


def page_content(page: pikepdf.Page) -> PageContent:
    """Read the operators of ``page``. A form is a thing shown; none of these reports has text in one."""
    content = PageContent()
    around: list[tuple[int | None, str | None]] = []
    meanings = {name: (str(font.BaseFont).split("+")[-1], _meanings(font)) for name, font in _fonts(page)}
    font, size, artefact = "", 0.0, ""
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        mark, kind = around[-1] if around else (None, None)
        if operator in _MARKS:
            around.append(_begin(instruction, mark, kind, content))
        elif operator == "EMC":
            around.pop()
            if kind is not None and artefact and not any(outer is not None for _, outer in around):
                content.artefacts.append((kind, artefact))
                artefact = ""
        elif operator == "Tf":
            font, size = str(instruction.operands[0]), float(instruction.operands[1])
        elif operator in _SHOWS or operator in _PAINTS:
            shown = (
                _shown(instruction, meanings.get(font, ("", {})), size) if operator in _SHOWS else Shown("<painted>")
            )
            if mark is not None:
                _add(content.marked[mark], shown)
            elif kind is None:
                content.bare.append(shown)
            elif operator in _SHOWS:
                artefact += shown.text
    return content


def _begin(instruction: Any, mark: int | None, kind: str | None, content: PageContent) -> tuple[int | None, str | None]:
    """What holds within a marked content that begins: its number, or the properties of an artefact."""
    tag = str(instruction.operands[0])
    properties = instruction.operands[1] if len(instruction.operands) > 1 else pikepdf.Dictionary()
    if not isinstance(properties, pikepdf.Dictionary):
        return mark, f"{tag} {properties}"
    if tag == "/Artifact":
        return None, str(plain(properties, {}))
    if "/MCID" in properties:
        mark, kind = int(properties.MCID), None
        content.marked[mark].append(Shown(f"<{tag}>"))
    if mark is not None:
        content.marked[mark].extend(Shown(f"<{key} {properties[key]}>") for key in _SAYS if key in properties)
    return mark, kind


def _add(shown: list[Shown], more: Shown) -> None:
    """Add a run; one that goes on in the same font goes on in the same entry, wherever the writer cut it."""
    last = shown[-1] if shown else None
    if last is not None and more.font and (last.font, last.size) == (more.font, more.size):
        shown[-1] = Shown(last.text + more.text, more.font, more.size, last.glyphs + more.glyphs)
    elif last != more or more.font:
        shown.append(more)


def _shown(instruction: Any, font: tuple[str, Mapping[bytes, str]], size: float) -> Shown:
    name, meanings = font
    parts = instruction.operands[0] if str(instruction.operator) == "TJ" else [instruction.operands[0]]
    codes = b"".join(bytes(part) for part in parts if isinstance(part, pikepdf.String))
    text = "".join(meanings.get(codes[at : at + 2], "\ufffd") for at in range(0, len(codes), 2))
    return Shown(text, name, round(size, 2), codes.hex())


def _fonts(page: pikepdf.Page) -> Iterator[tuple[str, Any]]:
    fonts: Any = page.Resources.get("/Font", pikepdf.Dictionary())
    yield from fonts.items()


def _meanings(font: Any) -> dict[bytes, str]:
    return _pairs(font.ToUnicode.read_bytes())


@lru_cache(maxsize=256)
def _pairs(to_unicode: bytes) -> dict[bytes, str]:
    """What the two-byte codes of a font stand for (ISO 32000-1, 9.10.3; WeasyPrint lists them one by one)."""
    pairs = [line.split() for line in to_unicode.splitlines() if line.startswith(b"<") and b"> <" in line]
    return {
        bytes.fromhex(pair[0].strip(b"<>").decode()): bytes.fromhex(pair[1].strip(b"<>").decode()).decode("utf-16-be")
        for pair in pairs
        if len(pair) == 2 and len(pair[0]) == len("<0000>")
    }


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]
