"""OCSF events. ``time`` is milliseconds by the standard, and published examples have seconds.

Where ``time_dt`` says otherwise by more than a second, the record is refused; so is a number of another length.
"""

from collections.abc import Hashable
from datetime import timedelta

from shirase.domain.action import ActorKind, Target
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_epoch
from shirase.intake.sources.contract import (
    Aside,
    Columns,
    Derived,
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
from shirase.intake.values import (
    PLACEHOLDERS,
    as_text,
    count_objects,
    dig,
    epoch_time,
    iso_time,
    items,
    known,
    need,
    read_address,
)

API_ACTIVITY = 6003
_CODES = {1: "config.change", 2: "tenant.view", 3: "config.change", 4: "config.change"}
_TOLERANCE = timedelta(seconds=1)
_USER = ("actor", "user")
_ACTIONS = (("api", "operation"), ("metadata", "event_code"), ("activity_name",), ("type_name",))
_TEXTS = {
    "actor_name": TextColumn(((*_USER, "name"),)),
    "actor_email": TextColumn(((*_USER, "email_addr"),)),
    "actor_organisation": TextColumn(((*_USER, "org", "name"),)),
    "event_id": TextColumn((("metadata", "original_event_uid"), ("metadata", "uid"))),
    "user_agent": TextColumn((("http_request", "user_agent"),), PLACEHOLDERS),
    "session_id": TextColumn((("actor", "session", "uid"),)),
    "transaction_id": TextColumn((("metadata", "correlation_uid"),)),
}


class OcsfReader(TableReader):
    """Reads events."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        time = _when(record)
        user = dig(record, "actor", "user")
        actor = as_text(dig(user, "uid")) or as_text(dig(user, "email_addr")) or need(record, "actor", "user", "name")
        action = _action(record)
        outcome, unmapped = self.outcome(as_text(record.get("status_id")))
        ip, text = read_address(known(dig(record, "src_endpoint", "ip")))
        targets = tuple(_target(item) for item in items(record.get("resources")) if isinstance(item, dict))
        tenants = dict.fromkeys(target.tenant_id for target in targets if target.tenant_id is not None)
        return Meaning(
            time=time,
            actor_id=actor,
            actor_name=as_text(dig(user, "name")),
            actor_email=as_text(dig(user, "email_addr")),
            actor_organisation=as_text(dig(user, "org", "name")),
            actor_kind=ActorKind.UNKNOWN,
            action=action,
            code=self._code(action, record.get("class_uid"), record.get("activity_id")),
            outcome=outcome,
            outcome_unmapped=unmapped,
            event_id=as_text(dig(record, "metadata", "original_event_uid")) or as_text(dig(record, "metadata", "uid")),
            tenant_ids=tuple(tenants),
            targets=targets,
            src_ip=ip,
            src_text=text,
            user_agent=known(dig(record, "http_request", "user_agent")),
            session_id=as_text(dig(record, "actor", "session", "uid")),
            transaction_id=as_text(dig(record, "metadata", "correlation_uid")),
        )

    def form(self, record: Record) -> Hashable:
        """How many objects were acted on, and how the numbers are written that tell the code."""
        listed = record.get("resources")
        count = count_objects(listed) if type(listed) is list else 0
        return (count, type(record.get("class_uid")), type(record.get("activity_id"))) if count is not None else None

    def columns(self, sample: Record) -> Columns | None:
        """Where an event says what :meth:`read` takes from it. Numbers written as texts tell no code."""
        listed = sample.get("resources")
        count = count_objects(listed) if type(listed) is list else 0
        kinds = {type(sample.get("class_uid")), type(sample.get("activity_id"))}
        if count is None or not kinds <= {int, str, type(None)}:
            return None
        numbers = kinds == {int}
        action = TextColumn(_ACTIONS)
        numbered = (TextColumn((("class_uid",),)), TextColumn((("activity_id",),)))
        things = [("resources", place) for place in range(count)]
        return Columns(
            time=TimeColumn(
                (("time",),),
                TimeFormat.EPOCH_MS,
                lambda text: parse_epoch(text, TimeFormat.EPOCH_MS),
                ("time_dt",),
                _agree,
            ),
            actor_id=TextColumn(((*_USER, "uid"), (*_USER, "email_addr"), (*_USER, "name"))),
            action=action,
            code=Derived(
                (action, *numbered),
                lambda action, kind, activity: self._code(
                    action, int(kind) if numbers else None, int(activity) if numbers else None
                ),
            ),
            texts=_TEXTS,
            address=TextColumn((("src_endpoint", "ip"),), PLACEHOLDERS),
            outcome=TextColumn((("status_id",),)),
            outcomes=self.outcomes,
            targets=tuple(
                TargetColumns(
                    ((*way, "type"),),
                    ((*way, "uid"),),
                    ((*way, "name"),),
                    ((*way, "owner", "org", "uid"), (*way, "owner", "org", "name")),
                )
                for way in things
            ),
        )

    def _code(self, action: str, kind: object, activity: object) -> str:
        if action in self.codes or kind != API_ACTIVITY:
            return self.code(action)
        return _CODES.get(activity, self.code(action)) if isinstance(activity, int) else self.code(action)


def _when(record: Record) -> Instant:
    time = epoch_time(need(record, "time"), TimeFormat.EPOCH_MS)
    printed = as_text(record.get("time_dt"))
    if printed is not None and not _agree(time.text, printed):
        raise RecordError(RejectReason.BAD_TIME, f"time {time.text} and time_dt {printed[:40]} are not the same")
    return time


def _agree(time: str, printed: str) -> bool:
    return abs(iso_time(printed).at - epoch_time(time, TimeFormat.EPOCH_MS).at) <= _TOLERANCE


def _action(record: Record) -> str:
    for steps in _ACTIONS:
        if (text := as_text(dig(record, *steps))) is not None:
            return text
    raise RecordError(RejectReason.MISSING_VALUE, "no api.operation, metadata.event_code or activity_name")


def _target(item: Record) -> Target:
    name = as_text(item.get("name"))
    owner = as_text(dig(item, "owner", "org", "uid")) or as_text(dig(item, "owner", "org", "name"))
    return Target(as_text(item.get("type")), as_text(item.get("uid")), name, owner)


ADAPTER = TableAdapter.load("ocsf", OcsfReader)
