"""Typesetting of values: a date, a time or a figure is not broken over two lines."""

from datetime import datetime

from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.text.formats import instant_pieces

_KEPT = Markup('<span class="kept">{}</span>')


def kept(text: str) -> Markup:
    """``text`` on one line; the stylesheet's class ``kept`` says so."""
    return _KEPT.format(text)


def kept_instant(instant: datetime, zone: str, language: Language) -> Markup:
    """Both clocks of ``instant``, each on one line."""
    return Markup("").join(kept(piece) if piece != " " else piece for piece in instant_pieces(instant, zone, language))
