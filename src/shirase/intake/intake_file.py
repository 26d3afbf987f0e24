"""One evidence file on arrival, and where its parts go."""

from dataclasses import dataclass
from pathlib import Path

from shirase.domain.incident import SourceSection
from shirase.domain.profile import Profile
from shirase.domain.resolution import TenantResolver
from shirase.intake.streams import EvidenceFileFacts, hash_file


@dataclass(frozen=True, slots=True)
class IntakeFile:
    """One file to read: where it is, which source it belongs to, and what gives its records their meaning.

    Attributes:
        path: Below the case folder.
        source: Source it belongs to, with its adapter.
        profile: The mapping, for sources that are read by one.
        facts: Size and SHA-256 on arrival.
        resolver: Finds the tenant of records that name none.
    """

    path: str
    source: SourceSection
    profile: Profile | None
    facts: EvidenceFileFacts
    resolver: TenantResolver | None = None


@dataclass(frozen=True, slots=True)
class IntakeParts:
    """Where the lines (Parquet) and the rejects (NDJSON) of one file are written."""

    lines: Path
    rejects: Path


def arrive(root: Path, path: str, source: SourceSection, profile: Profile | None) -> IntakeFile:
    """Take in one file: size and SHA-256 are established here, before a line of it is read."""
    return IntakeFile(path, source, profile, hash_file(root, path))
