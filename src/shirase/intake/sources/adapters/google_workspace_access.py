"""Access Transparency of Google Workspace, as the Reports API gives it: an office of the vendor touched a resource.

Collectors write ``events`` as a list or as the one event. Names of parameters are those of the vendor's page "Access
Transparency Activity Events". The address of the resource's owner is somebody else's, and is left out.
"""

from typing import Any

from shirase.domain.action import ActorKind, Outcome, Target
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, AsideKind, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.hints import ticket_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, items, need

_ACCESS = "ACCESS"
_NOWHERE = "??"
"""What stands for an office that cannot be told."""


class WorkspaceAccessReader(TableReader):
    """Reads activities."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one activity says; of several accesses in it each resource is a target."""
        customer, place = need(record, "id", "customerId"), need(record, "id", "uniqueQualifier")
        time = iso_time(need(record, "id", "time"), self.options.zone)
        listed = record.get("events")
        events = [event for event in (items(listed) or [listed]) if isinstance(event, dict)]
        names = [name for event in events if (name := as_text(event.get("name"))) is not None]
        if not names:
            raise RecordError(RejectReason.MISSING_VALUE, "no name in events")
        accesses = [_parameters(event) for event in events if event.get("name") == _ACCESS]
        if not accesses:
            return Aside(AsideKind.LISTED, names[0], time.at)
        said: dict[str, str] = {}
        for parameters in accesses:
            said = parameters | said
        office, reason = said.get("ACTOR_HOME_OFFICE"), said.get("JUSTIFICATIONS")
        return Meaning(
            time=time,
            actor_id=f"Google/{office}" if office not in (None, _NOWHERE) else "unnamed staff",
            actor_organisation="Google",
            actor_kind=ActorKind.UNKNOWN,
            action=_ACCESS,
            code=self.code(_ACCESS),
            outcome=Outcome.SUCCESS,
            event_id=f"{customer}/{time.text}/{place}",
            tenant_ids=(customer,),
            targets=tuple(
                Target(access.get("GSUITE_PRODUCT_NAME"), access.get("LOG_ID"), access.get("RESOURCE_NAME"))
                for access in accesses
            ),
            acting_as=said.get("ON_BEHALF_OF"),
            reason_text=reason,
            clues=ticket_clues(reason, said.get("TICKETS")),
        )


def _parameters(event: Record) -> dict[str, str]:
    """Names and values; a value of several is written as the vendor's console does, with commas."""
    found: dict[str, str] = {}
    for item in items(event.get("parameters")):
        name, value = as_text(dig(item, "name")), _value(item)
        if name is not None and value is not None:
            found.setdefault(name, value)
    return found


def _value(item: Any) -> str | None:
    several = [text for value in items(dig(item, "multiValue")) if (text := as_text(value)) is not None]
    return ", ".join(several) or as_text(dig(item, "value"))


ADAPTER = TableAdapter.load("google-workspace-access", WorkspaceAccessReader)
