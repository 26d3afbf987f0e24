"""The Jinja environment of the review pages and of copies for circulation, one for each language."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shirase.domain.bilingual import Language, Paired
from shirase.text.catalogues import DESK, load_translations
from shirase.text.formats import format_count, format_day, format_instant
from shirase.text.resources import templates_root
from shirase.text.visible import make_visible


@cache
def desk_environment(language: Language) -> Environment:
    """The environment in which a reviewer who reads ``language`` is spoken to.

    Values are escaped and their hidden characters shown; a name without a value stops the page.

    Raises:
        PlatformError: When the catalogue cannot be used.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        load_translations(language, DESK), newstyle=True
    )
    environment.filters.update(_filters(language))
    other = Language.EN if language is Language.JA else Language.JA
    environment.globals.update(language=language.value, other_language=other.value, languages=("ja", "en"))
    return environment


def desk_sentence(language: Language, message: str) -> str:
    """A sentence of the review pages in ``language``, for what is no page."""
    return load_translations(language, DESK).gettext(message)


def _shown(value: object) -> object:
    """Text that is not markup has its hidden characters shown; the ends of its lines are none of them."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(make_visible(line) for line in value.replace("\r\n", "\n").split("\n"))


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    def instant(value: datetime, zone: str) -> str:
        return format_instant(value, zone, language)

    def day(value: date) -> str:
        return format_day(value, language)

    def words(value: Paired) -> str:
        return value.of(language)

    return {
        "as_written": escape,
        "count": format_count,
        "day": day,
        "instant": instant,
        "words": words,
        "digest": _digest,
    }


def _digest(value: str) -> str:
    """The first letters of a digest, which is how people compare two."""
    return value[:12]
