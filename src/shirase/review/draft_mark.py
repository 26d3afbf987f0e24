"""Edge: DRAFT 草案 over every page of a finished report, for circulation.

The mark is an overlay made from the finished bytes: no template can leave it out. Dark grey at low opacity lies across
the page, and the same words stand dark in its upper and lower edge, so that a grey print keeps them.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import pikepdf
from PIL import Image, ImageDraw, ImageFont

WORDS = "DRAFT 草案"
_ANGLE = 32.0
_OPACITY = 0.22
_INK = (96, 96, 96)
_PIXELS = 1600
"""Width of the picture of the words: sharp at twice the size of A4."""


@dataclass(frozen=True, slots=True)
class DraftNotice:
    """The line in the upper and lower edge of every page: what it is and whose copy, in both languages."""

    text: str


def mark_draft(content: bytes, notice: DraftNotice, fonts: Sequence[str]) -> bytes:
    """``content`` with the mark over every page, and the notice along its upper and lower edge.

    Tags, text and data inside stay; the copy no longer says that it conforms to PDF/A or PDF/UA, for it does not.
    The same input gives the same bytes.

    Args:
        content: The finished report.
        notice: What stands in the edges.
        fonts: Font files to draw with, the first that can be read; they need Japanese.

    Raises:
        pikepdf.PdfError: When it is no PDF.
        OSError: When no font can be read.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        words = _picture(pdf, _draw_words(WORDS, fonts, _PIXELS))
        line = _picture(pdf, _draw_words(notice.text, fonts, _PIXELS))
        faint = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, ca=_OPACITY, CA=_OPACITY))
        for page in pdf.pages:
            _mark(pdf, page, words, line, faint)
        _withdraw_claims(pdf)
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Words:
    """Words as a picture that is transparent but for its ink, and how high it is at width 1."""

    image: pikepdf.Object
    ratio: float


def _draw_words(text: str, fonts: Sequence[str], width: int) -> Image.Image:
    font = _font(fonts, 200)
    left, top, right, bottom = font.getbbox(text)
    size = int(200 * width / (right - left))
    font = _font(fonts, max(8, size))
    left, top, right, bottom = (int(value) for value in font.getbbox(text))
    mask = Image.new("L", (right - left + 8, bottom - top + 8), 0)
    ImageDraw.Draw(mask).text((4 - left, 4 - top), text, fill=255, font=font)
    return mask


def _font(fonts: Sequence[str], size: int) -> ImageFont.FreeTypeFont:
    for path in fonts:
        try:
            return ImageFont.truetype(path, size)
        except OSError:
            continue
    raise OSError(f"none of these fonts can be read: {', '.join(fonts)}")


def _picture(pdf: pikepdf.Pdf, mask: Image.Image) -> _Words:
    """A stencil mask would print black; a grey image under a soft mask keeps the shape and the shade."""
    alpha = pdf.make_stream(mask.tobytes())
    alpha.update(_image_keys(mask))
    ink = pdf.make_stream(bytes([_INK[0]]))
    ink.update(_image_keys(Image.new("L", (1, 1))))
    ink.SMask = alpha
    return _Words(ink, mask.height / mask.width)


def _image_keys(image: Image.Image) -> dict[str, pikepdf.Object | int]:
    return {
        "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": image.width, "/Height": image.height,
        "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8,
    }  # fmt: skip


def _mark(pdf: pikepdf.Pdf, page: pikepdf.Page, words: _Words, line: _Words, faint: pikepdf.Object) -> None:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    width, height = right - left, top - bottom
    across = 0.78 * min(width, height * 1.2)
    up = across * words.ratio
    c, s = cos(radians(_ANGLE)), sin(radians(_ANGLE))
    x = left + width / 2 - (across * c - up * s) / 2
    y = bottom + height / 2 - (across * s + up * c) / 2
    band = min(width * 0.62, 360.0)
    edges = "".join(
        f"q {band:.2f} 0 0 {band * line.ratio:.2f} {left + (width - band) / 2:.2f} {at:.2f} cm /ShiraseLine Do Q\n"
        for at in (top - 12 - band * line.ratio, bottom + 12)
    )
    names = page.resources if "/Resources" in page else pikepdf.Dictionary()
    page.obj.Resources = pdf.make_indirect(pikepdf.Dictionary(dict(names.items())))
    _add(page.obj.Resources, "/XObject", {"/ShiraseWords": words.image, "/ShiraseLine": line.image})
    _add(page.obj.Resources, "/ExtGState", {"/ShiraseFaint": faint})
    drawn = (
        "Q\n/Artifact BMC\nq /ShiraseFaint gs "
        f"{across * c:.2f} {across * s:.2f} {-up * s:.2f} {up * c:.2f} {x:.2f} {y:.2f} cm "
        f"/ShiraseWords Do Q\n{edges}EMC\n"
    )
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(drawn.encode("ascii")))


def _add(resources: pikepdf.Object, kind: str, entries: dict[str, pikepdf.Object]) -> None:
    known = pikepdf.Dictionary(dict(resources[kind].items())) if kind in resources else pikepdf.Dictionary()
    for name, value in entries.items():
        known[name] = value
    resources[kind] = known


def _withdraw_claims(pdf: pikepdf.Pdf) -> None:
    """A marked copy must not pass for the archive file it was made from."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for claim in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part"):
            if claim in metadata:
                del metadata[claim]
        metadata["dc:title"] = f"{WORDS} – {metadata.get('dc:title', '')}"
