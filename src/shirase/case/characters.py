"""Characters that no name or identifier is written with: traces of a broken export, not of what was meant."""

import unicodedata

_CONTROLS = frozenset("\u2028\u2029\ufffd")
"""Beside C0 and C1: the line and paragraph separators, and the mark of a character that was lost."""


def is_foreign(character: str) -> bool:
    """Whether ``character`` cannot be part of a name.

    Kangxi radicals look like kanji and are not found by searching for them; private-use characters are gaiji that only
    the machine they come from can show. Unassigned code points of the ideographic planes pass: Unicode adds kanji every
    few years, this interpreter may not know them yet, and whether a font has them is asked when a report is drawn.
    """
    if "\u2f00" <= character <= "\u2fdf" or character in _CONTROLS:
        return True
    category = unicodedata.category(character)
    if category == "Cn":
        return not (0x20000 <= ord(character) <= 0x3FFFF) or ord(character) & 0xFFFE == 0xFFFE
    return category in ("Cc", "Co", "Cs")


def foreign_characters(text: str) -> frozenset[str]:
    """Every foreign character of ``text``."""
    return frozenset(character for character in set(text) if is_foreign(character))


def describe_character(character: str) -> str:
    """Code point and name, for example ``U+2F2F KANGXI RADICAL WORK``."""
    kinds = {"Cc": "a control character", "Co": "a private-use character (gaiji)", "Cn": "an unassigned code point"}
    name = unicodedata.name(character, kinds.get(unicodedata.category(character), "without a name"))
    return f"U+{ord(character):04X} {name}"


def mend_character(character: str) -> str:
    """What to write instead of ``character``."""
    if "\u2f00" <= character <= "\u2fdf":
        kanji = unicodedata.normalize("NFKC", character)
        return f"write the kanji {kanji} (U+{ord(kanji):04X}) instead of the radical that looks like it"
    return "compare with the register the name comes from, and write the character that was meant"
