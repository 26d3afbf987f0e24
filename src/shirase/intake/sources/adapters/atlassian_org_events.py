"""Events of an Atlassian organisation: who did what on which site, with addresses."""

from collections.abc import Hashable
from typing import Any

from shirase.domain.action import Target
from shirase.domain.clues import Clue, ClueKind
from shirase.intake.sources.contract import (
    Aside,
    Columns,
    Derived,
    Meaning,
    Record,
    RecordContext,
    TargetColumns,
    TextColumn,
)
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, count_objects, dig, iso_time, items, known, need, read_address

_AS_SOMEBODY = "user_logged_in_as_user"
_TEXTS = {
    "actor_name": TextColumn((("attributes", "actor", "name"),)),
    "actor_email": TextColumn((("attributes", "actor", "email"),), holds="@"),
    "event_id": TextColumn((("id",),)),
}


class OrgEventReader(TableReader):
    """Reads events."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one event says."""
        attributes = record.get("attributes")
        action = need(record, "attributes", "action")
        objects = [item for item in items(dig(attributes, "context")) if isinstance(item, dict)]
        ip, text = read_address(known(dig(attributes, "location", "ip")))
        email = as_text(dig(attributes, "actor", "email"))
        sites = [dig(item, "attributes", "siteHostName") for item in items(dig(attributes, "container"))]
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
            clues=_clues(*sites),
        )

    def form(self, record: Record) -> Hashable:
        """How many objects were acted on, and on how many sites, where all names are texts."""
        attributes = record.get("attributes")
        objects, sites = items(dig(attributes, "context")), items(dig(attributes, "container"))
        names = [dig(item, "attributes", name) for item in objects for name in ("name", "email")]
        names += [dig(item, "attributes", "siteHostName") for item in sites]
        if any(name is not None and type(name) is not str for name in names):
            return None
        counts = count_objects(objects), count_objects(sites)
        return counts if None not in counts else None

    def columns(self, sample: Record) -> Columns | None:
        """Where an event says what :meth:`read` takes from it; of one who logged in as another that says more."""
        if self.form(sample) is None:
            return None
        attributes = sample.get("attributes")
        objects = [("attributes", "context", place) for place in range(len(items(dig(attributes, "context"))))]
        sites = tuple(
            TextColumn((("attributes", "container", place, "attributes", "siteHostName"),))
            for place in range(len(items(dig(attributes, "container"))))
        )
        return Columns(
            time=self.printed_time(("attributes", "time")),
            actor_id=TextColumn((("attributes", "actor", "id"), ("attributes", "actor", "email"))),
            action=TextColumn((("attributes", "action"),)),
            codes=self.codes,
            by_record=frozenset({_AS_SOMEBODY}),
            texts=_TEXTS,
            targets=tuple(
                TargetColumns(
                    ((*way, "type"),),
                    ((*way, "id"),),
                    ((*way, "attributes", "name"), (*way, "attributes", "email")),
                )
                for way in objects
            ),
            address=TextColumn((("attributes", "location", "ip"),), PLACEHOLDERS),
            clues=Derived(sites, _clues) if sites else None,
        )


def _clues(*sites: Any) -> tuple[Clue, ...]:
    return tuple(Clue(ClueKind.SITE, site) for site in sites if isinstance(site, str) and site)


def _target(item: Record) -> Target:
    name = dig(item, "attributes", "name") or dig(item, "attributes", "email")
    return Target(as_text(item.get("type")), as_text(item.get("id")), as_text(name))


def _impersonated(objects: list[Record]) -> str | None:
    found = (dig(item, "attributes", "email") or item.get("id") for item in objects)
    return next((as_text(value) for value in found if value), None)


ADAPTER = TableAdapter.load("atlassian-org-events", OrgEventReader)
