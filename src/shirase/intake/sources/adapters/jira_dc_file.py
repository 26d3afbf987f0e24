"""Jira Data Center audit log as it lies in the server's files: a time is seconds and nanoseconds, apart.

The two are not joined by a dot: 5,000,000 nanoseconds are five thousandths of a second, not a half.
"""

from datetime import timedelta

from shirase.domain.action import TimeQuality
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Instant, Record, RecordError
from shirase.intake.sources.jira_dc import DataCenterReader
from shirase.intake.sources.table import TableAdapter
from shirase.intake.values import dig, epoch_time, need

NANOS = 1_000_000_000


class FileReader(DataCenterReader):
    """Reads lines."""

    type_key = "auditType"
    change_keys = ("key", "from", "to")

    def when(self, record: Record) -> Instant:
        """Seconds and nanoseconds, padded to nine digits."""
        seconds = epoch_time(need(record, "timestamp", "epochSecond"), TimeFormat.EPOCH_S)
        nano = dig(record, "timestamp", "nano")
        if nano is None:
            return seconds
        if not isinstance(nano, int) or isinstance(nano, bool) or not 0 <= nano < NANOS:
            raise RecordError(RejectReason.BAD_TIME, f"{str(nano)[:40]} are no nanoseconds of a second")
        at = seconds.at + timedelta(microseconds=nano // 1_000)
        return Instant(at, TimeQuality.EXACT, f"{seconds.text}.{nano:09}")


ADAPTER = TableAdapter.load("jira-dc-file", FileReader)
