"""The tag tree as readers need it, mended box by box while WeasyPrint builds it.

WeasyPrint 70.0 writes neither the language of a part (PDF/UA-1 7.2; WCAG 2, success criterion 3.1.2) nor the scope of a
heading cell (7.5), measures figures in another unit than the page, and calls a link by the name of its target. The
place to mend this is private to WeasyPrint: hence one module, bound to one version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf
import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

from shirase.domain.errors import PlatformError, Problem

WEASYPRINT = "70.0"
"""The only version whose tag tree this module knows."""

_SVG = "{http://www.w3.org/2000/svg}svg"
_STARTS = frozenset({"/Document", "/L"})
"""Elements whose children name their language always: a nested list stands below the outer list, not in its item."""

_POINTS = 0.75
"""PDF points in a CSS pixel."""


def require_known_weasyprint() -> None:
    """Make sure that the tag tree is built as this module expects.

    Raises:
        PlatformError: When WeasyPrint has another version.
    """
    if weasyprint.__version__ != WEASYPRINT:
        raise PlatformError(
            Problem(
                f"WeasyPrint is {weasyprint.__version__}, but the tags of a report are only known to be right with "
                f"{WEASYPRINT}",
                "rendering/structure.py",
                "install the locked packages: ./run setup",
            )
        )


@contextmanager
def mended_structure() -> Iterator[None]:
    """Mend every structure element written inside; one document at a time.

    - ``Lang``: on the elements directly below the document, and wherever the language changes. The others inherit it.
    - ``Scope``: on every TH, by the ``scope`` of its HTML element; a heading cell without one heads its column.
    - ``Alt`` of an SVG figure: its ``<title>``, else its ``aria-label``; ``BBox`` in points from the page's lower left.
    - ``Contents`` of a link: its text instead of the name of its target.
    """
    original = tags._build_box_tree  # noqa: SLF001 - see the module's docstring
    tags._build_box_tree = _Mender(original).build  # noqa: SLF001
    try:
        yield
    finally:
        tags._build_box_tree = original  # noqa: SLF001


class _Mender:
    """Stands in for WeasyPrint's own function, which calls itself by name for every box."""

    def __init__(self, original: Any) -> None:
        self._original = original
        self._languages: list[str | None] = [None]
        self._page_height = 0.0

    def build(self, box: Any, parent: Any, *others: Any) -> Iterator[Any]:
        """The elements of ``box`` below the element ``parent``, mended."""
        if isinstance(box, AbsolutePlaceholder):
            box = box._box  # noqa: SLF001
        if isinstance(box, boxes.PageBox):
            self._page_height = box.margin_height()
        if isinstance(box, boxes.PageBox | boxes.MarginBox) or box.element_tag in {"html", "body"}:
            yield from self._original(box, parent, *others)
            return
        language = box.style["lang"]
        outer = self._languages[-1]
        self._languages.append(language)
        elements = list(self._original(box, parent, *others))
        self._languages.pop()
        starts = language != outer or parent["S"] in _STARTS
        for element in elements:
            if starts and language:
                element["Lang"] = pydyf.String(language)
            self._mend(element, box)
            yield element

    def _mend(self, element: Any, box: Any) -> None:
        kind = element["S"]
        if kind == "/TH":
            scope = box.element.get("scope", "col")
            element["A"]["Scope"] = "/Row" if scope.startswith("row") else "/Column"
        elif kind == "/Figure":
            self._mend_figure(element, box)
        elif kind == "/Link" and box.link_annotation:
            box.link_annotation["Contents"] = pydyf.String(" ".join("".join(box.element.itertext()).split()))

    def _mend_figure(self, element: Any, box: Any) -> None:
        left, top = box.content_box_x(), box.content_box_y()
        right, bottom = left + box.width, top + box.height
        height = self._page_height
        element["A"]["BBox"] = pydyf.Array(
            [left * _POINTS, (height - bottom) * _POINTS, right * _POINTS, (height - top) * _POINTS]
        )
        if box.element.tag == _SVG and "Alt" not in element and (label := box.element.get("aria-label")):
            element["Alt"] = pydyf.String(label)
