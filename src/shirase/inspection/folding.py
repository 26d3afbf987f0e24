"""Texts made comparable: the same name in another width, case or line break is the same name."""

import re
import unicodedata
from functools import cache

from shirase.text.name_forms import name_forms

_DROPPED = re.compile(r"[\s\-‐‑‒–—―−_.,'’‘`´・･·\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufffe]+")
"""What breaks, joins or decorates a name without making it another one."""

_OPTIONAL = re.compile(r"[.,\s]+")
"""What may be left out between the parts of a legal form."""


@cache
def _variants() -> dict[int, str]:
    """Forms of one character between which the same name is written (itaiji), each mapped to the usual one."""
    return {ord(other): group[0] for group in name_forms().variants for other in group[1:]}


@cache
def _legal_forms() -> re.Pattern[str]:
    japanese = "|".join(map(re.escape, name_forms().legal_forms_ja))
    latin = "|".join(
        r"[.,]*\s*".join(map(re.escape, filter(None, _OPTIONAL.split(form)))) for form in name_forms().legal_forms_latin
    )
    return re.compile(rf"{japanese}|\b(?:{latin})\b\.?", re.IGNORECASE)


def fold(text: str) -> str:
    """``text`` as it is compared: NFKC (UAX 15), without case, white space, hyphens, points or invisible characters."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).translate(_variants()).casefold())


def without_legal_form(name: str) -> str:
    """A registered name without 株式会社, Inc. and the like; empty when nothing is left of it."""
    return _legal_forms().sub(" ", unicodedata.normalize("NFKC", name)).strip(" ,.・&")


def positions(text: str) -> tuple[str, list[int]]:
    """``text`` folded character by character, and for each the position in ``text`` it comes from."""
    folded: list[str] = []
    where: list[int] = []
    for position, character in enumerate(text):
        for piece in fold(character):
            folded.append(piece)
            where.append(position)
    return "".join(folded), where


def whole_characters(text: str) -> str:
    """``text`` with halves of characters (UTF-16 surrogates), as readers of PDFs give them, put together."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
