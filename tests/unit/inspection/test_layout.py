"""Text that stands where nobody can read it, in PDFs made here by WeasyPrint for the purpose."""

import pytest
from weasyprint import HTML

from shirase.inspection.layout import layout_findings
from shirase.inspection.page_text import read_pages

PAGE = '<style>@page {{ size: 100mm 100mm; margin: 15mm }} body {{ font: 10pt "DejaVu Sans" }} {style}</style>{body}'


def found(body: str, style: str = "") -> list[tuple[str, str]]:
    """Rule and words of each objection to a document with this body."""
    pdf = HTML(string=PAGE.format(style=style, body=body)).write_pdf()
    return [(finding.rule, finding.what) for page in read_pages(pdf) for finding in layout_findings(page)]


def test_the_text_of_a_page_and_its_boxes_are_read() -> None:
    """Two pages; the second has one capital H, whose ink is as high as the font says (729 of 1000) and
    begins 0.099 em right of its origin, after a margin of 15 mm and the 8 px of a body."""
    pdf = HTML(string=PAGE.format(style="p { break-after: page }", body="<p>one</p>H")).write_pdf()
    first, second = read_pages(pdf)
    assert (first.number, first.text, second.number, second.text) == (1, "one", 2, "H")
    assert first.width == pytest.approx(283.46, abs=0.1)
    (glyph,) = second.glyphs
    assert glyph.character == "H"
    assert glyph.top - glyph.bottom == pytest.approx(7.29, abs=0.15)
    assert glyph.left == pytest.approx(42.5 + 6 + 0.99, abs=0.2)


@pytest.mark.parametrize(
    ("body", "style", "rule"),
    [
        ("<p>" + "W" * 60 + "</p>", "", "off-page"),
        ("<p>gone</p>", "p { position: absolute; left: -30mm }", "off-page"),
        ("<p>low</p>", "p { position: absolute; top: 83mm }", "off-page"),
        ("<p>one text</p><p>some text</p>", "p { margin: 0; height: 0 }", "overprint"),
        ("<table><tr><td>" + "W" * 9 + "<td>right</table>", "table { table-layout: fixed; width: 40mm }", "overprint"),
    ],
    ids=["a word too long", "beside the page", "into the lower edge", "two lines at one place", "out of its cell"],
)
def test_unreadable_text_is_found(body: str, style: str, rule: str) -> None:
    """Extraction still finds every one of these words."""
    assert [name for name, _ in found(body, style)] == [rule]


@pytest.mark.parametrize(
    "body",
    [
        "<p>AVATAR To. office affluent fi ffi</p>",
        "<p>Z͑͗a̵l̸g̷o̶ é ñ か゚</p>",
        "<p style='text-decoration: line-through underline'>struck</p>",
        "<p style='letter-spacing: -.3pt'>narrow letters, side by side</p>",
        "<p dir=rtl>مؤسسة الاختبار</p>",
    ],
    ids=["kerning and ligatures", "combining marks", "lines through text", "tight letters", "joined letters"],
)
def test_readable_text_is_left_alone(body: str) -> None:
    """Letters that touch by design are no overprint."""
    assert found(body) == []
