"""Salesforce real-time events: streamed ones lie under ``data.payload``, stored ones are flat."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import msgspec

from shirase.domain.action import Target
from shirase.domain.clues import Clue
from shirase.intake.sources.contract import (
    Aside,
    Columns,
    Derived,
    Meaning,
    Opened,
    Record,
    RecordContext,
    Steps,
    TargetRow,
    TextColumn,
)
from shirase.intake.sources.hints import long_id, salesforce_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, dig, first_of, iso_time, known, need, read_address

CONSTANT_ID = "000000000000000AAA"
MAX_TARGETS = 200

_CHANNEL = TextColumn((("channel",), ("attributes", "type")))
_OPERATION = TextColumn((("Operation",),))
_DELEGATE = TextColumn((("DelegatedUserId",),))
_USER = TextColumn((("UserId",),))
_NAMES = (_DELEGATE, TextColumn((("DelegatedUsername",),)), TextColumn((("Username",),)))


class RealTimeReader(TableReader):
    """Reads events. ``Id`` is a constant and names nothing."""

    def fields(self, record: Record) -> Record:
        """The payload, with the channel beside it."""
        payload = dig(record, "data", "payload")
        return {"channel": record.get("channel"), **payload} if isinstance(payload, dict) else record

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        event = self.fields(record)
        channel = first_of(as_text(event.get("channel")), as_text(dig(event, "attributes", "type")))
        delegate = as_text(event.get("DelegatedUserId"))
        user = need(event, "UserId")
        name = _name(delegate, as_text(event.get("DelegatedUsername")), as_text(event.get("Username")))
        outcome, unmapped = self.outcome(as_text(event.get("PolicyOutcome")))
        ip, text = read_address(known(event.get("SourceIp")))
        named = (as_text(event.get(key)) for key in ("QueriedEntities", "Records", "TargetUrl"))
        code, targets, clues = self._found(channel, *named)
        return Meaning(
            time=iso_time(need(event, "EventDate"), self.options.zone),
            actor_id=long_id(delegate or user),
            actor_name=name,
            actor_email=name if name is not None and "@" in name else None,
            action=_action(channel, as_text(event.get("Operation"))),
            code=code,
            outcome=outcome,
            outcome_unmapped=unmapped,
            event_id=as_text(event.get("EventIdentifier")),
            acting_as=_acting_as(delegate, user),
            targets=tuple(Target(*target) for target in targets),
            src_ip=ip,
            src_text=text,
            user_agent=known(event.get("Browser")),
            clues=clues,
        )

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:
        """The payloads, with their channels."""
        for opened in super().open(
            [self.fields(record) if record is not None else None for record in records], context
        ):
            yield replace(opened, stands=partial(_stands, [records[place] for place in opened.places]))

    def form(self, record: Record) -> Hashable:  # noqa: ARG002
        """One for all."""
        return True

    def columns(self, sample: Record) -> Columns | None:  # noqa: ARG002
        """Where an event says what :meth:`read` takes from it."""
        return Columns(
            time=self.printed_time(("EventDate",)),
            actor_id=Derived((_DELEGATE, _USER), _actor),
            action=Derived((_CHANNEL, _OPERATION), _action),
            texts={
                "actor_name": Derived(_NAMES, _name),
                "actor_email": Derived(_NAMES, _email),
                "event_id": TextColumn((("EventIdentifier",),)),
                "acting_as": Derived((_DELEGATE, _USER), _acting_as),
                "user_agent": TextColumn((("Browser",),), PLACEHOLDERS),
            },
            address=TextColumn((("SourceIp",),), PLACEHOLDERS),
            outcome=TextColumn((("PolicyOutcome",),)),
            outcomes=self.outcomes,
            found=Derived(
                (
                    _CHANNEL,
                    TextColumn((("QueriedEntities",),)),
                    TextColumn((("Records",),)),
                    TextColumn((("TargetUrl",),)),
                ),
                self._found,
            ),
        )

    def _found(
        self, channel: str | None, queried: str | None, records: str | None, url: str | None
    ) -> tuple[str, list[TargetRow], tuple[Clue, ...]]:
        """The code, the objects acted on, and the cases and accounts among them."""
        return self.code(_kind(channel)), _targets(queried, records), salesforce_clues(records, url)


def _stands(records: Sequence[Record | None], place: int, way: Steps) -> Steps:
    """Where in a record stands what :meth:`RealTimeReader.fields` gives at a way."""
    payload = dig(records[place], "data", "payload")
    if not isinstance(payload, dict) or (way[0] == "channel" and "channel" not in payload):
        return way
    return ("data", "payload", *way)


def _kind(channel: str | None) -> str:
    return (channel or "").rpartition("/")[2] or "event"


def _action(channel: str | None, operation: str | None) -> str:
    kind = _kind(channel)
    return f"{kind}/{operation}" if operation is not None else kind


def _actor(delegate: str | None, user: str | None) -> str | None:
    return long_id(delegate or user) if user is not None else None


def _acting_as(delegate: str | None, user: str | None) -> str | None:
    return long_id(user) if delegate is not None and user is not None else None


def _name(delegate: str | None, delegated_name: str | None, name: str | None) -> str | None:
    return delegated_name if delegate is not None else name


def _email(delegate: str | None, delegated_name: str | None, name: str | None) -> str | None:
    found = _name(delegate, delegated_name, name)
    return found if found is not None and "@" in found else None


def _targets(queried: str | None, records: Any) -> list[TargetRow]:
    """Kinds of objects asked for; ids of records, where the text that lists them is JSON."""
    found = [*_kinds(queried)] if queried else []
    for listed in _json_list(records):
        if type(listed) is not dict:
            continue
        entity, ids = as_text(listed.get("entityType")), listed.get("ids")
        for value in ids if isinstance(ids, list) else [listed.get("Id")]:
            text = as_text(value)
            if text is not None and text != CONSTANT_ID:
                found.append((entity, long_id(text), None, None))
    return found[:MAX_TARGETS]


@lru_cache(maxsize=1024)
def _kinds(queried: str) -> tuple[TargetRow, ...]:
    return tuple((kind.strip(), None, None, None) for kind in queried.split(",") if kind.strip())


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
