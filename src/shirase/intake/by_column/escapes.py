"""Records as texts in which a quote always ends a text: what JSON escapes there is written as it is meant.

Escaped quotes are written by a stand-in, a character that may not stand in a JSON text as it is (RFC 8259, section 7).
Records with escapes that could change what is punctuation and what is text are left to the parser.
"""

import codecs
import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from shirase.evidence.controls import has_controls

_QUOTE, _END, _BETWEEN = b"\x01", b"\x02", b"\x03"
"""Stand for an escaped quote, for one that ends a text, and between records."""

_QUOTE_TEXT = _QUOTE.decode()
_ENDS = bytes.maketrans(b'"', _END)
_OTHER_THAN_NUMBER = re.compile(rb"\\[^u]")
_UNSURE = re.compile(rb"\\u(?:00[0-7]|[dD][89a-fA-F])")
"""Escapes of ASCII, and of halves of surrogate pairs."""

_DECODE: Callable[[str], str] = json.JSONDecoder(strict=False).decode


class Escaped(NamedTuple):
    """Texts of some records, an empty one for each that is left to the parser.

    Attributes:
        texts: The texts.
        strict: Whether escapes and control characters stand there as they stood in the records.
        stood_in: Whether stand-ins may stand in them.
    """

    texts: Sequence[str]
    strict: bool = False
    stood_in: bool = False


def as_they_stand(raws: Sequence[bytes]) -> Escaped:
    """``raws`` as they are; those that are no UTF-8 are left."""
    try:
        return Escaped(list(map(bytes.decode, raws)), strict=True)
    except UnicodeDecodeError:
        return Escaped([_decoded(raw) for raw in raws], strict=True)


def escaped(raws: Sequence[bytes]) -> Escaped:
    """``raws`` without escapes; as they are where control characters stand in them, such as tabs and line ends."""
    together = b"".join(raws)
    if has_controls(together):
        return as_they_stand(raws)
    if b"\\" not in together:
        return as_they_stand(raws)._replace(strict=False)
    text = _without_escapes(_BETWEEN.join(raws))
    texts = text.split(_BETWEEN.decode()) if text is not None else [_without_escapes(raw) or "" for raw in raws]
    return Escaped(texts, stood_in=True)


def meant(texts: Sequence[str | None]) -> Sequence[str | None]:
    """``texts`` with what the stand-in stands for."""
    if _QUOTE_TEXT not in "".join(filter(None, texts)):
        return texts
    return [text.replace(_QUOTE_TEXT, '"') if text else text for text in texts]


def _without_escapes(block: bytes) -> str | None:
    """``block``, in which no control character stands but :data:`_BETWEEN`, without its escapes; None if unsure.

    An escaped backslash before a quote that ends a text leaves a single one before the stand-in, which is no escape.
    What is escaped outside a text stays something that cannot stand there.
    """
    try:
        by_number = _OTHER_THAN_NUMBER.search(block) is None
        if not by_number:
            block = block.replace(b'\\"', _QUOTE)
        if b"\\" not in block:
            return block.decode()
        if _UNSURE.search(block) is not None:
            return None
        if by_number and block.isascii():
            return codecs.unicode_escape_decode(block)[0]
        return _DECODE(f'"{block.translate(_ENDS).decode()}"').replace(_END.decode(), '"')
    except ValueError:
        return None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ""
