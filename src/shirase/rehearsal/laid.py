"""Evidence files as they were laid out, with the truth of every line."""

from dataclasses import dataclass

from shirase.rehearsal.truth import Verdict


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a log line stands, with its truth."""

    path: str
    line: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Laid:
    """One evidence file as it was laid out.

    Attributes:
        path: Below the case folder.
        source_id: Source it belongs to.
        content: Its bytes before compression.
        placed: Its log lines, in order.
        physical_lines: Line ends, plus a last line without one.
        header_lines: Column headers.
        blank_lines: Lines with nothing but white space.
        continuation_lines: Further lines of records that span several.
        previews: Records that the final result repeats.
    """

    path: str
    source_id: str
    content: bytes
    placed: tuple[Placed, ...]
    physical_lines: int
    header_lines: int
    blank_lines: int
    continuation_lines: int
    previews: int = 0
