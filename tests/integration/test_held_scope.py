"""A scope held for ``preview --watch``: words are read again, and anything else is decided again."""

from pathlib import Path

import pytest

from case_builder import ndjson, record, write_case
from shirase.domain.errors import CaseError
from shirase.pipeline import held_scope
from shirase.pipeline.held_scope import HeldScope
from shirase.pipeline.scope import run_scope

EVIDENCE = "evidence/superuser.ndjson"
CAUSE = "narrative/cause.en.md"
CLAIM = """
[[claims]]
id = "rows"
label = { ja = "行", en = "Rows" }
query = "SELECT count(*) FROM lines WHERE disposition = 'in_scope'"
"""


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """One entry for each scope that was run or taken over from the disk."""
    counted: list[Path] = []

    def counting(folder: Path, *arguments: object) -> object:
        counted.append(folder)
        return run_scope(folder, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(held_scope, "run_scope", counting)
    return counted


def cause(held: HeldScope) -> str:
    return next(section.text.en for section in held.now().case.narrative if section.name == "cause")


def actions(held: HeldScope) -> dict[str, int]:
    return {entry.customer_id: entry.action_count for entry in held.now().expected.entries}


def test_after_a_change_of_words_only_the_words_are_read_again(tmp_path: Path, runs: list[Path]) -> None:
    """The new text is there, and no evidence was looked at."""
    case = write_case(tmp_path / "case")
    held = HeldScope(case, tmp_path / "out")
    before = actions(held)
    (case / CAUSE).write_text("Quite another cause: {{ your_actions }}.", encoding="utf-8")
    held.tell([case / CAUSE])
    assert cause(held) == "Quite another cause: {{ your_actions }}."
    assert actions(held) == before
    assert len(runs) == 1


@pytest.mark.parametrize("told_first", ["words", "evidence"])
def test_a_log_that_is_put_in_place_is_decided(told_first: str, tmp_path: Path, runs: list[Path]) -> None:
    """Evidence told before, with or after words counts, too."""
    case = write_case(tmp_path / "case", **{EVIDENCE: ndjson([record("r-1", tenants=["t-1"])])})
    held = HeldScope(case, tmp_path / "out")
    assert actions(held) == {"C-1": 1}
    lines = ndjson([record("r-1", tenants=["t-1"]), record("r-2", tenants=["t-2"], objects=[])])
    (case / EVIDENCE).write_text(lines, encoding="utf-8")
    changes = [case / CAUSE, case / EVIDENCE]
    for change in changes if told_first == "words" else reversed(changes):
        held.tell([change])
    assert actions(held) == {"C-1": 1, "C-2": 1}
    assert len(runs) == 2


def test_what_could_not_be_read_is_not_forgotten(tmp_path: Path, runs: list[Path]) -> None:
    """Evidence that came while a text was unusable is decided once the text is mended."""
    case = write_case(tmp_path / "case", **{EVIDENCE: ndjson([record("r-1", tenants=["t-1"])])})
    held = HeldScope(case, tmp_path / "out")
    assert actions(held) == {"C-1": 1}
    (case / EVIDENCE).write_text(ndjson([record("r-2", tenants=["t-2"], objects=[])]), encoding="utf-8")
    (case / CAUSE).write_text("Nothing is called {{ so }}.", encoding="utf-8")
    held.tell([case / EVIDENCE, case / CAUSE])
    with pytest.raises(CaseError):
        held.now()
    (case / CAUSE).write_text("A cause: {{ your_actions }}.", encoding="utf-8")
    held.tell([case / CAUSE])
    assert actions(held) == {"C-2": 1}


def test_a_scope_that_another_process_made_is_taken_over(tmp_path: Path, runs: list[Path]) -> None:
    """The rows of each customer are found by their place in a file: in another file they are elsewhere."""
    case = write_case(tmp_path / "case")
    held = HeldScope(case, tmp_path / "out")
    rows = held.now().grouped
    copy = rows.with_suffix(".copy")
    copy.write_bytes(rows.read_bytes())
    copy.replace(rows)
    held.now()
    assert len(runs) == 2
    held.now()
    assert len(runs) == 2


def test_a_claim_asks_the_log_again(tmp_path: Path, runs: list[Path]) -> None:
    """``claims.toml`` is words for the scope, but its questions are asked of the lines decided before."""
    case = write_case(tmp_path / "case")
    held = HeldScope(case, tmp_path / "out")
    assert held.now().own_answers == ()
    (case / "claims.toml").write_text(CLAIM, encoding="utf-8")
    held.tell([case / "claims.toml"])
    assert [answer.name for answer in held.now().own_answers] == ["rows"]
    assert len(runs) == 1
