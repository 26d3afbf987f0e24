"""What mails about reports, and the sheets for those who call or bring them, say."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from babel.messages.pofile import read_po

from notices import EARLIER, EN, JA, PICK_UP, REPORT_ID, TO, notice
from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import GateError
from shirase.domain.notice import Addressed, AddressedPair, Notice, NoticeKind, Protection
from shirase.text.catalogues import NOTICE, catalogue_path, texts_of
from shirase.text.notices import call_sheet, courier_sheet, words_of
from shirase.text.wording import lint_pair, lint_wording

EVERY = [(kind, languages) for kind in NoticeKind for languages in ((JA, EN), (EN, JA))]
SHEETS: list[Callable[[Notice], str]] = [call_sheet, courier_sheet]


class Page(HTMLParser):
    """Tags, attributes and text of a page, each text with the language it stands in."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in {"meta", "br"}:
            self._open.append((tag, dict(attrs).get("lang") or (self._open[-1][1] if self._open else "")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] not in {"style", "title"} and data.strip():
            self.texts.append((self._open[-1][1], data.strip()))


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(("kind", "languages"), EVERY)
def test_page_and_plain_text_say_the_same(kind: NoticeKind, languages: tuple[Language, Language]) -> None:
    """Every text of the page stands in the plain text, in the same order."""
    words = words_of(notice(kind, languages=languages, is_test_seal=True, is_exercise=True))
    plain, at = letters(words.text), 0
    for _, text in Page(words.html).texts:
        at = plain.index(letters(text), at)
    assert at > len(plain) * 0.9


@pytest.mark.parametrize(("kind", "languages"), EVERY)
def test_the_page_fetches_nothing_and_links_nowhere(kind: NoticeKind, languages: tuple[Language, Language]) -> None:
    """No link, picture, form, script, style from elsewhere; nothing that tells the sender that it was read."""
    words = words_of(notice(kind, languages=languages))
    page = Page(words.html)
    assert not {"a", "img", "form", "script", "link", "iframe", "object", "base", "video", "svg"} & set(page.tags)
    assert not {"href", "src", "action", "background", "style", "id"} & {name for name, _ in page.attributes}
    assert not re.search(r"://|url\(|@import|www\.", words.html + words.text + words.subject)


@pytest.mark.parametrize(("kind", "languages"), EVERY)
def test_both_languages_stand_in_their_order(kind: NoticeKind, languages: tuple[Language, Language]) -> None:
    """First all of one language, then all of the other; each is marked as such, and announced at the top."""
    page = Page(words_of(notice(kind, languages=languages)).html)
    order = [tag for tag, _ in page.texts]
    assert order[0] == languages[1]  # says that the other language follows
    changes = [after for before, after in pairwise(order[1:]) if before != after]
    assert (order[1], changes) == (languages[0], [languages[1]])
    for tag, text in page.texts:
        assert tag == JA or not re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", text), text


@pytest.mark.parametrize("languages", [(JA, EN), (EN, JA)])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_subject_says_what_it_is(kind: NoticeKind, languages: tuple[Language, Language]) -> None:
    """The report's number, its title and edition in both languages, the customer's first one first."""
    subject = words_of(notice(kind, languages=languages)).subject
    assert subject.count(f"[{REPORT_ID}]") == 1
    first, second = subject.split(f" [{REPORT_ID}] / ")
    said = dict(zip(languages, (first, second), strict=True))
    assert said[JA].endswith("サポート業務を通じた不正アクセスに関するご報告（第一報・第1版）")
    assert said[EN].endswith("Report on unauthorised access through support operations (Initial report, version 1)")
    marks = {
        NoticeKind.REPORT: ("【重要】", "Important: "),
        NoticeKind.REPLACEMENT: ("【重要・差し替え】", "Important, replaces the earlier file: "),
        NoticeKind.NOTIFY: ("【重要】", "Important: "),
        NoticeKind.REMINDER: ("【受領確認のお願い】", "Please confirm receipt: "),
        NoticeKind.CANARY: ("【試験送信】", "Test mail: "),
    }[kind]
    assert said[JA].startswith(marks[0])
    assert said[EN].startswith(marks[1])


def test_a_long_title_is_cut_in_the_subject_only() -> None:
    """The text has it whole."""
    words = words_of(notice(incident_title=Paired(ja="長い表題" * 50, en="A long title " * 20)))
    assert len(words.subject) < 255 + 60
    assert "長い表題" * 50 in words.text
    assert "…" in words.subject


FACTS = (
    REPORT_ID,
    f"{REPORT_ID}.pdf",
    "+81-3-0000-0120",
    "incident-desk@kagimori.example",
    "security-desk@kagimori.example",
)


@pytest.mark.parametrize(("kind", "languages"), EVERY)
def test_each_language_has_every_fact(kind: NoticeKind, languages: tuple[Language, Language]) -> None:
    """Report, file, pages, digest, and whom to ask: in each half of the mail."""
    made = notice(kind, languages=languages)
    text = words_of(made).text
    half = text.index("= English =") if languages[0] is JA else text.index("= 日本語 =")
    for part in (text[:half], text[half:]):
        assert [fact for fact in (*FACTS, made.sealed_digest) if fact not in part] == []
    assert "23ページ" in text
    assert "23 pages" in text
    assert "株式会社髙橋製作所" in text
    assert "Takahashi Works Co., Ltd." in text


def test_a_replacement_names_the_file_that_it_replaces() -> None:
    """By day, version and the beginning of its digest, in both languages."""
    text = words_of(notice(NoticeKind.REPLACEMENT)).text
    digest = EARLIER.sealed_digest[:12]
    assert f"2022年3月28日にお送りしたファイル（第1版、SHA-256の先頭 {digest}）に代わる" in text
    assert f"on 28 March 2022 (version 1, SHA-256 beginning with {digest})" in text


def test_a_notice_says_where_the_report_is() -> None:
    """In the words of delivery.toml, and that none is attached."""
    text = words_of(notice(NoticeKind.NOTIFY)).text
    assert PICK_UP.ja in text
    assert PICK_UP.en in text
    assert "添付しておりません" in text
    assert "is not attached to this mail" in text
    assert "ログイン" not in text  # the customer may have to, at its portal


def test_a_reminder_names_the_day_of_the_first_mail() -> None:
    """And asks for nothing but a word."""
    text = words_of(notice(NoticeKind.REMINDER)).text
    assert "2022年3月28日に" in text
    assert "On 28 March 2022" in text


def test_a_reminder_of_a_notice_says_again_where_the_report_is() -> None:
    """It does not claim that a report was sent; it repeats the way to get it."""
    text = words_of(notice(NoticeKind.REMINDER, pick_up=PICK_UP)).text
    assert "we wrote to you that our report" in text
    assert "we sent you our report" not in text
    assert "をメールにてお送りいたしました" not in text
    assert PICK_UP.ja in text
    assert PICK_UP.en in text


def test_a_notice_may_replace_a_file() -> None:
    """A newer report that is picked up names the file that it replaces, too."""
    text = words_of(notice(NoticeKind.NOTIFY, earlier=EARLIER)).text
    assert f"SHA-256 beginning with {EARLIER.sealed_digest[:12]}" in text
    assert f"SHA-256の先頭 {EARLIER.sealed_digest[:12]}" in text
    assert "replaces" not in words_of(notice(NoticeKind.NOTIFY)).text


@pytest.mark.parametrize(
    ("change", "japanese", "english"),
    [
        ({"is_test_seal": True}, "試験用の電子シールです", "Test seal"),
        ({"is_exercise": True}, "訓練です", "Exercise"),
    ],
)
def test_what_is_not_real_is_said_loudly(change: dict[str, Any], japanese: str, english: str) -> None:
    """In the subject, at the top of either text in a frame, and nowhere that the file proves anything."""
    made, usual = notice(**change), words_of(notice())
    words = words_of(made)
    assert words.subject.startswith("【")
    assert words.subject != usual.subject
    for loud in (f"!! {japanese}\n", f"!! {english}\n"):
        assert loud in words.text
        assert loud not in usual.text
    assert words.html.count('class="alarm"') == 2
    assert usual.html.count('class="alarm"') == 0


def test_a_test_seal_is_no_seal_of_the_sender() -> None:
    """The text does not say that it shows who made the file."""
    text = words_of(notice(is_test_seal=True)).text
    assert "カギモリ株式会社の電子シール" not in text
    assert "The electronic seal of Kagimori" not in text
    assert "【試験用電子シール】" in words_of(notice(is_test_seal=True)).subject
    assert "TEST SEAL: " in words_of(notice(is_test_seal=True)).subject


def test_a_signed_mail_says_so() -> None:
    """And an unsigned one does not."""
    assert "S/MIME" not in words_of(notice()).text
    for protection in (Protection.SIGNED, Protection.ENCRYPTED):
        text = words_of(notice(protection=protection)).text
        assert text.count("incident@kagimori.example") == 2
        assert text.count("S/MIME") == 2


@pytest.mark.parametrize(
    ("to", "lines"),
    [
        (Addressed("株式会社甲", "ja"), "株式会社甲　御中\n"),
        (Addressed("株式会社甲", "ja", "総務部"), "株式会社甲\n総務部　御中\n"),
        (Addressed("株式会社甲", "ja", "総務部", "部長", "乙 花子"), "株式会社甲\n総務部\n部長　乙 花子　様\n"),
        (Addressed("株式会社甲", "ja", "", "", "乙 花子"), "株式会社甲\n乙 花子　様\n"),
    ],
)
def test_a_japanese_letter_honours_whom_it_is_to(to: Addressed, lines: str) -> None:
    """A person is 様, an organisation or department 御中, never both; a title stands before the name."""
    text = words_of(notice(to=AddressedPair(to, TO.en))).text
    assert f"日本語 {'=' * 20}\n\n{lines}\n" in text


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "%(sender)s %s", "a&amp;b", "'\"><b>"])
def test_a_name_is_a_name(value: str) -> None:
    """Markup, templates and placeholders in names are printed, in text and page, and do nothing."""
    to = replace(TO.ja, organisation=value)
    words = words_of(notice(to=AddressedPair(to, replace(to, tag="en"))))
    assert f"\n{value}" in words.text
    page = Page(words.html)
    assert value in [text for _, text in page.texts]
    assert not {"script", "b"} & set(page.tags)


