"""Reads the structure of a PDF with pikepdf: another program than the one that wrote it. Each check names what is wrong."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf


@dataclass(frozen=True)
class Element:
    """A structure element: its kind, the language in effect, and how many pieces of content it and its children hold."""

    kind: str
    language: str
    content: int
    raw: Any


def elements(pdf: pikepdf.Pdf) -> list[Element]:
    """All elements in reading order."""
    found: list[Element] = []
    _walk(pdf.Root.StructTreeRoot.K[0], str(pdf.Root.Lang), found)
    return found


def _walk(raw: Any, language: str, found: list[Element]) -> int:
    language = str(raw.get("/Lang", language))
    place = len(found)
    found.append(Element("", "", 0, None))
    content = 0
    for kid in raw.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            content += _walk(kid, language, found)
        else:
            content += 1
    found[place] = Element(str(raw.S)[1:], language, content, raw)
    return content


def unscoped(pdf: pikepdf.Pdf) -> list[str]:
    """Heading cells that do not say what they head."""
    return [
        str(each.raw.objgen)
        for each in elements(pdf)
        if each.kind == "TH" and each.raw.get("/A", {}).get("/Scope") not in {"/Row", "/Column"}
    ]


def empty_headings(pdf: pikepdf.Pdf) -> list[str]:
    """Heading cells without any text."""
    return [str(each.raw.objgen) for each in elements(pdf) if each.kind == "TH" and not each.content]


def figures_without_text(pdf: pikepdf.Pdf) -> list[str]:
    """Figures that say nothing to who cannot see them."""
    return [
        str(each.raw.objgen) for each in elements(pdf) if each.kind == "Figure" and not str(each.raw.get("/Alt", ""))
    ]


def skipped_headings(pdf: pikepdf.Pdf) -> list[str]:
    """Headings more than one level below the one before."""
    levels = [int(each.kind[1]) for each in elements(pdf) if each.kind in {"H1", "H2", "H3", "H4", "H5", "H6"}]
    return [
        f"H{after} after H{before}" for before, after in zip([0, *levels], levels, strict=False) if after > before + 1
    ]


def fonts_not_embedded(pdf: pikepdf.Pdf) -> list[str]:
    """Fonts that the reader's machine would have to have."""
    descriptors = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    assert descriptors
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    return [str(each.FontName) for each in descriptors if not files & set(each.keys())]


def silent_links(pdf: pikepdf.Pdf) -> list[str]:
    """Links without a description."""
    links = [each for page in pdf.pages for each in page.get("/Annots", []) if each.Subtype == "/Link"]
    assert links
    return [str(each.objgen) for each in links if not str(each.get("/Contents", "")).strip()]


def associated(pdf: pikepdf.Pdf) -> list[str]:
    """Names of the associated files, as often as the catalogue lists them."""
    return [str(each.UF) for each in pdf.Root.get("/AF", [])]


def outline(pdf: pikepdf.Pdf) -> list[str]:
    """Titles of the outline, in order."""
    with pdf.open_outline() as tree:
        return list(_titles(tree.root))


def _titles(items: Any) -> Iterator[str]:
    for item in items:
        yield item.title
        yield from _titles(item.children)
