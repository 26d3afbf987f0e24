"""Each variant and trap is drawn as it was when somebody last looked: text of every page, and how it is built.

After a wanted change: look at the pages, then ``./run golden`` and read the difference before committing it.
"""

import io
from collections import Counter
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

import pdf_structure as structure
from shirase.rendering.worker import Rendered, render_report
from variant_reports import VARIANTS

pytestmark = pytest.mark.usefixtures("renderer")

PAGES = Path(__file__).parent / "pages"


def described(pdf: bytes) -> str:
    """What the file shows: size and text of each page, outline, kinds of structure element with their languages."""
    parts = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        lines = page.get_textpage().get_text_range().split("\r\n")
        text = "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)
        parts.append(f"=== page {number}: {width:.0f} x {height:.0f}\n{text}")
    document.close()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        parts.append("=== outline\n" + "\n".join(structure.outline(opened)))
        kinds = Counter((each.kind, each.language) for each in structure.elements(opened))
        parts.append("=== structure\n" + "\n".join(f"{kind} {lang}: {n}" for (kind, lang), n in sorted(kinds.items())))
    return "\n".join(parts) + "\n"


@pytest.mark.parametrize("name", VARIANTS)
def test_pages_are_those_that_somebody_looked_at(name: str, request: pytest.FixtureRequest) -> None:
    """Text per page, page sizes, outline and structure are equal to what is kept."""
    drawn = render_report(VARIANTS[name]())
    assert isinstance(drawn, Rendered), drawn
    found, kept = described(drawn.pdf), PAGES / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


def test_no_page_is_kept_for_a_variant_that_is_gone() -> None:
    """Every kept file belongs to a variant."""
    assert {path.stem for path in PAGES.glob("*.txt")} == set(VARIANTS)
