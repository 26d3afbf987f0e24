"""The main stories of both reviewers, in a real browser: legal in Tokyo in Japanese, communications in English."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from desk_batch import FIRST, HOSTILE, draft
from desk_server import Running


def signed_in(browser: Browser, desk: Running, name: str, locale: str) -> Page:
    context = browser.new_context(locale=locale, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(desk.link(name))
    page.locator("button.main-action").click()
    page.wait_for_url(f"{desk.address}/")
    return page


def test_legal_in_tokyo_reads_comments_and_approves(browser: Browser, desk: Running) -> None:
    """Somebody who reads Japanese signs in, reads every shape, comments, resolves and approves the named set."""
    page = signed_in(browser, desk, "田中 恵子", "ja-JP")
    assert page.locator("html").get_attribute("lang") == "ja"
    expect(page.locator("h1")).to_have_text("一覧")
    page.get_by_role("link", name="類型", exact=True).click()
    for each in page.locator("td a[href^='/reports/']").all():
        desk_page = page.context.new_page()
        desk_page.goto(desk.address + str(each.get_attribute("href")))
        desk_page.close()
    page.goto(f"{desk.address}/reports/{FIRST}")
    page.locator("#s-3 ~ .pair a.say").first.click()
    page.get_by_label("コメント", exact=True).fill("この文の根拠をご確認ください。")
    page.get_by_role("button", name="コメント").click()
    expect(page.locator(".remark .said")).to_have_text("この文の根拠をご確認ください。")
    page.goto(f"{desk.address}/shapes/approve?shape=S01&shape=S02")
    assert FIRST in page.locator("ul.columns").inner_text(), "an open comment keeps a report out of a set"
    page.goto(f"{desk.address}/reports/{FIRST}")
    page.get_by_role("button", name="解決済みにする").click()
    page.goto(f"{desk.address}/shapes/approve?shape=S01&shape=S02")
    page.get_by_role("button", name="法務として承認する").click()
    page.wait_for_url(f"{desk.address}/shapes")
    for standing in desk.book.standings():
        assert [given.role for given in standing.given] == ["legal"]
    page.goto(f"{desk.address}/journal")
    assert "2 reports opened" in page.locator("table").inner_text()


def test_comms_in_san_francisco_returns_compares_and_holds(browser: Browser, desk: Running) -> None:
    """Somebody who reads English returns a report, sees after the next draft what changed, and puts one on hold."""
    page = signed_in(browser, desk, "Dana Reyes", "en-US")
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_role("link", name="Kou K.K.").click()
    page.get_by_text("Return for changes").click()
    page.get_by_label("What has to change").fill("Say who found it.")
    page.get_by_role("button", name="Return", exact=True).click()
    expect(page.locator(".report-head .mark").first).to_have_text("Changes requested")

    for language, words in (
        ("ja", "検知の経緯を加えました。{{ your_actions }}件。\n"),
        ("en", "Who found it: {{ your_actions }}.\n"),
    ):
        (desk.case / "narrative" / f"summary.{language}.md").write_text(words, encoding="utf-8")
    draft(desk.case, desk.book.output.root.parent)
    desk.book.register()

    page.get_by_role("link", name="Changes").click()
    lead = page.locator("p.lead").inner_text()
    assert "1 place of the text changed in 2 reports" in lead
    assert "no data row changed" in lead
    page.goto(f"{desk.address}/reports/{FIRST}/compare")
    expect(page.locator("ins").first).to_be_visible()
    assert any("Who found it" in words for words in page.locator("ins").all_inner_texts())
    overlaid = page.locator("figure.paper img")
    assert overlaid.evaluate("image => image.naturalWidth") > 500

    page.get_by_text("Put on hold", exact=True).first.click()
    page.get_by_label("Reason").fill("Law enforcement asked us to wait.")
    page.get_by_label("Look at it again on").fill("2022-03-01")
    page.get_by_role("button", name="Put on hold").click()
    expect(page.locator(".panel.warn h2")).to_have_text("Hold overdue")
    page.goto(f"{desk.address}/?held=1")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    page.goto(f"{desk.address}/reports/{FIRST}")
    page.get_by_text("Release this hold").click()
    page.locator(".warn input[name=reason]").fill("They agreed.")
    page.get_by_role("button", name="Release").click()
    expect(page.locator(".panel.warn")).to_have_count(0)


def test_a_set_needs_its_shapes_and_outliers_opened(browser: Browser, desk: Running) -> None:
    """Nobody approves a set of which the shapes and outliers were not opened: there is no button, and no way around."""
    page = signed_in(browser, desk, "Dana Reyes", "en-US")
    page.goto(f"{desk.address}/shapes/approve?shape=S01&shape=S02")
    expect(page.locator("button.main-action")).to_have_count(0)
    expect(page.get_by_text("Open these first")).to_be_visible()
    csrf = page.locator("input[name=csrf]").first.input_value()
    digest = page.locator(".note .code").last.inner_text()
    answer = page.request.post(
        f"{desk.address}/shapes/approve",
        form={"csrf": csrf, "shape": "S01", "set": digest, "role": "comms"},
        headers={"origin": desk.address},
    )
    assert answer.status == 409
    assert all(not standing.given for standing in desk.book.standings())


def test_words_are_proposed_into_the_case_never_into_a_report(browser: Browser, desk: Running) -> None:
    """A reviewer's words become a patch that waits; neither the case nor any report changes by it."""
    before = {path: path.read_bytes() for path in (*desk.case.rglob("*.md"), *desk.book.output.reports.iterdir())}
    page = signed_in(browser, desk, "Dana Reyes", "en-US")
    page.goto(f"{desk.address}/wording/summary")
    form = page.locator("form", has=page.locator("input[value=en]"))
    written = (desk.case / "narrative/summary.en.md").read_text(encoding="utf-8")
    assert form.get_by_label("Text").input_value() == written, "what is edited is the file, line for line"
    form.get_by_label("Text").fill("Better words: {{ your_actions }}.\n\nA second paragraph.")
    form.get_by_label("Why").fill("clearer")
    form.get_by_role("button", name="Propose").click()
    expect(page.locator("pre.diff")).to_contain_text("+Better words: {{ your_actions }}.\n+\n+A second paragraph.")
    assert {path: path.read_bytes() for path in before} == before
    assert [path.name for path in (desk.book.output.root / "proposals").iterdir()] == ["0001-summary.en.patch"]


