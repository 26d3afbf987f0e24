"""Whether two PDFs show and say the same: pages as pictures, text, structure, outline, links, names, data inside.

Read by pikepdf (qpdf) and pypdfium2 (PDFium), neither of which had a part in making them. Numbers of objects and of marked
content do not matter, only what they stand for.
"""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2
from PIL import ImageChops

SCALE = 1.25
"""Pixels a point: 90 dots an inch."""

DARKER = 16
"""Of 255: what a pixel may differ by."""

MOST_PIXELS = 4
"""Pixels of a page that may differ by more: the end of a hairline that falls between two pixels. A letter has more."""

NEAR = 0.05
"""Points that two places may lie apart."""

_RUNS = {"Tj", "TJ"}


def differences(one: bytes, other: bytes) -> list[str]:
    """What differs between two PDFs, in words; nothing when they are the same to whoever reads them."""
    with pikepdf.open(io.BytesIO(one)) as first, pikepdf.open(io.BytesIO(other)) as second:
        if len(first.pages) != len(second.pages):
            return [f"{len(first.pages)} pages against {len(second.pages)}"]
        return [*_pictures(one, other), *_documents(first, second)]


def _pictures(one: bytes, other: bytes) -> Iterator[str]:
    first, second = pypdfium2.PdfDocument(one), pypdfium2.PdfDocument(other)
    for number, (left, right) in enumerate(zip(first, second, strict=True), 1):
        texts = [page.get_textpage().get_text_range() for page in (left, right)]
        if texts[0] != texts[1]:
            lines = zip(texts[0].splitlines(), texts[1].splitlines(), strict=False)
            where = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
            yield f"page {number}: text {where[0]!r} against {where[1]!r}"
        images = [page.render(scale=SCALE, grayscale=True).to_pil().convert("L") for page in (left, right)]
        if images[0].size != images[1].size:
            yield f"page {number}: size {images[0].size} against {images[1].size}"
            continue
        histogram = ImageChops.difference(*images).histogram()
        count = sum(histogram[DARKER + 1 :])
        if count > MOST_PIXELS:
            yield f"page {number}: {count} pixels look different"


def _documents(first: pikepdf.Pdf, second: pikepdf.Pdf) -> Iterator[str]:
    for name, read in (
        ("structure", _structure), ("outline", _outline), ("links", _links), ("places", _places),
        ("facts", _facts), ("data inside", _attachments), ("fonts", _fonts), ("owners of content", _owners),
    ):  # fmt: skip
        ours, theirs = list(read(first)), list(read(second))
        if ours == theirs:
            continue
        if len(ours) != len(theirs):
            yield f"{name}: {len(ours)} entries against {len(theirs)}"
        pair = next((pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), None)
        if pair is not None:
            yield f"{name}: {pair[0]} against {pair[1]}"


# --- structure ---------------------------------------------------------------------------------------------------


