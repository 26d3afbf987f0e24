"""The wording lint: sentences that claim too much, age, hide a figure, or say what every notice says.

The rules stand in ``locales/wording.toml``, for people who edit. They follow EDPB Guidelines 9/2022 (approximations are
marked as such), the Japanese guidance on sharing and publishing information on cyber attacks (2023-03), and what
readers of published notices objected to.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from shirase.domain.bilingual import CaseModel, Language, NonEmpty, Paired
from shirase.domain.errors import PlatformError, Problem
from shirase.domain.wording import WordingFinding
from shirase.text.resources import locales_root

_SENTENCE = {
    Language.JA: re.compile(r"[^。！？\n]+[。！？]?"),
    Language.EN: re.compile(r"\S[^\n]*?(?:[.!?](?=\s|$)|(?=\n)|$)"),
}
_PLACEHOLDER = re.compile(r"\{\{ ?\w+ ?\}\}")
_LIST_MARK = re.compile(r"^(?:[-*]|\d+[.)])\s+", re.MULTILINE)
_FIGURE = re.compile(r"(?<![A-Za-z0-9\-_.])[0-9０-９][0-9０-９,.:]*(?![A-Za-z0-9])")


def _compiles(pattern: str) -> str:
    re.compile(pattern)
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class WordingRule(CaseModel):
    """One rule of ``wording.toml``; see the head of that file."""

    name: NonEmpty
    language: Language
    find: tuple[Pattern, ...] = Field(min_length=1)
    unless: tuple[Pattern, ...] = ()
    reason: NonEmpty
    mend: NonEmpty
    blocker: bool = True


class Hedge(CaseModel):
    """Words that weaken a statement, in both languages."""

    name: NonEmpty
    ja: tuple[Pattern, ...]
    en: tuple[Pattern, ...]


class DecidedTerm(CaseModel):
    """A term with its decided form in each language, and forms that are not used."""

    id: NonEmpty
    ja: NonEmpty
    en: NonEmpty
    forbidden_ja: tuple[Pattern, ...] = ()
    forbidden_en: tuple[Pattern, ...] = ()


class TracedWords(CaseModel):
    """Words that state a number or speak of everything there is: the ledger of claims asks what they rest on."""

    name: NonEmpty
    language: Language
    find: tuple[Pattern, ...] = Field(min_length=1)
    unless: tuple[Pattern, ...] = ()


class WordingRules(CaseModel):
    """``wording.toml``."""

    rules: tuple[WordingRule, ...]
    hedges: tuple[Hedge, ...]
    terms: tuple[DecidedTerm, ...]
    traced: tuple[TracedWords, ...]


@cache
def wording_rules() -> WordingRules:
    """The rules.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "wording.toml"
    try:
        return WordingRules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PlatformError(Problem(f"the rules cannot be used: {error}", str(path), "restore the file")) from error


def lint_wording(text: str, language: Language, place: str, *, figures: bool = False) -> Iterator[WordingFinding]:
    """Objections to ``text``.

    Args:
        text: Prose or Markdown, with its placeholders.
        language: Its language.
        place: Where it stands, for the finding.
        figures: Whether figures have to be placeholders.
    """
    for sentence in sentences(text, language):
        plain = _PLACEHOLDER.sub("{…}", sentence)
        for rule in (*wording_rules().rules, *_term_rules()):
            found = _search(rule.find, plain) if rule.language is language else ""
            if found and not _search(rule.unless, plain):
                yield WordingFinding(
                    rule.name, place, language, sentence, found, rule.reason, rule.mend, rule.blocker
                )  # fmt: skip
        figure = _FIGURE.search(plain) if figures else None
        if figure is not None:
            yield WordingFinding(
                "bare-figure", place, language, sentence, figure[0],
                "a figure written by hand can differ from the data, and between the languages",
                "name it as {{ a value }}, or write it in words", blocker=True,
            )  # fmt: skip


def traced_words(text: str, language: Language) -> Iterator[tuple[str, str, str]]:
    """Sentences of ``text`` that state a number in words or speak of everything there is.

    Yields:
        Name of the rule, the words, and the sentence they stand in.
    """
    for sentence in sentences(text, language):
        for rule in wording_rules().traced:
            found = _search(rule.find, sentence) if rule.language is language else ""
            if found and not _search(rule.unless, sentence):
                yield rule.name, found, sentence


def lint_pair(text: Paired, place: str) -> Iterator[WordingFinding]:
    """Hedges that stand in one language only: the two texts would not say the same."""
    plain = {language: _PLACEHOLDER.sub("{…}", text.of(language)) for language in Language}
    for hedge in wording_rules().hedges:
        found = {Language.JA: _search(hedge.ja, plain[Language.JA]), Language.EN: _search(hedge.en, plain[Language.EN])}
        said = [language for language in Language if found[language]]
        if len(said) == 1:
            yield WordingFinding(
                "hedge", place, said[0], text.of(said[0]), found[said[0]],
                f"only one of the two languages says {hedge.name!r}", "say it in both, or in neither", blocker=True,
            )  # fmt: skip


def sentences(text: str, language: Language) -> list[str]:
    """The sentences of ``text``; a list item is one of its own, its mark left out."""
    found = (match[0].strip() for match in _SENTENCE[language].finditer(_LIST_MARK.sub("", text)))
    return [sentence for sentence in found if sentence]


@cache
def _term_rules() -> tuple[WordingRule, ...]:
    return tuple(
        WordingRule(
            name="term",
            language=language,
            find=tuple(rf"\b(?:{form})s?\b" if language is Language.EN else form for form in forms),
            reason="one thing has one name in all reports",
            mend=f"write {decided}",
        )
        for term in wording_rules().terms
        for language, decided, forms in (
            (Language.JA, term.ja, term.forbidden_ja), (Language.EN, term.en, term.forbidden_en),
        )
        if forms
    )  # fmt: skip


def _search(patterns: tuple[str, ...], text: str) -> str:
    """The first words that a pattern finds; empty when none does."""
    matches = (re.search(pattern, text, re.IGNORECASE) for pattern in patterns)
    return next((match[0] for match in matches if match is not None), "")
