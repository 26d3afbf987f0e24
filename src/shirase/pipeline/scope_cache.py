"""A scope that was run once need not be run again while nothing that decides it has changed."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

import shirase
from shirase.domain.incident import Case
from shirase.intake.intake_file import IntakeFile
from shirase.intake.summary import IntakeSummary
from shirase.pipeline.output import OutputFolder, write_whole
from shirase.scoping.result import ScopeResult

DECIDING_ROOMS = ("domain", "evidence", "intake", "attribution", "scoping")
"""The rooms whose code decides a scope."""


@dataclass(frozen=True, slots=True)
class ScopeRecord:
    """A finished scope as it is kept: what decided it, what it found, and the digests of the files it left."""

    key: str
    intake: IntakeSummary
    result: ScopeResult
    files: dict[str, str]


_ADAPTER: TypeAdapter[ScopeRecord] = TypeAdapter(ScopeRecord)


TEXTS = (
    "narrative/", "previous/", "timeline.toml", "facts.toml", "checks.toml", "terms.toml", "inquiries.csv",
    "claims.toml", "translations.po",
)  # fmt: skip
"""What is printed and never asked while lines are decided: after a change of words, the scope is taken over."""


def scope_key(case: Case, files: tuple[IntakeFile, ...]) -> str:
    """SHA-256 over everything that decides a scope: rules and registers, the evidence, this program's own rules."""
    written = sorted(case.digests.items())
    parts = [f"{path}\x00{digest}" for path, digest in written if not path.startswith(TEXTS)]
    parts += [f"{file.source.id}\x00{file.path}\x00{file.facts.digest}" for file in files]
    package = Path(shirase.__file__).parent
    for room in DECIDING_ROOMS:
        for module in sorted((*(package / room).rglob("*.py"), *(package / room).rglob("*.toml"))):
            parts.append(f"{module.relative_to(package)}\x00{hashlib.sha256(module.read_bytes()).hexdigest()}")
    return hashlib.sha256("\x01".join(parts).encode()).hexdigest()


def load_scope(output: OutputFolder, key: str, kept: tuple[Path, ...]) -> ScopeRecord | None:
    """The finished scope with this key, or None when there is none or any file it left has changed."""
    try:
        record = _ADAPTER.validate_json(_record_path(output).read_bytes())
    except (OSError, ValidationError):
        return None
    if record.key != key or record.files != _digests(kept):
        return None
    return record


def store_scope(
    output: OutputFolder, key: str, *, intake: IntakeSummary, result: ScopeResult, kept: tuple[Path, ...]
) -> None:
    """Keep a finished scope; the last thing written, so that a broken-off run leaves none."""
    record = ScopeRecord(key, intake, result, _digests(kept))
    write_whole(_record_path(output), _ADAPTER.dump_json(record, indent=1))


def _record_path(output: OutputFolder) -> Path:
    return output.work / "scope.json"


def _digests(paths: tuple[Path, ...]) -> dict[str, str]:
    digests = {}
    for path in paths:
        try:
            with path.open("rb") as file:
                digests[path.name] = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            digests[path.name] = ""
    return digests
