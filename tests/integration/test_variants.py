"""Who gets which report: confirmed, potentially and not affected customers, and the version that replaces another."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from case_builder import CUSTOMERS, INCIDENT, ndjson, record, write_case
from shirase.domain.errors import CaseError
from shirase.pipeline.draft import DraftOptions, DraftRun, Engine, run_draft
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.rendering.worker import WorkerSettings

THREE = CUSTOMERS + "C-3,株式会社丙,Hei K.K.,t-3,hei.example,ja;en,Asia/Tokyo,active,c@hei.example,attach\n"
NARRATIVES = {
    f"narrative/{name}.{language}.md": f"{name} {language}\n"
    for name in ("introduction-not-affected", "requests-not-affected", "changes")
    for language in ("ja", "en")
}
CONFIRMED = """
[confirmed]
start = 2022-01-19T08:00:00Z
end = 2022-01-19T08:30:00Z
zone = "UTC"
end_is = "inclusive"
actors = ["eng-1"]
"""


def case_of_three(folder: Path, **overrides: str) -> Path:
    """``C-1`` and ``C-2`` with an action each, ``C-3`` without; ``C-2``'s is at 08:30, the last instant confirmed."""
    incident = INCIDENT.replace("customer_total = 2", "customer_total = 3")
    files = {"incident.toml": incident, "customers.csv": THREE, **NARRATIVES, **overrides}
    return write_case(folder, **files)


def draft(case: Path, out: Path, settings: WorkerSettings) -> DraftRun:
    engine = Engine(settings, {}, lambda: 0.0)
    return run_draft(case, out, DraftOptions(PoolSettings(2, 120.0)), engine=engine, progress=Silent())


def copies(run: DraftRun) -> dict[str, dict[str, Any]]:
    """The data copies, by customer."""
    found = (json.loads(path.read_bytes()) for path in run.scope.output.reports.glob("*.json"))
    return {document["customer"]["id"]: document for document in found}


def text_of(run: DraftRun, customer_id: str) -> str:
    identifier = copies(run)[customer_id]["report_id"]
    document = pypdfium2.PdfDocument(run.scope.output.report_pdf(identifier))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(text.split())


def test_who_asked_and_was_not_touched_is_answered(tmp_path: Path, settings: WorkerSettings) -> None:
    """A row of inquiries.csv brings a report of its own kind to a customer without actions; the accounts still add up."""
    case = case_of_three(
        tmp_path / "case", **{"inquiries.csv": "customer_id,asked_on\nC-3,2022-03-23\nC-1,2022-03-23\n"}
    )
    run = draft(case, tmp_path / "out", settings)
    assert {key: value["impact"] for key, value in copies(run).items()} == {
        "C-1": "potentially_affected", "C-2": "potentially_affected", "C-3": "not_affected",
    }  # fmt: skip
    assert copies(run)["C-3"]["actions"] == []
    text = text_of(run, "C-3")
    assert "該当する操作は記録されていません（0件）。" in text
    assert "introduction-not-affectedja" in text
    sheet = json.loads(run.scope.output.run_sheet.read_bytes())
    assert sheet["scope"]["expected"] == {
        "affected": 2, "asked": ["C-3"], "told_before": [], "reports": {"C-1": 1, "C-2": 1, "C-3": 0},
    }  # fmt: skip
    assert (sheet["reports"]["expected"], sheet["reports"]["written"], sheet["reports"]["balances"]) == (3, 3, True)


def test_who_asked_must_be_a_customer_and_be_written_to(tmp_path: Path) -> None:
    """An unknown customer is an error, and so is an answer without its own introduction."""
    case = case_of_three(
        tmp_path / "case",
        **{"inquiries.csv": "customer_id,asked_on\nC-9,2022-03-23\n", "narrative/introduction-not-affected.en.md": ""},
    )
    with pytest.raises(CaseError) as caught:
        draft(case, tmp_path / "out", WorkerSettings(Path(), Path(), ""))
    said = {problem.what for problem in caught.value.problems}
    assert said == {"no customer has the id 'C-9'", "the text is empty"}


