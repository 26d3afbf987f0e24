"""Adapters in a whole run, and the commands that tell what can be read and what a file is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from made_up_exports import EXPORTS, OKTA, OPTIONS, PLAIN, SPLUNK, lines, page
from shirase.cli.app import app
from shirase.domain.exits import ExitCode
from shirase.evidence.store import read_decisions
from shirase.intake.sources.registry import find_adapters
from shirase.pipeline import reading
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import run_scope

CASE = Path(__file__).parents[1] / "fixtures" / "okta_case"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def case_with(tmp_path: Path, **replaced: str) -> Path:
    """The case of System Logs, read by the adapter instead of by a profile."""
    case = tmp_path / "case"
    shutil.copytree(CASE, case)
    text = (case / "incident.toml").read_text(encoding="utf-8")
    text = text.replace('profile = "profiles/okta-system-log.toml"', 'adapter = "okta-system-log"')
    for old, new in replaced.items():
        text = text.replace(old.replace("_", "-"), new)
    (case / "incident.toml").write_text(text, encoding="utf-8")
    return case


def add_source(case: Path, adapter: str, content: bytes, **keys: str) -> None:
    """One more source with one file."""
    (case / "evidence" / f"more-{adapter}.log").write_bytes(content)
    entry = [
        "[[sources]]", f'id = "more-{adapter}"', 'name = { ja = "追加", en = "More" }', f'adapter = "{adapter}"',
        f'files = ["evidence/more-{adapter}.log"]', *(f'{key} = "{value}"' for key, value in keys.items()),
    ]  # fmt: skip
    with (case / "incident.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(entry) + "\n")


def sheet_of(tmp_path: Path) -> dict[str, Any]:
    (folder,) = (tmp_path / "out").iterdir()
    sheet: dict[str, Any] = json.loads((folder / "run.json").read_bytes())
    return sheet


def test_an_adapter_decides_as_a_profile_would(tmp_path: Path) -> None:
    """The System Logs of the fixture, read by the adapter, are in scope where they are by the case's own profile."""
    by_profile = run_scope(CASE, tmp_path / "one", Silent())
    by_adapter = run_scope(case_with(tmp_path), tmp_path / "two", Silent())
    wanted = {(d.path, d.line): d.disposition for d in read_decisions(by_profile.output.actions)}
    found = {(d.path, d.line): d.disposition for d in read_decisions(by_adapter.output.actions)}
    # The profile lists sign-ins as no actions; the adapter, which knows no case, keeps them as actions.
    assert {place: pair for place, pair in wanted.items() if found[place] != pair} == {
        place: "not_an_action" for place, pair in wanted.items() if pair == "not_an_action" and found[place] != pair
    }
    assert all(account.balances() for account in by_adapter.result.accounts)


def test_what_seems_cut_off_reaches_the_run_sheet_and_the_terminal(tmp_path: Path) -> None:
    """A total without records is in run.json, and nobody can miss it on the terminal."""
    case = case_with(tmp_path)
    add_source(case, "jira-cloud", page("records", [], offset=0, limit=1000, total=812))
    result = run("scope", case, "--out", tmp_path / "out")
    assert "WARNING" in result.stdout
    assert "812" in result.stdout
    (evidence,) = (entry for entry in sheet_of(tmp_path)["evidence"] if entry["source"] == "more-jira-cloud")
    assert "812" in evidence["remarks"][0]["what"]


def test_what_was_stripped_is_in_the_run_sheet_and_in_no_file(tmp_path: Path) -> None:
    """Bodies of messages are counted by kind, and stand in no file of the output folder, rejects included."""
    case = case_with(tmp_path)
    add_source(case, "slack-export", EXPORTS["slack-export"]["zip"])
    run("scope", case, "--out", tmp_path / "out")
    (evidence,) = (entry for entry in sheet_of(tmp_path)["evidence"] if entry["source"] == "more-slack-export")
    assert evidence["stripped"] == {"message_body": 2}
    for file in (tmp_path / "out").rglob("*"):
        assert not file.is_file() or b"plan of Acme" not in file.read_bytes(), file


def test_previews_are_lines_that_were_read(tmp_path: Path) -> None:
    """A dropped preview is accounted for in the physical count; the account of records balances without it."""
    case = case_with(tmp_path)
    add_source(case, "splunk", lines(SPLUNK))
    run("scope", case, "--out", tmp_path / "out")
    sheet = sheet_of(tmp_path)
    (evidence,) = (entry for entry in sheet["evidence"] if entry["source"] == "more-splunk")
    assert (evidence["lines"]["physical_lines"], evidence["lines"]["previews"], evidence["lines"]["records"]) == (
        3,
        1,
        2,
    )
    assert sheet["accounting"]["more-splunk"]["lines_read"] == 2
    assert sheet["accounting"]["more-splunk"]["balances"]