def test_hidden_characters_of_a_name_are_shown() -> None:
    """Nothing turns the reading direction of a mail round."""
    words = words_of(notice(to=AddressedPair(replace(TO.ja, organisation="甲\u202e乙\r\n丙"), TO.en)))
    assert "\u202e" not in words.text + words.html
    assert "甲⟦U+202E⟧乙" in words.text


@pytest.mark.parametrize("link", ["https://portal.example", "http://x", "www.portal.example"])
def test_no_link_comes_in_by_what_people_wrote(link: str) -> None:
    """A way to pick the report up that is a link stops the mail, in either language, and says where it stands."""
    with pytest.raises(GateError, match="link"):
        words_of(notice(NoticeKind.NOTIFY, pick_up=Paired(ja=PICK_UP.ja, en=f"See {link}")))
    with pytest.raises(GateError, match="link"):
        words_of(notice(incident_title=Paired(ja=f"{link} のご報告", en="Report")))


def test_a_notice_lacks_nothing_that_it_speaks_of() -> None:
    """A replacement without what it replaces, a pick-up without a place, a time without its zone cannot be made."""
    for kind, change in ((NoticeKind.REMINDER, {"earlier": None}), (NoticeKind.NOTIFY, {"pick_up": None})):
        with pytest.raises(ValueError, match=r"earlier|where"):
            notice(kind, **change)
    with pytest.raises(ValueError, match="offset"):
        notice(date=notice().date.replace(tzinfo=None))


