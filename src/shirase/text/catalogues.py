"""Catalogues of translated sentences, read from the .po files that people edit; none is compiled beforehand."""

import gettext
import re
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from shirase.domain.bilingual import Language
from shirase.domain.errors import PlatformError, Problem
from shirase.text.resources import locales_root

DOMAIN = "shirase"
"""Sentences of the reports."""

DESK = "desk"
"""Sentences of the review pages and of copies for circulation; they are no part of any report or of its fingerprint."""

NOTICE = "notice"
"""Sentences of the mails that carry reports, and of the sheets for those who call or bring them; no part either."""


_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


@cache
def load_translations(language: Language, domain: str = DOMAIN) -> gettext.NullTranslations:
    """The catalogue of ``language``. English needs no entry: its sentences are the message ids.

    Raises:
        PlatformError: When the file is missing or broken, or a sentence is untranslated, fuzzy, or names other
            placeholders than its original. Every such sentence is named.
    """
    return read_translations(catalogue_path(language, domain), language)


def catalogue_path(language: Language, domain: str = DOMAIN) -> Path:
    """Where the catalogue of ``language`` is kept."""
    return locales_root() / language / "LC_MESSAGES" / f"{domain}.po"


def read_translations(path: Path, language: Language) -> gettext.NullTranslations:
    """Like :func:`load_translations`, from any file."""
    try:
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=language, abort_invalid=True)
    except (OSError, PoFileError) as error:
        raise PlatformError(Problem(f"the catalogue cannot be read: {error}", str(path), "restore the file")) from error
    problems = [
        Problem(what, f"{path.name} ({language}): {_original(message)!r}", "translate it in the .po file")
        for message in catalogue
        if message.id and (what := _complaint(message, language))
    ]
    if problems:
        raise PlatformError(*problems)
    return _compile(catalogue)


def fixed_texts(domain: str = DOMAIN) -> tuple[str, ...]:
    """Every sentence of one catalogue, of the reports unless another is named, in both languages."""
    found: list[str] = []
    for language in Language:
        with catalogue_path(language, domain).open("rb") as stream:
            for message in read_po(stream, locale=language):
                identifiers = message.id if isinstance(message.id, list | tuple) else (message.id,)
                found += [str(text) for text in (*identifiers, *texts_of(message)) if text]
    return tuple(dict.fromkeys(found))


def texts_of(message: Message) -> tuple[str, ...]:
    """The translation: one text, or one for each plural form. Babel gives lists, tuples or bare strings."""
    string = message.string
    return (string or "",) if isinstance(string, str) or string is None else tuple(text or "" for text in string)


def _complaint(message: Message, language: Language) -> str:
    texts = texts_of(message)
    if message.fuzzy:
        return "the translation is marked fuzzy"
    if not all(texts):
        return "the sentence is not translated" if language is not Language.EN else ""
    expected = set(_PLACEHOLDER.findall(_plural(message)))
    if any(set(_PLACEHOLDER.findall(text)) != expected for text in texts):
        return "the translation names other values than the original"
    return ""


def _original(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _plural(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _compile(catalogue: Catalog) -> gettext.NullTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
