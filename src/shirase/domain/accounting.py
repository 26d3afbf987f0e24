"""The accounting identity: every line that was read is somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from shirase.domain.disposition import Disposition


@dataclass(frozen=True, slots=True)
class PhysicalCount:
    """What a file holds, line by line.

    Attributes:
        physical_lines: Line ends seen, plus a last line without one.
        header_lines: Column headers.
        blank_lines: Empty lines between records.
        continuation_lines: Further lines of records that span several (quoted line breaks in CSV).
        records: Log lines in the sense of the accounting.
    """

    physical_lines: int
    header_lines: int
    blank_lines: int
    continuation_lines: int
    records: int

    def balances(self) -> bool:
        """Whether every physical line is accounted for."""
        return self.physical_lines == self.header_lines + self.blank_lines + self.continuation_lines + self.records

    def __add__(self, other: "PhysicalCount") -> "PhysicalCount":
        return PhysicalCount(
            self.physical_lines + other.physical_lines,
            self.header_lines + other.header_lines,
            self.blank_lines + other.blank_lines,
            self.continuation_lines + other.continuation_lines,
            self.records + other.records,
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
