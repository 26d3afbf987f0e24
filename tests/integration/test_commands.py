"""Every command and every exit code, as a person or a script meets them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from typer.testing import CliRunner, Result

from case_builder import CUSTOMERS, EVIDENCE, edited, ndjson, record, write_case
from shirase.cli import case_commands
from shirase.cli.app import app
from shirase.domain.exits import ExitCode
from shirase.domain.identifiers import report_id

INCIDENT = "EX-2022-01"
FIRST = report_id(INCIDENT, "C-1")
OPEN_LINE = ndjson([record("r-9", tenants=["t-unknown"], objects=[])])


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def drafted(tmp_path: Path, **overrides: str | bytes | None) -> tuple[Path, Path, Result]:
    case, out = write_case(tmp_path / "case", **overrides), tmp_path / "out"
    return case, out, run("draft", case, "--out", out, "--jobs", 1)


def words_of(result: Result) -> str:
    """What the command printed on standard error, on one line."""
    return " ".join(result.stderr.split())


def reports_in(out: Path) -> list[str]:
    return sorted(path.name for path in (out / INCIDENT / "reports").iterdir())


def sheet_of(out: Path) -> dict[str, Any]:
    sheet: dict[str, Any] = json.loads((out / INCIDENT / "run.json").read_bytes())
    return sheet


def test_alone_it_lists_its_words() -> None:
    """`shirase` teaches: every command is listed with what it does."""
    listed = run("--help").stdout
    for word in ("init", "check", "schema", "scope", "draft", "preview", "status", "rehearse", "demo", "doctor"):
        assert f" {word} " in listed


@pytest.mark.parametrize(
    "words", [("draft",), ("draft", "x", "--jobs", "0"), ("nonsense",), ("schema", "nonsense.toml")]
)
def test_wrong_use_is_exit_2(words: tuple[str, ...]) -> None:
    """A missing argument, an impossible value, an unknown word."""
    assert run(*words).exit_code == ExitCode.USAGE


def test_init_check_scope_draft_status(tmp_path: Path) -> None:
    """A new user's way from an empty folder to reports, every step with exit code 0."""
    case, out = tmp_path / "case", tmp_path / "out"
    assert run("init", case).exit_code == ExitCode.DONE
    assert run("check", case).exit_code == ExitCode.DONE
    assert run("scope", case, "--out", out).exit_code == ExitCode.DONE
    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.DONE
    (folder,) = out.iterdir()
    assert run("status", folder).exit_code == ExitCode.DONE
    assert list((folder / "reports").glob("*.pdf"))
    assert run("init", case).exit_code == ExitCode.INPUT_UNUSABLE


def test_schema_prints_json_schema() -> None:
    """Every schema is JSON, and the one of incident.toml knows the window."""
    assert "window" in json.loads(run("schema", "incident.toml").stdout)["properties"]
    assert "actions" in json.loads(run("schema", "data-copy.json").stdout)["properties"]
    assert "data-copy.json" in json.loads(run("schema").stdout)


def test_a_broken_case_is_exit_4_with_file_and_key(tmp_path: Path) -> None:
    """What, where and what to do are on standard error; standard output is empty."""
    case = write_case(tmp_path / "case", **edited("incident.toml", 'stage = "initial"', 'stage = "first"'))
    result = run("check", case)
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert "incident.toml" in words_of(result)
    assert "stage" in words_of(result)
    assert result.stdout == ""


def test_too_many_unusable_lines_are_exit_4(tmp_path: Path) -> None:
    """Above the share the case allows, nothing is scoped; the rejects are there to be read."""
    overrides = edited("incident.toml", "reject_limit = 0.5", "reject_limit = 0.4")
    _, out, result = drafted(tmp_path, **overrides, **{"evidence/superuser.ndjson": EVIDENCE + "{broken\n{broken\n"})
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert "2 of 4 log lines cannot be used" in words_of(result)
    rejects = (out / INCIDENT / "rejects.ndjson").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(line)["line"], json.loads(line)["text"]) for line in rejects] == [
        (3, "{broken"),
        (4, "{broken"),
    ]
    assert not list((out / INCIDENT / "reports").iterdir())


def test_an_unread_log_is_exit_4(tmp_path: Path) -> None:
    """A file under evidence/ that no source reads stops the run: it would be a log silently dropped."""
    case = write_case(tmp_path / "case", **{"evidence/second.log": EVIDENCE})
    result = run("scope", case, "--out", tmp_path / "out")
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert "second.log" in words_of(result)


