"""The page on which a customer checks a report: in a real browser, offline, in both languages, naming no customer."""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from open_browser import open_browser
from sealed_batch import SENDER, Made, run, run_with_secret, told, tool
from shirase.domain.manifest import ReplacedReport
from shirase.sealing.manifest_file import parse_manifest
from shirase.text.check_page import check_page

ROOT = Path(__file__).parents[3]
REPLACED = {b"one": "", b"two": "f" * 64}
SAYS = {
    "counts": ("現在有効な報告書です", "it is the current one"),
    "withdrawn": ("取り下げ", "have withdrawn it"),
    "unknown": ("当社が発行したファイルではない", "We did not issue this file"),
    "malformed": ("64文字", "This is no SHA-256"),
}


@contextmanager
def opened(page: Path) -> Iterator[Page]:
    """A window without a network: a request to anywhere, or an error of a script, fails the test."""
    asked: list[str] = []
    with open_browser() as browser, closing(browser.new_context(offline=True)) as context:
        window = context.new_page()
        window.on("request", lambda request: asked.append(request.url))
        window.on("pageerror", lambda error: asked.append(str(error)))
        window.goto(page.as_uri())
        yield window
        assert [url for url in asked if not url.startswith("file:")] == []


def answers(page: Page) -> list[str]:
    return [output.inner_text() for output in page.locator("output").all()]


def check_file(page: Page, path: Path) -> list[str]:
    """Choose ``path`` in both sections."""
    for section in page.locator("section").all():
        section.locator("input[type=file]").set_input_files(path)
        section.locator("output", has_text="SHA-256").wait_for()
    return answers(page)


def assert_says(kind: str, said: list[str]) -> None:
    for words, answer in zip(SAYS[kind], said, strict=True):
        assert words in answer, said


def test_a_file_that_counts_and_one_that_was_changed(sealed: Path, tmp_path: Path) -> None:
    """Chosen from the disk; one byte more, and it is not ours."""
    path, changed = min((sealed / "sealed").glob("*.pdf")), tmp_path / "changed.pdf"
    changed.write_bytes(path.read_bytes() + b"\n")
    with opened(sealed / "sealed" / "check.html") as page:
        assert_says("counts", check_file(page, path))
        page.reload()
        assert_says("unknown", check_file(page, changed))


def test_a_digest_that_is_typed(sealed: Path) -> None:
    """Capitals and blanks around it do no harm; half of one is no digest."""
    digest = hashlib.sha256(min((sealed / "sealed").glob("*.pdf")).read_bytes()).hexdigest()
    with opened(sealed / "sealed" / "check.html") as page:
        for typed, kind in ((f" {digest.upper()} ", "counts"), (digest[:40], "malformed"), ("0" * 64, "unknown")):
            for section in page.locator("section").all():
                section.locator("input[type=text]").fill(typed)
            assert_says(kind, answers(page))


def test_a_withdrawn_report(sealed: Path, made: Made, tmp_path: Path) -> None:
    """Known, and said to count no more."""
    path = min((sealed / "sealed").glob("*.pdf"))
    kept = tmp_path / "kept.pdf"
    shutil.copyfile(path, kept)
    assert run("withdraw", sealed, path.stem, "--as", "Riku", "--reason", "wrong customer").exit_code == 0
    told(run_with_secret("seal", sealed, "--key", made.key, "--as", SENDER, "--json"))
    with opened(sealed / "sealed" / "check.html") as page:
        assert_says("withdrawn", check_file(page, kept))


def test_a_report_that_was_replaced(sealed: Path, tmp_path: Path) -> None:
    """The digest of what counts now is told; while nothing does, the customer is asked to ask."""
    values = parse_manifest((sealed / "sealed" / "manifest.json").read_bytes(), "manifest")
    new = values.reports[0].sealed_digest
    gone = [ReplacedReport("R", 1, hashlib.sha256(word).hexdigest(), "superseded", by) for word, by in REPLACED.items()]
    (tmp_path / "check.html").write_bytes(check_page(replace(values, replaced=tuple(gone))))
    assert [each.replaced_by for each in gone] == ["", "f" * 64]
    with opened(tmp_path / "check.html") as page:
        for each, words in zip(gone, (("最新の報告書", "ask us for the current one"), ("f" * 64,) * 2), strict=True):
            for section in page.locator("section").all():
                section.locator("input[type=text]").fill(each.sealed_digest)
            assert [word in said for word, said in zip(words, answers(page), strict=True)] == [True, True]
            assert new not in "".join(answers(page))


def test_it_names_no_customer(sealed: Path) -> None:
    """Neither id, name, tenant nor code of anybody: digests only."""
    content = (sealed / "sealed" / "check.html").read_text(encoding="utf-8")
    for path in (sealed / "reports").glob("*.json"):
        data = json.loads(path.read_bytes())
        words = [data["document_code"], data["report_id"], data["customer"]["name_ja"], data["customer"]["name_en"]]
        assert [word for word in words if word and word in content] == []


def test_it_can_be_used_by_everybody(sealed: Path) -> None:
    """axe-core finds nothing to object to, and nothing runs out of a narrow window."""
    with opened(sealed / "sealed" / "check.html") as page:
        page.set_viewport_size({"width": 360, "height": 800})
        for details in page.locator("summary").all():
            details.click()
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_lines_on_it_work(sealed: Path, made: Made, tmp_path: Path) -> None:
    """What the page tells to type gives the answers that it promises."""
    content = html.unescape((sealed / "sealed" / "check.html").read_text(encoding="utf-8"))
    blocks = re.findall(r"<pre>(.+?)</pre>", content, re.DOTALL)
    assert len(blocks) == 6
    assert blocks[:3] == blocks[3:]
    digests, seal, listed = blocks[:3]
    received(sealed, made, tmp_path)
    digest = typed(digests.splitlines()[0], tmp_path).split()[0]
    says = typed(seal, tmp_path)
    assert "Signature is Valid" in says
    assert "Total document signed" in says
    assert "CMS Verification successful" in typed(listed, tmp_path)
    assert digest in (tmp_path / "checked.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", ["docs/how-to/check-a-report.md", "docs/ja/how-to/check-a-report.md"])
def test_the_lines_of_the_how_to_work(sealed: Path, made: Made, tmp_path: Path, page: str) -> None:
    """Both languages tell to type the same, and it gives the answers that they promise."""
    blocks = re.findall(r"```sh\n(.+?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)
    digest, seal, listed, verify = "".join(blocks).splitlines()
    received(sealed, made, tmp_path)
    assert re.match(r"[0-9a-f]{64}  report\.pdf", typed(digest, tmp_path))
    assert "Signature is Valid" in typed(seal, tmp_path)
    assert "CMS Verification successful" in typed(listed, tmp_path)
    assert "Nothing failed." in typed(verify.replace("shirase", f"{sys.executable} -m shirase", 1), tmp_path)


def received(sealed: Path, made: Made, folder: Path) -> None:
    """What a customer has: the report by mail, the rest from the sender's web site."""
    tool("pdfsig")
    tool("openssl")
    shutil.copyfile(min((sealed / "sealed").glob("*.pdf")), folder / "report.pdf")
    shutil.copyfile(made.authority, folder / "authority.pem")
    for name in ("manifest.json", "manifest.json.p7s"):
        shutil.copyfile(sealed / "sealed" / name, folder / name)


def typed(line: str, folder: Path) -> str:
    """What a line typed into a shell in ``folder`` prints."""
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=folder, capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "LC_ALL": "C"},
    )  # fmt: skip
    return done.stdout + done.stderr
