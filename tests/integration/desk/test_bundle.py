"""Review without access: what goes out, what the page signs, and which answers count."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from desk_batch import FIRST, INCIDENT, SECOND
from desk_book import NOW, REVIEWERS, MemoryBook
from shirase.domain.errors import GateError, NotApprovedError, Problem, ShiraseError, TamperedError, UsageError
from shirase.domain.review import Operator
from shirase.domain.standing import Named
from shirase.pipeline.answers import Issued
from shirase.pipeline.bundle import Tools, import_answer, issue_bundle, sign, write_bundle
from shirase.pipeline.circulate import draft_fonts, marked
from shirase.pipeline.progress import Silent
from shirase.wiring import random_bytes

LEGAL = REVIEWERS["田中 恵子"]


@pytest.fixture
def exported(drafted: Path, tmp_path: Path) -> tuple[MemoryBook, Issued, Path]:
    """A ledger, what went out, and the folder into which its reviewer has unpacked it."""
    book = MemoryBook.submit(_copied(drafted, tmp_path))
    fonts = draft_fonts()
    issued = issue_bundle(book.standings(), LEGAL, "legal", random_bytes)
    tools = Tools(lambda pdf: marked(pdf, fonts), lambda pdf, _: marked(pdf, fonts), Silent())
    write_bundle(book.output, issued, tmp_path / "bundle.zip", tools)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path / "unpacked")
    return book, issued, tmp_path / "unpacked"


def _copied(drafted: Path, tmp_path: Path) -> Path:
    shutil.copytree(drafted / "out" / INCIDENT, tmp_path / INCIDENT)
    return tmp_path / INCIDENT


def answer(issued: Issued, code: str | None = None, **decisions: str) -> bytes:
    """What the page saves, made here."""
    digests = {report: pdf for report, pdf, _ in issued.reports}
    payload = json.dumps(
        {
            "bundle": issued.bundle,
            "decided_at": "2022-03-24T02:00:00Z",
            "decisions": [
                {"report_id": report, "pdf_digest": digests[report], "decision": decision, "comment": "確認しました。"}
                for report, decision in zip((FIRST, SECOND), decisions.values(), strict=False)
            ],
        }
    )
    return json.dumps({"payload": payload, "hmac": sign(payload, code or issued.code)}).encode()


def test_a_lawyer_decides_offline_in_a_browser(
    browser: Browser, exported: tuple[MemoryBook, Issued, Path], tmp_path: Path
) -> None:
    """Counsel unpacks the zip, decides on its page without any network, and the saved file counts as theirs."""
    book, issued, folder = exported
    assert len(list((folder / "reports").iterdir())) == 4
    context = browser.new_context(locale="ja-JP", offline=True, accept_downloads=True)
    page = context.new_page()
    page.goto((folder / "decide.ja.html").as_uri())
    page.get_by_label(f"結果 {FIRST}").select_option("approve")
    page.get_by_label(f"結果 {SECOND}").select_option("return")
    page.get_by_label(f"コメント {SECOND}").fill("第3項の時刻を確認してください。")
    page.get_by_label("コード").fill(issued.code.lower().replace("-", " "))
    with page.expect_download() as saved:
        page.get_by_role("button", name="署名して保存").click()
    expect(page.locator("#said")).to_contain_text("保存しました")
    saved.value.save_as(tmp_path / "answer.json")
    context.close()

    done = import_answer(book.output, book, (tmp_path / "answer.json").read_bytes(), NOW)
    assert (done.approved, done.returned) == ((FIRST,), (SECOND,))
    given = {standing.report_id: standing for standing in book.standings()}
    assert [(each.role, each.operator) for each in given[FIRST].given] == [("legal", LEGAL.name)]
    assert given[SECOND].state == "changes_requested"
    assert "offline from bundle" in next(entry.detail for entry in book.lines if entry.what == "approved")


def test_a_bundle_that_is_broken_off_leaves_nothing(drafted: Path, tmp_path: Path) -> None:
    """Neither half a zip nor a code that would count; and no report is left out of what is said about progress."""
    book = MemoryBook.submit(_copied(drafted, tmp_path))
    issued = issue_bundle(book.standings(), LEGAL, "legal", random_bytes)
    made: list[bytes] = []

    def full(pdf: bytes) -> bytes:
        made.append(pdf)
        if len(made) == 2:
            raise OSError(28, "No space left on device")
        return pdf

    with pytest.raises(OSError, match="No space left"):
        write_bundle(book.output, issued, tmp_path / "bundle.zip", Tools(full, lambda pdf, _: pdf, Silent()))
    assert list(tmp_path.glob("bundle*")) == []
    assert not (book.output.root / "bundles").exists()


def test_an_answer_counts_once(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """The same file sent twice changes nothing the second time."""
    book, issued, _ = exported
    import_answer(book.output, book, answer(issued, first="approve"), NOW)
    with pytest.raises(UsageError, match="taken over before"):
        import_answer(book.output, book, answer(issued, first="approve"), NOW)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda text: text.replace(b"return", b"approve"), TamperedError),
        (lambda text: text.replace(b'"hmac": "', b'"hmac": "0'), TamperedError),
        (lambda text: text[:-2], UsageError),
        (lambda text: re.sub(rb'\\"bundle\\": \\"[0-9a-f]+', rb'\\"bundle\\": \\"../../run', text), UsageError),
    ],
)
def test_a_changed_answer_is_refused(
    exported: tuple[MemoryBook, Issued, Path], change: object, error: type[ShiraseError]
) -> None:
    """Whatever is changed on the way, nothing is taken over."""
    book, issued, _ = exported
    content = change(answer(issued, first="return"))  # type: ignore[operator]
    with pytest.raises(error):
        import_answer(book.output, book, content, NOW)
    assert not book.given
    assert set(book.state.values()) == {"in_review"}


def test_only_the_code_of_the_bundle_signs(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """An answer under another code is refused, and the right one still counts afterwards."""
    book, issued, _ = exported
    with pytest.raises(TamperedError):
        import_answer(book.output, book, answer(issued, code="AAAA-BBBB", first="approve"), NOW)
    assert import_answer(book.output, book, answer(issued, first="approve"), NOW).approved == (FIRST,)


def test_other_bytes_than_those_of_the_bundle_are_refused(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """A decision on a digest that was not in the bundle is refused, even when it is signed."""
    book, issued, _ = exported
    payload = json.dumps(
        {
            "bundle": issued.bundle,
            "decided_at": "",
            "decisions": [{"report_id": FIRST, "pdf_digest": "0" * 64, "decision": "approve", "comment": ""}],
        }
    )
    content = json.dumps({"payload": payload, "hmac": sign(payload, issued.code)}).encode()
    with pytest.raises(GateError):
        import_answer(book.output, book, content, NOW)
    assert not book.given


def test_the_code_is_not_in_the_bundle(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """Whoever gets hold of the zip cannot sign."""
    _, issued, folder = exported
    for path in folder.rglob("*"):
        if path.is_file():
            assert issued.code.encode() not in path.read_bytes()
            assert issued.code.replace("-", "").encode() not in path.read_bytes()


class Broken(MemoryBook):
    """A ledger that nobody can return anything to, as long as it is broken."""

    broken = True

    def send_back(self, reviewer: Operator, named: Named, reason: str) -> None:
        if self.broken:
            raise NotApprovedError(Problem("it is superseded", named.report_id))
        super().send_back(reviewer, named, reason)


def test_an_answer_that_broke_off_is_taken_over_to_its_end(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """The second half was refused; sent again, the first half is left as it is, and nothing is said twice."""
    book, issued, _ = exported
    book.__class__ = Broken
    content = answer(issued, first="approve", second="return")
    with pytest.raises(NotApprovedError, match="superseded"):
        import_answer(book.output, book, content, NOW)
    assert [each.what for each in book.lines if each.what == "approved"] == ["approved"]
    book.__class__ = MemoryBook
    done = import_answer(book.output, book, content, NOW)
    assert (done.approved, done.returned, done.commented, done.before) == ((), (SECOND,), (FIRST,), (FIRST,))
    whats = [each.what for each in book.lines]
    assert (whats.count("approved"), whats.count("changes_requested"), whats.count("commented")) == (1, 1, 1)
    with pytest.raises(UsageError, match="taken over before"):
        import_answer(book.output, book, content, NOW)


def test_two_decisions_about_one_report_are_refused(exported: tuple[MemoryBook, Issued, Path]) -> None:
    """Nobody can know which one is meant."""
    book, issued, _ = exported
    digest = {report: pdf for report, pdf, _ in issued.reports}[FIRST]
    both = [
        {"report_id": FIRST, "pdf_digest": digest, "decision": word, "comment": ""} for word in ("approve", "return")
    ]
    payload = json.dumps({"bundle": issued.bundle, "decided_at": "", "decisions": both})
    with pytest.raises(GateError, match="twice"):
        import_answer(
            book.output, book, json.dumps({"payload": payload, "hmac": sign(payload, issued.code)}).encode(), NOW
        )
    assert not book.given
