"""Salesforce Setup Audit Trail as downloaded in the browser: dates have the order and zone of the person who did it.

03/04/2022 is two different days; the source declares ``locale`` and ``zone``, and nothing is guessed.
"""

import re

from shirase.domain.action import Target
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Instant, Meaning, Options, Record, RecordContext, RecordError
from shirase.intake.sources.hints import text_clues
from shirase.intake.sources.table import SourceTable, TableAdapter, TableReader
from shirase.intake.values import as_text, iso_time, need

_DATE = re.compile(
    r"(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4}),?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?(?:\s+([A-Z]{1,5}))?",
    re.ASCII,
)
_ORDERS = {"mdy": (2, 0, 1), "dmy": (2, 1, 0), "ymd": (0, 1, 2)}
SETUP = "Setup"
"""What an action is called that has no section: the sentence that tells it names people, and is no code."""


class SetupAuditCsvReader(TableReader):
    """Reads rows."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        super().__init__(table, options)
        assert options.locale is not None
        self._order = _ORDERS[options.locale]

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one row says."""
        text = need(record, "Date")
        user = need(record, "User")
        sentence = need(record, "Action")
        delegate = as_text(record.get("Delegate User"))
        actor = delegate or user
        return Meaning(
            time=self._when(text),
            actor_id=actor,
            actor_email=actor if "@" in actor else None,
            action=as_text(record.get("Section")) or SETUP,
            acting_as=user if delegate is not None else None,
            targets=(Target("setup", as_text(record.get("Section")), sentence),),
            clues=text_clues([sentence]),
        )

    def _when(self, text: str) -> Instant:
        match = _DATE.fullmatch(text.strip())
        if match is None:
            raise RecordError(RejectReason.BAD_TIME, f"{text[:60]!r} is not a date and time")
        year, month, day = (match.groups()[place] for place in self._order)
        if len(year) != 4:
            raise RecordError(RejectReason.BAD_TIME, f"{text[:60]!r} does not fit the order {self.options.locale}")
        hour = _hour(int(match[4]), match[7])
        iso = f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{match[5]}:{match[6] or '00'} {match[8] or ''}"
        found = iso_time(iso, self.options.zone)
        return Instant(found.at, found.quality, text)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise RecordError(RejectReason.BAD_TIME, f"{hour} {half} is no hour")
    return hour % 12 + (12 if half[0] in "Pp" else 0)


ADAPTER = TableAdapter.load("salesforce-setup-audit-csv", SetupAuditCsvReader)
