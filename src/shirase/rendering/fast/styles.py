"""What is needed of the style of a box, and what of it is refused."""

from typing import Any

from shirase.rendering import weasy
from shirase.rendering.fast.tables import Border
from shirase.rendering.refusal import RefusedError

_BREAKS = {"auto": "auto", "avoid": "avoid", "avoid-page": "avoid", "page": "page"}


def content_height(box: Any) -> float:
    """Height of a cell's own content: where a neighbour is higher, WeasyPrint makes the padding larger."""
    return weasy.snapped(float(box.height))


def words_for(box: Any) -> str:
    """What a picture shows, in words."""
    title = box.element.find("{http://www.w3.org/2000/svg}title")
    text = title.text if title is not None and title.text else box.element.get("aria-label")
    if not text:
        raise RefusedError("a picture without words for it")
    return str(text)


def border(style: Any, side: str) -> Border:
    """Width and colour that a style asks for on one side."""
    kind, width = style[f"border_{side}_style"], style[f"border_{side}_width"]
    if kind in {"none", "hidden"} or not width:
        if kind == "hidden":
            raise RefusedError("a hidden border")
        return 0.0, b""
    if kind != "solid":
        raise RefusedError(f"a {kind} border")
    return float(width), weasy.color_operator(_color(style, f"border_{side}_color"))


def _color(style: Any, name: str) -> Any:
    color = style[name]
    return style["color"] if color == "currentcolor" else color


def background(style: Any) -> bytes | None:
    """The operator that sets the colour behind a box; None when there is none."""
    if any(image[0] != "none" for image in style["background_image"]):
        raise RefusedError("a picture as background")
    color = _color(style, "background_color")
    return None if color.alpha == 0 else weasy.color_operator(color)


def require_no_border(style: Any) -> None:
    """Refuse borders and backgrounds of rows and columns."""
    if any(border(style, side)[0] for side in ("top", "right", "bottom", "left")) or background(style) is not None:
        raise RefusedError("a border or background of rows or columns")


def require_plain(box: Any) -> None:
    """Refuse what is drawn in other ways than boxes of text are."""
    style = box.style
    if style["opacity"] < 1 or style["transform"]:
        raise RefusedError("something transparent or turned")
    if (style["overflow"] != "visible") != isinstance(box, weasy.REPLACED):
        raise RefusedError("something cut off that is no picture, or a picture that is not")
    if style["position"] not in {"static", "absolute"} or style["direction"] != "ltr":
        raise RefusedError("something out of its place")
    if style["box_shadow"] or style["outline_style"] != "none" or style["z_index"] != "auto":
        raise RefusedError("a shadow, an outline or a layer")
    if any(side.value for corner in _CORNERS for side in style[f"border_{corner}_radius"]):
        raise RefusedError("a rounded corner")


_CORNERS = ("top_left", "top_right", "bottom_right", "bottom_left")


def break_value(value: str) -> str:
    """A break as nodes have it."""
    if value not in _BREAKS:
        raise RefusedError(f"a break of kind {value}")
    return _BREAKS[value]


def size(value: Any) -> float:
    """A length, where ``auto`` is nothing."""
    return 0.0 if value == "auto" else float(value)


def pixels(value: Any) -> float:
    """A length of a style in CSS pixels."""
    if value.unit not in {"px", None} and value.value:
        raise RefusedError(f"a padding in {value.unit}")
    return float(value.value)
