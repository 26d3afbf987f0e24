"""RingCentral's call log: one call of one extension is one action, whatever number of records and legs it has.

The number of the other side tells whose customer it was: it is shown to the resolver, and never written.
"""

from datetime import datetime, timedelta

from shirase.domain.clues import Clue, ClueKind
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, need

CALL = "call"
_SIDES = {"Outbound": ("from", "to"), "Inbound": ("to", "from")}


class CallLogReader(TableReader):
    """Reads calls."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one record says: our extension, the other side, when and how long."""
        direction = need(record, "direction")
        sides = _SIDES.get(direction)
        if sides is None:
            raise RecordError(
                RejectReason.MISSING_VALUE, f"direction {direction[:40]!r} is neither Outbound nor Inbound"
            )
        ours, theirs = sides
        own = dig(record, "extension", "id") or dig(record, ours, "extensionId") or dig(record, ours, "extensionNumber")
        actor = as_text(own)
        if actor is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no extension on the vendor's side")
        session = as_text(record.get("telephonySessionId")) or need(record, "sessionId")
        time = iso_time(need(record, "startTime"), self.options.zone)
        outcome, unmapped = self.outcome(as_text(record.get("result")))
        number = as_text(dig(record, theirs, "phoneNumber"))
        modified = as_text(record.get("lastModifiedTime"))
        return Meaning(
            time=time,
            actor_id=actor,
            action="/".join(filter(None, (direction, as_text(record.get("action")), as_text(record.get("type"))))),
            code=CALL,
            outcome=outcome,
            outcome_unmapped=unmapped,
            event_id=f"{session}/{actor}",
            same_as=f"{session}/{actor}/{direction}",
            session_id=session,
            end=_end(time.at, record),
            received_at=iso_time(modified, self.options.zone).at if modified is not None else None,
            clues=(Clue(ClueKind.PHONE, number),) if number is not None else (),
        )


def _end(begun: datetime, record: Record) -> datetime | None:
    millis, seconds = record.get("durationMs"), record.get("duration")
    if isinstance(millis, int) and 0 <= millis < 10**10:
        return begun + timedelta(milliseconds=millis)
    return begun + timedelta(seconds=seconds) if isinstance(seconds, int) and 0 <= seconds < 10**7 else None


ADAPTER = TableAdapter.load("ringcentral-call-log", CallLogReader)
