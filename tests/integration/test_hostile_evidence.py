"""Evidence that would mislead a careless reader: nobody is lost, nothing is counted for another, nothing crashes."""

import json
from pathlib import Path
from typing import Any

import pytest

from case_builder import edited, ndjson, record, write_case
from shirase.domain.errors import CaseError, EvidenceError, GateError
from shirase.intake.streams import open_lines
from shirase.pipeline.draft import DraftOptions, DraftRun, Engine, run_draft
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import ScopeRun, require_signed_off, run_scope
from shirase.pipeline.status import ReportState, run_status
from shirase.rendering.worker import WorkerSettings


def scope(folder: Path, *records: dict[str, Any], **files: str | bytes) -> ScopeRun:
    case = write_case(folder / "case", **{"evidence/superuser.ndjson": ndjson(records), **files})
    return run_scope(case, folder / "out", Silent())


def affected(run: ScopeRun) -> dict[str, int]:
    return {entry.customer_id: entry.action_count for entry in run.result.customers}


def draft(case: Path, out: Path, settings: WorkerSettings, *customers: str) -> DraftRun:
    options = DraftOptions(PoolSettings(1, 120.0), customers=customers)
    return run_draft(case, out, options, engine=Engine(settings, {}, lambda: 0.0), progress=Silent())


def test_the_tenant_of_a_touched_object_counts(tmp_path: Path) -> None:
    """A line on one tenant that opens another customer's user concerns both."""
    user = {"type": "user", "id": "u9", "name": "Carol", "tenant": "t-2"}
    assert affected(scope(tmp_path, record("r-1", objects=[user]))) == {"C-1": 1, "C-2": 1}


def test_an_object_of_an_unknown_tenant_waits_for_a_person(tmp_path: Path) -> None:
    """Nobody's tenant may be somebody's: no report before a person has decided."""
    run = scope(tmp_path, record("r-1", objects=[{"type": "user", "id": "u9", "tenant": "t-nobody"}]))
    assert run.result.open_count == 1
    with pytest.raises(GateError, match="t-nobody"):
        require_signed_off(run)


def test_a_number_beyond_all_bounds_is_a_reject(tmp_path: Path) -> None:
    """One impossible value costs its line, not the run."""
    line = json.dumps(record("r-2")).replace("{", '{"x": 1e9999999999999999999, ', 1) + "\n"
    run = scope(tmp_path, **{"evidence/superuser.ndjson": ndjson([record("r-1")]) + line})
    assert affected(run) == {"C-1": 1}
    assert run.intake.reject_count == 1


def test_an_epoch_beyond_all_bounds_is_a_reject(tmp_path: Path) -> None:
    """The same for a time."""
    profile = edited("profiles/superuser.toml", 'columns = ["ts"]', 'columns = ["ts"]\nformat = "epoch_s"')
    run = scope(tmp_path, record("r-1", ts=1642507200), record("r-2", ts="1e999999"), **profile)
    assert affected(run) == {"C-1": 1}
    assert run.intake.reject_count == 1


def test_one_event_id_with_two_untold_outcomes_is_a_conflict(tmp_path: Path) -> None:
    """Words that the profile does not know differ all the same: both lines are kept."""
    run = scope(tmp_path, record("r-1", result="PARTIAL"), record("r-1", result="ROLLED_BACK"))
    assert affected(run) == {"C-1": 2}
    assert [lines for _, _, lines in run.result.conflicts] == [2]


def test_evidence_that_changes_after_it_was_hashed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The digest in the run sheet is that of the bytes that were read, or there is no run sheet."""
    case = write_case(tmp_path / "case")
    evidence = case / "evidence" / "superuser.ndjson"

    def swapped(root: Path, path: str) -> Any:
        evidence.write_text(ndjson([record("r-1", tenants=["t-2"], objects=[])]), encoding="utf-8")
        return open_lines(root, path)

    monkeypatch.setattr("shirase.intake.read.open_lines", swapped)
    with pytest.raises(EvidenceError, match="SHA-256"):
        run_scope(case, tmp_path / "out", Silent())


@pytest.mark.parametrize("name", ["evidence/more.ndjson.gz", "evidence/more.ndjson.zst"])
def test_an_empty_compressed_file_is_damaged(tmp_path: Path, name: str) -> None:
    """Nothing at all is not what a compressor writes for nothing."""
    files = edited("incident.toml", 'files = ["evidence/*.ndjson"]', 'files = ["evidence/*"]')
    with pytest.raises(EvidenceError, match="is empty"):
        scope(tmp_path, record("r-1"), **{name: b""}, **files)


def test_no_line_at_all_is_refused(tmp_path: Path) -> None:
    """An empty export must not end as: nobody is affected."""
    with pytest.raises(EvidenceError, match="no log line was read"):
        scope(tmp_path)


@pytest.mark.parametrize(("start", "end"), [("2022-01-16", "9999-12-31"), ("0001-01-01", "2022-01-20")])
def test_a_window_beyond_the_calendar_is_refused(tmp_path: Path, start: str, end: str) -> None:
    """A slip of the pen is named with its file, not met with a traceback."""
    old = "start = 2022-01-16\nend = 2022-01-20"
    with pytest.raises(CaseError, match="1970 to 2200"):
        scope(tmp_path, record("r-1"), **edited("incident.toml", old, f"start = {start}\nend = {end}"))


def test_a_customer_asked_for_twice_gets_one_report(tmp_path: Path, settings: WorkerSettings) -> None:
    """--customer C-1 --customer C-1 is C-1."""
    run = draft(write_case(tmp_path / "case"), tmp_path / "out", settings, "C-1", "C-1")
    assert [receipt.customer_id for receipt in run.drafted.written] == ["C-1"]


def test_status_knows_reports_of_an_earlier_run(tmp_path: Path, settings: WorkerSettings) -> None:
    """After new evidence, what was drafted before is outdated, and what belongs to nobody any more is unexpected."""
    case = write_case(tmp_path / "case")
    draft(case, tmp_path / "out", settings)
    folder = tmp_path / "out" / "EX-2022-01"
    assert {report.customer_id: report.state for report in run_status(folder).reports} == {
        "C-1": ReportState.DRAFTED,
        "C-2": ReportState.DRAFTED,
    }
    lines = [record("r-1"), record("r-7"), record("r-8", tenants=["t-nobody"], objects=[])]
    (case / "evidence" / "superuser.ndjson").write_text(ndjson(lines), encoding="utf-8")
    with pytest.raises(GateError):
        draft(case, tmp_path / "out", settings)
    assert {(report.customer_id, report.state) for report in run_status(folder).reports} == {
        ("C-1", ReportState.OUTDATED),
        ("", ReportState.UNEXPECTED),
    }
