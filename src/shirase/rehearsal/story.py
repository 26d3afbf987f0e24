"""The texts of the story: lists of words, and the case files that are the same whatever the size."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shirase.domain.errors import Problem, UsageError


@dataclass(frozen=True, slots=True)
class Story:
    """The folder of the story's texts."""

    root: Path

    def words(self, name: str) -> list[dict[str, str]]:
        """The rows of ``words/<name>.csv``, by column.

        Raises:
            UsageError: When the list is missing.
        """
        path = self.root / "words" / f"{name}.csv"
        try:
            with path.open(encoding="utf-8", newline="") as file:
                return list(csv.DictReader(file))
        except OSError as error:
            raise UsageError(
                Problem(f"cannot be read: {error.strerror}", str(path), "name the folder of the story's texts")
            ) from error

    def toml(self, name: str) -> dict[str, Any]:
        """A TOML file of the story, parsed."""
        return tomllib.loads((self.root / name).read_text(encoding="utf-8"))

    def kept_files(self) -> list[Path]:
        """Case files that every size takes over unchanged, as paths below the story, sorted."""
        names = ("actions", "permissions", "timeline", "facts", "checks", "terms", "contract", "claims")
        files = [Path("translations.po"), *(Path(f"{name}.toml") for name in names)]
        for folder in ("narrative", "profiles"):
            files += [path.relative_to(self.root) for path in (self.root / folder).iterdir() if path.is_file()]
        return sorted(files)
