"""The accounting identity: every line that was read is somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from shirase.domain.disposition import Disposition


@dataclass(frozen=True, slots=True)
class PhysicalCount:
    """What a file holds, line by line.

    Attributes:
        physical_lines: Line ends seen, plus a last line without one.
        header_lines: Column headers, also those that stand between rows of files put together.
        blank_lines: Empty lines between records.
        continuation_lines: Further lines of records that span several (quoted line breaks in CSV).
        records: Log lines in the sense of the accounting.
        previews: Records of a preview, which the final result repeats.
        footer_lines: Lines below the last row of a report.

    In files that hold no lines (arrays, XML, zip, spreadsheets) each record counts as one line.
    """

    physical_lines: int
    header_lines: int
    blank_lines: int
    continuation_lines: int
    records: int
    previews: int = 0
    footer_lines: int = 0

    def balances(self) -> bool:
        """Whether every physical line is accounted for."""
        without_record = self.header_lines + self.blank_lines + self.continuation_lines + self.footer_lines
        return self.physical_lines == without_record + self.previews + self.records

    def __add__(self, other: "PhysicalCount") -> "PhysicalCount":
        return PhysicalCount(
            self.physical_lines + other.physical_lines,
            self.header_lines + other.header_lines,
            self.blank_lines + other.blank_lines,
            self.continuation_lines + other.continuation_lines,
            self.records + other.records,
            self.previews + other.previews,
            self.footer_lines + other.footer_lines,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """Lines read of one source, and what became of them."""

    source_id: str
    lines_read: int
    by_disposition: Mapping[Disposition, int]

    def balances(self) -> bool:
        """Whether lines read equal the sum over all dispositions."""
        return self.lines_read == sum(self.by_disposition.values())

    def count(self, disposition: Disposition) -> int:
        """Lines with this disposition."""
        return self.by_disposition.get(disposition, 0)


def total_account(accounts: tuple[Account, ...]) -> Account:
    """The accounts of all sources added up, under the source id ``total``."""
    sums = {disposition: sum(account.count(disposition) for account in accounts) for disposition in Disposition}
    return Account("total", sum(account.lines_read for account in accounts), sums)
