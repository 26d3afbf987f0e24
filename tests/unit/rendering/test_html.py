import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import sample_report as sample
from shirase.domain.bilingual import Language
from shirase.domain.report import ReportObject
from shirase.rendering.html import report_html

HOSTILE = (
    '<img src="http://127.0.0.1:9/x.png">',
    "</td></tr></table><script>alert(1)</script>",
    '" onload="x',
    "{{ 7 * 7 }}{% raw %}",
    "%(count)s",
    "\u202egnp.exe",
)


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def elements(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Elements()
    parser.feed(html)
    return parser.found


def part(html: str, language: Language) -> str:
    _, _, rest = html.partition(f'<section class="part" lang="{language}"')
    return rest.partition("</section>")[0]


def words(html: str) -> str:
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", "", html)).strip()


def test_both_parts_have_the_same_sections_linked_to_each_other() -> None:
    """Sections are numbered alike in both languages, and each links to the same one in the other."""
    html = report_html(sample.sample_report())
    numbers = {language: re.findall(rf'<h2 id="{language}-(\d+)"', html) for language in Language}
    assert numbers[Language.JA] == numbers[Language.EN] == [str(number) for number in range(1, 14)]
    for language in Language:
        links = set(re.findall(rf'href="#{language}-(\d+)"', html))
        assert links >= set(numbers[language])


def test_every_internal_link_has_a_target() -> None:
    """No link leads nowhere, and no link leaves the document."""
    found = elements(report_html(sample.sample_report()))
    targets = {"#" + (attrs["id"] or "") for _, attrs in found if "id" in attrs}
    links = {attrs["href"] for tag, attrs in found if tag == "a"}
    assert links <= targets


@pytest.mark.parametrize("order", [(Language.JA, Language.EN), (Language.EN, Language.JA)])
def test_the_parts_stand_in_the_customers_order(order: tuple[Language, Language]) -> None:
    """The customer's first language comes first and is the language of the document."""
    customer = sample.CUSTOMER.model_copy(update={"languages": order})
    html = report_html(sample.sample_report(customer=customer))
    assert re.findall(r'<section class="part" lang="(\w+)"', html) == list(order)
    assert f'<html lang="{order[0]}">' in html


def test_the_letter_is_addressed() -> None:
    """The Japanese letter addresses the organisation with 御中 and never with 様."""
    html = words(part(report_html(sample.sample_report()), Language.JA))
    assert "株式会社髙橋商事　御中" in html
    assert "御中様" not in html
    assert html.endswith("以上")


def test_hostile_values_are_text() -> None:
    """Markup, template syntax and direction changes in any logged field are printed, never obeyed."""
    rows = [
        sample.sample_action(
            number, datetime(2022, 1, 17, 1, number, tzinfo=UTC), objects=(ReportObject(text, text, text),),
            ticket_id=text, action_code="other", action_native=text,
        )
        for number, text in enumerate(HOSTILE, start=1)
    ]  # fmt: skip
    plain = report_html(sample.sample_report(actions=[replace(row, objects=(), ticket_id="T") for row in rows]))
    html = report_html(sample.sample_report(actions=rows, undescribed=tuple(sorted(HOSTILE))))
    tags = {tag for tag, _ in elements(html)}
    assert tags <= {tag for tag, _ in elements(plain)} | {"bdi"}
    assert not any(name.startswith("on") for _, attrs in elements(html) for name in attrs)
    assert "\u202e" not in html
    assert "⟦U+202E⟧gnp.exe" in html
    assert "{{ 7 * 7 }}{% raw %}" in html


def test_hostile_customer_names_are_text() -> None:
    """A customer's name cannot bring markup into the letter, the title or the running header."""
    customer = sample.CUSTOMER.model_copy(update={"name_ja": HOSTILE[2] + "><b>x</b>", "name_en": HOSTILE[0]})
    found = elements(report_html(sample.sample_report(customer=customer)))
    assert not [tag for tag, _ in found if tag in {"img", "b"}]
    assert not [name for _, attrs in found for name in attrs if name.startswith("on")]


@pytest.mark.parametrize(
    ("count", "ja", "en"),
    [(1, "操作が1件記録されています", "1 action of support"), (2, "操作が2件記録されています", "2 actions of support")],
)
def test_counts_agree_in_number(count: int, ja: str, en: str) -> None:
    """One action is an action, two are actions; Japanese counts both with 件."""
    html = report_html(sample.many_actions(count))
    assert ja in words(part(html, Language.JA))
    assert en in words(part(html, Language.EN))


def test_none_is_a_sentence() -> None:
    """Where nothing is recorded, a sentence says so, with the figure in brackets."""
    html = report_html(sample.many_actions(2))
    assert "サポートチケットの記録がない操作はありません（0件）。" in words(part(html, Language.JA))
    assert "Every action names a support ticket (0 without one)." in words(part(html, Language.EN))
    assert "失敗または拒否された操作は記録されていません（0件）。" in words(part(html, Language.JA))
    assert "No failed or denied action is recorded (0)." in words(part(html, Language.EN))


def test_every_page_of_an_exercise_says_so() -> None:
    """The running header of a drill names it in both languages; a real report has none of it."""
    drill = report_html(sample.sample_report(batch=sample.sample_batch(exercise=True)))
    assert 'data-notice="訓練（架空データ） / EXERCISE – synthetic data"' in drill
    assert "EXERCISE" not in report_html(sample.sample_report())


def test_a_preview_says_so_on_every_page_and_in_the_annex() -> None:
    """A preview cannot be taken for a report: the running header and the annex say how much is missing."""
    html = report_html(replace(sample.sample_report(), preview_rows=3))
    assert "試し刷り（一部のみ） / PREVIEW – not the whole report" in html
    assert "Preview: only 3 of 7 actions are printed." in html


def test_a_missing_ticket_is_told_by_words_and_mark() -> None:
    """A row without a ticket has the mark and the words in both languages; a withheld ticket has other words."""
    html = report_html(sample.sample_report())
    cells = re.findall(r'<td class="none">(.*?)</td>', html, flags=re.DOTALL)
    assert cells == ["▲ なし\nNone\nlogin problem"] * 2
    assert "非表示\nNot shown" in html


def test_annex_tables_are_named_in_both_languages_with_their_extent() -> None:
    """Each table of actions has its number, its UTC day and its rows of the total, in both languages."""
    html = report_html(sample.sample_report())
    captions = [words(caption) for caption in re.findall(r"<caption>(.*?)</caption>", html, flags=re.DOTALL)]
    assert (
        "A-4 2022年1月16日（UTC）の操作 Actions on 16 January 2022 (UTC) 番号1～2（全7件中2件） No. 1–2 (2 of 7)"
        in captions
    )


def test_undescribed_codes_are_printed_as_logged() -> None:
    """A code nobody has described stands in monospace, and both languages say that it is not described yet."""
    html = report_html(sample.sample_report())
    assert '<th scope="row" class="code">su.beta.inspect_v2</th>' in html
    assert "Nobody has described this code yet." in html
    assert "この操作コードの説明はまだ作成されていません。" in html


def test_the_accounting_is_printed() -> None:
    """Every figure of the accounting stands in Annex B, which is printed once, with its words in both languages."""
    annex = words(report_html(sample.sample_report()).partition('id="annex-b"')[2])
    for figure in ("98,000", "20,000", "6,400", "700", "300", "22", "8", "125,430", "14,640", "366", "402"):
        assert figure in annex
    assert "読み込んだログエントリーの総数（全お客様）Log entries read, all customers together" in annex


def test_customers_whose_clock_is_utc_get_no_second_time() -> None:
    """For a customer in UTC no time is printed twice."""
    customer = sample.CUSTOMER.model_copy(update={"time_zone": "UTC"})
    html = report_html(sample.sample_report(customer=customer))
    assert "JST" not in html
    assert '<col class="local">' not in html


def test_every_header_cell_says_what_it_heads() -> None:
    """Every header cell has a scope, so that a screen reader can name row and column."""
    heads = [attrs for tag, attrs in elements(report_html(sample.sample_report())) if tag == "th"]
    assert heads
    assert all(attrs.get("scope") in {"row", "col"} for attrs in heads)


def test_headings_skip_no_level() -> None:
    """Headings go down one level at a time."""
    levels = [int(tag[1]) for tag, _ in elements(report_html(sample.sample_report())) if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
