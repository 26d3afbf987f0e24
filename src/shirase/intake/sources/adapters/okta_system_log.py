"""Okta System Log: what the customer's own tenant recorded.

Who granted support access is not who used it: ``impersonation.grant|extend|revoke`` are authorisations by the
customer. ``support.org.view|update`` carry what and why in ``debugData.supportAction``, published as a text that
holds JSON; a record where it is an object is read as well.
"""

from collections.abc import Hashable
from typing import Any

import msgspec

from shirase.domain.action import ActorKind, Target
from shirase.domain.profile import TimeFormat
from shirase.intake.instants import parse_rfc3339
from shirase.intake.sources.contract import (
    Aside,
    AsideKind,
    Columns,
    Meaning,
    Record,
    RecordContext,
    TargetColumns,
    TextColumn,
    TimeColumn,
)
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, dig, iso_time, known, need, part, read_address

_KINDS = {"User": ActorKind.PERSON, "SystemPrincipal": ActorKind.SYSTEM, "PublicClientApp": ActorKind.SERVICE}
_CAMEL = {
    name.lower(): name
    for name in (
        "authenticationContext", "debugContext", "displayMessage", "eventType", "legacyEventType", "securityContext",
    )
}  # fmt: skip
_TEXTS = {
    "actor_name": TextColumn((("actor", "displayName"),)),
    "actor_email": TextColumn((("actor", "alternateId"),), PLACEHOLDERS, holds="@"),
    "event_id": TextColumn((("uuid",),)),
    "user_agent": TextColumn((("client", "userAgent", "rawUserAgent"),), PLACEHOLDERS),
    "session_id": TextColumn((("authenticationContext", "externalSessionId"),), PLACEHOLDERS),
    "transaction_id": TextColumn((("transaction", "id"),), PLACEHOLDERS),
}
_AS_SOMEBODY = "user.session.impersonation.initiate"


class OktaReader(TableReader):
    """Reads events, also as collectors write them: with names in small letters."""

    def fields(self, record: Record) -> Record:
        """The event under the names that Okta gives its fields."""
        if "eventType" in record or "eventtype" not in record:
            return record
        return {_CAMEL.get(name, name): value for name, value in record.items()}

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        record = self.fields(record)
        action = need(record, "eventType")
        time = iso_time(need(record, "published"), self.options.zone)
        actor_id = need(record, "actor", "id")
        if action in self.authorisations:
            return Aside(AsideKind.AUTHORISATION, action, time.at)
        actor, client = record["actor"], part(record, "client")
        alternate = known(actor.get("alternateId"))
        outcome, unmapped = self.outcome(as_text(part(record, "outcome").get("result")))
        ip, text = read_address(known(client.get("ipAddress")))
        targets = _targets(record.get("target"))
        why = _support_action(record)
        return Meaning(
            time=time,
            actor_id=actor_id,
            action=action,
            code=self.code(action),
            actor_name=as_text(actor.get("displayName")),
            actor_email=alternate if alternate is not None and "@" in alternate else None,
            actor_kind=_KINDS.get(str(actor.get("type")), ActorKind.UNKNOWN),
            outcome=outcome,
            outcome_unmapped=unmapped,
            event_id=as_text(record.get("uuid")),
            targets=targets,
            acting_as=_impersonated(targets) if action == _AS_SOMEBODY else None,
            reason_type=(as_text(dig(why, "reason", "type")) or as_text(dig(why, "type"))) if why else None,
            reason_text=(as_text(dig(why, "reason", "detail")) or as_text(dig(why, "description"))) if why else None,
            src_ip=ip,
            src_text=text,
            user_agent=known(part(client, "userAgent").get("rawUserAgent")),
            session_id=known(part(record, "authenticationContext").get("externalSessionId")),
            transaction_id=known(part(record, "transaction").get("id")),
        )

    def form(self, record: Record) -> Hashable:
        """How many objects were acted on."""
        if "eventType" not in record or _support_action(record) is not None:
            return None
        listed = record.get("target")
        if type(listed) is not list:
            return 0
        return len(listed) if all(type(item) is dict for item in listed) else None

    def columns(self, sample: Record) -> Columns | None:
        """Where an event says what :meth:`read` takes from it; an event of support says more."""
        listed = sample.get("target")
        items = listed if isinstance(listed, list) else []
        if "eventType" not in sample or _support_action(sample) is not None:
            return None
        if not all(isinstance(item, dict) for item in items):
            return None
        return Columns(
            time=TimeColumn((("published",),), TimeFormat.RFC3339, lambda text: parse_rfc3339(text, self.options.zone)),
            actor_id=TextColumn((("actor", "id"),)),
            action=TextColumn((("eventType",),)),
            texts=_TEXTS,
            codes=self.codes,
            by_record=self.authorisations | {_AS_SOMEBODY},
            address=TextColumn((("client", "ipAddress"),), PLACEHOLDERS),
            outcome=TextColumn((("outcome", "result"),)),
            outcomes=self.outcomes,
            actor_kind=TextColumn((("actor", "type"),)),
            actor_kinds=_KINDS,
            targets=tuple(
                TargetColumns(*((("target", place, name),) for name in ("type", "id", "displayName")))
                for place in range(len(items))
            ),
            pinned=(("debugContext", "debugData", "supportAction"),),
        )


def _targets(listed: Any) -> tuple[Target, ...]:
    """What was acted on: the key may be absent, null, or hold any number of objects."""
    if type(listed) is not list:
        return ()
    return tuple(
        Target(as_text(item.get("type")), as_text(item.get("id")), as_text(item.get("displayName")))
        for item in listed
        if type(item) is dict
    )


def _impersonated(targets: tuple[Target, ...]) -> str | None:
    return next((target.id for target in targets if target.type == "User"), None)


def _support_action(record: Record) -> Any:
    told = part(part(record, "debugContext"), "debugData").get("supportAction")
    if type(told) is str:
        try:
            return msgspec.json.decode(told)
        except (msgspec.MsgspecError, RecursionError):
            return {"description": told}
    return told


ADAPTER = TableAdapter.load("okta-system-log", OktaReader)
