"""Slack's audit log. Its time is whole seconds; copies in other systems print it as text, mostly without a zone.

``details`` may hold times of other units; they are not read as times. ``location`` is the vendor's own workspace and
says nothing about a customer.
"""

from collections.abc import Hashable
from datetime import datetime
from typing import Any

from shirase.domain.action import ActorKind, Target, TimeQuality
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_epoch
from shirase.intake.sources.contract import (
    Aside,
    Columns,
    Instant,
    Meaning,
    Record,
    RecordContext,
    RecordError,
    TargetColumns,
    TextColumn,
    TimeColumn,
)
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, dig, epoch_time, iso_time, known, need, read_address

_TEXTS = {
    "actor_email": TextColumn((("actor", "user", "email"),), holds="@"),
    "event_id": TextColumn((("id",),)),
    "user_agent": TextColumn((("context", "ua"),), PLACEHOLDERS),
    "session_id": TextColumn((("context", "session_id"),), PLACEHOLDERS),
}


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

    def form(self, record: Record) -> Hashable:
        """What was acted on, and whether the time is a text."""
        kind = dig(record, "entity", "type")
        return (kind, type(record.get("date_create"))) if isinstance(kind, str | None) else None

    def columns(self, sample: Record) -> Columns | None:
        """Where an entry says what :meth:`read` takes from it. What was acted on stands under the name of its kind."""
        kind = dig(sample, "entity", "type")
        at = sample.get("date_create")
        if not isinstance(at, int | str) or not isinstance(kind, str | None):
            return None
        thing = ("entity", kind or "")
        target = TargetColumns((("entity", "type"),), ((*thing, "id"),), ((*thing, "name"), (*thing, "title")))
        return Columns(
            time=TimeColumn((("date_create",),), TimeFormat.RFC3339, self._parse_text)
            if isinstance(at, str)
            else TimeColumn((("date_create",),), TimeFormat.EPOCH_S, _parse_seconds),
            actor_id=TextColumn((("actor", "user", "id"),)),
            action=TextColumn((("action",),)),
            texts=_TEXTS,
            codes=self.codes,
            address=TextColumn((("context", "ip_address"),), PLACEHOLDERS),
            actor_kind=TextColumn((("actor", "type"),)),
            actor_kinds={"user": ActorKind.PERSON},
            targets=(target,) if kind else (),
            clue=(ClueKind.CHANNEL, ("entity", "channel", "name")),
            pinned=(("entity", "type"),),
        )

    def _when(self, value: Any) -> Instant:
        if value is None or value == "":
            raise RecordError(RejectReason.MISSING_VALUE, "no date_create")
        text = as_text(value) or ""
        if isinstance(value, str) and not text.isdigit():
            return iso_time(text, self.options.zone)
        return epoch_time(text, TimeFormat.EPOCH_S)

    def _parse_text(self, text: str) -> tuple[datetime, TimeQuality]:
        return self._when(text)[:2]


def _parse_seconds(text: str) -> tuple[datetime, TimeQuality]:
    return parse_epoch(text, TimeFormat.EPOCH_S)


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
