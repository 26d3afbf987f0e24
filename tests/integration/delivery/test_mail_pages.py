"""The pages of mails and the sheets for people, as a browser shows and prints them."""

import io
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from notices import EN, JA, PICK_UP, notice
from open_browser import open_browser
from shirase.domain.bilingual import Language
from shirase.domain.notice import Notice, NoticeKind
from shirase.text.notices import call_sheet, courier_sheet, words_of

NOTICES = {
    "report": notice(),
    "report, English first": notice(languages=(EN, JA)),
    "everything loud": notice(NoticeKind.CANARY, is_test_seal=True, is_exercise=True),
    "replacement": notice(NoticeKind.REPLACEMENT),
    "notify": notice(NoticeKind.NOTIFY),
    "reminder of a notice": notice(NoticeKind.REMINDER, pick_up=PICK_UP),
}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def shown(browser: Browser, html: str, width: int, scheme: str, asked: list[str]) -> Page:
    """The page in a window of this width; everything that it asks the network for is noted, and refused."""
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*", lambda route: route.abort())
    page.set_content(html)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NOTICES)
def test_a_mail_is_readable_on_any_screen(browser: Browser, name: str, scheme: str) -> None:
    """From 320 to 1,200 points wide nothing is cut off; contrast, languages and structure please axe; nothing is fetched."""
    html, asked = words_of(NOTICES[name]).html, list[str]()
    for width in (320, 390, 768, 1200):
        page = shown(browser, html, width, scheme, asked)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if width == 390:
            result = Axe().run(page, options=RULES)
            assert result.violations_count == 0, result.generate_report()
        page.close()
    assert asked == []


def test_a_mail_is_readable_without_its_style(browser: Browser) -> None:
    """Where a mail program takes the style away, everything still stands there in order."""
    words = words_of(notice())
    begin, end = words.html.index("<style>"), words.html.index("</style>")
    page = shown(browser, words.html[:begin] + words.html[end + 8 :], 390, "light", [])
    said = "".join(page.inner_text("body").split())
    assert "株式会社髙橋製作所情報システム部部長髙橋一郎様" in said
    assert (
        said.index("添付の報告書")
        < said.index("お願いしたいこと")
        < said.index("English", 50)
        < said.index("Theattachedreport")
    )
    page.close()


@pytest.mark.parametrize("languages", [(JA, EN), (EN, JA)])
@pytest.mark.parametrize("kind", [NoticeKind.REPORT, NoticeKind.REMINDER])
@pytest.mark.parametrize("sheet", [call_sheet, courier_sheet])
def test_a_sheet_prints_on_one_side_for_each_language(
    browser: Browser, sheet: Callable[[Notice], str], kind: NoticeKind, languages: tuple[Language, Language]
) -> None:
    """On A4, the report's number on either side."""
    made, asked = notice(kind, languages=languages), list[str]()
    page = shown(browser, sheet(made), 800, "light", asked)
    printed = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    page.close()
    assert len(printed) == 2
    for number in range(2):
        assert [round(side) for side in printed[number].get_size()] == [595, 842]
        assert made.report_id in printed[number].get_textpage().get_text_bounded()
    assert asked == []
