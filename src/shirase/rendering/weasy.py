"""The one module that knows WeasyPrint from the inside: boxes after layout, and how they are drawn.

Everything here rests on names that WeasyPrint does not promise to keep; :func:`require_known_weasyprint` refuses every
version but the one whose names these are.
"""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pydyf
import weasyprint
from weasyprint import DEFAULT_OPTIONS
from weasyprint.draw import text as drawn_text
from weasyprint.draw.border import draw_border
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import VARIANTS, generate_pdf
from weasyprint.pdf import fonts as pdf_fonts
from weasyprint.pdf import tags as pdf_tags
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import ffi, fontconfig, harfbuzz, harfbuzz_subset, pango

from shirase.domain.errors import PlatformError, Problem
from shirase.rendering.refusal import RefusedError

WEASYPRINT = "70.0"
"""The only version whose inside this module knows."""

Glyph = tuple[str, int, str]

BLOCK, CAPTION, REPLACED = boxes.BlockBox, boxes.TableCaptionBox, boxes.ReplacedBox
LINE, INLINE, TEXT, INLINE_BLOCK = boxes.LineBox, boxes.InlineBox, boxes.TextBox, boxes.InlineBlockBox
TABLE, MARGIN, PAGE = boxes.TableBox, boxes.MarginBox, boxes.PageBox

ffi.cdef("const char *hb_version_string(void); int FcGetVersion(void);")

structure_of = pdf_tags._build_box_tree  # noqa: SLF001
"""WeasyPrint's own function that makes the structure elements of a box; it calls whatever stands in for it."""


def require_known_weasyprint() -> None:
    """Make sure that the tag tree is built as this program expects.

    Raises:
        PlatformError: When WeasyPrint has another version.
    """
    if weasyprint.__version__ != WEASYPRINT:
        raise PlatformError(
            Problem(
                f"WeasyPrint is {weasyprint.__version__}, but the tags of a report are only known to be right with "
                f"{WEASYPRINT}",
                "rendering/weasy.py",
                "install the locked packages: ./run setup",
            )
        )


def library_versions() -> dict[str, str]:
    """Versions of the libraries that WeasyPrint loads for text, by name."""
    return {
        "pango": _dotted(pango.pango_version()),
        "harfbuzz": ffi.string(harfbuzz.hb_version_string()).decode(),
        "harfbuzz-subset": "yes" if harfbuzz_subset is not None else "no",
        "fontconfig": _dotted(fontconfig.FcGetVersion()),
    }


def _dotted(number: int) -> str:
    """``11502`` as ``1.15.2``: how Pango and fontconfig number themselves."""
    return f"{number // 10000}.{number // 100 % 100}.{number % 100}"


def tag_of(box: Any) -> str:
    """The structure type that WeasyPrint gives to the element of ``box``, seen by itself."""
    return str(pdf_tags._get_pdf_tag(None if box.element is None else box.element_tag))  # noqa: SLF001


def without_placeholder(box: Any) -> Any:
    """The box itself, where WeasyPrint put something in its place."""
    return box._box if isinstance(box, AbsolutePlaceholder) else box  # noqa: SLF001


def color_operator(color: Any) -> bytes:
    """The operator that sets ``color`` for filling.

    Raises:
        RefusedError: When it is not an opaque colour of sRGB.
    """
    if color.space != "srgb" or color.alpha != 1:
        raise RefusedError(f"a colour that is not opaque sRGB: {color}")
    return b" ".join((*(number(channel) for channel in color.coordinates), b"rg"))