def test_codes_that_no_catalogue_describes_are_listed(tmp_path: Path) -> None:
    """An adapter may know a code that this case does not describe: it is listed by the source's own name."""
    case = case_with(tmp_path)
    event = {**OKTA[0], "published": "2024-03-04T10:00:00Z", "eventType": "system.directory.debugger.query_executed"}
    add_source(case, "okta-system-log", lines([event]), tenant_id="aozora")
    found = run_scope(case, tmp_path / "out", Silent()).result.undescribed
    assert ("more-okta-system-log", "system.directory.debugger.query_executed", 1) in found


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"adapter": "nonsense"}, "there is no adapter 'nonsense'"),
        ({"adapter": "salesforce-setup-audit-csv"}, "declare zone"),
        ({"adapter": "mapped"}, "needs a profile"),
        ({"adapter": "okta-system-log", "zone": "Mars/Olympus"}, "not an IANA time zone"),
        ({"adapter": "ocsf", "profile": "profiles/okta-system-log.toml"}, "reads no profile"),
    ],
)
def test_a_source_that_cannot_be_read_is_named_before_anything_is_read(
    tmp_path: Path, keys: dict[str, str], words: str
) -> None:
    """`check` already says that an adapter is missing, or what it needs: exit code 4."""
    case = case_with(tmp_path)
    add_source(case, keys.pop("adapter"), b"x", **keys)
    result = run("check", case)
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert words in " ".join(result.stderr.split())


def test_files_are_read_in_worker_processes_as_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adapters are found in every process: the same decisions with two workers as with one."""
    case = case_with(tmp_path)
    alone = run_scope(case, tmp_path / "one", Silent())
    monkeypatch.setattr(reading, "WORTH_WORKERS", 0)
    together = run_scope(case, tmp_path / "two", Silent(), jobs=2)
    assert alone.output.actions.read_bytes() == together.output.actions.read_bytes()


# --- commands ----------------------------------------------------------------------------------------------------------


def test_sources_lists_every_adapter() -> None:
    """Name, wrappers, id, actor, tenant, limits and what to declare, for people and for machines."""
    listed = json.loads(run("sources", "--json").stdout)
    assert {entry["name"] for entry in listed["sources"]} == set(EXPORTS)
    assert all(
        entry[key] for entry in listed["sources"] for key in ("title", "wrappers", "event_id", "actor", "limits")
    )
    assert "okta-system-log" in run("sources").stdout


@pytest.mark.parametrize("name", [name for name in EXPORTS if name not in OPTIONS])
def test_sniff_finds_the_adapter_of_each_export(tmp_path: Path, name: str) -> None:
    """The adapter that wrote the fixture is the one that fits, whatever the file is called; all counts add up."""
    for wrapper, content in EXPORTS[name].items():
        file = tmp_path / "export.txt"
        file.write_bytes(content)
        result = run("sniff", file, "--json")
        assert result.exit_code == ExitCode.DONE, (wrapper, result.stderr)
        sheet = json.loads(result.stdout)
        assert sheet["source"] == name, wrapper
        assert sheet["records"] == sheet["actions"] + sheet["duplicates"] + sheet["rejects"]
        others = ("not_an_action", "previews", "headers", "footers", "blank", "continued")
        assert sheet["read"] == sheet["records"] + sum(sheet[key] for key in others)
        assert sheet["first_actions"]


def test_sniff_counts_repeats(tmp_path: Path) -> None:
    """The same event twice in one file is one action and one duplicate."""
    file = tmp_path / "log"
    file.write_bytes(lines([OKTA[0], OKTA[0], OKTA[2], {"published": "no"}]))
    sheet = json.loads(run("sniff", file, "--json").stdout)
    assert [sheet[key] for key in ("read", "records", "actions", "duplicates", "rejects")] == [4, 4, 2, 1, 1]


def test_sniff_finds_a_record_inside_a_wrapper(tmp_path: Path) -> None:
    """Where a collector wrapped each record, sniff says inside what."""
    file = tmp_path / "log"
    file.write_bytes(lines([{"rule": "x", "log": record} for record in OKTA]))
    sheet = json.loads(run("sniff", file, "--json").stdout)
    assert (sheet["source"], sheet["record"], sheet["actions"]) == ("okta-system-log", "log", 2)


@pytest.mark.parametrize(
    "content", [b"", b"hello\nworld\n", b'{"a": 1}\n', b"[1, 2]", b"\x00\x01", b"PK\x03\x04rubbish"]
)
def test_what_nothing_fits_is_exit_4(tmp_path: Path, content: bytes) -> None:
    """A file of no known source is refused, in words and in JSON, with what to do."""
    file = tmp_path / "export"
    file.write_bytes(content)
    result = run("sniff", file, "--json")
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert json.loads(result.stdout)["source"] is None
    assert result.stderr


def test_sniff_says_what_has_to_be_declared(tmp_path: Path) -> None:
    """An export that fits and leaves something open is refused until it is given, and read then."""
    file = tmp_path / "audit.csv"
    file.write_bytes(EXPORTS["salesforce-setup-audit-csv"]["csv"])
    result = run("sniff", file)
    assert result.exit_code == ExitCode.INPUT_UNUSABLE
    assert "declare zone" in " ".join(result.stderr.split())
    given = run("sniff", file, "--zone", "America/Los_Angeles", "--locale", "mdy", "--json")
    assert json.loads(given.stdout)["actions"] == 2


def test_sniff_reads_by_a_profile(tmp_path: Path) -> None:
    """A log without a public format is sniffed by the profile that is being written for it."""
    profile, file = tmp_path / "p.toml", tmp_path / "log"
    profile.write_text(
        'format = "ndjson"\n[fields]\nactor_id = ["who"]\naction = ["what"]\n[fields.time]\ncolumns = ["ts"]\n'
    )
    file.write_bytes(lines(PLAIN))
    sheet = json.loads(run("sniff", file, "--profile", profile, "--json").stdout)
    assert (sheet["source"], sheet["actions"], sheet["unknown_fields"]) == ("mapped", 1, {"tenant": 1})


def test_sniff_shows_tables_to_people(tmp_path: Path) -> None:
    """Reasons, first actions and rejects are tables; nothing in them is taken for markup."""
    file = tmp_path / "log"
    file.write_bytes(lines([OKTA[0], {**OKTA[2], "published": "[bold]x[/bold]"}]))
    printed = run("sniff", file).stdout
    assert "[bold]" in printed
    assert "support.org.view" in "".join(printed.split())


FOREIGN = """
from shirase.intake.sources.contract import *


