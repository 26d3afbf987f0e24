from pathlib import Path

import pytest

from shirase.domain.bilingual import Language
from shirase.domain.errors import PlatformError
from shirase.text.catalogues import catalogue_path, load_translations, read_translations
from shirase.text.extract import MAPPINGS, collect, update

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
)


def read(folder: Path, entries: str, language: Language = Language.JA) -> None:
    path = folder / "shirase.po"
    path.write_text(HEADER + entries, encoding="utf-8")
    read_translations(path, language)


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ('msgid "Yes"\nmsgstr ""\n', "is not translated"),
        ('#, fuzzy\nmsgid "Yes"\nmsgstr "はい"\n', "fuzzy"),
        ('msgid "%(count)s of %(total)s"\nmsgstr "%(count)s"\n', "other values"),
        ('msgid "one"\nmsgid_plural "%(count)s"\nmsgstr[0] ""\n', "is not translated"),
    ],
)
def test_an_unfinished_translation_is_refused(tmp_path: Path, entries: str, what: str) -> None:
    """A sentence that is untranslated, fuzzy or lacks a value stops the program before any report is written."""
    with pytest.raises(PlatformError) as caught:
        read(tmp_path, entries)
    assert what in str(caught.value)


def test_all_unfinished_translations_are_named_at_once(tmp_path: Path) -> None:
    """One run names every sentence that has to be mended."""
    with pytest.raises(PlatformError) as caught:
        read(tmp_path, 'msgid "First"\nmsgstr ""\n\nmsgid "Second"\nmsgstr ""\n')
    assert "First" in str(caught.value)
    assert "Second" in str(caught.value)


def test_a_missing_catalogue_is_told(tmp_path: Path) -> None:
    """A catalogue that is not there is named, not replaced by English."""
    with pytest.raises(PlatformError) as caught:
        read_translations(tmp_path / "shirase.po", Language.JA)
    assert "shirase.po" in str(caught.value)


def test_english_needs_no_translation(tmp_path: Path) -> None:
    """English sentences are the message ids."""
    read(tmp_path, 'msgid "Yes"\nmsgstr ""\n', Language.EN)


@pytest.mark.parametrize(
    ("number", "ja", "en"),
    [
        (0, "%(count)s件", "%(count)s actions"),
        (1, "%(count)s件", "%(count)s action"),
        (2, "%(count)s件", "%(count)s actions"),
    ],
)
def test_plurals_follow_the_language(number: int, ja: str, en: str) -> None:
    """English has one action and two actions, Japanese one form for all."""
    forms = ("%(count)s action", "%(count)s actions", number)
    assert load_translations(Language.JA).ngettext(*forms) == ja
    assert load_translations(Language.EN).ngettext(*forms) == en


@pytest.mark.parametrize("domain", MAPPINGS)
def test_the_catalogues_are_those_of_the_templates(tmp_path: Path, domain: str) -> None:
    """Collecting the sentences again changes nothing: no sentence is missing, none is left over, the order is fixed."""
    template = collect(domain)
    for language in Language:
        copy = tmp_path / f"{language}.po"
        copy.write_bytes(catalogue_path(language, domain).read_bytes())
        untranslated = update(copy, language, template)
        assert copy.read_text(encoding="utf-8") == catalogue_path(language, domain).read_text(encoding="utf-8")
        assert not untranslated or language is Language.EN


@pytest.mark.parametrize(
    "forbidden", ["アクション", "弊社", "脅威者", "サードパーティ", "~", "〜", "及び", "致します", "下さい", "Click"]
)
def test_japanese_keeps_to_the_terms(forbidden: str) -> None:
    """The Japanese sentences use the decided terms and none of the rejected ones."""
    text = catalogue_path(Language.JA).read_text(encoding="utf-8")
    translations = [line for line in text.splitlines() if line.startswith(("msgstr", '"'))]
    assert not [line for line in translations if forbidden in line]
