"""Lays sheets out: very high pages of the same width and with the same margins as the report's."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from shirase.rendering import weasy
from shirase.rendering.fast.furniture import Digits, digits_of
from shirase.rendering.fast.sheet import Sheet
from shirase.rendering.fetcher import NoFetch
from shirase.rendering.html import Parts
from shirase.rendering.refusal import RefusedError

HEIGHT = 1_000_000
"""Of a page of a sheet, in CSS pixels: more than any report's pieces take."""

_ORDINARY = '<section class="{}" data-number="" data-addressee="" data-class="" data-code=""><h1>-</h1></section>'
_CLASSES = ("part", "annex", "annex annex-text")
_COUNTED = 10
"""Pages of the document from which the figures of page numbers are read: all ten figures stand in their numbers."""


Titles = tuple[tuple[str, int], tuple[str, int]]
"""Language of each letter, in their order, and the number of the page on which its title stands."""


@dataclass(slots=True, eq=False)
class LaidSheet:
    """A sheet after layout.

    Attributes:
        section: Its section.
        margins: The boxes in the margins of its page.
        width: Of a page of the report, in CSS pixels, ``height`` likewise.
        top: Where the area inside the margins begins, ``bottom`` where it ends, on a page of the report.
        shift: What a box at the foot of the sheet's page stands lower than on the report's.
        is_named: Whether the stylesheet gives such pages a name.
    """

    section: Any
    margins: list[Any]
    width: float
    height: float
    top: float
    bottom: float
    shift: float
    is_named: bool


@dataclass(frozen=True, slots=True)
class _Size:
    width: float
    height: float
    page: str


class SheetMaker:
    """Lays sheets out with the report's own stylesheets."""

    def __init__(self, stylesheets: Mapping[str, list[CSS]], fonts: FontConfiguration, pen: weasy.Pen) -> None:
        self._stylesheets = stylesheets
        self._fonts = fonts
        self._fetcher = NoFetch()
        self._sizes: dict[str, tuple[dict[str, _Size], CSS]] = {}
        self._counters: dict[Titles, CSS] = {}
        self._digits: Digits | None = None
        self._pen = pen
        self.last: Document | None = None
        """What the sheet laid out last says about its report: title, author and dates."""

    @property
    def digits(self) -> Digits:
        """The figures of which page numbers consist."""
        if self._digits is None:
            paper = next(iter(self._stylesheets))
            sections = _ORDINARY.format("part") * _COUNTED
            document = self._render(f'<html lang="ja"><body data-notice="">{sections}</body></html>', paper, ())
            self._digits = digits_of([weasy.page_box(page) for page in document.pages], self._pen)
        return self._digits

    def lay_out(self, parts: Parts, sheets: Mapping[str, Sheet], paper: str, titles: Titles) -> dict[str, LaidSheet]:
        """Lay out each sheet, in one document.

        Args:
            parts: Of the report: what stands around its sections.
            sheets: By start tag of their section.
            paper: Name of the size of its pages.
            titles: Where the titles of the letters stand.
        """
        sizes, high = self._high(paper)
        targets = _targets(titles)
        bodies = "".join(sheet.html(start) for start, sheet in sheets.items())
        document = self._render(f"{parts.head}{targets}{bodies}{parts.end}", paper, (high, self._counter(titles)))
        self.last = document.copy([])
        pages = [weasy.page_box(page) for page in document.pages][_TARGETS:]
        if len(pages) != len(sheets):
            raise RefusedError("a sheet of more than one page")
        laid = {}
        for start, page in zip(sheets, pages, strict=True):
            section = weasy.first_section(page)
            size = sizes[section.style["page"]]
            shift = page.margin_height() - size.height
            laid[start] = LaidSheet(
                section=section,
                margins=[box for box in page.children if isinstance(box, weasy.MARGIN)],
                width=size.width,
                height=size.height,
                top=page.content_box_y(),
                bottom=page.content_box_y() + page.height - shift,
                shift=shift,
                is_named=bool(section.style["page"]),
            )
        return laid

    def _render(self, html: str, paper: str, more: tuple[CSS, ...]) -> Any:
        return HTML(string=html, url_fetcher=self._fetcher).render(
            font_config=self._fonts, stylesheets=[*self._stylesheets[paper], *more]
        )

    def _high(self, paper: str) -> tuple[dict[str, _Size], CSS]:
        """Sizes of the report's pages by their name in the stylesheet, and what makes them high."""
        if paper not in self._sizes:
            sections = "".join(_ORDINARY.format(name) for name in _CLASSES)
            document = self._render(f'<html lang="ja"><body data-notice="">{sections}</body></html>', paper, ())
            sizes = {}
            for page in (weasy.page_box(page) for page in document.pages):
                name = weasy.first_section(page).style["page"]
                sizes[name] = _Size(page.margin_width(), page.margin_height(), name)
            rules = [f"@page {size.page} {{ size: {size.width}px {HEIGHT}px }}" for size in sizes.values()]
            rules.append(f"@page {_FIRST} {{ size: 1000px 1000px }} @page {_SECOND} {{ size: 1000px 1000px }}")
            self._sizes[paper] = sizes, self._css("\n".join(rules))
        return self._sizes[paper]

    def _counter(self, titles: Titles) -> CSS:
        if titles not in self._counters:
            (_, first), (_, second) = titles
            self._counters[titles] = self._css(
                f"@page {_FIRST} {{ counter-increment: page {first} }}"
                f"@page {_SECOND} {{ counter-increment: page {second - first} }}"
            )
        return self._counters[titles]

    def _css(self, text: str) -> CSS:
        return CSS(string=text, font_config=self._fonts, url_fetcher=self._fetcher)


_FIRST, _SECOND = "shirase-first", "shirase-second"
_TARGETS = 2
"""Pages before the sheets: the places that page numbers are printed of."""


@cache
def _target(language: str) -> str:
    return f'<p id="{title_of(language)}"></p>'


def title_of(language: str) -> str:
    """Name of the title of the letter in ``language``, as a place to jump to."""
    return f"{language}-0"


def _targets(titles: Titles) -> str:
    """A page for the title of each letter, numbered as the one on which it stands."""
    return "".join(
        f'<div style="page: {page}">{_target(language)}</div>'
        for page, (language, _) in zip((_FIRST, _SECOND), titles, strict=True)
    )
