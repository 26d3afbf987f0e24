"""The comparison of two PDFs finds whatever is planted: a gate that cannot fail is none."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
import pytest

import sample_report as sample
from same_pages import differences
from shirase.rendering.worker import Rendered, render_report

pytestmark = pytest.mark.usefixtures("renderer")

MILLIMETRE = 72 / 25.4
MARK = re.compile(rb"/Span\s*<<[^>]*>>\s*BDC\n")
"""Where a marked content begins."""


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


def elements(opened: pikepdf.Pdf, kind: str) -> Iterator[Any]:
    """The structure elements of one type, in reading order."""
    waiting = [opened.Root.StructTreeRoot.K[0]]
    while waiting:
        found = waiting.pop(0)
        if kind == found.S:
            yield found
        waiting[:0] = [kid for kid in found.get("/K", []) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def element(opened: pikepdf.Pdf, kind: str) -> Any:
    return next(elements(opened, kind))


# --- structure ---------------------------------------------------------------------------------------------------


def no_scope(opened: pikepdf.Pdf) -> None:
    del element(opened, "/TH").A["/Scope"]


def heads_of_a_cell_lost(opened: pikepdf.Pdf) -> None:
    cell = next(cell for cell in elements(opened, "/TD") if "/Headers" in cell.A)
    del cell.A["/Headers"]


def headed_by_another_cell(opened: pikepdf.Pdf) -> None:
    cell = next(cell for cell in elements(opened, "/TD") if "/Headers" in cell.A)
    heads = {str(head.ID) for head in elements(opened, "/TH") if "/ID" in head} - {str(cell.A.Headers[0])}
    cell.A.Headers[0] = pikepdf.String(min(heads))


def wider_cell(opened: pikepdf.Pdf) -> None:
    element(opened, "/TD").A["/ColSpan"] = 2


def higher_cell(opened: pikepdf.Pdf) -> None:
    element(opened, "/TD").A["/RowSpan"] = 2


def other_language(opened: pikepdf.Pdf) -> None:
    element(opened, "/Sect").Lang = pikepdf.String("fr")


def other_type(opened: pikepdf.Pdf) -> None:
    element(opened, "/H2").S = pikepdf.Name("/H3")


def no_words_for_the_picture(opened: pikepdf.Pdf) -> None:
    element(opened, "/Figure").Alt = pikepdf.String("picture")


def picture_said_to_be_elsewhere(opened: pikepdf.Pdf) -> None:
    box = element(opened, "/Figure").A.BBox
    box[1] = float(box[1]) + 0.2


def said_otherwise_than_shown(opened: pikepdf.Pdf) -> None:
    element(opened, "/TD").ActualText = pikepdf.String("something else")


def swapped_order(opened: pikepdf.Pdf) -> None:
    kids = element(opened, "/TR").K
    kids[0], kids[1] = kids[1], kids[0]


def link_before_its_text(opened: pikepdf.Pdf) -> None:
    kids = element(opened, "/Link").K
    element(opened, "/Link").K = pikepdf.Array(list(kids)[::-1])


def element_missing(opened: pikepdf.Pdf) -> None:
    del element(opened, "/TBody").K[0]


def owners_swapped(opened: pikepdf.Pdf) -> None:
    entries = opened.Root.StructTreeRoot.ParentTree.Nums[1]
    entries[0], entries[1] = entries[1], entries[0]


def owner_of_a_link_swapped(opened: pikepdf.Pdf) -> None:
    first, second = [note for page in opened.pages for note in page.get("/Annots", [])][:2]
    first.StructParent, second.StructParent = second.StructParent, first.StructParent


def document_in_another_language(opened: pikepdf.Pdf) -> None:
    opened.Root.Lang = pikepdf.String("en")


def not_said_to_be_tagged(opened: pikepdf.Pdf) -> None:
    opened.Root.MarkInfo.Marked = False


# --- what leads somewhere ----------------------------------------------------------------------------------------


def link_elsewhere(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Annots[0].Dest = pikepdf.String("ja-2")


def link_moved(opened: pikepdf.Pdf) -> None:
    note = opened.pages[0].Annots[0]
    note.Rect = pikepdf.Array([float(value) + 2 for value in note.Rect])


def link_called_otherwise(opened: pikepdf.Pdf) -> None:
    opened.pages[0].Annots[0].Contents = pikepdf.String("x")


def link_out_of_the_document(opened: pikepdf.Pdf) -> None:
    note = opened.pages[0].Annots[0]
    del note["/Dest"]
    note.A = pikepdf.Dictionary(S=pikepdf.Name("/URI"), URI=pikepdf.String("https://other.example"))


def place_moved(opened: pikepdf.Pdf) -> None:
    target = opened.Root.Names.Dests.Names[1]
    target[3] = float(target[3]) - 1


def place_on_another_page(opened: pikepdf.Pdf) -> None:
    opened.Root.Names.Dests.Names[1][0] = opened.pages[0].obj


def no_outline(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        del outline.root[1]


def outline_called_otherwise(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root[0].title += "x"


def outline_to_another_place(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        target: Any = outline.root[0].destination
        target[3] = float(target[3]) - 1


def outline_of_another_level(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root[0].children.append(outline.root.pop(1))


# --- the file ----------------------------------------------------------------------------------------------------


def other_title(opened: pikepdf.Pdf) -> None:
    opened.docinfo["/Title"] = "x"


def other_metadata(opened: pikepdf.Pdf) -> None:
    data = opened.Root.Metadata.read_bytes()
    assert b"<pdfaid:conformance>A" in data or b'pdfaid:conformance="A"' in data
    opened.Root.Metadata.write(re.sub(rb"(pdfaid:conformance(>|=\"))A", rb"\1B", data))


def other_data(opened: pikepdf.Pdf) -> None:
    """The last of its bytes that is a digit."""
    file = opened.attachments[max(opened.attachments, key=lambda name: opened.attachments[name].get_file().size)]
    data = file.get_file().read_bytes()
    at = max(data.rfind(b"%d" % digit) for digit in range(10))
    assert at > 4096
    file.get_file().obj.write(data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :])


def data_called_otherwise(opened: pikepdf.Pdf) -> None:
    opened.Root.AF[0].UF = pikepdf.String("other.csv")


def data_of_another_relation(opened: pikepdf.Pdf) -> None:
    opened.Root.AF[0].AFRelationship = pikepdf.Name("/Unspecified")


def data_of_no_document(opened: pikepdf.Pdf) -> None:
    del opened.Root["/AF"]


def page_order(opened: pikepdf.Pdf) -> None:
    opened.Root.Pages.Kids[2], opened.Root.Pages.Kids[3] = opened.Root.Pages.Kids[3], opened.Root.Pages.Kids[2]


def page_missing(opened: pikepdf.Pdf) -> None:
    del opened.pages[-1]


def page_of_another_size(opened: pikepdf.Pdf) -> None:
    opened.pages[1].MediaBox[3] = float(opened.pages[1].MediaBox[3]) - 0.3


def pages_labelled(opened: pikepdf.Pdf) -> None:
    opened.Root.PageLabels = pikepdf.Dictionary(Nums=[0, pikepdf.Dictionary(S=pikepdf.Name("/r"))])


def no_order_of_tabs(opened: pikepdf.Pdf) -> None:
    del opened.pages[1]["/Tabs"]


def first_font(opened: pikepdf.Pdf) -> Any:
    fonts: Any = opened.pages[0].Resources.Font
    return fonts[next(iter(fonts))]


def glyph_means_something_else(opened: pikepdf.Pdf) -> None:
    font = first_font(opened)
    font.ToUnicode.write(font.ToUnicode.read_bytes().replace(b"> <", b"> <0041", 1))


def font_not_inside(opened: pikepdf.Pdf) -> None:
    """A program may have that font, and show the same."""
    del first_font(opened).DescendantFonts[0].FontDescriptor["/FontFile2"]


PLANTED = (
    no_scope, heads_of_a_cell_lost, headed_by_another_cell, wider_cell, higher_cell, other_language, other_type,
    no_words_for_the_picture, picture_said_to_be_elsewhere, said_otherwise_than_shown, swapped_order, link_before_its_text,
    element_missing, owners_swapped, owner_of_a_link_swapped, document_in_another_language, not_said_to_be_tagged,
    link_elsewhere, link_moved, link_called_otherwise, link_out_of_the_document, place_moved, place_on_another_page,
    no_outline, outline_called_otherwise, outline_to_another_place, outline_of_another_level, other_title, other_metadata,
    other_data, data_called_otherwise, data_of_another_relation, data_of_no_document, page_order, page_missing,
    page_of_another_size, pages_labelled, no_order_of_tabs, glyph_means_something_else, font_not_inside,
)  # fmt: skip


def test_a_file_is_the_same_as_itself(pdf: bytes) -> None:
    """Also after another program has written it anew, with other numbers of objects."""
    assert differences(pdf, pdf) == []
    assert differences(pdf, changed(pdf, lambda _: None)) == []


def test_numbers_of_marked_content_mean_nothing(pdf: bytes) -> None:
    """Two contents of a page exchange their numbers, in the operators, in the elements and in the tree that leads back."""

    def renumber(opened: pikepdf.Pdf) -> None:
        page = opened.pages[1]
        owners = pikepdf.NumberTree(opened.Root.StructTreeRoot.ParentTree)[int(page.StructParents)]
        one, two = [mark for mark, owner in enumerate(owners) if list(owner.K) == [mark]][:2]
        owners[one].K, owners[two].K = pikepdf.Array([two]), pikepdf.Array([one])
        owners[one], owners[two] = owners[two], owners[one]
        other = {b"%d" % one: b"%d" % two, b"%d" % two: b"%d" % one}
        contents = page.Contents.read_bytes()
        swapped = re.sub(rb"(/MCID )(\d+)", lambda found: found[1] + other.get(found[2], found[2]), contents)
        assert swapped != contents
        page.Contents.write(swapped)

    assert differences(pdf, changed(pdf, renumber)) == []


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: str(fault.__name__))
def test_planted_faults_are_found(fault: Callable[[pikepdf.Pdf], None], pdf: bytes) -> None:
    """One change, and it is named."""
    assert differences(pdf, changed(pdf, fault)) != []


# --- what is drawn -----------------------------------------------------------------------------------------------


def redrawn(pdf: bytes, page: int, change: Callable[[bytes], bytes]) -> bytes:
    """``pdf`` with other operators on one page, the first being 0; they must change."""

    def change_page(opened: pikepdf.Pdf) -> None:
        contents = opened.pages[page].Contents
        before = contents.read_bytes()
        after = change(before)
        assert after != before
        contents.write(after)

    return changed(pdf, change_page)


def looks_different(pdf: bytes, other: bytes, page: int) -> bool:
    """Whether just that page is said to look different, and nothing to read differently."""
    found = differences(pdf, other)
    return bool(found) and all(re.match(rf"page {page + 1}: .* looks? different", words) for words in found)


def colours(pdf: bytes, page: int, operator: bytes) -> set[bytes]:
    """The colours set on a page by ``operator``: ``rg`` for grounds and letters, ``RG`` for lines."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        lines = opened.pages[page].Contents.read_bytes().split(b"\n")
    return {line for line in lines if line.endswith(b" " + operator)}


