"""What intake found, in figures."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from shirase.domain.accounting import PhysicalCount
from shirase.domain.errors import Problem
from shirase.intake.streams import EvidenceFileFacts


@dataclass(slots=True)
class FileTally:
    """The running count over one file while it is read."""

    physical: int = 0
    header: int = 0
    blank: int = 0
    continuation: int = 0
    actions: int = 0
    no_actions: int = 0
    previews: int = 0
    footer: int = 0
    asides: Counter[str] = field(default_factory=Counter)
    rejects: Counter[str] = field(default_factory=Counter)
    unknown_columns: Counter[str] = field(default_factory=Counter)
    unmapped_actions: Counter[str] = field(default_factory=Counter)
    unmapped_outcomes: Counter[str] = field(default_factory=Counter)
    time_qualities: Counter[str] = field(default_factory=Counter)
    stripped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One evidence file, read to its end.

    Counters are by the source's own words. ``records`` = ``actions`` + ``no_actions`` + rejects.

    Attributes:
        asides: Well-formed records that are no action, by kind.
        stripped: What never got past intake, by kind: secrets, tokens, bodies of messages, phone numbers.
        remarks: What a person must be told about the whole file, with what to do.
    """

    source_id: str
    facts: EvidenceFileFacts
    count: PhysicalCount
    actions: int
    no_actions: int
    rejects: Mapping[str, int]
    unknown_columns: Mapping[str, int]
    unmapped_actions: Mapping[str, int]
    unmapped_outcomes: Mapping[str, int]
    time_qualities: Mapping[str, int]
    asides: Mapping[str, int] = field(default_factory=dict)
    stripped: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[Problem, ...] = ()

    @property
    def reject_count(self) -> int:
        """Lines of the file that cannot be used."""
        return sum(self.rejects.values())


@dataclass(frozen=True, slots=True)
class IntakeSummary:
    """All evidence files, in order of their paths."""

    files: tuple[FileSummary, ...]

    @property
    def records(self) -> int:
        """Log lines of all files."""
        return sum(file.count.records for file in self.files)

    @property
    def reject_count(self) -> int:
        """Unusable log lines of all files."""
        return sum(file.reject_count for file in self.files)


def close_tally(
    source_id: str, facts: EvidenceFileFacts, tally: FileTally, remarks: tuple[Problem, ...] = ()
) -> FileSummary:
    """Freeze a tally at the end of its file."""
    records = tally.actions + tally.no_actions + sum(tally.rejects.values())
    return FileSummary(
        source_id=source_id,
        facts=facts,
        count=PhysicalCount(
            tally.physical, tally.header, tally.blank, tally.continuation, records, tally.previews, tally.footer
        ),
        actions=tally.actions,
        no_actions=tally.no_actions,
        rejects=dict(sorted(tally.rejects.items())),
        unknown_columns=dict(sorted(tally.unknown_columns.items())),
        unmapped_actions=dict(sorted(tally.unmapped_actions.items())),
        unmapped_outcomes=dict(sorted(tally.unmapped_outcomes.items())),
        time_qualities=dict(sorted(tally.time_qualities.items())),
        asides=dict(sorted(tally.asides.items())),
        stripped=dict(sorted((kind, count) for kind, count in tally.stripped.items() if count)),
        remarks=remarks,
    )
