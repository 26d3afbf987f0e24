from datetime import date
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from shirase.domain.bilingual import Language, Paired
from shirase.text.environment import environment_for
from shirase.text.resources import templates_root


def render(source: str, language: Language = Language.EN, **values: object) -> str:
    return environment_for(language).from_string(source).render(**values)


def test_values_are_escaped_and_shown() -> None:
    """A value is escaped, and its hidden characters are shown, without the template asking for it."""
    assert render("{{ value }}", value="<b>\u202e</b>") == "&lt;b&gt;⟦U+202E⟧&lt;/b&gt;"


def test_values_within_sentences_are_escaped() -> None:
    """A value put into a translated sentence cannot bring markup along."""
    sentence = '{{ gettext("as of %(instant)s", instant=value) }}'
    assert render(sentence, value="<b>") == "as of &lt;b&gt;"
    assert render(sentence, Language.JA, value="<b>") == "&lt;b&gt;現在"


def test_a_name_without_a_value_stops_the_report() -> None:
    """A template that names what does not exist fails instead of printing nothing."""
    with pytest.raises(UndefinedError):
        render("{{ nobody }}")


def test_both_languages_at_once() -> None:
    """A passage for both languages has the environment's own language first, each with its days and words."""
    source = '{% for phrase in both("Actions on %(day)s (UTC)", day=day) %}{{ phrase.language }}:{{ phrase.text }};{% endfor %}'
    day = date(2022, 1, 17)
    assert render(source, Language.JA, day=day) == "ja:2022年1月17日（UTC）の操作;en:Actions on 17 January 2022 (UTC);"
    assert render(source, Language.EN, day=day) == "en:Actions on 17 January 2022 (UTC);ja:2022年1月17日（UTC）の操作;"


def test_words_follow_the_language() -> None:
    """A paired text is printed in the language of the environment."""
    assert render("{{ text|words }}", Language.JA, text=Paired(ja="操作", en="Action")) == "操作"


@pytest.mark.parametrize("path", sorted((templates_root() / "report").glob("*.html")), ids=lambda path: path.name)
def test_templates_never_switch_escaping_off(path: Path) -> None:
    """No template marks a value as safe, and none puts a value into a style, a script or an unquoted attribute."""
    text = path.read_text(encoding="utf-8")
    assert "|safe" not in text.replace(" ", "")
    assert "Markup" not in text
    assert "<style" not in text
    assert "<script" not in text
    assert "style=" not in text
    assert "src=" not in text
    assert "={{" not in text.replace('="{{', "")
    assert 'href="{{' not in text