def page_of(pdf: bytes, colour: bytes) -> int:
    """The first page on which a colour is set."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return next(at for at, page in enumerate(opened.pages) if colour in page.Contents.read_bytes().split(b"\n"))


def colour(pdf: bytes, rgb: str, operator: str) -> bytes:
    """The line of the operators that sets a colour of the stylesheet, as the writer writes it."""
    wanted = [int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        count = len(opened.pages)
    for page in range(count):
        for line in colours(pdf, page, operator.encode()):
            if all(abs(float(one) - two) < 0.001 for one, two in zip(line.split()[:3], wanted, strict=True)):
                return line
    raise AssertionError(rgb)


def line_of(contents: bytes) -> tuple[int, int]:
    """Where the first block of text of a page stands that says where it stands."""
    found = re.search(rb"BT\n.*?ET", contents, re.DOTALL)
    assert found is not None
    return found.span()


def test_one_digit_is_seen_and_read(pdf: bytes) -> None:
    """One glyph of a row is another one of the same width."""

    def another_digit(contents: bytes) -> bytes:
        # The first two codes of a run that differ change places: as small as a wrong value can be.
        for found in re.finditer(rb"<([0-9a-f]{8,})>", contents):
            first, second = found[1][:4], found[1][4:8]
            if first != second:
                return contents[: found.start(1)] + second + first + contents[found.start(1) + 8 :]
        raise AssertionError

    found = differences(pdf, redrawn(pdf, 1, another_digit))
    assert any("text" in words for words in found)
    assert any("look different" in words for words in found)
    assert any(words.startswith(("structure", "outside")) for words in found)


def test_a_line_moved_by_a_millimetre_is_seen(pdf: bytes) -> None:
    """One line alone, and upwards or to the right."""
    for across, up in ((0.0, MILLIMETRE), (MILLIMETRE, 0.0)):

        def moved(contents: bytes, across: float = across, up: float = up) -> bytes:
            start, end = line_of(contents)
            shift = b"q 1 0 0 1 %.3f %.3f cm\n" % (across, up)
            return contents[:start] + shift + contents[start:end] + b"\nQ" + contents[end:]

        assert looks_different(pdf, redrawn(pdf, 1, moved), 1)


def test_a_missing_line_or_ground_is_seen(pdf: bytes) -> None:
    """The thinnest line in the palest colour, and the palest ground of the stylesheet: on that page nothing else changes."""
    for rgb, operator in (("cdd6e1", "RG"), ("f2f5f9", "rg")):
        line = colour(pdf, rgb, operator)
        page = page_of(pdf, line)

        def left_out(contents: bytes, line: bytes = line, operator: str = operator) -> bytes:
            return contents.replace(line, b"1 1 1 " + operator.encode(), 1)

        assert looks_different(pdf, redrawn(pdf, page, left_out), page)


def test_another_colour_as_dark_as_before_is_seen(pdf: bytes) -> None:
    """Blue text in a red whose grey is the same: 0.299 R + 0.587 G + 0.114 B of #1f3a5f is 54, as of #a80600."""
    blue = colour(pdf, "1f3a5f", "rg")
    page = page_of(pdf, blue)
    red = b"%.6f %.6f 0 rg" % (168 / 255, 6 / 255)
    assert looks_different(pdf, redrawn(pdf, page, lambda contents: contents.replace(blue, red)), page)


def test_text_that_is_neither_content_nor_artefact_is_told(pdf: bytes) -> None:
    """A screen reader would skip it, and no picture shows that."""

    def unmarked(contents: bytes) -> bytes:
        found = MARK.search(contents)
        assert found is not None
        end = contents.index(b"EMC", found.end())
        return contents[: found.start()] + contents[found.end() : end] + contents[end + 3 :]

    assert any("neither marked content" in words for words in differences(pdf, redrawn(pdf, 1, unmarked)))


def test_content_said_to_be_an_artefact_is_told(pdf: bytes) -> None:
    """Nor what is drawn as decoration while an element waits for it."""

    def artefact(contents: bytes) -> bytes:
        return MARK.sub(b"/Artifact BMC\n", contents, count=1)

    found = differences(pdf, redrawn(pdf, 1, artefact))
    assert any(words.startswith("structure of the second") for words in found)
    assert not any("look" in words for words in found)
