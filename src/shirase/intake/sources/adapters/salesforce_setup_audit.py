"""Salesforce Setup Audit Trail as objects. ``DelegateUser`` is who logged in as the user that the row names."""

from shirase.domain.action import Target
from shirase.intake.sources.contract import Aside, AsideKind, Meaning, Record, RecordContext
from shirase.intake.sources.hints import long_id, text_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, need

_GRANT = "access.grant"


class SetupAuditReader(TableReader):
    """Reads rows."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one row says."""
        action = need(record, "Action")
        time = iso_time(need(record, "CreatedDate"), self.options.zone)
        creator = long_id(need(record, "CreatedById"))
        code = self.code(action)
        if code == _GRANT:
            return Aside(AsideKind.AUTHORISATION, action, time.at)
        delegate = as_text(record.get("DelegateUser"))
        name = as_text(dig(record, "CreatedBy", "Username")) or as_text(record.get("CreatedBy.Username"))
        display = as_text(record.get("Display"))
        return Meaning(
            time=time,
            actor_id=delegate or creator,
            actor_name=None if delegate is not None else name,
            actor_email=name if delegate is None and name is not None and "@" in name else None,
            action=action,
            code=code,
            event_id=as_text(record.get("Id")),
            acting_as=creator if delegate is not None else None,
            targets=(Target("setup", as_text(record.get("Section")), display),),
            clues=text_clues([display]),
        )


ADAPTER = TableAdapter.load("salesforce-setup-audit", SetupAuditReader)