def test_a_line_nobody_can_place_is_exit_5(tmp_path: Path) -> None:
    """No report is written while a line waits for a person; the message says what to write where."""
    _, out, result = drafted(tmp_path, **{"evidence/superuser.ndjson": EVIDENCE + OPEN_LINE})
    assert result.exit_code == ExitCode.GATE_REFUSED
    assert 'decisions.toml: [[attributions]] tenant_id = "t-unknown"' in words_of(result)
    assert not list((out / INCIDENT / "reports").iterdir())
    assert sheet_of(out)["scope"]["open_lines"]["count"] == 1


def test_a_signed_off_line_no_longer_blocks(tmp_path: Path) -> None:
    """With a person's decision the same evidence gives the reports."""
    decision = """
[[attributions]]
tenant_id = "t-unknown"
decision = "no_customer"
reason = "training tenant"
decided_by = "P"
decided_at = 2022-03-24T10:00:00Z
"""
    evidence = {"evidence/superuser.ndjson": EVIDENCE + OPEN_LINE, "decisions.toml": decision}
    _, out, result = drafted(tmp_path, **evidence)
    assert result.exit_code == ExitCode.DONE
    assert sheet_of(out)["accounting"]["superuser"]["unattributed"] == 1


def test_a_failed_customer_is_exit_3_and_stops_nobody(tmp_path: Path) -> None:
    """A name that no font can print fails that customer, named with field and character; the other has its report."""
    _, out, result = drafted(tmp_path, **edited("customers.csv", "株式会社甲", "株式会社\U00012000"))
    assert result.exit_code == ExitCode.PARTIAL
    reports = sheet_of(out)["reports"]
    assert (reports["expected"], reports["written"], reports["failed"], reports["balances"]) == (2, 1, 1, True)
    (failure,) = reports["failures"]
    assert failure["customer_id"] == "C-1"
    assert "U+12000" in failure["what"]
    assert "customer.name_ja" in failure["where"]
    assert run("status", out / INCIDENT).exit_code == ExitCode.PARTIAL


def test_a_report_that_can_no_longer_be_made_is_withdrawn(tmp_path: Path) -> None:
    """The earlier version of a failed report does not stay among the current ones."""
    case, out, _ = drafted(tmp_path)
    write_case(case, **edited("customers.csv", "株式会社甲", "株式会社\U00012000"))
    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.PARTIAL
    assert not (out / INCIDENT / "reports" / f"{FIRST}.pdf").exists()
    assert len(list((out / INCIDENT / "withdrawn").glob(f"{FIRST}.*.pdf"))) == 1


def test_a_customer_that_leaves_the_scope_leaves_no_report_behind(tmp_path: Path) -> None:
    """After re-scoping, reports/ holds the customers in scope and nothing else."""
    case, out, _ = drafted(tmp_path)
    write_case(case, **edited("incident.toml", "end = 2022-01-20", "end = 2022-01-18"))
    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.DONE
    assert reports_in(out) == [f"{FIRST}.csv", f"{FIRST}.json", f"{FIRST}.pdf"]
    assert len(sheet_of(out)["reports"]["withdrawn"]) == 3


def test_a_customer_that_wants_no_data_any_more_has_no_table_left(tmp_path: Path) -> None:
    """Without data, only our own JSON is kept; the table of before is withdrawn, and status is content."""
    case, out, _ = drafted(tmp_path)
    before = [entry["csv_sha256"] for entry in sheet_of(out)["reports"]["files"]]
    assert len(before) == 2
    assert all(before)
    header, first, second = CUSTOMERS.splitlines()
    write_case(case, **{"customers.csv": f"{header},data_copy\n{first},none\n{second},embed\n"})
    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.DONE
    assert [name for name in reports_in(out) if name.startswith(FIRST)] == [f"{FIRST}.json", f"{FIRST}.pdf"]
    assert len(list((out / INCIDENT / "withdrawn").glob(f"{FIRST}.*.csv"))) == 1
    digests = {entry["report_id"]: entry["csv_sha256"] for entry in sheet_of(out)["reports"]["files"]}
    assert digests.pop(FIRST) is None
    assert set(digests.values()) < set(before)
    assert run("status", out / INCIDENT).exit_code == ExitCode.DONE
    (out / INCIDENT / "reports" / f"{FIRST}.csv").write_bytes(b"slipped in")
    assert run("status", out / INCIDENT).exit_code == ExitCode.TAMPERED


