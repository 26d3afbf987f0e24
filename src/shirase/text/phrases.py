"""Where a heading may be broken.

In Japanese between phrases, as BudouX finds them, never inside a date or a figure; in English between words, never at
their hyphens.
"""

import re
from functools import cache

from budoux import Parser, load_default_japanese_parser
from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.text.typesetting import kept
from shirase.text.visible import make_visible

LONGEST = 14
"""Characters of a phrase that is kept on one line; a longer one would leave a hole, or not fit at all."""

_LONGEST_WORD = 24

_WHOLE = re.compile(
    r"[0-9]{4}年(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?|[0-9]+(?:[.,:][0-9]+)*[A-Za-z%件名社台回日月年時分秒第版項条]?"
    r"|[A-Za-z][A-Za-z0-9.+-]*|「[^「」]{1,12}」|（[^（）]{1,12}）"
)
"""Runs that stay whole whatever the model says: dates, figures with their counter, words, names in brackets."""


def phrased(text: str, language: Language) -> Markup:
    """``text`` with each phrase kept on one line; in English, each word with a hyphen.

    Nothing is added to the text itself: what is extracted from the page is ``text``.
    """
    shown = make_visible(text.unescape() if isinstance(text, Markup) else text)
    if language is not Language.JA:
        return Markup(" ").join(
            kept(word) if "-" in word and len(word) <= _LONGEST_WORD else Markup("{}").format(word)
            for word in shown.split(" ")
        )
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