# --- sheets for people ---


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("languages", [(JA, EN), (EN, JA)])
def test_a_sheet_has_both_languages_and_fetches_nothing(
    sheet: Callable[[Notice], str], languages: tuple[Language, Language]
) -> None:
    """In the customer's order, with the report's number and digest in each, and nothing from elsewhere."""
    made = notice(languages=languages, to_address="")
    html = sheet(made)
    page = Page(html)
    order = [tag for tag, _ in page.texts]
    assert [after for before, after in pairwise(order) if before != after] == [languages[1]]
    assert html.count(made.sealed_digest) == 2
    for language in Language:
        said = " ".join(text for tag, text in page.texts if tag == language)
        assert REPORT_ID in said
        assert made.sender_name.of(language) in said
        assert made.to.of(language).organisation in said
    assert not {"a", "img", "script", "link"} & set(page.tags)
    assert "url(" not in html


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_says_loudly_what_is_not_real(sheet: Callable[[Notice], str]) -> None:
    """A test seal or a drill is never called or carried to a customer as if it were real."""
    html = sheet(notice(is_test_seal=True, is_exercise=True))
    assert html.count('class="alarm"') == 4
    assert 'class="alarm"' not in sheet(notice())


def test_a_call_never_tells_what_the_report_says() -> None:
    """The script tells of its number, title, pages and digest; whoever answers may be anybody."""
    html = call_sheet(notice())
    assert "7fb0f080" in html
    assert notice().sealed_digest.endswith("0bbde04e")
    assert "0bbde04e" in html
    assert "判明した事項" not in html


def test_whoever_is_silent_is_asked_whether_the_mail_arrived() -> None:
    """The script names the day, both addresses and the number, and does not speak of a courier."""
    html = call_sheet(notice(NoticeKind.REMINDER))
    assert "28 March 2022" in html
    assert html.count("security@takahashi.example") == 2
    assert html.count("incident@kagimori.example") == 2
    assert "courier" not in html
    assert "宅配便" not in html
    assert "by courier" in call_sheet(notice())


# --- the catalogue ---


def test_every_sentence_keeps_to_the_wording_rules() -> None:
    """The sentences of mails are held to what the texts of the case are held to, in either language and in pairs."""
    with catalogue_path(JA, NOTICE).open("rb") as stream:
        catalogue = read_po(stream)
    findings = []
    for message in catalogue:
        if not message.id:
            continue
        english, japanese = message.id if isinstance(message.id, str) else message.id[1], texts_of(message)[0]
        pair = Paired(ja=_values(japanese), en=_values(english))
        findings += [*lint_wording(pair.ja, JA, "ja"), *lint_wording(pair.en, EN, "en"), *lint_pair(pair, "pair")]
    assert findings == []


def _values(text: str) -> str:
    return re.sub(r"%\((\w+)\)s", r"{{ \1 }}", text)


@pytest.mark.parametrize(
    "forbidden",
    ["弊社", "及び", "致します", "下さい", "~", "〜", "拝啓", "敬具", "平素", "お世話に", "させて頂", "Click"],
)
def test_japanese_is_written_as_the_reports_write_it(forbidden: str) -> None:
    """One word for the sender, auxiliaries in kana, no opening phrases."""
    text = catalogue_path(JA, NOTICE).read_text(encoding="utf-8")
    translations = [line for line in text.splitlines() if line.startswith(("msgstr", '"'))]
    assert [line for line in translations if forbidden in line] == []