def test_a_report_that_would_be_made_otherwise_today_does_not_stay(tmp_path: Path) -> None:
    """When the case changed, drafting one customer leaves no outdated report of another, and keeps what it was."""
    case, out, _ = drafted(tmp_path)
    old = (out / INCIDENT / "reports" / f"{FIRST}.pdf").read_bytes()
    write_case(case, **edited("incident.toml", 'ja = "ご報告"', 'ja = "重要なご報告"'))
    assert run("draft", case, "--out", out, "--jobs", 1, "--customer", "C-2").exit_code == ExitCode.DONE
    assert not (out / INCIDENT / "reports" / f"{FIRST}.pdf").exists()
    (kept,) = (out / INCIDENT / "withdrawn").glob(f"{FIRST}.*.pdf")
    assert kept.read_bytes() == old
    assert run("status", out / INCIDENT).exit_code == ExitCode.PARTIAL


def test_a_changed_report_is_exit_7_and_made_again(tmp_path: Path) -> None:
    """Being there is not enough: a report changed on disk is told by status, and draft makes it again."""
    case, out, _ = drafted(tmp_path)
    path = out / INCIDENT / "reports" / f"{FIRST}.pdf"
    original = path.read_bytes()
    path.write_bytes(original + b"\n")
    assert run("status", out / INCIDENT).exit_code == ExitCode.TAMPERED
    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.DONE
    assert path.read_bytes() == original
    assert run("status", out / INCIDENT).exit_code == ExitCode.DONE


def test_status_of_nothing_is_exit_2(tmp_path: Path) -> None:
    """A folder in which nothing was run is wrong use."""
    assert run("status", tmp_path).exit_code == ExitCode.USAGE


def test_draft_can_be_narrowed(tmp_path: Path) -> None:
    """One customer, or so many; the others are listed as not asked for, and a stranger is refused."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    assert run("draft", case, "--out", out, "--jobs", 1, "--customer", "C-2").exit_code == ExitCode.DONE
    reports = sheet_of(out)["reports"]
    assert (reports["written"], reports["not_selected"], reports["balances"]) == (1, 1, True)
    assert run("status", out / INCIDENT).exit_code == ExitCode.PARTIAL
    assert run("draft", case, "--out", out, "--jobs", 1, "--limit", 1).exit_code == ExitCode.DONE
    result = run("draft", case, "--out", out, "--customer", "C-9")
    assert result.exit_code == ExitCode.USAGE
    assert "C-9" in words_of(result)


def test_a_fault_of_the_program_is_exit_1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw is said to be a fault of the program, not of the case."""

    def broken(_: Path) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr(case_commands, "run_check", broken)
    result = run("check", tmp_path)
    assert result.exit_code == ExitCode.BUG
    assert "fault in shirase" in words_of(result)


