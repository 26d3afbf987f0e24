"""Slack's audit log. Its time is whole seconds; copies in other systems print it as text, mostly without a zone.

``details`` may hold times of other units; they are not read as times. ``location`` is the vendor's own workspace and
says nothing about a customer.
"""

from typing import Any

from shirase.domain.action import ActorKind, Target
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Instant, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, epoch_time, iso_time, known, need, read_address


class SlackAuditReader(TableReader):
    """Reads entries."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one entry says."""
        action = need(record, "action")
        user = dig(record, "actor", "user")
        email = as_text(dig(user, "email"))
        target = _target(record.get("entity"))
        ip, text = read_address(known(dig(record, "context", "ip_address")))
        return Meaning(
            time=self._when(record.get("date_create")),
            actor_id=need(record, "actor", "user", "id"),
            actor_email=email if email is not None and "@" in email else None,
            actor_kind=ActorKind.PERSON if dig(record, "actor", "type") == "user" else ActorKind.UNKNOWN,
            action=action,
            code=self.code(action),
            event_id=as_text(record.get("id")),
            targets=(target,) if target is not None else (),
            src_ip=ip,
            src_text=text,
            user_agent=known(dig(record, "context", "ua")),
            session_id=known(dig(record, "context", "session_id")),
            clues=_clues(record.get("entity")),
        )

    def _when(self, value: Any) -> Instant:
        if value is None or value == "":
            raise RecordError(RejectReason.MISSING_VALUE, "no date_create")
        text = as_text(value) or ""
        if isinstance(value, str) and not text.isdigit():
            return iso_time(text, self.options.zone)
        return epoch_time(text, TimeFormat.EPOCH_S)


def _target(entity: Any) -> Target | None:
    """What was acted on; absent in many events."""
    kind = as_text(dig(entity, "type"))
    if kind is None:
        return None
    thing = entity.get(kind)
    return Target(kind, as_text(dig(thing, "id")), as_text(dig(thing, "name")) or as_text(dig(thing, "title")))


def _clues(entity: Any) -> tuple[Clue, ...]:
    name = as_text(dig(entity, "channel", "name"))
    return (Clue(ClueKind.CHANNEL, name),) if name is not None else ()


ADAPTER = TableAdapter.load("slack-audit", SlackAuditReader)
