"""The tag tree as readers need it, mended box by box while WeasyPrint builds it.

WeasyPrint 70.0 writes neither the language of a part (PDF/UA-1 7.2; WCAG 2, success criterion 3.1.2) nor the scope of a
heading cell (7.5), measures figures in another unit than the page, and calls a link by the name of its target.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pydyf

from shirase.rendering import weasy

_SVG = "{http://www.w3.org/2000/svg}svg"
_STARTS = frozenset({"/Document", "/L"})
"""Elements whose children name their language always: a nested list stands below the outer list, not in its item."""

_POINTS = 0.75
"""PDF points in a CSS pixel."""


@contextmanager
def mended_structure() -> Iterator[None]:
    """Mend every structure element written inside; one document at a time.

    - ``Lang``: on the elements directly below the document, and wherever the language changes. The others inherit it.
    - ``Scope``: on every TH, by the ``scope`` of its HTML element; a heading cell without one heads its column.
    - ``Alt`` of an SVG figure: its ``<title>``, else its ``aria-label``; ``BBox`` in points from the page's lower left.
    - ``Contents`` of a link: its text instead of the name of its target.
    """
    with weasy.own_structure(_Mender().build):
        yield


class _Mender:
    """Stands in for WeasyPrint's own function, which calls itself by name for every box."""

    def __init__(self) -> None:
        self._languages: list[str | None] = [None]
        self._page_height = 0.0

    def build(self, box: Any, parent: Any, *others: Any) -> Iterator[Any]:
        """The elements of ``box`` below the element ``parent``, mended."""
        box = weasy.without_placeholder(box)
        if isinstance(box, weasy.PAGE):
            self._page_height = box.margin_height()
        if isinstance(box, weasy.PAGE | weasy.MARGIN) or box.element_tag in {"html", "body"}:
            yield from weasy.structure_of(box, parent, *others)
            return
        language = box.style["lang"]
        outer = self._languages[-1]
        self._languages.append(language)
        elements = list(weasy.structure_of(box, parent, *others))
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
