"""Events of an Atlassian organisation: who did what on which site, with addresses."""

from shirase.domain.action import Target
from shirase.domain.clues import Clue, ClueKind
from shirase.intake.sources.contract import Aside, Meaning, Record, RecordContext
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, items, known, need, read_address

_AS_SOMEBODY = "user_logged_in_as_user"


class OrgEventReader(TableReader):
    """Reads events."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        attributes = record.get("attributes")
        action = need(record, "attributes", "action")
        objects = [item for item in items(dig(attributes, "context")) if isinstance(item, dict)]
        ip, text = read_address(known(dig(attributes, "location", "ip")))
        email = as_text(dig(attributes, "actor", "email"))
        sites = (dig(item, "attributes", "siteHostName") for item in items(dig(attributes, "container")))
        return Meaning(
            time=iso_time(need(record, "attributes", "time"), self.options.zone),
            actor_id=as_text(dig(attributes, "actor", "id")) or need(record, "attributes", "actor", "email"),
            actor_name=as_text(dig(attributes, "actor", "name")),
            actor_email=email if email is not None and "@" in email else None,
            action=action,
            code=self.code(action),
            event_id=as_text(record.get("id")),
            acting_as=_impersonated(objects) if action == _AS_SOMEBODY else None,
            targets=tuple(map(_target, objects)),
            src_ip=ip,
            src_text=text,
            clues=tuple(Clue(ClueKind.SITE, site) for site in sites if isinstance(site, str) and site),
        )


def _target(item: Record) -> Target:
    name = dig(item, "attributes", "name") or dig(item, "attributes", "email")
    return Target(as_text(item.get("type")), as_text(item.get("id")), as_text(name))


def _impersonated(objects: list[Record]) -> str | None:
    found = (dig(item, "attributes", "email") or item.get("id") for item in objects)
    return next((as_text(value) for value in found if value), None)


ADAPTER = TableAdapter.load("atlassian-org-events", OrgEventReader)