@pytest.mark.parametrize("words", [("scope",), ("draft", "--jobs", "1")])
def test_json_is_json_and_nothing_else(tmp_path: Path, words: tuple[str, ...]) -> None:
    """With --json standard output is one JSON value that says the same as run.json."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    result = run(words[0], case, "--out", out, "--json", *words[1:])
    assert json.loads(result.stdout) == sheet_of(out)


def shirase(*words: object, **environment: str) -> subprocess.Popen[str]:
    """The command in a process of its own, which can be interrupted even where the tests themselves cannot.

    A shell that starts the tests in the background lets them, and what they start, ignore Ctrl-C.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    return subprocess.Popen(
        [sys.executable, "-m", "shirase", *(str(word) for word in words)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip


def wait_for(happened: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    """Watch until it happened, as long as the process runs."""
    while process.poll() is None and not happened():
        time.sleep(0.01)


def test_preview_says_what_it_leaves_out(tmp_path: Path) -> None:
    """A preview keeps the figures of the whole report and says how many rows it shows."""
    evidence = ndjson(record(f"r-{number}") for number in range(30))
    case, out = write_case(tmp_path / "case", **{"evidence/superuser.ndjson": evidence}), tmp_path / "out"
    process = shirase("preview", case, "t-1", "--out", out, "--rows", "5", "--json")
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == ExitCode.DONE, stderr
    shown = json.loads(stdout)
    assert (shown["action_count"], shown["shown_count"]) == (30, 5)
    assert Path(shown["path"]).read_bytes().startswith(b"%PDF")


def test_a_watched_preview_follows_each_save(tmp_path: Path) -> None:
    """A changed sentence is on the page of the next preview; a text that cannot be used is told, and waited out."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    process = shirase("preview", case, "C-1", "--out", out, "--watch")
    # Without an answer, reading would wait for ever: a process that ends closes its streams.
    watchdog = threading.Timer(120, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        path = Path(process.stdout.readline().partition(": ")[0])
        before = path.read_bytes()
        cause = case / "narrative" / "cause.en.md"
        cause.write_text("Nothing is called {{ so }}.", encoding="utf-8")
        assert "no value is called 'so'" in process.stderr.readline()
        cause.write_text("Quite another cause: {{ your_actions }}.", encoding="utf-8")
        assert str(path) in process.stdout.readline()
        document = pypdfium2.PdfDocument(path.read_bytes())
        text = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        assert "Quite another cause: 1." in text
        assert path.read_bytes() != before
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        watchdog.cancel()
    assert process.returncode == ExitCode.INTERRUPTED


def test_doctor_looks_at_this_machine(tmp_path: Path) -> None:
    """On a machine that was set up, every font is found, and each finding says what was found."""
    process = shirase("doctor", "--json", "--out", tmp_path / "out")
    stdout, stderr = process.communicate(timeout=120)
    assert process.returncode == ExitCode.DONE, stderr
    findings = {finding["subject"]: finding for finding in json.loads(stdout)}
    assert findings["weasyprint"]["found"] == "70.0"
    assert findings["font Noto Sans CJK JP"]["verdict"] == "ok"


def test_with_nothing_changed_finished_reports_are_not_even_looked_into(tmp_path: Path) -> None:
    """The second draft touches no receipt; after a change of words all are drawn anew, of the evidence none is lost."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    receipts = out / INCIDENT / ".work" / "receipts"

    def draft() -> tuple[int, int, dict[str, bytes]]:
        assert run("draft", case, "--out", out, "--no-inspect").exit_code == ExitCode.DONE
        timings = json.loads((out / INCIDENT / "timings.json").read_bytes())
        return (
            timings["rendered"],
            timings["reused"],
            {path.name: path.read_bytes() for path in receipts.glob("*.json")},
        )

    made, reused, first = draft()
    assert (made, reused) == (len(first), 0)
    stamps = {path.name: path.stat().st_mtime_ns for path in receipts.glob("*.json")}
    assert draft() == (0, len(first), first)
    assert {path.name: path.stat().st_mtime_ns for path in receipts.glob("*.json")} == stamps

    pdf = next(iter((out / INCIDENT / "reports").glob("*.pdf")))
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    assert draft() == (1, len(first) - 1, first)

    text = case / "incident.toml"
    text.write_text(f"{text.read_text(encoding='utf-8')}\n# words\n", encoding="utf-8")
    made, reused, third = draft()
    assert (made, reused) == (0, len(first))
    assert all(json.loads(third[name])["batch_key"] != json.loads(first[name])["batch_key"] for name in first)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_interrupted_it_is_exit_130_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Ctrl-C leaves only whole reports; the next draft takes them over and ends as an undisturbed one would."""
    names = [f"C-{number}" for number in range(1, 9)]
    customers = "customer_id,name_ja,name_en,tenant_ids,domains,languages,time_zone,status,recipients,delivery_policy\n"
    customers += "".join(f"{name},,{name} Inc.,t-{name},,ja;en,UTC,active,,attach\n" for name in names)
    evidence = ndjson(record(f"r-{name}", tenants=[f"t-{name}"], objects=[]) for name in names)
    overrides = edited("incident.toml", "customer_total = 2", "customer_total = 8")
    case = write_case(
        tmp_path / "case", **{"customers.csv": customers, "evidence/superuser.ndjson": evidence, **overrides}
    )
    out, reports = tmp_path / "out", tmp_path / "out" / INCIDENT / "reports"
    receipts = tmp_path / "out" / INCIDENT / ".work" / "receipts"

    process = shirase("draft", case, "--out", out, "--jobs", "1")
    wait_for(lambda: any(receipts.glob("*.json")), process)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED, stderr
    finished = {path.stem for path in receipts.glob("*.json")}
    assert 1 <= len(finished) < 8
    assert finished <= {path.stem for path in reports.glob("*.pdf")}
    assert not list(reports.glob("*.part"))

    assert run("draft", case, "--out", out, "--jobs", 1).exit_code == ExitCode.DONE
    timings = json.loads((out / INCIDENT / "timings.json").read_bytes())
    assert timings["reused"] == len(finished)
    undisturbed = tmp_path / "undisturbed"
    assert run("draft", case, "--out", undisturbed, "--jobs", 2).exit_code == ExitCode.DONE
    for path in (undisturbed / INCIDENT / "reports").iterdir():
        assert (reports / path.name).read_bytes() == path.read_bytes(), path.name
    assert sheet_of(out) == sheet_of(undisturbed)
