"""Narratives: Markdown that people write for a case, and the values it names, made into inert HTML."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import CaseError, Problem
from shirase.domain.report import Fact
from shirase.text.formats import format_count, format_day, format_instant, format_share
from shirase.text.typesetting import kept, kept_instant
from shirase.text.visible import make_visible

_PLACEHOLDER = re.compile(r"\{\{ ?([a-z][a-z0-9_]*) ?\}\}")
_TEMPLATE_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

_WRITABLE = frozenset(
    {
        "paragraph_open", "bullet_list_open", "ordered_list_open", "list_item_open", "strong_open",
        "inline", "text", "softbreak", "hardbreak",
    }
)  # fmt: skip
_BLOCKS = frozenset({"paragraph_open", "list_item_open"})

_MARKDOWN = MarkdownIt("commonmark", {"html": False})
_SANDBOX = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def placeholders_of(markdown: str) -> set[str]:
    """The values that ``markdown`` names.

    Raises:
        CaseError: When it holds template syntax other than ``{{ name }}``.
    """
    return set(_PLACEHOLDER.findall(_checked(markdown)))


def block_count(markdown: str) -> int:
    """How many paragraphs and list items ``markdown`` has; a list item and its paragraphs count as they are nested.

    Raises:
        CaseError: When it holds anything but paragraphs, lists and bold.
    """
    return sum(1 for token in _parse(markdown) if token.type in _BLOCKS and not token.hidden)


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
    html = _MARKDOWN.renderer.render(_parse(markdown), _MARKDOWN.options, {})
    # Entities and backslashes have been read by now, so what they spell is checked once more.
    return _SANDBOX.from_string(_checked(html))


def _checked(text: str) -> str:
    rest = _PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    problems = [
        Problem(
            f"{mark.group()!r} is neither text nor a value",
            f"line {rest.count(chr(10), 0, mark.start()) + 1}",
            "write values as {{ name }}: lower case, nothing else between the braces",
        )
        for mark in _TEMPLATE_MARK.finditer(rest)
    ]
    if problems:
        raise CaseError(*problems)
    return text


def _parse(markdown: str) -> list[Token]:
    tokens = _MARKDOWN.parse(_checked(markdown))
    problems = [
        Problem(
            f"a narrative has no {token.type.removesuffix('_open').replace('_', ' ')}",
            f"line {line}",
            "write paragraphs, lists and **bold** only",
        )
        for token, line in _walk(tokens)
        if token.type not in _WRITABLE and not token.type.endswith("_close")
    ]
    if problems:
        raise CaseError(*problems)
    return tokens


def _walk(tokens: list[Token], line: int = 1) -> Iterator[tuple[Token, int]]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, line
        yield from _walk(token.children or [], line)
