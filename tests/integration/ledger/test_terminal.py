"""The whole review in the terminal, on real drafts: what each command does, prints and exits with."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from case_builder import edited, write_case
from ledger_kit import NOW
from postgres import PASSWORD
from shirase.cli.app import app
from shirase.domain.bilingual import Language
from shirase.domain.exits import ExitCode
from shirase.domain.identifiers import report_id
from shirase.ledger.locks import file_lock
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.proposals import Proposed, propose
from shirase.pipeline.revision_store import DATA, PDF, read_revision

INCIDENT = "EX-2022-01"
FIRST, SECOND = sorted(report_id(INCIDENT, customer) for customer in ("C-1", "C-2"))
REVIEW = """
[review]
aware_at = 2022-03-22T10:00:00Z

[window]"""
CASE = edited("incident.toml", "\n[window]", REVIEW)


def run(*words: object, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


CONFIRM = ("--by", "Keiko")
"""Everybody has read both languages of every text."""


def told(*words: object) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two customers, drafted and inspected."""
    root = tmp_path_factory.mktemp("drafted")
    case = write_case(root / "case", **CASE)
    assert run("translate", "confirm", case, *CONFIRM).exit_code == 0
    done = run("draft", case, "--out", root / "out", "--jobs", 1)
    assert done.exit_code == 0, done.stderr
    return root


@pytest.fixture
def root(drafted: Path, tmp_path: Path) -> Path:
    """A copy of that, with the people of the ledger."""
    shutil.copytree(drafted, tmp_path, dirs_exist_ok=True)
    folder = tmp_path / "out" / INCIDENT
    assert run("operators", "add", folder, "Riku", "--role", "responder", "--as", "Riku").exit_code == 0
    for name, role in (("Keiko", "legal"), ("Dana", "comms"), ("Sora", "sender")):
        assert run("operators", "add", folder, name, "--role", role, "--as", "Riku").exit_code == 0
    return tmp_path


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "out" / INCIDENT


def test_from_draft_to_approved(folder: Path) -> None:
    """Two drafts are submitted, approved by two roles, and the journal says by whom; the bytes are kept."""
    assert told("submit", folder, "--as", "Riku")["submitted"] == [FIRST, SECOND]
    told("approve", folder, "--all", "--role", "legal", "--as", "Keiko")
    found = told("approve", folder, FIRST, "C-2", "--role", "comms", "--as", "Dana")
    assert {each["state"] for each in found} == {"approved"}
    sheet = told("status", folder)["review"]
    assert [each["state"] for each in sheet["reports"]] == ["approved", "approved"]
    assert (sheet["not_submitted"], sheet["solo"], sheet["step"]) == ([], False, None)
    journal = told("journal", folder, "--verify")
    assert journal["sound"] is True
    kinds = [(each["operator"], each["what"]) for each in reversed(journal["entries"])]
    assert kinds[4:] == [
        ("Riku", "step_begun"), ("Riku", "policy"), ("Riku", "deadlines"), ("Riku", "registered"),
        ("Riku", "registered"), ("Riku", "submitted"), ("Riku", "submitted"), ("Riku", "step_ended"),
        ("Keiko", "approved"), ("Keiko", "approved"), ("Dana", "approved"), ("Dana", "approved"),
    ]  # fmt: skip
    output = OutputFolder(folder)
    for each in found:
        assert read_revision(output, each["pdf_sha256"], PDF) == output.report_pdf(each["report_id"]).read_bytes()
        assert read_revision(output, each["data_sha256"], DATA) == output.report_data(each["report_id"]).read_bytes()


def test_nobody_acts_anonymously(folder: Path) -> None:
    """Without --as and $SHIRASE_OPERATOR exit code 6; with the variable it works; a stranger is refused."""
    refused = run("submit", folder, env={"SHIRASE_OPERATOR": ""})
    assert (refused.exit_code, "nobody is named" in refused.stderr) == (ExitCode.NOT_APPROVED, True)
    assert run("submit", folder, "--as", "Mallory").exit_code == ExitCode.NOT_APPROVED
    assert run("submit", folder, env={"SHIRASE_OPERATOR": "Riku"}).exit_code == 0


def test_without_a_ledger_commands_say_how_to_begin_one(drafted: Path) -> None:
    """Exit code 2, and nothing is made."""
    folder = drafted / "out" / INCIDENT
    refused = run("submit", folder, "--as", "Riku")
    assert (refused.exit_code, "operators add" in refused.stderr) == (ExitCode.USAGE, True)
    assert told("status", folder)["review"] is None
    assert not (folder / "ledger.db").exists()


