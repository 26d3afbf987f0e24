"""Jira Data Center audit log as its REST interface pages it: times are text, the type is called ``type``."""

from shirase.intake.sources.contract import Instant, Record, TimeColumn
from shirase.intake.sources.jira_dc import DataCenterReader
from shirase.intake.sources.table import TableAdapter
from shirase.intake.values import iso_time, need


class RestReader(DataCenterReader):
    """Reads entities of a page."""

    type_key = "type"
    change_keys = ("i18nKey", "from", "to")

    def when(self, record: Record) -> Instant:
        """The time as printed."""
        return iso_time(need(record, "timestamp"), self.options.zone)

    def time_column(self) -> TimeColumn:
        """The same."""
        return self.printed_time(("timestamp",))


ADAPTER = TableAdapter.load("jira-dc-rest", RestReader)
