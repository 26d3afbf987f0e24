"""Where a Japanese heading may be broken: between phrases, as BudouX finds them, never inside a date or a figure."""

import re
from functools import cache

from budoux import Parser, load_default_japanese_parser
from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.text.typesetting import kept
from shirase.text.visible import make_visible

LONGEST = 14
"""Characters of a phrase that is kept on one line; a longer one would leave a hole, or not fit at all."""

_WHOLE = re.compile(
    r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]+(?:[.,:][0-9]+)*[A-Za-z%件名社台回日月年時分秒第版項条]?"
    r"|[A-Za-z][A-Za-z0-9.+-]*|「[^「」]{1,12}」|（[^（）]{1,12}）"
)
"""Runs that stay whole whatever the model says: dates, figures with their counter, words, names in brackets."""


def phrased(text: str, language: Language) -> Markup:
    """``text`` with each phrase kept on one line; English, which breaks at its spaces, as it is.

    Nothing is added to the text itself: what is extracted from the page is ``text``.
    """
    shown = make_visible(text.unescape() if isinstance(text, Markup) else text)
    if language is not Language.JA:
        return Markup("{}").format(shown)
    return Markup("").join(
        kept(phrase) if 1 < len(phrase) <= LONGEST else Markup("{}").format(phrase) for phrase in phrases_of(shown)
    )


def phrases_of(text: str) -> tuple[str, ...]:
    """``text`` cut into phrases; together they are ``text``."""
    whole = [match.span() for match in _WHOLE.finditer(text)]
    phrases: list[str] = []
    position = 0
    for piece in _parser().parse(text):
        inside = any(start < position < end for start, end in whole)
        if phrases and inside:
            phrases[-1] += piece
        else:
            phrases.append(piece)
        position += len(piece)
    return tuple(phrases)


@cache
def _parser() -> Parser:
    return load_default_japanese_parser()
