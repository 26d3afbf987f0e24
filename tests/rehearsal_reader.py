"""Reads a written rehearsal with the standard library only, so that tests see the bytes and not the generator."""

import csv
import gzip
import io
import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

STORY = Path(__file__).parents[1] / "templates" / "rehearsal"


@dataclass(frozen=True)
class WrittenCase:
    """A case folder on disk."""

    folder: Path

    @property
    def key(self) -> dict[str, Any]:
        key: dict[str, Any] = json.loads((self.folder / "answer-key.json").read_bytes())
        return key

    def evidence(self) -> list[str]:
        files = (path for path in (self.folder / "evidence").rglob("*") if path.is_file())
        return sorted(path.relative_to(self.folder).as_posix() for path in files)

    def content(self, path: str) -> bytes:
        stored = (self.folder / path).read_bytes()
        if path.endswith(".gz"):
            return gzip.decompress(stored)
        if path.endswith(".zst"):
            with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(stored), read_across_frames=True) as reader:
                return reader.read()
        return stored

    def raw_line(self, path: str, line: int) -> bytes:
        return self.content(path).split(b"\n")[line - 1]

    def sound_records(self) -> Iterator[tuple[str, int, dict[str, Any]]]:
        """Path, line and record of every NDJSON line that the standard library can parse to an object."""
        for path in self.evidence():
            if ".ndjson" not in path:
                continue
            for number, raw in enumerate(self.content(path).split(b"\n"), start=1):
                try:
                    record = json.loads(raw.decode("utf-8-sig"))
                except ValueError:
                    continue
                if isinstance(record, dict):
                    yield path, number, record

    def find(self, **wanted: Any) -> list[tuple[str, int]]:
        """Where sound records have all these values."""
        return [
            (path, line)
            for path, line, record in self.sound_records()
            if all(record.get(name) == value for name, value in wanted.items())
        ]

    def verdict(self, path: str, line: int) -> tuple[str, str, list[str]]:
        disposition, rule, customers = self.key["dispositions"][path][str(line)]
        return disposition, rule, customers

    def verdicts_at(self, ts: str) -> set[tuple[str, str]]:
        """Dispositions and rules of all lines whose time is written ``ts``."""
        return {self.verdict(path, line)[:2] for path, line in self.find(ts=ts)}

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def toml(self, name: str) -> dict[str, Any]:
        return tomllib.loads((self.folder / name).read_text(encoding="utf-8"))

    def customer_named(self, name: str) -> dict[str, str]:
        return next(row for row in self.table("customers.csv") if name in (row["name_ja"], row["name_en"]))

    def rows_of(self, name: str) -> list[list[Any]]:
        """Path and line of every action that the customer of this name must be told of."""
        rows: list[list[Any]] = self.key["customers"][self.customer_named(name)["customer_id"]]["actions"]
        return rows
