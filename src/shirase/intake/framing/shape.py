"""Which shape a file has, told from its first bytes and never from its name. Pure."""

import json
import re
from collections.abc import Iterable
from typing import Any

from shirase.intake.sources.contract import Shape
from shirase.intake.streams import UTF8_BOM

HEAD_BYTES = 1 << 20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_SHEETS = b"xl/"
_TYPES = b"[Content_Types].xml"
_SPACE = b" \t\r\n"
_LIST_OF_VALUES = re.compile(r'\[\s*(?:$|[{\["\]])')
LINES_LOOKED_AT = 50
_DECODER = json.JSONDecoder()


def detect_shape(head: bytes) -> Shape | None:
    """The shape of a file that begins with ``head`` (decompressed); None for an empty one."""
    if head.startswith(_ZIP):
        return Shape.XLSX if _TYPES in head and _SHEETS in head else Shape.ZIP
    text = head.removeprefix(UTF8_BOM).lstrip(_SPACE)
    if not text:
        return None
    if text.startswith(b"<"):
        return Shape.XML
    return Shape.JSON if text.startswith((b"{", b"[")) else Shape.CSV


def has_records_by_line(head: bytes, envelopes: Iterable[str], *, whole: bool) -> bool:
    """Whether JSON that begins with ``head`` has one record a line; else it is an array, envelopes, or spread out.

    Where nothing says so clearly it has lines, because then a broken record costs no other.

    Args:
        head: First bytes.
        envelopes: Dotted keys under which an enveloping object has its list.
        whole: Whether ``head`` is the whole file.
    """
    # Structure is ASCII, and so every byte above stands for itself: no character is cut in half at the end.
    text = head.removeprefix(UTF8_BOM).lstrip(_SPACE).decode("latin-1")
    if text.startswith("["):
        return not _begins_a_list(text)
    return not text.startswith("{") or not _begins_an_object(text, tuple(envelopes), whole=whole)


def _begins_a_list(text: str) -> bool:
    """Whether ``text`` is a list of records, rather than a line that is a list among lines."""
    first, _, rest = text.partition("\n")
    value = _parse(first)
    if not isinstance(value, list):
        return _LIST_OF_VALUES.match(first) is not None
    return not rest.strip() or (bool(value) and all(isinstance(element, dict) for element in value))


def _begins_an_object(text: str, envelopes: tuple[str, ...], *, whole: bool) -> bool:
    """Whether ``text`` begins an envelope, or an object that goes on over several lines."""
    first, _, rest = text.partition("\n")
    value = _parse(first)
    if isinstance(value, dict):
        return any(is_list_at(value, path) for path in envelopes)
    if any(re.search(rf'"{re.escape(path.rpartition(".")[2])}"\s*:\s*\[', first) for path in envelopes):
        return True
    try:
        _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        pass
    else:
        return True
    alone = [isinstance(_parse(line), dict) for line in rest.split("\n", LINES_LOOKED_AT) if line.startswith("{")]
    if sum(alone) * 2 > len(alone):
        return False
    return not whole or (first.rstrip().endswith(("{", ",")) and rest.lstrip(" \t\r\n").startswith('"'))


def is_list_at(value: dict[str, Any], path: str) -> bool:
    """Whether a list stands at dotted ``path``."""
    found: Any = value
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return isinstance(found, list)


def choose_delimiter(header: str) -> str:
    """What separates the cells of ``header``: the most frequent of comma, semicolon and tab outside quotes."""
    outside = "".join(header.split('"')[::2])
    return max(",;\t", key=outside.count)


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
