"""Google Access Transparency: why a vendor's staff touched a customer's content. No person is named, only an office."""

from shirase.domain.action import ActorKind, Outcome, Target
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.hints import ticket_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, items, need


class AccessTransparencyReader(TableReader):
    """Reads log entries."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one entry says; the first method names the action, every resource is a target."""
        payload = record.get("jsonPayload")
        accesses = [item for item in items(dig(payload, "accesses")) if isinstance(item, dict)]
        methods = [method for item in accesses if (method := as_text(item.get("methodName"))) is not None]
        if not methods:
            raise RecordError(RejectReason.MISSING_VALUE, "no methodName in jsonPayload.accesses")
        location = dig(payload, "location")
        employer = as_text(dig(location, "principalEmployingEntity"))
        office = as_text(dig(location, "principalOfficeCountry"))
        time = iso_time(need(record, "timestamp"))
        reason = next((item for item in items(dig(payload, "reason")) if isinstance(item, dict)), {})
        project = as_text(dig(record, "resource", "labels", "project_id"))
        received = as_text(record.get("receiveTimestamp"))
        detail = as_text(reason.get("detail"))
        return Meaning(
            time=time,
            actor_id="/".join(filter(None, (employer, office))) or "unnamed staff",
            actor_name=as_text(dig(payload, "principalJobTitle")),
            actor_organisation=employer,
            actor_kind=ActorKind.UNKNOWN,
            action=methods[0],
            code=self.code(methods[0]),
            outcome=Outcome.SUCCESS,
            event_id="/".join((as_text(record.get("logName")) or "", time.text, need(record, "insertId"))),
            tenant_ids=(project,) if project is not None else (),
            targets=tuple(Target("resource", None, as_text(item.get("resourceName"))) for item in accesses),
            reason_type=as_text(reason.get("type")),
            reason_text=detail,
            received_at=iso_time(received).at if received is not None else None,
            clues=ticket_clues(detail),
        )


ADAPTER = TableAdapter.load("google-access-transparency", AccessTransparencyReader)
