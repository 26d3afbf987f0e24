"""Text that nobody can read although extraction finds it.

Off the page or into its edge, printed over other text, in the colour of the paper, covered, or drawn by an empty glyph.
"""

import unicodedata
from collections.abc import Iterator, Sequence

from shirase.domain.finding import Finding
from shirase.inspection.page_text import READABLE, Glyph, PageText

EDGE = 11.0
"""Points (3.9 mm) along the edge of the paper that office printers leave blank."""

OVERLAP = 0.4
"""Share of the smaller ink box that another glyph may cover. Kerned and joined letters overlap less."""

_CELL = 12.0
"""Side in points of the squares in which glyphs are looked for; ink boxes are seldom larger."""

_SHOWN = 12


def layout_findings(page: PageText) -> Iterator[Finding]:
    """Objections to where the glyphs of ``page`` stand."""
    outside = [glyph for glyph in page.glyphs if _is_outside(glyph, page)]
    if outside:
        yield Finding(
            "off-page", f"page {page.number}", f"text runs off the page: {_quoted(outside)}",
            "let the value break, or give its column more room",
        )  # fmt: skip
    over = [glyph for pair in _overprinted(page.glyphs) for glyph in pair]
    if over:
        yield Finding(
            "overprint", f"page {page.number}", f"text is printed over other text: {_quoted(over)}",
            "let the value break, or give its column more room",
        )  # fmt: skip

    if page.blank:
        what = f"characters without a shape: {_short(page.blank)}"
        yield Finding("blank-glyph", f"page {page.number}", what, "look at the fonts; draft it again")
    if page.picture is not None:
        unseen = [glyph for glyph in page.glyphs if page.picture.contrast(glyph) < READABLE]
        if unseen:
            what = f"text that leaves no ink: {_quoted(unseen)}"
            yield Finding("hidden-text", f"page {page.number}", what, "nothing may hide in a report: mend the template")


def _is_outside(glyph: Glyph, page: PageText) -> bool:
    return glyph.left < EDGE or glyph.bottom < EDGE or glyph.right > page.width - EDGE or glyph.top > page.height - EDGE


def _overprinted(glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, Glyph]]:
    """Pairs of glyphs that cover each other; marks that belong on another letter are left out."""
    squares: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        if unicodedata.category(glyph.character[0]).startswith(("M", "C")):
            continue
        found: set[int] = set()
        for square in _squares(glyph):
            for other in squares.setdefault(square, []):
                if id(other) not in found and _covers(glyph, other):
                    found.add(id(other))
                    yield other, glyph
            squares[square].append(glyph)


def _squares(glyph: Glyph) -> Iterator[tuple[int, int]]:
    for column in range(int(glyph.left // _CELL), int(glyph.right // _CELL) + 1):
        for row in range(int(glyph.bottom // _CELL), int(glyph.top // _CELL) + 1):
            yield column, row


def _covers(one: Glyph, other: Glyph) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.top, other.top) - max(one.bottom, other.bottom)
    if width <= 0 or height <= 0:
        return False
    areas = [(glyph.right - glyph.left) * (glyph.top - glyph.bottom) for glyph in (one, other)]
    return width * height > OVERLAP * min(areas)


def _quoted(glyphs: Sequence[Glyph]) -> str:
    return _short("".join(glyph.character for glyph in glyphs))


def _short(words: str) -> str:
    return f"「{words[:_SHOWN]}」" + (f" and {len(words) - _SHOWN} more characters" if len(words) > _SHOWN else "")
