"""`shirase init`: the commented starter case."""

import json
import tomllib
from pathlib import Path

import pytest

from shirase.case.evidence_list import SourceFile, list_evidence
from shirase.case.folder import read_case
from shirase.case.scaffold import write_scaffold
from shirase.case.schemas import written_models
from shirase.domain.errors import CaseError, PlatformError

STARTER = Path(__file__).resolve().parents[3] / "templates/case"


def test_the_starter_case_can_be_used_as_it_is(tmp_path: Path) -> None:
    """What `init` writes passes `check`, so that the first mistake is the user's own."""
    folder = tmp_path / "new/case"
    written = write_scaffold(folder, starter=STARTER)
    case = read_case(folder)
    assert list_evidence(folder, case) == (SourceFile("support-console", "evidence/support-console.ndjson"),)
    assert set(case.digests) < {path.relative_to(folder).as_posix() for path in written}
    assert (len(case.customers.by_id), len(case.catalogue.by_code)) == (2, 3)
    assert [entry.id for entry in case.organisations.organisations if entry.in_scope] == ["helpline"]


def test_an_example_is_an_exercise(tmp_path: Path) -> None:
    """A report made from the example must say on every page that it is none."""
    write_scaffold(tmp_path, starter=STARTER)
    assert read_case(tmp_path).incident.exercise


def test_one_line_of_the_example_is_in_scope(tmp_path: Path) -> None:
    """The example log has an action inside the window by someone in scope on a customer's tenant, beside all others."""
    write_scaffold(tmp_path, starter=STARTER)
    lines = (tmp_path / "evidence/support-console.ndjson").read_text(encoding="utf-8").splitlines()
    window = read_case(tmp_path).window
    codes = tomllib.loads((tmp_path / "profiles/support-console.toml").read_text(encoding="utf-8"))["action_codes"]
    found = {
        record["id"]
        for record in map(json.loads, lines)
        if window.start_at.isoformat()[:10] <= record["time"][:10] <= window.end_at.isoformat()[:10]
        and record["event"] in codes
        and record["tenant"] in ("tenant-a", "tenant-a-test", "tenant-b")
        and record["actor"]["id"] == "h.suzuki"
    }
    assert len(lines) == 6
    assert found == {"e-1003"}


def test_every_key_that_people_may_write_is_in_the_example() -> None:
    """The example teaches all keys: those not in use stand in a comment."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(STARTER.rglob("*")) if path.is_file())
    keys = {key for model in written_models() for key in model.model_fields}
    assert {key for key in keys if key not in text} == set()


@pytest.mark.parametrize("name", ["incident.toml", "notes.txt", ".gitkeep"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    """A folder with anything in it stays as it is."""
    (tmp_path / name).write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError, match="not empty"):
        write_scaffold(tmp_path, starter=STARTER)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    """The error names the path, not a traceback."""
    (tmp_path / "case").write_text("mine", encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        write_scaffold(tmp_path / "case", starter=STARTER)
    assert caught.value.diagnostics()[0].where == str(tmp_path / "case")


def test_a_missing_starter_is_the_machines_fault(tmp_path: Path) -> None:
    """An incomplete installation is not reported as an empty success."""
    with pytest.raises(PlatformError):
        write_scaffold(tmp_path / "case", starter=tmp_path / "gone")
