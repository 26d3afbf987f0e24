"""Records of Jira's Data Center audit log, which REST pages and files write in two ways."""

from collections.abc import Hashable
from typing import Any

from shirase.domain.action import ActorKind, Change, Target
from shirase.intake.sources.contract import (
    Aside,
    ChangeColumns,
    Columns,
    Derived,
    Instant,
    Meaning,
    Record,
    RecordContext,
    TargetColumns,
    TextColumn,
    TimeColumn,
)
from shirase.intake.sources.hints import name_clues
from shirase.intake.sources.table import TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, count_objects, dig, items, known, need, read_address

ANONYMOUS = "-2"


class DataCenterReader(TableReader):
    """Reads records; subclasses say where the time and the type stand. Records have no id of their own."""

    type_key = ""
    change_keys = ("", "", "")

    def when(self, record: Record) -> Instant:
        """When it happened."""
        raise NotImplementedError

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one record says; the key of its text is stable, the text follows the language."""
        author = need(record, "author", "id")
        action = need(record, self.type_key, "actionI18nKey")
        targets = tuple(_targets(record.get("affectedObjects")))
        ip, text = read_address(known(record.get("source")))
        return Meaning(
            time=self.when(record),
            actor_id=author,
            actor_name=as_text(dig(record, "author", "name")),
            actor_kind=ActorKind.SYSTEM if author == ANONYMOUS else ActorKind.UNKNOWN,
            action=action,
            code=self.code(action),
            targets=targets,
            changes=tuple(_changes(record.get("changedValues"), self.change_keys)),
            src_ip=ip,
            src_text=text,
            clues=name_clues(*(target.name for target in targets)),
        )

    def time_column(self) -> TimeColumn | None:
        """Where the time stands as one value; None where it does not, and records are read by themselves."""
        return None

    def form(self, record: Record) -> Hashable:
        """How many objects were acted on, and how many values changed."""
        affected = count_objects(items(record.get("affectedObjects")))
        changed = count_objects(items(record.get("changedValues")))
        if affected is None or changed is None or self.time_column() is None:
            return None
        return affected, changed

    def columns(self, sample: Record) -> Columns | None:
        """Where a record says what :meth:`read` takes from it."""
        affected = count_objects(items(sample.get("affectedObjects")))
        changed = count_objects(items(sample.get("changedValues")))
        time, author = self.time_column(), (("author", "id"),)
        if affected is None or changed is None or time is None:
            return None
        objects = [("affectedObjects", place) for place in range(affected)]
        names = tuple(TextColumn(((*way, "name"),)) for way in objects)
        return Columns(
            time=time,
            actor_id=TextColumn(author),
            actor_kind=TextColumn(author),
            actor_kinds={ANONYMOUS: ActorKind.SYSTEM},
            action=TextColumn(((self.type_key, "actionI18nKey"),)),
            codes=self.codes,
            texts={"actor_name": TextColumn((("author", "name"),))},
            targets=tuple(TargetColumns(*(((*way, name),) for name in ("type", "id", "name"))) for way in objects),
            changes=tuple(
                ChangeColumns(*((("changedValues", place, name),) for name in self.change_keys))
                for place in range(changed)
            ),
            address=TextColumn((("source",),), PLACEHOLDERS),
            clues=Derived(names, name_clues) if names else None,
        )


def _targets(listed: Any) -> list[Target]:
    objects = listed if isinstance(listed, list) else []
    return [
        Target(as_text(item.get("type")), as_text(item.get("id")), as_text(item.get("name")))
        for item in objects
        if isinstance(item, dict)
    ]


def _changes(listed: Any, keys: tuple[str, str, str]) -> list[Change]:
    field, old, new = keys
    items = listed if isinstance(listed, list) else []
    return [
        Change(as_text(item.get(field)) or "", as_text(item.get(old)), as_text(item.get(new)))
        for item in items
        if isinstance(item, dict)
    ]
