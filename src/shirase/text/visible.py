"""Characters that cannot be seen are shown: nothing a log holds may hide in a report or change how it is read."""

import re
import unicodedata
from dataclasses import dataclass

COMBINING_LIMIT = 4
"""Combining marks a base may carry. Real scripts need at most four; a hundred thousand stop the layout for minutes."""

_ZERO_WIDTH_JOINER = 0x200D
_ZERO_WIDTH_NON_JOINER = 0x200C
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK_LETTERS = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0})
"""Characters that Unicode calls letters, marks or symbols and that nevertheless print nothing."""

_PLAIN = re.compile(
    r"[\x20-\x7e\xa1-\xac\xae-\u02ff\u3000-\u3098\u309b-\u3163\u3165-\u319f\u4e00-\u9fff\uff01-\uff9f]*"
)
"""Text that surely hides nothing: nearly all of it, recognised at the speed of a regular expression."""


@dataclass(frozen=True, slots=True)
class Capped:
    """The beginning of a text, and how many characters of it were left out."""

    text: str
    cut_count: int


def cap(text: str, limit: int) -> Capped:
    """The first ``limit`` characters of ``text``. Never ends inside a base with its marks."""
    if len(text) <= limit:
        return Capped(text, 0)
    end = limit
    while end > 0 and _belongs_to_previous(text[end]) and limit - end < COMBINING_LIMIT:
        end -= 1
    return Capped(text[:end], len(text) - end)


def make_visible(text: str) -> str:
    """``text`` with every hidden character as a token, such as ``⟦U+202E⟧`` or ``⟦U+200B×40⟧`` for a run.

    Hidden are control and format characters (bidirectional overrides, zero-width characters, tags), private and
    unassigned ones, blank letters, and combining marks beyond :data:`COMBINING_LIMIT` on one base. Joiners and
    variation selectors stay where writing needs them: inside emoji, in Arabic script, after an ideograph.
    """
    if _PLAIN.fullmatch(text):
        return text
    pieces: list[str] = []
    run_of, run_length, marks = "", 0, 0
    for position, character in enumerate(text):
        marks = marks + 1 if unicodedata.category(character) in {"Mn", "Me"} and not _is_selector(character) else 0
        hidden = marks > COMBINING_LIMIT or is_hidden(text, position)
        if run_length and (not hidden or character != run_of):
            pieces.append(_token(run_of, run_length))
            run_length = 0
        if hidden:
            run_of, run_length = character, run_length + 1
        else:
            pieces.append(character)
    if run_length:
        pieces.append(_token(run_of, run_length))
    return "".join(pieces)


def is_hidden(text: str, position: int) -> bool:
    """Whether the character at ``position`` prints nothing that a reader could see, or changes its neighbours."""
    character = text[position]
    code = ord(character)
    before = text[position - 1] if position else ""
    after = text[position + 1] if position + 1 < len(text) else ""
    if code == _ZERO_WIDTH_JOINER:
        return not (_is_pictograph(before) and _is_pictograph(after))
    if code == _ZERO_WIDTH_NON_JOINER:
        return not (_is_arabic(before) and _is_arabic(after))
    if _is_selector(character):
        return not before or unicodedata.category(before)[0] not in "LSNP"
    return code in _BLANK_LETTERS or unicodedata.category(character) in _HIDDEN_CATEGORIES


def _belongs_to_previous(character: str) -> bool:
    return bool(unicodedata.combining(character)) or _is_selector(character)


def _is_selector(character: str) -> bool:
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def _is_pictograph(character: str) -> bool:
    return bool(character) and (unicodedata.category(character) in {"So", "Sk"} or _is_selector(character))


def _is_arabic(character: str) -> bool:
    return bool(character) and "\u0600" <= character <= "\u08ff"


def _token(character: str, length: int) -> str:
    times = f"×{length}" if length > 1 else ""
    return f"⟦U+{ord(character):04X}{times}⟧"
