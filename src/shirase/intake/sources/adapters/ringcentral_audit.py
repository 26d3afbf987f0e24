"""RingCentral's audit trail. Its time is a client's clock, and an export ends at ten thousand records."""

from collections.abc import Hashable

from shirase.domain.action import Change, Target
from shirase.intake.sources.contract import (
    Aside,
    ChangeColumns,
    Columns,
    Derived,
    FileFacts,
    Meaning,
    Record,
    RecordContext,
    Remark,
    TargetColumns,
    TextColumn,
)
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, count_objects, dig, iso_time, items, known, need, read_address

LIMIT = 10_000
"""Records that the trail gives at most."""


class RingCentralAuditReader(TableReader):
    """Reads records."""

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one record says; the numbers of telephones are left out."""
        action, kind = need(record, "actionId"), as_text(record.get("eventType"))
        target = record.get("target")
        ip, text = read_address(known(record.get("clientIp")))
        return Meaning(
            time=iso_time(need(record, "eventTime"), self.options.zone),
            actor_id=need(record, "initiator", "extensionId"),
            actor_name=as_text(dig(record, "initiator", "name")),
            action=_action(action, kind) or action,
            code=self.code(action),
            event_id=as_text(record.get("id")),
            targets=(
                (
                    Target(
                        as_text(target.get("objectType")), as_text(target.get("objectId")), as_text(target.get("name"))
                    ),
                )
                if isinstance(target, dict)
                else ()
            ),
            changes=tuple(
                Change(as_text(item.get("key")) or "", None, None)
                for item in items(dig(record, "details", "parameters"))
                if isinstance(item, dict)
            ),
            src_ip=ip,
            src_text=text,
        )

    def form(self, record: Record) -> Hashable:
        """Whether something was acted on, and how many values changed."""
        changed = count_objects(items(dig(record, "details", "parameters")))
        return (type(record.get("target")) is dict, changed) if changed is not None else None

    def columns(self, sample: Record) -> Columns | None:
        """Where a record says what :meth:`read` takes from it."""
        changed = count_objects(items(dig(sample, "details", "parameters")))
        if changed is None:
            return None
        target = TargetColumns(*((("target", name),) for name in ("objectType", "objectId", "name")))
        action = TextColumn((("actionId",),))
        return Columns(
            time=self.printed_time(("eventTime",)),
            actor_id=TextColumn((("initiator", "extensionId"),)),
            action=Derived((action, TextColumn((("eventType",),))), _action),
            code=Derived((action,), self.code),
            texts={"actor_name": TextColumn((("initiator", "name"),)), "event_id": TextColumn((("id",),))},
            targets=(target,) if isinstance(sample.get("target"), dict) else (),
            changes=tuple(ChangeColumns((("details", "parameters", place, "key"),)) for place in range(changed)),
            address=TextColumn((("clientIp",),), PLACEHOLDERS),
        )

    def close(self, file: FileFacts) -> tuple[Remark, ...]:
        """Say when the export is probably cut off."""
        return cut_off_remarks(file)


def _action(action: str | None, kind: str | None) -> str | None:
    return f"{action}/{kind}" if action is not None and kind is not None else action


def cut_off_remarks(file: FileFacts) -> tuple[Remark, ...]:
    """What to say of an export whose number of records is the very limit, or less than its pages speak of."""
    if file.records and file.records % LIMIT == 0:
        what = f"holds exactly {file.records:,} records, which is where exports are cut off"
        return (Remark(what, "export shorter spans of time, and put all the files in the case"),)
    paging = [page.values.get("paging") for page in file.envelopes]
    totals = [found["totalFound"] for found in paging if isinstance(found, dict) and "totalFound" in found]
    most = max((total for total in totals if isinstance(total, int)), default=0)
    if most > file.records:
        what = f"says that there are {most:,} records, and holds {file.records:,}"
        return (Remark(what, "export the other pages as well; they may be in another file of the case"),)
    return ()


ADAPTER = TableAdapter.load("ringcentral-audit", RingCentralAuditReader)
