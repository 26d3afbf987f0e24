"""The comparison of two PDFs finds whatever is planted: a gate that cannot fail is none."""

import io
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest

import sample_report as sample
from same_pages import differences
from shirase.rendering.worker import Rendered, render_report

pytestmark = pytest.mark.usefixtures("renderer")


@pytest.fixture(scope="module")
def pdf(renderer: object) -> bytes:
    """The sample report, drawn by the reference."""
    made = render_report(sample.sample_report())
    assert isinstance(made, Rendered)
    return made.pdf


def changed(pdf: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        target = io.BytesIO()
        opened.save(target, fix_metadata_version=False)
    return target.getvalue()


def in_page(old: bytes, new: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Replace the first ``old`` in the operators of the second page."""

    def change(opened: pikepdf.Pdf) -> None:
        contents = opened.pages[1].Contents
        assert old in contents.read_bytes()
        contents.write(contents.read_bytes().replace(old, new, 1))

    return change


def element(opened: pikepdf.Pdf, kind: str) -> Any:
    """The first structure element of one type."""
    waiting = [opened.Root.StructTreeRoot.K[0]]
    while waiting:
        found = waiting.pop(0)
        if kind == found.S:
            return found
        waiting += [kid for kid in found.get("/K", []) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]
    raise AssertionError(kind)


def no_scope(opened: pikepdf.Pdf) -> None:
    del element(opened, "/TH").A["/Scope"]


def other_language(opened: pikepdf.Pdf) -> None:
    element(opened, "/Sect").Lang = pikepdf.String("fr")


def other_type(opened: pikepdf.Pdf) -> None:
    element(opened, "/H2").S = pikepdf.Name("/H3")


def no_words_for_the_picture(opened: pikepdf.Pdf) -> None:
    element(opened, "/Figure").Alt = pikepdf.String("picture")


def swapped_order(opened: pikepdf.Pdf) -> None:
    kids = element(opened, "/TR").K
    kids[0], kids[1] = kids[1], kids[0]


def link_elsewhere(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Annots[0].Dest = pikepdf.String("ja-2")


def link_moved(opened: pikepdf.Pdf) -> None:
    note = opened.pages[0].Annots[0]
    note.Rect = pikepdf.Array([float(value) + 2 for value in note.Rect])


def no_outline(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        del outline.root[1]


def other_title(opened: pikepdf.Pdf) -> None:
    opened.docinfo["/Title"] = "x"


def other_data(opened: pikepdf.Pdf) -> None:
    name = next(iter(opened.attachments))
    file = opened.attachments[name].get_file()
    file.obj.write(file.read_bytes().replace(b"2", b"3", 1))


def page_order(opened: pikepdf.Pdf) -> None:
    opened.Root.Pages.Kids[2], opened.Root.Pages.Kids[3] = opened.Root.Pages.Kids[3], opened.Root.Pages.Kids[2]


def page_missing(opened: pikepdf.Pdf) -> None:
    del opened.pages[-1]


def glyph_means_something_else(opened: pikepdf.Pdf) -> None:
    fonts: Any = opened.pages[0].Resources.Font
    font = fonts[next(iter(fonts))]
    font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"> <", b"> <0041", 1))


PLANTED = (
    no_scope, other_language, other_type, no_words_for_the_picture, swapped_order, link_elsewhere, link_moved, no_outline,
    other_title, other_data, page_order, page_missing, glyph_means_something_else,
)  # fmt: skip


def test_a_file_is_the_same_as_itself(pdf: bytes) -> None:
    """Also after another program has written it anew, with other numbers of objects."""
    assert differences(pdf, pdf) == []
    assert differences(pdf, changed(pdf, lambda _: None)) == []


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: str(fault.__name__))
def test_planted_faults_are_found(fault: Callable[[pikepdf.Pdf], None], pdf: bytes) -> None:
    """One change, and it is named."""
    assert differences(pdf, changed(pdf, fault)) != []


def test_a_line_moved_by_a_millimetre_is_seen(pdf: bytes) -> None:
    """Everything on a page, 3 CSS pixels lower."""
    moved = changed(pdf, in_page(b".75 0 0 .75 0 0 cm", b".75 0 0 .75 0 -2.25 cm")) if b".75" in pdf else None
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        contents = opened.pages[1].Contents.read_bytes()
    if moved is None:
        moved = changed(pdf, in_page(contents, b"1 0 0 1 0 -2.25 cm\n" + contents))
    assert any("look different" in words for words in differences(pdf, moved))


def test_a_rule_or_a_colour_that_is_missing_is_seen(pdf: bytes) -> None:
    """The first stroke of a page left out; and the first colour made white."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        lines = opened.pages[1].Contents.read_bytes().split(b"\n")
    stroke = next(line for line in lines if line.strip() == b"S")
    color = next(line for line in lines if line.endswith(b" rg"))
    whole = b"\n".join(lines)
    at = whole.index(b"\n" + stroke + b"\n")
    without = whole[:at] + b"\nn\n" + whole[at + len(stroke) + 2 :]
    white = whole.replace(color, b"1 1 1 rg")
    for contents in (without, white):
        found = differences(pdf, changed(pdf, in_page(whole, contents)))
        assert any("look different" in words for words in found)
