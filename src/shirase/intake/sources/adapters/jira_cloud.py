"""Jira Cloud audit records. What happened is an English sentence: only sentence and category together name it."""

from collections.abc import Hashable
from typing import Any

from shirase.domain.action import ActorKind, Change, Target
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import (
    Aside,
    ChangeColumns,
    Columns,
    Derived,
    FileFacts,
    Meaning,
    Record,
    RecordContext,
    RecordError,
    Remark,
    Steps,
    TargetColumns,
    TextColumn,
)
from shirase.intake.sources.hints import name_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, count_objects, iso_time, known, need, read_address

SYSTEM = "system"
_AUTHOR = TextColumn((("authorAccountId",), ("authorKey",)))


class JiraCloudReader(TableReader):
    """Reads records; one without an author was made by the system, or by a person who serves themselves."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one record says."""
        summary = need(record, "summary")
        author = as_text(record.get("authorAccountId")) or as_text(record.get("authorKey"))
        listed = record.get("objectItem"), *_items(record.get("associatedItems"))
        targets = tuple(target for item in listed if (target := _target(item)) is not None)
        ip, text = read_address(known(record.get("remoteAddress")))
        return Meaning(
            time=iso_time(need(record, "created"), self.options.zone),
            actor_id=_named(author),
            actor_kind=ActorKind.UNKNOWN if author is not None else ActorKind.SYSTEM,
            action=summary,
            code=self._code(as_text(record.get("category")), summary),
            event_id=as_text(record.get("id")),
            targets=targets,
            changes=tuple(_change(item) for item in _items(record.get("changedValues"))),
            src_ip=ip,
            src_text=text,
            clues=name_clues(*(target.name for target in targets)),
        )

    def form(self, record: Record) -> Hashable:
        """How many objects were acted on, and how many values changed."""
        associated, changed = count_objects(record.get("associatedItems")), count_objects(record.get("changedValues"))
        return (associated, changed) if associated is not None and changed is not None else None

    def columns(self, sample: Record) -> Columns | None:
        """Where a record says what :meth:`read` takes from it."""
        associated, changed = count_objects(sample.get("associatedItems")), count_objects(sample.get("changedValues"))
        if associated is None or changed is None:
            return None
        objects: list[Steps] = [("objectItem",), *(("associatedItems", place) for place in range(associated))]
        summary = TextColumn((("summary",),))
        return Columns(
            time=self.printed_time(("created",)),
            actor_id=Derived((_AUTHOR,), _named),
            actor_kind=_AUTHOR,
            actor_kinds={"": ActorKind.SYSTEM},
            action=summary,
            code=Derived((TextColumn((("category",),)), summary), self._code),
            texts={"event_id": TextColumn((("id",),))},
            targets=tuple(TargetColumns(*(((*way, name),) for name in ("typeName", "id", "name"))) for way in objects),
            drops_empty_targets=True,
            changes=tuple(
                ChangeColumns(
                    *((("changedValues", place, name),) for name in ("fieldName", "changedFrom", "changedTo"))
                )
                for place in range(changed)
            ),
            address=TextColumn((("remoteAddress",),), PLACEHOLDERS),
            clues=Derived(tuple(TextColumn(((*way, "name"),)) for way in objects), name_clues),
            pinned=(("associatedItems",), ("changedValues",)),
        )

    def _code(self, category: str | None, summary: str | None) -> str:
        return self.code(f"{category or ''}/{summary}")

    def close(self, file: FileFacts) -> tuple[Remark, ...]:
        """Say when pages speak of records and hold none: a query without a zone does that."""
        total = max((_number(page.values.get("total")) for page in file.envelopes), default=0)
        if total and not file.records:
            what = f"says that there are {total:,} records, and holds none"
            return (Remark(what, "ask again with offsets in the times: without them the interface returns nothing"),)
        return ()


def _named(author: str | None) -> str:
    return author or SYSTEM


def _items(listed: Any) -> list[Any]:
    if listed is None:
        return []
    if not isinstance(listed, list):
        raise RecordError(RejectReason.NOT_TEXT, "a list of objects is no list")
    return listed


def _target(item: Any) -> Target | None:
    if not isinstance(item, dict):
        return None
    target = Target(as_text(item.get("typeName")), as_text(item.get("id")), as_text(item.get("name")))
    return target if target.type or target.id or target.name else None


def _change(item: Any) -> Change:
    values = item if isinstance(item, dict) else {}
    old, new = as_text(values.get("changedFrom")), as_text(values.get("changedTo"))
    return Change(as_text(values.get("fieldName")) or "", old, new)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


ADAPTER = TableAdapter.load("jira-cloud", JiraCloudReader)
