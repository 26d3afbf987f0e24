"""The structure of a page is kept packed; its objects get their numbers when the file is written."""

from shirase.rendering.fast.tagging import CHILD, LINK, MARK, Element, PageStructure, pdf_text


def test_numbers_are_put_in_when_they_are_known() -> None:
    """A section with a paragraph, its text, and a link; by hand from ISO 32000-1, 14.7."""
    section = Element(b"Sect", -1, b"/Lang(ja)", [(CHILD, 1)])
    paragraph = Element(b"P", 0, b"", [(MARK, 0), (CHILD, 2)])
    link = Element(b"Link", 1, b"", [(LINK, 0), (MARK, 1)])
    structure = PageStructure([section, paragraph, link])
    assert structure.count == 4
    assert structure.topmost == [0]
    assert structure.objects(base=100, document=7, page=20, links=[31]) == [
        b"<</Type/StructElem/S/Sect/P 7 0 R/Lang(ja)/K[101 0 R]>>",
        b"<</Type/StructElem/S/P/P 100 0 R/Pg 20 0 R/K[0 102 0 R]>>",
        b"<</Type/StructElem/S/Link/P 101 0 R/Pg 20 0 R/K[103 0 R 1]>>",
        b"<</Type/OBJR/Obj 31 0 R/Pg 20 0 R>>",
    ]


def test_cells_name_their_headings_by_the_number_of_the_table() -> None:
    """Names of heading cells are unique in the document: the number of the table's object comes first."""
    table = Element(b"Table", -1, b"", [(CHILD, 1), (CHILD, 2)])
    heading = Element(b"TH", 0, b"", [], b"/O/Table/Scope/Column", identifier=(0, 3), table=0)
    cell = Element(b"TD", 0, b"", [], b"/O/Table", headers=[(2, 0), (0, 3)], table=0)
    assert PageStructure([table, heading, cell]).objects(50, 1, 2, [])[1:] == [
        b"<</Type/StructElem/S/TH/P 50 0 R/A<</O/Table/Scope/Column>>/ID(50-0-3)/K[]>>",
        b"<</Type/StructElem/S/TD/P 50 0 R/A<</O/Table/Headers[(50-2-0)(50-0-3)]>>/K[]>>",
    ]


def test_words_for_a_picture_may_hold_anything() -> None:
    """Per cent signs, line ends, brackets and Japanese come out as they went in, each object whole."""
    for words, written in (
        ("12.5 % (of\nall)\r\\", rb"(12.5 % \(of\nall\)\r\\)"),
        ("50%の操作\n", "<feff{}>".format("50%の操作\n".encode("utf-16-be").hex()).encode()),
    ):
        figure = Element(b"Figure", -1, b"/Alt" + pdf_text(words), [(MARK, 0)])
        assert PageStructure([figure, Element(b"Span", -1, b"")]).objects(9, 3, 4, []) == [
            b"<</Type/StructElem/S/Figure/P 3 0 R/Pg 4 0 R/Alt" + written + b"/K[0]>>",
            b"<</Type/StructElem/S/Span/P 3 0 R/K[]>>",
        ]


def test_what_stands_in_the_margins_is_not_below_the_document() -> None:
    """As WeasyPrint has it: their spans have the document as parent, which does not have them as kids."""
    assert PageStructure([Element(b"Sect", -1, b""), Element(b"Span", -1, b""), Element(b"P", 0, b"")]).topmost == [0]