class Mine:
    card = Card("{name}", "My tool", "JSON", "id", "who", "tenant", "none known")
    framing = Framing(frozenset({{Shape.JSON}}))

    def knows(self, record, context):
        return "my" in record

    def reader(self, options):
        return Reader()


ADAPTER = Mine()
"""


def foreign_package(folder: Path, name: str, module: str) -> dict[str, str]:
    """An installed package with one adapter, and the environment in which it is found."""
    (folder / "my_adapter.py").write_text(module)
    information = folder / "my_adapter-1.2.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: my-adapter\nVersion: 1.2\n")
    (information / "entry_points.txt").write_text(f"[shirase.sources]\n{name} = my_adapter:ADAPTER\n")
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("name", "module", "broken"),
    [
        ("my-tool", FOREIGN.format(name="my-tool"), None),
        ("okta-system-log", FOREIGN.format(name="okta-system-log"), "taken"),
        ("my-tool", "raise RuntimeError('not today')", "not today"),
        ("my-tool", "ADAPTER = 7", "no adapter"),
        ("my-tool", FOREIGN.format(name="another"), "no adapter"),
    ],
)
def test_a_company_adds_its_own_without_a_fork(tmp_path: Path, name: str, module: str, broken: str | None) -> None:
    """An installed package's adapter is listed with its package; a broken one is named and stops nothing else."""
    environment = foreign_package(tmp_path, name, module)
    command = [sys.executable, "-m", "shirase", "sources", "--json"]
    listed = json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    own = {entry["name"]: entry["provider"] for entry in listed["sources"] if entry["provider"]}
    assert own == ({name: "my-adapter 1.2"} if broken is None else {})
    assert (broken or "") in json.dumps(listed["broken"])
    assert {entry["name"] for entry in listed["sources"]} >= set(find_adapters().adapters)


def test_hourly_and_daily_files_of_the_same_events_count_once(tmp_path: Path) -> None:
    """Two clicks that look alike stay two, the hours repeat the day, and a row that only an hour has is told loudly."""
    case = case_with(tmp_path)
    header = b'"EVENT_TYPE","TIMESTAMP_DERIVED","REQUEST_ID","USER_ID_DERIVED","URI"\n'

    def rows(*times: str) -> bytes:
        cells = (f'"URI","2022-01-20T{time}Z","4x1","0055g00000KGM01AAA","/home"\n' for time in times)
        return header + "".join(cells).encode()

    add_source(case, "salesforce-elf", rows("01:00:00.000", "01:30:00.000", "01:30:00.000", "05:00:00.000"))
    text = (case / "incident.toml").read_text(encoding="utf-8").replace("more-salesforce-elf.log", "more-*elf*.log")
    (case / "incident.toml").write_text(text, encoding="utf-8")
    (case / "evidence" / "more-elf-h1.log").write_bytes(rows("01:00:00.000", "01:30:00.000", "01:30:00.000"))
    (case / "evidence" / "more-elf-h2.log").write_bytes(rows("01:30:00.000", "01:45:00.000"))
    result = run("scope", case, "--out", tmp_path / "out")
    assert "hourly files with rows that the daily file lacks" in result.output
    sheet = sheet_of(tmp_path)
    account = sheet["accounting"]["more-salesforce-elf"]
    # Four of the day, and 01:45, which only an hour has.
    assert (account["lines_read"], account["duplicate"]) == (9, 4)
    day = "evidence/more-salesforce-elf.log"
    assert [
        (each["file"], each["rows"], each["only_here"]) for each in sheet["nested_files"] if each["inside"] == day
    ] == [
        ("evidence/more-elf-h1.log", 3, 0),
        ("evidence/more-elf-h2.log", 2, 1),
    ]