@pytest.mark.parametrize("ending", ["pdf", "json"])
def test_changed_bytes_are_not_approved(folder: Path, ending: str) -> None:
    """A file changed after submission ends approve with 7; nothing is approved, the other report neither."""
    told("submit", folder, "--as", "Riku")
    path = folder / "reports" / f"{FIRST}.{ending}"
    path.write_bytes(path.read_bytes() + b"\n")
    refused = run("approve", folder, "--all", "--role", "legal", "--as", "Keiko")
    assert (refused.exit_code, FIRST in refused.stderr) == (ExitCode.TAMPERED, True)
    assert all(each["approvals"] == [] for each in told_status(folder))
    assert run("submit", folder, "--as", "Riku").exit_code == ExitCode.TAMPERED


def told_status(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("status", folder, "--json").stdout)["review"]["reports"]
    return found


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda folder: change(folder / "run.json", ["translations", "new"], 3), "3 texts of the case wait"),
        (lambda folder: change(folder / f".work/inspections/{FIRST}.json", ["findings"], [
            {"rule": "leak", "place": "page 1", "what": "w", "mend": "m", "blocker": True}]), "the inspection blocks it"),
        (lambda folder: (folder / f".work/inspections/{FIRST}.json").unlink(), "nobody inspected these bytes"),
        (lambda folder: change(folder / "run.json", ["case", "files"], {}), "draft again"),
        (lambda folder: change(folder / "run.json", ["reports", "failures"], [{"report_id": FIRST,
            "customer_id": "C-1"}]), "the last draft failed"),
        (lambda folder: change(folder / "run.json", ["wording", "blockers"], 1), "the wording lint has 1 blockers"),
    ],
)  # fmt: skip
def test_what_the_run_says_against_a_report_stops_its_approval(folder: Path, change: Any, says: str) -> None:
    """Unconfirmed translations, a blocker, no inspection, an outdated or failed report: exit code 6, with the reason."""
    told("submit", folder, "--as", "Riku")
    change(folder)
    refused = run("approve", folder, FIRST, "--role", "legal", "--as", "Keiko")
    assert (refused.exit_code, says in " ".join(refused.stderr.split())) == (ExitCode.NOT_APPROVED, True), (
        refused.stderr
    )


def change(path: Path, keys: list[str], value: object) -> None:
    content = json.loads(path.read_bytes())
    inner = content
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    path.write_text(json.dumps(content))


def test_a_new_draft_is_registered_in_the_name_of_who_drafted_it(root: Path, folder: Path) -> None:
    """Other bytes: a new revision without approvals; the author may not approve it, the old one can no more be."""
    told("submit", folder, "--as", "Riku")
    told("approve", folder, "--all", "--role", "legal", "--as", "Keiko")
    case = root / "case"
    text = (case / "narrative/measures.en.md").read_text()
    (case / "narrative/measures.en.md").write_text(text.replace(".", " indeed.", 1))
    assert run("translate", "confirm", case, *CONFIRM).exit_code == 0
    done = run("draft", case, "--out", root / "out", "--jobs", 1, "--as", "Riku")
    assert "2 new revisions, 0 unchanged" in done.stdout, done.stderr
    found = told_status(folder)
    assert [(each["state"], each["revision"], each["approvals"]) for each in found] == [("drafted", 2, [])] * 2
    again = run("draft", case, "--out", root / "out", "--jobs", 1, "--as", "Riku")
    assert "0 new revisions, 2 unchanged" in again.stdout
    assert run("draft", case, "--out", root / "out", "--as", "Keiko").exit_code == ExitCode.NOT_APPROVED


def test_only_one_step_runs(root: Path, folder: Path) -> None:
    """While somebody drafts, another draft, scope and inspect end with 5 and name them."""
    (folder / ".work/step.json").write_text(
        '{"operator": "Riku", "step": "draft", "since": "2022-03-24T00:00:00+00:00"}'
    )
    with file_lock(folder / ".work/step.lock") as got:
        assert got
        for words in (("draft", "--as", "Riku"), ("scope",), ("inspect",)):
            refused = run(words[0], root / "case", "--out", root / "out", *words[1:])
            assert refused.exit_code == ExitCode.GATE_REFUSED
            assert "Riku runs draft here since 2022-03-24" in " ".join(refused.stderr.split())
    assert run("scope", root / "case", "--out", root / "out").exit_code == 0


