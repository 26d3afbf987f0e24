"""Lines per second from evidence to decided lines, against DuckDB's bare ``read_json`` of the same records."""

import json
import tempfile
import time
from pathlib import Path

import duckdb

from shirase.intake.streams import open_lines
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.pipeline.scope import run_scope
from shirase.rehearsal.generate import Size
from shirase.settings import story

ROUNDS = 3


class _Stages(Silent):
    """Keeps the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._begun = ("", 0.0)

    def begin(self, stage: str, total: int) -> None:  # noqa: ARG002
        self._begun = (stage, time.perf_counter())

    def end(self) -> None:
        stage, begun = self._begun
        self.seconds[stage] = time.perf_counter() - begun


def run() -> None:
    """Print lines per second of each stage, and how many times longer intake takes than a bare read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_rehearse(folder / "case", story(), Size())
        plain = _plain_json(folder / "case", folder / "plain.ndjson")
        for number in range(ROUNDS):
            stages = _Stages()
            found = run_scope(folder / "case", folder / f"out{number}", stages)
            lines = found.intake.records
            begun = time.perf_counter()
            duckdb.sql(f"SELECT count(*), max(COLUMNS(*)) FROM read_json('{plain}')").fetchall()
            bare = time.perf_counter() - begun
            reading, deciding = stages.seconds["reading evidence"], stages.seconds["deciding lines"]
            print(
                f"{lines:,} lines: intake {lines / reading:,.0f}/s, scoping {lines / deciding:,.0f}/s; "
                f"intake takes {reading / bare:.1f} times DuckDB's bare read_json on two threads"
            )


def _plain_json(case: Path, target: Path) -> Path:
    """Every sound JSON line of the case in one plain file, for the bare reader."""
    with target.open("wb") as file:
        for path in sorted((case / "evidence" / "superuser").iterdir()):
            with open_lines(path.parent, path.name) as lines:
                while line := lines.readline(1 << 24):
                    if _is_sound(line):
                        file.write(line.strip(b"\xef\xbb\xbf\r\n") + b"\n")
    return target


def _is_sound(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.strip(b"\xef\xbb\xbf")), dict)
    except ValueError:
        return False