def _structure(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    """Every element in reading order: depth, type, language, attributes, and what its own content shows."""
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    shown = [_shown(page) for page in pdf.pages]
    names: dict[str, int] = {}
    yield from _elements(pdf.Root.StructTreeRoot.K[0], 0, pages, shown, names)


def _elements(
    element: Any, depth: int, pages: dict[Any, int], shown: list[dict[int, str]], names: dict[str, int]
) -> Iterator[tuple[Any, ...]]:
    page = pages.get(element.Pg.objgen) if "/Pg" in element else None
    attributes = element.get("/A", pikepdf.Dictionary())
    own: list[Any] = []
    kids = []
    for kid in element.get("/K", []):
        if isinstance(kid, int):
            own.append(shown[page if page is not None else -1].get(kid))
        elif kid.get("/Type") == "/OBJR":
            own.append(("link", str(kid.Obj.Dest), str(kid.Obj.Contents), pages[kid.Pg.objgen]))
        else:
            kids.append(kid)
    identifier = names.setdefault(str(element.ID), len(names)) if "/ID" in element else None
    headers = [names.get(str(key), str(key)) for key in attributes.get("/Headers", [])]
    box = [round(float(value), 1) for value in attributes.get("/BBox", [])]
    yield (
        depth, str(element.S), str(element.get("/Lang", "")), str(element.get("/Alt", "")), page if own else None,
        str(attributes.get("/Scope", "")), int(attributes.get("/ColSpan", 1)), int(attributes.get("/RowSpan", 1)),
        identifier, headers, box, own,
    )  # fmt: skip
    for kid in kids:
        yield from _elements(kid, depth + 1, pages, shown, names)


def _shown(page: pikepdf.Page) -> dict[int, str]:
    """What each marked content of a page shows: fonts and glyphs, without the distances between them."""
    found: dict[int, str] = {}
    current: list[int] = []
    font = ""
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator in {"BDC", "BMC"}:
            mark = instruction.operands[1].get("/MCID") if operator == "BDC" else None
            current.append(-1 if mark is None else int(mark))
            found.setdefault(current[-1], "")
        elif operator == "EMC":
            current.pop()
        elif operator == "Tf":
            font = f"{instruction.operands[0]} {float(instruction.operands[1]):.2f} "
        elif operator in _RUNS and current:
            parts = instruction.operands[0] if operator == "TJ" else [instruction.operands[0]]
            glyphs = "".join(bytes(part).hex() for part in parts if isinstance(part, pikepdf.String))
            found[current[-1]] += font + glyphs
    return found


def _owners(pdf: pikepdf.Pdf) -> Iterator[tuple[int, int, str]]:
    """By page: how many marked contents lead to an element, and to elements of which types."""
    nums = pdf.Root.StructTreeRoot.ParentTree.Nums
    owners = {int(nums[at]): nums[at + 1] for at in range(0, len(nums), 2)}
    for number, page in enumerate(pdf.pages):
        entries = owners[int(page.StructParents)]
        types: dict[str, int] = {}
        for entry in entries:
            types[str(entry.S)] = types.get(str(entry.S), 0) + 1
        yield number, len(entries), str(sorted(types.items()))


# --- everything else ---------------------------------------------------------------------------------------------


def _outline(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    with pdf.open_outline() as outline:
        yield from _entries(outline.root, 0, pages)


def _entries(items: Any, depth: int, pages: dict[Any, int]) -> Iterator[tuple[Any, ...]]:
    for item in items:
        target = item.destination
        yield depth, item.title, pages[target[0].objgen], *(_near(value) for value in list(target)[2:4])
        yield from _entries(item.children, depth + 1, pages)


def _links(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    for number, page in enumerate(pdf.pages):
        for note in page.get("/Annots", []):
            yield number, str(note.Dest), str(note.Contents), int(note.F), *(_near(value) for value in note.Rect)


def _places(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    pages = {page.objgen: number for number, page in enumerate(pdf.pages)}
    names: Any = pdf.Root.Names.Dests.Names
    for at in range(0, len(names), 2):
        target = names[at + 1]
        yield str(names[at]), pages[target[0].objgen], *(_near(value) for value in list(target)[2:4])


def _facts(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    yield "language", str(pdf.Root.Lang)
    yield "facts", str(sorted((key, str(value)) for key, value in pdf.docinfo.items()))
    yield "metadata", pdf.Root.Metadata.read_bytes().decode()
    yield "view", str(pdf.Root.ViewerPreferences.DisplayDocTitle)
    yield "intent", str(pdf.Root.OutputIntents[0].OutputConditionIdentifier)
    yield "identifier", str(pdf.trailer.ID[0])
    for page in pdf.pages:
        yield "boxes", str([[_near(value) for value in page[name]] for name in ("/MediaBox", "/TrimBox", "/BleedBox")])


def _attachments(pdf: pikepdf.Pdf) -> Iterator[tuple[str, ...]]:
    for name, file in pdf.attachments.items():
        yield name, file.description, str(file.obj.AFRelationship), file.get_file().read_bytes().hex()[:4096]


def _fonts(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, ...]]:
    """Name of each font, its widths, and what its glyphs stand for."""
    fonts: Any = pdf.pages[0].Resources.Font
    for name in sorted(fonts):
        font = fonts[name]
        inner = font.DescendantFonts[0]
        pairs = sorted(
            line for line in font.ToUnicode.read_bytes().splitlines() if line.startswith(b"<") and b"> <" in line
        )
        widths: dict[int, float] = {}
        entries = list(inner.W)
        for at in range(0, len(entries), 2):
            widths.update({int(entries[at]) + offset: float(width) for offset, width in enumerate(entries[at + 1])})
        yield name, str(font.BaseFont), sorted(widths.items()), pairs


def _near(value: Any) -> float:
    return round(float(value) / NEAR) * NEAR
