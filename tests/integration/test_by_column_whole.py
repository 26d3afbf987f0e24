"""A whole incident read by column is the incident read record by record, to the last column of the store."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from shirase.intake.by_column import reading
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import run_scope
from shirase.rehearsal.generate import Size, write_incident
from shirase.settings import story

SIZE = Size(seed=11, customers=60, affected=20, lines=4_000)


def test_the_synthetic_incident_is_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every decided line, every reject and every count; where no run is tried, all is read record by record."""
    case = tmp_path / "case"
    write_incident(case, story=story(), size=SIZE)
    by_column = run_scope(case, tmp_path / "by-column", Silent())
    monkeypatch.setattr(reading, "_IDLE_RUNS", 0)
    one_by_one = run_scope(case, tmp_path / "one-by-one", Silent())
    assert by_column.intake == one_by_one.intake
    assert by_column.output.rejects.read_bytes() == one_by_one.output.rejects.read_bytes()
    assert pq.read_table(by_column.output.actions).equals(pq.read_table(one_by_one.output.actions))
    assert by_column.result == one_by_one.result
