"""OCSF events. ``time`` is milliseconds by the standard, and published examples have seconds.

Where ``time_dt`` says otherwise by more than a second, the record is refused; so is a number of another length.
"""

from datetime import timedelta

from shirase.domain.action import ActorKind, Target
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Instant, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, epoch_time, iso_time, items, known, need, read_address

API_ACTIVITY = 6003
_CODES = {1: "config.change", 2: "tenant.view", 3: "config.change", 4: "config.change"}
_TOLERANCE = timedelta(seconds=1)


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
            code=self._code(record, action),
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

    def _code(self, record: Record, action: str) -> str:
        if action in self.codes or record.get("class_uid") != API_ACTIVITY:
            return self.code(action)
        activity = record.get("activity_id")
        return _CODES.get(activity, self.code(action)) if isinstance(activity, int) else self.code(action)


def _when(record: Record) -> Instant:
    time = epoch_time(need(record, "time"), TimeFormat.EPOCH_MS)
    printed = as_text(record.get("time_dt"))
    if printed is not None and abs(iso_time(printed).at - time.at) > _TOLERANCE:
        raise RecordError(RejectReason.BAD_TIME, f"time {time.text} and time_dt {printed[:40]} are not the same")
    return time


def _action(record: Record) -> str:
    for steps in (("api", "operation"), ("metadata", "event_code"), ("activity_name",), ("type_name",)):
        if (text := as_text(dig(record, *steps))) is not None:
            return text
    raise RecordError(RejectReason.MISSING_VALUE, "no api.operation, metadata.event_code or activity_name")


def _target(item: Record) -> Target:
    name = as_text(item.get("name"))
    owner = as_text(dig(item, "owner", "org", "uid")) or as_text(dig(item, "owner", "org", "name"))
    return Target(as_text(item.get("type")), as_text(item.get("uid")), name, owner)


ADAPTER = TableAdapter.load("ocsf", OcsfReader)