def test_an_action_is_confirmed_by_account_and_time_together(tmp_path: Path, settings: WorkerSettings) -> None:
    """The last instant counts; the same account a day earlier does not make its customer confirmed affected."""
    incident = INCIDENT.replace("customer_total = 2", "customer_total = 3") + CONFIRMED
    run = draft(case_of_three(tmp_path / "case", **{"incident.toml": incident}), tmp_path / "out", settings)
    found = copies(run)
    assert {key: (value["impact"], value["counts"]["confirmed"]) for key, value in found.items()} == {
        "C-1": ("potentially_affected", 0), "C-2": ("confirmed_affected", 1),
    }  # fmt: skip
    assert found["C-2"]["actions"][0]["flags"] == ["confirmed"]
    assert "●1action" in text_of(run, "C-2")
    assert "●" not in text_of(run, "C-1")


def test_a_second_version_says_what_it_changes(tmp_path: Path, settings: WorkerSettings) -> None:
    """Each customer told before is told again: more, less, or that nothing is recorded any more."""
    first = draft(case_of_three(tmp_path / "first"), tmp_path / "out1", settings)
    before = {key: (value["report_id"], value["actions"]) for key, value in copies(first).items()}
    previous = {
        f"previous/{path.name}": path.read_text(encoding="utf-8") for path in first.scope.output.reports.glob("*.json")
    }
    incident = (
        INCIDENT.replace("customer_total = 2", "customer_total = 3")
        .replace('stage = "initial"', 'stage = "update"\nversion = 2')
        .replace("issued_at = 2022-03-25T09:00:00Z", "issued_at = 2022-04-01T09:00:00Z")
        .replace("[sender]", "[supersedes]\nversion = 1\nissued_at = 2022-03-25T09:00:00Z\n\n[sender]")
    )
    evidence = ndjson([record("r-1"), record("r-5", ts="2022-01-18T13:00:00Z")])
    case = case_of_three(
        tmp_path / "second", **previous, **{"incident.toml": incident, "evidence/superuser.ndjson": evidence}
    )
    second = draft(case, tmp_path / "out2", settings)
    now = copies(second)
    assert {key: (value["version"], value["impact"]) for key, value in now.items()} == {
        "C-1": (2, "potentially_affected"), "C-2": (2, "not_affected"),
    }  # fmt: skip
    added = [action["uid"] for action in now["C-1"]["actions"] if action["at"].startswith("2022-01-18T13")]
    assert now["C-1"]["supersedes"] == {
        "version": 1, "issued_at": "2022-03-25T09:00:00Z", "impact": "potentially_affected", "actions": 1,
        "added": added, "removed": [],
    }  # fmt: skip
    assert now["C-2"]["supersedes"]["removed"] == [before["C-2"][1][0]["uid"]]
    assert now["C-2"]["report_id"] == before["C-2"][0]
    text = text_of(second, "C-1")
    assert "本書は、2022年3月25日付の第1版を差し替えるものです。" in text
    assert "記載した操作：変更前は1件、本書では2件です（追加1件、削除0件）。" in text


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (("version = 1\nissued_at = 2022-03-25", "version = 1\nissued_at = 2022-03-26"), "issued_at is"),
        (("[supersedes]\nversion = 1", "[supersedes]\nversion = 3"), "must supersede version 1"),
    ],
)
def test_the_version_before_must_be_the_one_named(
    tmp_path: Path, settings: WorkerSettings, change: tuple[str, str], what: str
) -> None:
    """Data copies of another issue, or a gap in the numbers, are refused before anything is written."""
    first = draft(case_of_three(tmp_path / "first"), tmp_path / "out1", settings)
    previous = {
        f"previous/{path.name}": path.read_text(encoding="utf-8") for path in first.scope.output.reports.glob("*.json")
    }
    incident = (
        INCIDENT.replace("customer_total = 2", "customer_total = 3")
        .replace('stage = "initial"', 'stage = "update"\nversion = 2')
        .replace("[sender]", "[supersedes]\nversion = 1\nissued_at = 2022-03-25T09:00:00Z\n\n[sender]")
    )
    assert change[0] in incident
    case = case_of_three(tmp_path / "second", **previous, **{"incident.toml": incident.replace(*change)})
    with pytest.raises(CaseError, match=what):
        draft(case, tmp_path / "out2", settings)
    assert not (tmp_path / "out2").exists()
