"""Salesforce real-time events: streamed ones lie under ``data.payload``, stored ones are flat."""

from typing import Any

import msgspec

from shirase.domain.action import Target
from shirase.intake.sources.contract import Aside, Meaning, Record, RecordContext
from shirase.intake.sources.hints import long_id, salesforce_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, known, need, read_address

CONSTANT_ID = "000000000000000AAA"
MAX_TARGETS = 200


class RealTimeReader(TableReader):
    """Reads events. ``Id`` is a constant and names nothing."""

    def fields(self, record: Record) -> Record:
        """The payload, with the channel beside it."""
        payload = dig(record, "data", "payload")
        return {"channel": record.get("channel"), **payload} if isinstance(payload, dict) else record

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        event = self.fields(record)
        channel = as_text(event.get("channel")) or as_text(dig(event, "attributes", "type")) or ""
        kind = channel.rpartition("/")[2] or "event"
        operation = as_text(event.get("Operation"))
        delegate = as_text(event.get("DelegatedUserId"))
        user = need(event, "UserId")
        name = as_text(event.get("DelegatedUsername" if delegate is not None else "Username"))
        outcome, unmapped = self.outcome(as_text(event.get("PolicyOutcome")))
        ip, text = read_address(known(event.get("SourceIp")))
        targets = _targets(event)
        return Meaning(
            time=iso_time(need(event, "EventDate"), self.options.zone),
            actor_id=long_id(delegate or user),
            actor_name=name,
            actor_email=name if name is not None and "@" in name else None,
            action=f"{kind}/{operation}" if operation is not None else kind,
            code=self.code(kind),
            outcome=outcome,
            outcome_unmapped=unmapped,
            event_id=as_text(event.get("EventIdentifier")),
            acting_as=long_id(user) if delegate is not None else None,
            targets=targets,
            src_ip=ip,
            src_text=text,
            user_agent=known(event.get("Browser")),
            clues=salesforce_clues(as_text(event.get("Records")), as_text(event.get("TargetUrl"))),
        )


def _targets(event: Record) -> tuple[Target, ...]:
    """Kinds of objects asked for; ids of records, where the text that lists them is JSON."""
    kinds = (as_text(event.get("QueriedEntities")) or "").split(",")
    found = [Target(kind.strip(), None, None) for kind in kinds if kind.strip()]
    for listed in _json_list(event.get("Records")):
        kind = as_text(dig(listed, "entityType"))
        ids = dig(listed, "ids")
        for value in ids if isinstance(ids, list) else [dig(listed, "Id")]:
            text = as_text(value)
            if text is not None and text != CONSTANT_ID:
                found.append(Target(kind, long_id(text), None))
    return tuple(found[:MAX_TARGETS])


def _json_list(value: Any) -> list[Any]:
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except (msgspec.MsgspecError, RecursionError):
            return []
    if isinstance(value, dict):
        value = value.get("Records", value.get("records"))
    return value if isinstance(value, list) else []


ADAPTER = TableAdapter.load("salesforce-rtem", RealTimeReader)