def test_return_hold_release_and_comment(folder: Path) -> None:
    """Each does what it says, needs a reason, and is in the journal."""
    told("submit", folder, "--as", "Riku")
    assert run("return", folder, FIRST, "--as", "Keiko").exit_code == ExitCode.USAGE
    [returned] = told("return", folder, FIRST, "--reason", "the date in 3", "--as", "Keiko")
    assert returned["state"] == "changes_requested"
    assert told("submit", folder, "--as", "Riku")["submitted"] == []
    assert told("submit", folder, FIRST, "--reason", "the date is right", "--as", "Riku")["submitted"] == [FIRST]
    [held] = told("hold", folder, "C-1", "--until", "2022-03-01", "--reason", "litigation", "--as", "Dana")
    [hold] = held["holds"]
    [listed] = told("deadlines", folder)["holds"]
    assert (listed["id"], listed["overdue"], listed["owner"]) == (hold, True, "Dana")
    assert run("release", folder, hold, "--reason", "over", "--as", "Sora").exit_code == ExitCode.NOT_APPROVED
    assert told("release", folder, hold, "--reason", "over", "--as", "Dana") == {"holds": [], "released": hold}
    [comment] = told("comment", folder, FIRST, "--section", "7", "--language", "ja", "--text", "語句", "--as", "Dana")
    assert (comment["section"], comment["text"], comment["resolved_by"]) == ("7", "語句", None)
    [settled] = told("comment", folder, "--resolve", comment["id"], "--as", "Keiko")
    assert settled["resolved_by"] == "Keiko"
    [again] = told("comment", folder, FIRST, "--reopen", comment["id"], "--as", "Keiko")
    assert again["resolved_by"] is None
    assert told("journal", folder, "--verify")["sound"] is True


def test_breaking_the_glass_in_the_terminal(folder: Path) -> None:
    """One asks with a reason, another stands by; it is marked wherever the approval is shown."""
    told("submit", folder, "--as", "Riku")
    assert run("approve", folder, FIRST, "--role", "legal", "--break-glass", "--as", "Dana").exit_code == ExitCode.USAGE
    asked = told("approve", folder, FIRST, "--role", "legal", "--break-glass", "--reason", "asleep", "--as", "Dana")
    [after] = told("approve", folder, "--second", asked[FIRST], "--as", "Sora")
    [given] = after["approvals"]
    assert (given["kind"], given["operator"], given["second"], given["reason"]) == (
        "break_glass", "Dana", "Sora", "asleep",
    )  # fmt: skip
    assert after["glass_broken"] == 1
    shown = run("approve", folder, SECOND, "--role", "comms", "--as", "Dana").stdout
    assert "comms: Dana" in shown


def test_deadlines_of_the_case_are_listed_the_nearest_first(folder: Path) -> None:
    """From awareness on 22 March 10:00 UTC: APPI until the midnight in Tokyo after the third day, GDPR 72 hours."""
    told("submit", folder, "--as", "Riku")
    found = [each for each in told("deadlines", folder)["deadlines"] if each["customer_id"] == "C-1"]
    assert [(each["rule"], each["at"]) for each in found] == [
        ("appi-preliminary", "2022-03-24T15:00:00+00:00"),
        ("appi-proviso", "2022-03-24T15:00:00+00:00"),
        ("gdpr-33-1", "2022-03-25T10:00:00+00:00"),
        ("gdpr-33-2", "2022-03-25T10:00:00+00:00"),
        ("appi-final", "2022-04-20T15:00:00+00:00"),
    ]
    assert {each["alarm"] for each in found} == {"missed"}
    assert "10 missed" in run("deadlines", folder).stdout


