"""The one Jinja environment of each language. Every printed value goes through the same gate on its way to the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language, Paired
from shirase.domain.stated import Topic
from shirase.text.catalogues import load_translations
from shirase.text.formats import (
    country_name,
    format_count,
    format_day,
    format_local,
    format_share,
    format_utc,
)
from shirase.text.glossary import general_terms
from shirase.text.phrases import phrased
from shirase.text.resources import templates_root
from shirase.text.typesetting import kept, kept_instant
from shirase.text.visible import make_visible

_GAP = {Language.JA: "", Language.EN: " "}
"""What stands between two sentences; templates know it as ``gap``."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence in one language, for passages that are printed in both."""

    language: Language
    text: str


@cache
def environment_for(language: Language) -> Environment:
    """The environment in which templates are written in ``language``.

    Values are escaped and their hidden characters shown; a name without a value stops the report. ``both``, ``pboth``
    and ``nboth`` are gettext, pgettext and ngettext in both languages at once, ``language`` first.

    Raises:
        PlatformError: When a catalogue cannot be used.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_gate,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    environment.install_gettext_translations(load_translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(_filters(language))
    environment.globals.update(
        language=language,
        other_language=_other(language),
        gap=_GAP[language],
        **_both(language),
    )
    return environment


def sentence(language: Language, context: str | None, message: str) -> str:
    """A sentence of the templates in ``language``, its placeholders left as they are: to look for it on a page."""
    catalogue = load_translations(language)
    return catalogue.gettext(message) if context is None else catalogue.pgettext(context, message)


@cache
def topic_labels(language: Language) -> Mapping[Topic, str]:
    """What the report calls each topic of ``facts.toml`` in ``language``."""
    names: Any = (
        environment_for(language).get_template("report/stated.html").make_module({"report": None, "view": None})
    )
    return {topic: str(names.topic_name(topic.value)).strip() for topic in Topic}


@cache
def outcome_labels(language: Language) -> Mapping[Outcome, str]:
    """What the report calls each outcome of an action in ``language``."""
    names: Any = environment_for(language).get_template("report/words.html").module
    return {outcome: str(names.outcome_name(outcome.value)).strip() for outcome in Outcome}


def forget_texts() -> None:
    """Read templates and catalogues anew the next time: they were changed while this process runs."""
    environment_for.cache_clear()
    topic_labels.cache_clear()
    outcome_labels.cache_clear()
    load_translations.cache_clear()
    general_terms.cache_clear()


def _gate(value: object) -> object:
    """What every expression passes before it is escaped: text that is not markup has its hidden characters shown."""
    return make_visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    def instant(value: datetime, zone: str) -> Markup:
        return kept_instant(value, zone, language)

    def utc(value: datetime) -> str:
        return format_utc(value, language)

    def local(value: datetime, zone: str) -> str:
        return format_local(value, zone, language)

    def day(value: date) -> Markup:
        return kept(format_day(value, language))

    def words(value: Paired) -> str:
        return value.of(language)

    def phrases(value: str) -> Markup:
        return phrased(value, language)

    def country_names(code: str) -> tuple[Phrase, Phrase]:
        return (_country(code, language), _country(code, _other(language)))

    return {
        "count": format_count,
        "country_names": country_names,
        "day": day,
        "instant": instant,
        "local": local,
        "phrases": phrases,
        "share": format_share,
        "utc": utc,
        "words": words,
    }


def _both(language: Language) -> dict[str, Callable[..., tuple[Phrase, Phrase]]]:
    order = (language, _other(language))

    def each(translate: Callable[[NullTranslations], str], values: dict[str, object]) -> tuple[Phrase, Phrase]:
        first, second = (Phrase(target, translate(load_translations(target)) % _in(target, values)) for target in order)
        return (first, second)

    def both(message: str, **values: object) -> tuple[Phrase, Phrase]:
        return each(lambda catalogue: catalogue.gettext(message), values)

    def pboth(context: str, message: str, **values: object) -> tuple[Phrase, Phrase]:
        return each(lambda catalogue: catalogue.pgettext(context, message), values)

    def nboth(singular: str, plural: str, number: int, **values: object) -> tuple[Phrase, Phrase]:
        return each(lambda catalogue: catalogue.ngettext(singular, plural, number), values)

    return {"both": both, "pboth": pboth, "nboth": nboth}


def _in(language: Language, values: dict[str, object]) -> dict[str, object]:
    return {name: _value_in(language, value) for name, value in values.items()}


def _value_in(language: Language, value: object) -> object:
    match value:
        case Paired():
            return value.of(language)
        case date() if not isinstance(value, datetime):
            return format_day(value, language)
        case _:
            return value


def _country(code: str, language: Language) -> Phrase:
    return Phrase(language, country_name(code, language))


def _other(language: Language) -> Language:
    return Language.EN if language is Language.JA else Language.JA
