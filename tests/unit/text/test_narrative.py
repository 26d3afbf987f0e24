from datetime import UTC, date, datetime

import pytest

from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import CaseError
from shirase.domain.narrative import Fact
from shirase.text.markdown import block_shapes, placeholders_of
from shirase.text.narrative import format_fact, render_narrative

FACTS: dict[str, Fact] = {"your_actions": 1234, "sender": Paired(ja="見本社", en="Sample Inc."), "incident_id": "INC-1"}


def rendered(markdown: str, facts: dict[str, Fact] = FACTS) -> str:
    return str(render_narrative(markdown, facts, Language.EN, "Asia/Tokyo"))


def test_paragraphs_lists_and_bold_become_html() -> None:
    """Paragraphs, lists and bold are written as such."""
    html = rendered("One **two**.\n\n- three\n- four\n")
    assert html == "<p>One <strong>two</strong>.</p>\n<ul>\n<li>three</li>\n<li>four</li>\n</ul>"


def test_values_are_put_in() -> None:
    """A placeholder is replaced by its value in the language of the text."""
    assert rendered("We, {{ sender }}, count {{your_actions}}.") == (
        '<p>We, Sample Inc., count <span class="kept">1,234</span>.</p>'
    )


def test_raw_html_is_text() -> None:
    """HTML in a narrative is printed, not obeyed."""
    assert rendered("<script>x</script> <b>y</b>") == ("<p>&lt;script&gt;x&lt;/script&gt; &lt;b&gt;y&lt;/b&gt;</p>")


@pytest.mark.parametrize("value", ["<b>x</b>", "**x**", "{{ your_actions }}", "{% raw %}", "[a](http://x)", "`x`"])
def test_a_value_can_never_become_markup(value: str) -> None:
    """Whatever a value holds is printed as it is: not HTML, not Markdown, not a template."""
    html = rendered("Id: {{ incident_id }}", {"incident_id": value})
    escaped = value.replace("<", "&lt;").replace(">", "&gt;")
    assert html == f"<p>Id: {escaped}</p>"


def test_hidden_characters_of_a_value_are_shown() -> None:
    """A value cannot turn the direction of the sentence it stands in."""
    assert "⟦U+202E⟧" in rendered("{{ incident_id }}", {"incident_id": "a\u202eb"})


@pytest.mark.parametrize(
    "markdown",
    [
        "{{ your_actions * 2 }}",
        "{{ your_actions|upper }}",
        "{{ sender.ja }}",
        "{% if x %}y{% endif %}",
        "{# hidden #}",
        "{{ your_actions",
        "}} alone",
        "{{ Upper }}",
        "{{  two_spaces }}",
        "&#123;&#123; your_actions * 2 }}",
    ],
)
def test_anything_but_a_plain_placeholder_is_refused(markdown: str) -> None:
    """Template syntax other than a plain placeholder is refused, however it is spelled."""
    with pytest.raises(CaseError) as caught:
        rendered(markdown)
    assert "is neither text nor a value" in str(caught.value)


def test_a_refusal_names_the_line() -> None:
    """The author is told which line to mend."""
    with pytest.raises(CaseError) as caught:
        placeholders_of("fine\n\nalso {{ fine }}\n{% bad %}")
    assert {problem.where for problem in caught.value.problems} == {"line 4"}


@pytest.mark.parametrize(
    ("markdown", "what"),
    [
        ("# Heading", "heading"),
        ("[link](http://example.com)", "link"),
        ("![image](http://example.com/x.png)", "image"),
        ("<http://example.com>", "link"),
        ("> quote", "blockquote"),
        ("`code`", "code"),
        ("*slanted*", "em"),
        ("---", "hr"),
        ("    indented", "code"),
    ],
)
def test_other_markup_is_refused_by_name(markdown: str, what: str) -> None:
    """Links, images, headings and the like are refused, and the author is told which."""
    with pytest.raises(CaseError) as caught:
        block_shapes(markdown)
    assert what in str(caught.value)


def test_a_value_that_does_not_exist_is_refused() -> None:
    """A misspelled placeholder stops the report instead of leaving a gap."""
    with pytest.raises(CaseError) as caught:
        rendered("{{ your_action }}")
    assert "your_action" in str(caught.value)


def test_placeholders_and_blocks_are_found() -> None:
    """Both languages can be compared: the values they name, and their paragraphs and list items."""
    markdown = "a {{ one }} {{ two }}\n\nb {{ one }}\n\n1. c\n2. d\n"
    assert placeholders_of(markdown) == {"one", "two"}
    assert block_shapes(markdown) == ("paragraph 0", "paragraph 0", "list_item 1", "list_item 1")


@pytest.mark.parametrize(
    ("fact", "ja", "en"),
    [
        (42, "42", "42"),
        (0.025, "2.5%", "2.5%"),
        ("Asia/Tokyo", "Asia/Tokyo", "Asia/Tokyo"),
        (date(2022, 4, 5), "2022年4月5日", "5 April 2022"),
        (
            datetime(2022, 1, 20, 10, 0, tzinfo=UTC),
            "2022年1月20日 10:00（UTC）／19:00（JST）",
            "20 January 2022, 10:00 UTC (19:00 JST)",
        ),
        (Paired(ja="見本社", en="Sample Inc."), "見本社", "Sample Inc."),
    ],
)
def test_facts_are_printed_by_their_type(fact: Fact, ja: str, en: str) -> None:
    """Counts, shares, days, instants and words each have their form in either language."""
    assert format_fact(fact, Language.JA, "Asia/Tokyo") == ja
    assert format_fact(fact, Language.EN, "Asia/Tokyo") == en