def test_verify_names_what_was_changed_and_ends_with_7(folder: Path) -> None:
    """One operator renamed behind the ledger's back."""
    program = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute(\"UPDATE operators SET name='Eve' WHERE name='Dana'\"); c.commit(); c.close()"
    subprocess.run([sys.executable, "-c", program, str(folder / "ledger.db")], check=True)
    assert run("journal", folder).exit_code == 0
    refused = run("journal", folder, "--verify")
    assert refused.exit_code == ExitCode.TAMPERED
    assert "table operators, Eve" in refused.stderr
    assert "table operators, Dana" in refused.stderr


def test_a_head_noted_elsewhere_is_held_against_the_journal(folder: Path) -> None:
    """The head that was printed agrees; another one, or a journal begun anew, does not."""
    head = told("journal", folder)["head"]
    told("submit", folder, "--as", "Riku")
    assert told("journal", folder, "--head", head)["sound"] is True
    assert (
        run("journal", folder, "--head", head[:-1] + ("0" if head[-1] != "0" else "1")).exit_code == ExitCode.TAMPERED
    )
    assert run("journal", folder, "--head", "nonsense").exit_code == ExitCode.USAGE


def test_a_team_keeps_its_ledger_on_a_server_and_no_password_is_printed(folder: Path, postgresql: str) -> None:
    """The same commands with $SHIRASE_LEDGER; nothing printed holds the password, also when it is wrong."""
    env = {"SHIRASE_LEDGER": postgresql}
    said = [run("operators", "add", folder, "Riku", "--role", "responder", "--as", "Riku", env=env)]
    said.append(run("submit", folder, "--as", "Riku", env=env))
    said.append(run("journal", folder, "--verify", env={**env, "COLUMNS": "200"}))
    said.append(run("status", folder, "--ledger", postgresql.replace(PASSWORD, PASSWORD + "x")))
    assert [each.exit_code for each in said[1:3]] == [0, ExitCode.TAMPERED], "the heads are those of ledger.db"
    assert said[3].exit_code == ExitCode.INPUT_UNUSABLE
    for each in said:
        assert PASSWORD not in each.stdout + each.stderr


def test_help_teaches_every_command() -> None:
    """Each new word has a sentence in the list."""
    listed = CliRunner().invoke(app, ["--help"], env={**os.environ, "COLUMNS": "120"}).stdout
    for word in ("operators", "submit", "approve", "return", "revoke", "withdraw", "hold", "release", "comment",
                 "deadlines", "journal"):  # fmt: skip
        assert f" {word} " in listed


def test_a_comment_on_words_counts_for_every_report_that_has_them(folder: Path) -> None:
    """Words that both reports have, whatever figures stand between them; words of one, a row and a wrong quote."""
    told("submit", folder, "--as", "Riku")
    data = json.loads((folder / "reports" / f"{FIRST}.json").read_bytes())
    uid = data["actions"][0]["uid"]

    def open_of(report: str) -> int:
        [found] = [each for each in told("status", folder)["review"]["reports"] if each["report_id"] == report]
        count: int = found["open_comments"]
        return count

    said = ("--as", "Dana", "--text", "reads badly")
    words = ("--section", "4", "--language", "en", "--quote", "Annex A lists every one of them")
    [both] = told("comment", folder, FIRST, *words, *said)
    assert both["section"] == "4"
    assert (open_of(FIRST), open_of(SECOND)) == (1, 1)
    assert [each["id"] for each in told("comment", folder, SECOND)] == [both["id"]]
    told("comment", folder, "--resolve", both["id"], "--as", "Keiko")
    assert (open_of(FIRST), open_of(SECOND)) == (0, 0)
    told("comment", folder, FIRST, "--row", uid, *said)
    told("comment", folder, FIRST, *said)
    assert (open_of(FIRST), open_of(SECOND)) == (2, 0)
    for wrong in (("--quote", "no such words"), ("--section", "99"), ("--row", "nobody")):
        refused = run("comment", folder, FIRST, *wrong, *said)
        assert refused.exit_code == ExitCode.USAGE
        assert wrong[0] in refused.stderr
    assert (open_of(FIRST), open_of(SECOND)) == (2, 0)


def test_a_draft_has_an_author_once_there_is_a_ledger(root: Path, folder: Path) -> None:
    """Nobody could approve their own change if nobody knew whose it is: exit code 6, and nothing is drafted."""
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "reports").iterdir()}
    refused = run("draft", root / "case", "--out", root / "out", "--jobs", 1, env={"SHIRASE_OPERATOR": ""})
    assert (refused.exit_code, "nobody is named" in refused.stderr) == (ExitCode.NOT_APPROVED, True)
    assert {path.name: path.stat().st_mtime_ns for path in (folder / "reports").iterdir()} == before


def test_nobody_approves_words_that_they_proposed(root: Path, folder: Path) -> None:
    """Whose accepted text stands in a revision is its author, until somebody writes another text."""
    told("submit", folder, "--as", "Riku")
    case = root / "case"
    path = case / "narrative/measures.en.md"
    text = path.read_text().replace(".", " indeed.", 1)
    propose(OutputFolder(folder), case, Proposed("measures", Language.EN, text, "Keiko", "clearer"), NOW)
    assert told("proposals", "accept", folder, case, "0001")["by"] == "Keiko"
    assert run("translate", "confirm", case, *CONFIRM).exit_code == 0
    drafting = ("draft", case, "--out", root / "out", "--jobs", 1, "--as", "Riku")
    assert run(*drafting).exit_code == 0
    told("submit", folder, "--as", "Riku")
    refused = run("approve", folder, "--all", "--role", "legal", "--as", "Keiko")
    assert (refused.exit_code, "Keiko is an author" in refused.stderr) == (ExitCode.NOT_APPROVED, True)
    told("approve", folder, "--all", "--role", "comms", "--as", "Dana")
    assert told("journal", folder, "--verify")["sound"] is True
    path.write_text(text.replace("indeed", "certainly"))
    assert run("translate", "confirm", case, *CONFIRM).exit_code == 0
    assert run(*drafting).exit_code == 0
    told("submit", folder, "--as", "Riku")
    told("approve", folder, "--all", "--role", "legal", "--as", "Keiko")