def test_the_text_of_a_page_can_be_selected(browser: Browser, desk: Running) -> None:
    """The picture of a page carries its words where they stand, so that they can be selected and copied."""
    page = signed_in(browser, desk, "田中 恵子", "ja-JP")
    page.goto(f"{desk.address}/reports/{FIRST}/pages/1")
    words = page.locator(".letters text")
    assert any("株式会社甲" in text for text in words.all_text_contents())
    word = page.locator(".letters text", has_text=FIRST).first
    word.evaluate("node => getSelection().selectAllChildren(node)")
    assert page.evaluate("getSelection().toString()").strip()
    box, figure = word.bounding_box(), page.locator("figure svg").bounding_box()
    assert box is not None
    assert figure is not None
    assert figure["x"] <= box["x"] <= figure["x"] + figure["width"]


def test_hostile_text_of_a_log_stays_text(browser: Browser, desk: Running) -> None:
    """Markup and templates in a logged value, or in a comment, are shown as they are and never run."""
    page = signed_in(browser, desk, "Dana Reyes", "en-US")
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.goto(f"{desk.address}/reports/{FIRST}/rows")
    assert HOSTILE in page.locator("table.rows").inner_text()
    page.locator("a.say").first.click()
    page.get_by_label("Your comment").fill(HOSTILE)
    page.get_by_role("button", name="Comment").click()
    expect(page.locator(".remark .said")).to_have_text(HOSTILE)
    assert not alarms
    assert page.title() != "owned"
    assert page.locator("table.rows img, table.rows script").count() == 0


@pytest.mark.parametrize(("name", "locale"), [("田中 恵子", "ja-JP"), ("Dana Reyes", "en-US")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_used_by_everybody(
    browser: Browser, desk: Running, name: str, locale: str, scheme: str
) -> None:
    """axe-core finds no violation on any page, in either language, light or dark; and nothing is wider than a window."""
    page = signed_in(browser, desk, name, locale)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    report = f"/reports/{FIRST}"
    page.goto(f"{desk.address}{report}")
    page.locator("a.say").nth(8).click()
    addresses = [
        "/", "/shapes", "/shapes/approve?shape=S01", report, f"{report}/pages/1", f"{report}/rows", f"{report}/checks",
        f"{report}/compare", "/compare", "/journal", "/wording/summary", "/nowhere", page.url.removeprefix(desk.address),
    ]  # fmt: skip
    found: list[str] = []
    for address in addresses:
        page.goto(desk.address + address)
        # The policy of the pages forbids scripts; axe is injected by the browser's own tools.
        axe = Axe().run(page)
        found += [f"{address}: {axe.generate_report()}"] if axe.violations_count else []
        page.set_viewport_size({"width": 640, "height": 900})
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{address}: {width} px wide at 200 %"] if width > 640 else []
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not found, "\n".join(found)


def test_the_keyboard_alone_is_enough(browser: Browser, desk: Running) -> None:
    """The first stop of the tabulator skips to the content, what has the focus is seen, and a report can be opened."""
    page = signed_in(browser, desk, "Dana Reyes", "en-US")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(60):
        page.keyboard.press("Tab")
        if re.match(r"/reports/", str(page.evaluate("document.activeElement.getAttribute('href') || ''"))):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.address}/reports/*")