def number(value: float) -> bytes:
    """``value`` for a content stream, to a millionth, as WeasyPrint has it: else glyphs would jump by a pixel."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return b"0" if text == "-0" else text.encode("ascii")


def stroking(color: bytes) -> bytes:
    """The operator that sets for strokes what ``color`` sets for fillings."""
    return color[:-2] + b"RG"


def background(color: bytes, x: float, y: float, width: float, height: float) -> list[bytes]:
    """A filled rectangle, clipped to itself twice: as WeasyPrint draws it, so that its edges look the same."""
    area = b"%s %s %s %s re" % (number(x), number(y), number(width), number(height))
    return [b"q %s W n q %s %s W n %s f Q Q" % (area, color, area, area)]


def snapped(value: float) -> float:
    """``value`` to a millionth of a pixel.

    What is laid out stands anywhere on a sheet, and sums of floating point numbers differ with the place; snapped, they
    are the same wherever it stood.
    """
    return round(value, 6)


class Pen:
    """Draws text and pictures apart from any page, with the fonts of this process."""

    def __init__(self) -> None:
        self._fonts: dict[Any, Any] = {}

    def text(self, box: Any) -> tuple[float, float, bytes, list[bytes], tuple[Glyph, ...]]:
        """Where the text of ``box`` begins, its colour, its operators and its glyphs."""
        style = box.style
        if style["text_decoration_line"] != "none":
            raise RefusedError("a line under, over or through text")
        if style["visibility"] != "visible":
            raise RefusedError("hidden text")
        stream = _TextStream(self._fonts)
        for font in self._fonts.values():
            font.to_unicode.clear()
        drawn_text.draw_text(stream, box, 0, "clip", "none")
        return stream.x, stream.y, color_operator(style["color"]), stream.shown, tuple(self._used())

    def picture(self, box: Any) -> tuple[bytes, tuple[Glyph, ...]]:
        """Operators of a drawing, from its upper left corner, and its glyphs."""
        for font in self._fonts.values():
            font.to_unicode.clear()
        stream = _PictureStream(self._fonts)
        box.replacement.draw(stream, box.width, box.height, box.style)
        return b"\n".join(stream.operators()), tuple(self._used())

    def decoration(self, box: Any) -> bytes:
        """Operators of background and borders of ``box``, as if the top of its border box were 0."""
        copy = box.copy()
        copy.position_y = -copy.margin_top
        copy.height = snapped(copy.height)
        stream = _PictureStream(self._fonts)
        if box.background is not None:
            lift = -box.border_box_y()
            area = box.background.layers[-1].painting_area
            if area != (box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height()):
                raise RefusedError("a background that does not fill its box")
            stream.stream += background(
                color_operator(box.background.color), area[0], snapped(area[1] + lift), area[2], snapped(area[3])
            )
        draw_border(stream, copy)
        return b"\n".join(stream.operators())

    def fonts(self, used: Mapping[str, Mapping[int, str]]) -> dict[Any, Any]:
        """Fonts of one document, by name of the font: the glyphs ``used`` and what they stand for."""
        chosen = {}
        for key, font in sorted(self._fonts.items(), key=lambda entry: str(entry[1].hash)):
            if mapping := used.get(font.hash):
                own = _copy_of(font)
                own.to_unicode = dict(sorted(mapping.items()))
                own.widths = {glyph: font.widths[glyph] for glyph in own.to_unicode if glyph in font.widths}
                chosen[key] = own
        return chosen

    def _used(self) -> Iterator[Glyph]:
        for font in self._fonts.values():
            for glyph, characters in font.to_unicode.items():
                yield font.hash, glyph, characters


def _copy_of(font: Any) -> Any:
    copy = object.__new__(pdf_fonts.Font)
    copy.__dict__.update(font.__dict__)
    return copy


class _PlainStream(Stream):  # type: ignore[misc] # it has no types
    """A stream of its own: neither tags nor anything that would be kept beside it."""

    def __init__(self, fonts: dict[Any, Any]) -> None:
        resources = {name: pydyf.Dictionary() for name in ("ExtGState", "XObject", "Pattern", "Shading")}
        super().__init__(fonts, (0, 0, 0, 0), resources, {}, None, {}, None)

    def set_alpha(self, alpha: float, stroke: bool = False, fill: bool | None = None) -> None:  # noqa: ARG002
        """Opaque is what a page is anyway."""
        if alpha != 1:
            raise RefusedError("something transparent")

    def set_state(self, state: Any) -> None:
        raise RefusedError(f"a graphics state: {state}")

    def add_group(self, x: float, y: float, width: float, height: float) -> Any:  # noqa: ARG002
        raise RefusedError("a transparency group")


class _TextStream(_PlainStream):
    """Keeps where text begins apart from what is shown."""

    def __init__(self, fonts: dict[Any, Any]) -> None:
        super().__init__(fonts)
        self.x = self.y = 0.0
        self.shown: list[bytes] = []

    def set_color(self, color: Any, stroke: bool = False) -> None:
        """The colour is read from the style."""

    def begin_text(self) -> None:
        """Every run stands in a text object of the page."""

    def end_text(self) -> None:
        """See :meth:`begin_text`."""

    def push_state(self) -> None:
        raise RefusedError("a glyph that is a picture")

    def set_text_matrix(self, *matrix: float) -> None:
        """Keep where the text begins; it is upright and of its own size, or refused."""
        if matrix[:4] != (1, 0, 0, -1):
            raise RefusedError("text that is turned")
        self.x, self.y = matrix[4:]

    def set_font_size(self, font: str, size: float) -> None:
        self.shown.append(b"/%s %s Tf" % (font.encode("ascii"), number(size)))

    def set_text_rise(self, height: float) -> None:
        self.shown.append(b"%s Ts" % number(height))

    def show_text(self, text: str) -> None:
        """Two strings with nothing between them are one."""
        self.shown.append(b"[%s] TJ" % text.replace("><", "").encode("ascii"))


class _PictureStream(_PlainStream):
    """Operators of a drawing."""

    def operators(self) -> list[bytes]:
        """What was drawn."""
        return [item if isinstance(item, bytes) else str(item).encode() for item in self.stream]


@contextmanager
def own_structure(build: Any) -> Iterator[None]:
    """Let ``build`` stand in for the function that makes the structure elements of a page."""
    original = pdf_tags._build_box_tree  # noqa: SLF001
    pdf_tags._build_box_tree = build  # noqa: SLF001
    try:
        yield
    finally:
        pdf_tags._build_box_tree = original  # noqa: SLF001


def page_box(page: Any) -> Any:
    """The box of a laid-out page."""
    return page._page_box  # noqa: SLF001


def first_section(page: Any) -> Any:
    """The first section of a page."""
    box = page.children[0]
    while box.element_tag != "section":
        box = next(child for child in box.children if child.element is not None)
    return box


def generate(document: Any, options: Mapping[str, Any]) -> Any:
    """The objects of a PDF of ``document``, not yet written."""
    merged = {**DEFAULT_OPTIONS, **options}
    _, properties = VARIANTS[merged["pdf_variant"]]
    merged.update({key: value for key, value in properties.items() if merged.get(key) is None})
    return generate_pdf(document, None, 1, **merged)


def is_stream(item: Any) -> bool:
    """Whether an object of a PDF is a stream, which cannot lie within another one."""
    return isinstance(item, pydyf.Stream)


def stream_bytes(item: Any, level: int) -> bytes:
    """A stream as it is written, compressed at ``level`` of deflate where WeasyPrint would."""
    content = b"\n".join([part if isinstance(part, bytes) else pydyf._to_bytes(part) for part in item.stream])  # noqa: SLF001
    extra = pydyf.Dictionary(item.extra.copy())
    if item.compress:
        extra["Filter"] = "/FlateDecode"
        content = zlib.compress(content, level)
    extra["Length"] = len(content)
    return b"%s\nstream\n%s\nendstream" % (extra.data, content)
