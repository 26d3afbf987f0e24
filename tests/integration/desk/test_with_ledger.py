"""The desk over the real ledger: approvals mean bytes, comments spread, and many people at once lose nothing."""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from desk_batch import FIRST, SECOND
from desk_ledger import COMMS, LEGAL, RESPONDER, Reviewed, reviewing, run, submitted
from postgres import running_server, server_programs

REVIEWERS, COMMENTS = 20, 4


@pytest.fixture(scope="module")
def in_review(drafted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch in review, in a file."""
    return submitted(drafted, tmp_path_factory.mktemp("reviewed") / "all", people=REVIEWERS)


@pytest.fixture
def reviewed(in_review: Path, tmp_path: Path) -> Iterator[Reviewed]:
    """A desk over a copy of it."""
    shutil.copytree(in_review, tmp_path / "all")
    with reviewing(tmp_path / "all") as desk:
        yield desk


@contextmanager
def signed_in(desk: Reviewed, name: str) -> Iterator[httpx.Client]:
    """Somebody signed in, without a browser."""
    with httpx.Client(base_url=desk.address, headers={"origin": desk.address}, timeout=120) as client:
        assert client.post(httpx.URL(desk.link(name)).path).status_code == 303
        yield client


def csrf_of(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def approve(desk: Reviewed, name: str, role: str, report: str) -> int:
    """Open a report and approve it, as a browser would."""
    with signed_in(desk, name) as client:
        text = client.get(f"/reports/{report}").text
        digest = re.search(r'name="digest" value="([0-9a-f]{64})"', text)
        assert digest is not None
        fields = {"csrf": csrf_of(text), "digest": digest[1], "role": role}
        return client.post(f"/reports/{report}/approve", data=fields).status_code


def redraft(desk: Reviewed) -> None:
    """Other words, drafted and submitted again by the responder."""
    for language, words in (
        ("ja", "経緯を加えました。{{ your_actions }}件。\n"),
        ("en", "With more words: {{ your_actions }}.\n"),
    ):
        (desk.case / "narrative" / f"summary.{language}.md").write_text(words, encoding="utf-8")
    run("translate", "confirm", desk.case, "--by", "Saki Miyoshi")
    run("draft", desk.case, "--out", desk.folder.parent, "--jobs", 1, "--as", RESPONDER)
    run("submit", desk.folder, "--as", RESPONDER, *desk.url)


def test_both_roles_make_it_approved_and_another_draft_takes_that_away(reviewed: Reviewed) -> None:
    """A report is approved when both roles have said yes to its bytes; other bytes have no approval at all."""
    assert approve(reviewed, LEGAL, "legal", FIRST) == 303
    assert approve(reviewed, COMMS, "comms", FIRST) == 303
    states = {each.report_id: each.state for each in reviewed.review.standings()}
    assert states == {FIRST: "approved", SECOND: "in_review"}
    redraft(reviewed)
    assert all(each.revision.number == 2 and not each.given for each in reviewed.review.standings())
    assert {each.state for each in reviewed.review.standings()} == {"in_review"}
    with signed_in(reviewed, COMMS) as client:
        assert "1 place of the text changed" in client.get("/compare", headers={"accept-language": "en"}).text
        journal = client.get("/journal", headers={"accept-language": "en"}).text
    assert "The chain of the journal holds" in journal


def test_nobody_approves_in_a_role_of_others_or_their_own_work(reviewed: Reviewed) -> None:
    """The ledger refuses, and the page says why: another role, a second time, and the person who submitted it."""
    assert approve(reviewed, COMMS, "comms", FIRST) == 303
    with signed_in(reviewed, COMMS) as client:
        text = client.get(f"/reports/{FIRST}", headers={"accept-language": "en"}).text
        assert 'name="role"' not in text
        digest = next(each.revision.pdf_digest for each in reviewed.review.standings() if each.report_id == FIRST)
        data = {"csrf": csrf_of(text), "digest": digest, "role": "legal"}
        for language, says in (
            ("en", f"{COMMS} does not have the role: Legal"), ("ja", f"{COMMS}さんには「法務」の役割がありません。"),
        ):  # fmt: skip
            answer = client.post(f"/reports/{FIRST}/approve", data=data, headers={"accept-language": language})
            assert answer.status_code == 403
            assert f'<b lang="{language}">{says}</b>' in answer.text


def test_bytes_that_were_changed_on_disk_are_not_approved(reviewed: Reviewed) -> None:
    """Somebody who edits a PDF in reports/ after it was read stops its approval, and the page says what happened."""
    path = reviewed.folder / "reports" / f"{FIRST}.pdf"
    path.write_bytes(path.read_bytes() + b"\n")
    assert approve(reviewed, LEGAL, "legal", FIRST) == 500
    assert not next(each.given for each in reviewed.review.standings() if each.report_id == FIRST)


def test_a_comment_on_shared_text_shows_on_every_report_with_it(reviewed: Reviewed) -> None:
    """A comment on a paragraph that both reports have is open on both, and resolved on both."""
    with signed_in(reviewed, LEGAL) as client:
        text = client.get(f"/reports/{FIRST}").text
        key = re.search(r'id="s-7".*?\?say=([0-9a-f]{24})#k-', text, re.DOTALL)
        assert key is not None
        fields = {"csrf": csrf_of(text), "section": "7", "language": "ja", "key": key[1], "quote": "", "text": "要確認"}
        assert client.post(f"/reports/{FIRST}/comments", data=fields).status_code == 303
        assert {each.report_id: each.open_comments for each in reviewed.review.standings()} == {FIRST: 1, SECOND: 1}
        other = client.get(f"/reports/{SECOND}").text
        assert "要確認" in other
        resolve = re.search(rf"/reports/{SECOND}/comments/([^/]+)/resolve", other)
        assert resolve is not None
        assert client.post(resolve[0], data={"csrf": csrf_of(other)}).status_code == 303
    assert {each.open_comments for each in reviewed.review.standings()} == {0}


def everybody_at_once(desk: Reviewed) -> None:
    """Twenty reviewers read and comment through the desk while the reports are drafted and submitted anew."""

    def review(number: int) -> list[int]:
        statuses = []
        with signed_in(desk, f"Reviewer {number}") as client:
            for round_ in range(COMMENTS):
                report = (FIRST, SECOND)[(number + round_) % 2]
                page = client.get(f"/reports/{report}")
                statuses.append(page.status_code)
                key = re.search(r'id="s-8".*?\?say=([0-9a-f]{24})#k-', page.text, re.DOTALL)
                assert key is not None
                fields = {
                    "csrf": csrf_of(page.text), "section": "8", "language": "ja", "key": key[1],
                    "text": f"comment {number}-{round_}",
                }  # fmt: skip
                statuses.append(client.post(f"/reports/{report}/comments", data=fields).status_code)
                statuses.append(client.get("/").status_code)
        return statuses

    with ThreadPoolExecutor(REVIEWERS + 1) as pool:
        drafting = pool.submit(redraft, desk)
        found = list(pool.map(review, range(REVIEWERS)))
        drafting.result()
    assert {status for statuses in found for status in statuses} <= {200, 303}
    said = {remark.text for report in (FIRST, SECOND) for remark in desk.review.remarks(report, frozenset())}
    assert said == {f"comment {number}-{round_}" for number in range(REVIEWERS) for round_ in range(COMMENTS)}
    assert all(each.revision.number == 2 for each in desk.review.standings())
    assert desk.review.ledger.find_breaks() == []
    written = [entry for entry in desk.review.entries(None, 10_000) if entry.what == "commented"]
    assert len(written) == REVIEWERS * COMMENTS


def test_twenty_reviewers_and_a_draft_lose_nothing(reviewed: Reviewed) -> None:
    """Every comment is there, each once, the new revisions too, and the chain of the journal holds: in a file."""
    everybody_at_once(reviewed)


def test_twenty_reviewers_and_a_draft_lose_nothing_on_a_server(drafted: Path, tmp_path: Path) -> None:
    """The same on PostgreSQL."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL IS NOT TESTED: no server here; Debian's package is called postgresql")
    with running_server(programs) as url:
        root = submitted(drafted, tmp_path / "all", url, people=REVIEWERS)
        with reviewing(root, url) as desk:
            everybody_at_once(desk)


def test_the_journal_is_looked_through_when_somebody_asks(reviewed: Reviewed) -> None:
    """The page says when and how far; a row changed by hand since is found by looking again."""
    with signed_in(reviewed, LEGAL) as client:
        english = {"accept-language": "en"}
        before = client.get("/journal", headers=english).text
        assert "The chain of the journal holds" in before
        assert f"up to entry {reviewed.review.entries(None, 1)[0].number}." in before
        raw = sqlite3.connect(reviewed.folder / "ledger.db")
        raw.execute("UPDATE revisions SET state = 'approved'")
        raw.commit()
        raw.close()
        assert client.post("/journal/verify", data={"csrf": "wrong"}).status_code == 403
        assert "The chain of the journal holds" in client.get("/journal", headers=english).text
        assert client.post("/journal/verify", data={"csrf": csrf_of(before)}).status_code == 303
        assert "The chain of the journal is broken" in client.get("/journal", headers=english).text
