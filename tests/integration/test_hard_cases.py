"""What must fail fails by name, and everything else hostile is printed without harm."""

import json
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from shirase.domain.errors import GateError
from shirase.pipeline.draft import DraftOptions, DraftRun, run_draft
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import compare_with_key
from shirase.rehearsal.hard_cases import write_hard_cases
from shirase.settings import story
from shirase.wiring import build_engine


def draft(folder: Path, *, seconds: float = 300) -> DraftRun:
    options = DraftOptions(PoolSettings(jobs=2, seconds_per_report=seconds))
    return run_draft(folder / "case", folder / "out", options, engine=build_engine(), progress=Silent())


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], DraftRun]:
    """The answer key of the hard cases, and what became of them."""
    folder = tmp_path_factory.mktemp("hard")
    write_hard_cases(folder / "case", story=story())
    run = draft(folder)
    comparison = compare_with_key(run.scope, folder / "case")
    assert comparison is not None
    assert comparison.agrees
    return json.loads((folder / "case" / "answer-key.json").read_bytes()), run


def test_exactly_those_fail_that_must(drafted: tuple[dict[str, Any], DraftRun]) -> None:
    """Each customer that must fail is listed with the character that made it fail; no other fails."""
    key, run = drafted
    failed = {failure.customer_id: failure for failure in run.drafted.failed}
    assert set(failed) == set(key["must_fail"])
    for customer_id, reason in key["must_fail"].items():
        assert reason["character"] in failed[customer_id].what
        assert failed[customer_id].where
    assert {receipt.customer_id for receipt in run.drafted.written} == set(key["must_succeed"])


def test_hostile_values_are_printed_and_do_nothing(drafted: tuple[dict[str, Any], DraftRun]) -> None:
    """No report has a link outside itself, a script, or a file inside but its own data, and `{{ 7*7 }}` never becomes 49."""
    _, run = drafted
    for receipt in run.drafted.written:
        path = run.scope.output.report_pdf(receipt.report_id)
        raw = path.read_bytes()
        assert not [word for word in (b"/JavaScript", b"/Launch", b"/URI") if word in raw]
        assert raw.count(b"/Type /EmbeddedFile") == 2
        document = pypdfium2.PdfDocument(path)
        text = "".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        data = path.with_suffix(".json").read_text(encoding="utf-8")
        if "7*7" in data:
            assert "7*7" in "".join(text.split())


def test_an_open_line_stops_every_report(tmp_path: Path) -> None:
    """One line that nobody can place, and nothing is written."""
    write_hard_cases(tmp_path / "case", story=story(), with_open_line=True)
    with pytest.raises(GateError, match="nobody knows whose"):
        draft(tmp_path)
    assert not list((tmp_path / "out").glob("*/reports/*"))


def test_a_report_that_takes_too_long_fails_alone(tmp_path: Path) -> None:
    """A worker that does not come back is stopped; its customer is listed with the reason."""
    write_hard_cases(tmp_path / "case", story=story())
    run = draft(tmp_path, seconds=0.01)
    assert {failure.kind for failure in run.drafted.failed} == {"timeout"}
    assert len(run.drafted.failed) + len(run.drafted.written) == len(run.scope.result.customers)
