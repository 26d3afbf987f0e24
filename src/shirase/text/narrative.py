"""Narratives: Markdown that people write for a case, and the values it names, made into inert HTML."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import CaseError, Problem
from shirase.domain.narrative import Fact
from shirase.text.formats import format_count, format_day, format_instant, format_share
from shirase.text.markdown import MARKDOWN, checked, parse_markdown, placeholders_of
from shirase.text.typesetting import kept, kept_instant
from shirase.text.visible import make_visible

_SANDBOX = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def render_narrative(markdown: str, facts: Mapping[str, Fact], language: Language, zone: str) -> Markup:
    """``markdown`` as HTML, with the values it names.

    Values are put in after Markdown has been read, escaped, and with hidden characters shown: none can become markup.

    Args:
        markdown: As people wrote it.
        facts: Value by placeholder.
        language: Of the text, and of the values in it.
        zone: IANA zone printed beside UTC.

    Raises:
        CaseError: When the text holds what a narrative may not, or names a value that does not exist.
    """
    unknown = sorted(placeholders_of(markdown) - set(facts))
    if unknown:
        raise CaseError(
            *(Problem(f"no value is called {name!r}", "narrative", "see the list of values") for name in unknown)
        )
    values = {name: _set_fact(value, language, zone) for name, value in facts.items()}
    return Markup(_compiled(markdown).render(values))  # noqa: S704 - made of escaped Markdown and escaped values


def format_fact(fact: Fact, language: Language, zone: str) -> str:
    """``fact`` in words, by its type: counts, instants, days, words; a float is a share of 1."""
    match fact:
        case Paired():
            return fact.of(language)
        case datetime():
            return format_instant(fact, zone, language)
        case date():
            return format_day(fact, language)
        case int():
            return format_count(fact)
        case float():
            return format_share(fact)
        case str():
            return fact


def _set_fact(fact: Fact, language: Language, zone: str) -> str:
    match fact:
        case Paired() | str():
            return make_visible(format_fact(fact, language, zone))
        case datetime():
            return kept_instant(fact, zone, language)
        case _:
            return kept(format_fact(fact, language, zone))


@cache
def _compiled(markdown: str) -> Template:
    html = MARKDOWN.renderer.render(parse_markdown(markdown), MARKDOWN.options, {})
    # Entities and backslashes have been read by now, so what they spell is checked once more.
    return _SANDBOX.from_string(checked(html))
