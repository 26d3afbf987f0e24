"""Splunk's own audit index: ``Audit:[timestamp=…, user=…, action=…, info=… …]``. Local time, month first, no zone."""

import re

from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Instant, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.hints import text_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import iso_time, need

_HEAD = re.compile(
    r"Audit:\[timestamp=(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?), user=([^,]*), action=([^,]*), info=(\w+)",
    re.ASCII,
)
_SEARCH = re.compile(r"search='((?:[^'\\]|\\.)*)'")
_ID = re.compile(r"search_id='([^']*)'")


class SplunkAuditReader(TableReader):
    """Reads events; what was searched for is shown to the resolver and gone."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        raw = need(record, "_raw")
        match = _HEAD.match(raw)
        if match is None:
            raise RecordError(
                RejectReason.MISSING_VALUE, "does not begin as Audit:[timestamp=…, user=…, action=…, info=…"
            )
        month, day, year, clock, user, action, info = match.groups()
        if not user or user == "n/a":
            raise RecordError(RejectReason.MISSING_VALUE, "no user")
        time = iso_time(f"{year}-{month}-{day}T{clock}", self.options.zone)
        outcome, unmapped = self.outcome(info)
        search, search_id = _SEARCH.search(raw), _ID.search(raw)
        if search is not None:
            self.stripped["message_body"] += 1
        return Meaning(
            time=Instant(time.at, time.quality, f"{month}-{day}-{year} {clock}"),
            actor_id=user,
            action=action,
            code=self.code(action),
            outcome=outcome,
            outcome_unmapped=unmapped,
            transaction_id=search_id[1] if search_id is not None else None,
            clues=text_clues([search[1]]) if search is not None else (),
        )


ADAPTER = TableAdapter.load("splunk-audit", SplunkAuditReader)
