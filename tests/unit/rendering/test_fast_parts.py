"""Small parts of the fast engine: memory, stylesheets, pieces of markup, and who may know WeasyPrint from the inside."""

import ast
from pathlib import Path

import pytest

import shirase
from shirase.rendering.fast.markup import Container, Kinds, TableMarkup, parse_section, pieces_of
from shirase.rendering.fast.memory import Memory
from shirase.rendering.fast.stylesheet import unsupported
from shirase.rendering.fast.tagging import pdf_text
from shirase.rendering.pdf import STYLESHEETS
from shirase.rendering.weasy import number
from shirase.text.resources import templates_root

SOURCE = Path(shirase.__file__).parent


def test_memory_forgets_what_was_not_used_for_longest() -> None:
    """Three are kept of four; the first was used again."""
    memory: Memory[str, int] = Memory(3)
    for name in "abcd":
        memory[name] = ord(name)
    assert memory["a"] == 97
    memory.trim()
    assert [name for name in "abcd" if name in memory] == ["a", "c", "d"]
    assert memory.get("b") is None


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, b"0"), (-0.0, b"0"), (12.5, b"12.5"), (1 / 3, b"0.333333"), (-2e-9, b"0"), (100.0, b"100")],
)
def test_numbers(value: float, written: bytes) -> None:
    """To a millionth, without what says nothing."""
    assert number(value) == written


@pytest.mark.parametrize(
    ("text", "written"), [("a(b)\\", rb"(a\(b\)\\)"), ("図", b"<feff56f3>"), ("", b"()"), ("é", b"<feff00e9>")]
)
def test_strings(text: str, written: bytes) -> None:
    """PDF strings: ASCII with escapes, all else UTF-16BE with its mark (ISO 32000-1, 7.9.2.2)."""
    assert pdf_text(text) == written


def test_the_report_s_own_stylesheets_are_supported() -> None:
    """Otherwise every report would be drawn by the reference."""
    texts = [(templates_root() / "report" / name).read_text(encoding="utf-8") for name in STYLESHEETS]
    assert [words for text in texts for words in unsupported(text)] == []


def test_a_column_may_be_chosen_by_its_place_but_not_a_colour() -> None:
    """All heads are there when the width of columns is decided; rows are not when a cell is laid out."""
    assert unsupported("th:nth-child(2) { width: 3cm }") == []
    assert len(unsupported("th:nth-child(2) { width: 3cm; color: red }")) == 1
    assert len(unsupported("p + p, li ~ li { margin: 0 }")) == 2


def test_a_section_is_taken_apart() -> None:
    """A heading, a container of two paragraphs, two halves that stand side by side, and a table of two kinds of cell."""
    html = (
        '<section class="part" lang="en"><h2 id="en-1">A &amp; B</h2>\n<div class="narrative"><p>1</p><p>2</p></div>'
        '<div class="keep half">l</div><div class="keep half">r</div>\n<table class="list"><caption>C</caption>'
        "<thead><tr><th>H</th></tr></thead><tbody><tr><td>x</td></tr><tr><td>y</td></tr></tbody></table></section>"
    )
    context, section = parse_section(html)
    kinds = Kinds()
    heading, container, halves, table = pieces_of(section, "style", kinds)
    assert (context.name, context.language) == ("part", "en")
    assert heading == '<h2 id="piece.en-1">A &amp; B</h2>'
    assert isinstance(container, Container)
    assert container.pieces == ['<div class="narrative"><p>1</p></div>', '<div class="narrative"><p>2</p></div>']
    assert halves == '<div class="keep half">l</div><div class="keep half">r</div>\n'
    assert isinstance(table, TableMarkup)
    assert table.caption == "<caption>C</caption>"
    first, second = table.groups[1].rows
    assert [first.cells[0][1], second.cells[0][1]] == ["<td>x</td>", "<td>y</td>"]
    assert first.kind is not second.kind
    again = pieces_of(parse_section(html)[1], "style", kinds)[3]
    assert isinstance(again, TableMarkup)
    assert again.groups[1].rows[1].cells[0][0] is second.cells[0][0]


def test_one_module_knows_weasyprint_from_the_inside() -> None:
    """All others import no more of it than what it says it keeps: HTML, CSS, documents, attachments, fonts, fetchers."""
    public = {"weasyprint", "weasyprint.text.fonts", "weasyprint.urls"}
    for path in sorted(SOURCE.rglob("*.py")):
        if path == SOURCE / "rendering/weasy.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
        inside = {name for name in modules if name.startswith("weasyprint")} - public
        assert inside == set(), path.name
