"""Terms that a reader may not know, and which of them a text uses."""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Self

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, Language, NonEmpty, Paired


class Term(CaseModel):
    """One entry of a glossary.

    Attributes:
        id: Stable key; a term of a case takes the place of a general one with the same key.
        ja: The term in Japanese.
        en: The term in English.
        reading: Reading of the Japanese term in hiragana; decides the order.
        forms_ja: Other ways in which Japanese texts write it.
        forms_en: Other ways in which English texts write it.
        definition: One or two sentences.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    ja: NonEmpty
    en: NonEmpty
    reading: str = Field(pattern=r"^[\u3041-\u309f\u30fc]+$")
    forms_ja: tuple[NonEmpty, ...] = ()
    forms_en: tuple[NonEmpty, ...] = ()
    definition: Paired

    def of(self, language: Language) -> str:
        """The term in ``language``."""
        return self.ja if language is Language.JA else self.en

    def sort_key(self, language: Language) -> tuple[str, str]:
        """Order in a glossary for readers of ``language``: by reading, or by letter."""
        return (self.reading if language is Language.JA else self.en.casefold(), self.id)


class Glossary(CaseModel):
    """``terms.toml``, and the general glossary of the project."""

    terms: tuple[Term, ...] = Field(description="The terms, in any order.")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        ids = [term.id for term in self.terms]
        repeated = sorted({key for key in ids if ids.count(key) > 1})
        if repeated:
            raise ValueError(f"explained twice: {', '.join(repeated)}")
        return self


def joined(general: Iterable[Term], own: Iterable[Term]) -> tuple[Term, ...]:
    """The general terms, those of the case in place of any with the same key."""
    return tuple(({term.id: term for term in general} | {term.id: term for term in own}).values())


def terms_in(text: str, terms: Iterable[Term], first: Language = Language.JA) -> tuple[Term, ...]:
    """The ``terms`` that ``text`` uses, in both languages at once, in the order of the ``first`` language.

    The longest form that fits counts, and only that: a support ticket is no ticket. English forms are whole words, in
    capitals or not, with or without a plural s.
    """
    known = tuple(terms)
    forms = {form: term.id for term in known for form in (term.ja, *term.forms_ja)}
    forms |= {form.lower(): term.id for term in known for form in (term.en, *term.forms_en)}
    if not forms:
        return ()
    by_length = sorted(forms, key=len, reverse=True)
    pattern = re.compile("|".join(_as_pattern(form) for form in by_length), re.IGNORECASE)
    lines = [text] if any("\n" in form for form in forms) else text.split("\n")
    written = {form for line in lines for form in _written(pattern, line)}
    found = {_term_of(form, forms) for form in written}
    return tuple(sorted((term for term in known if term.id in found), key=lambda term: term.sort_key(first)))


@lru_cache(maxsize=20_000)  # the reports of a batch have most of their lines in common
def _written(pattern: re.Pattern[str], line: str) -> frozenset[str]:
    """The forms that a line holds."""
    return frozenset(match[0] for match in pattern.finditer(line))


def _term_of(written: str, forms: dict[str, str]) -> str | None:
    return next((forms[form] for form in (written, written.lower(), written.lower()[:-1]) if form in forms), None)


def _as_pattern(form: str) -> str:
    if form.isascii():
        return rf"\b{re.escape(form)}s?\b"
    return re.escape(form)
