"""Salesforce CaseHistory. A change of a lookup field is written as two rows, names and ids: one action.

The two are taken together only when both are there, close to each other: nothing is dropped because of what it looks
like. Values are cut at 255 characters, and one of that length is marked.
"""

import re
from collections import OrderedDict

from shirase.domain.action import Change, Target
from shirase.domain.clues import Clue, ClueKind
from shirase.intake.sources.contract import Aside, AsideKind, Meaning, Options, Record, RecordContext
from shirase.intake.sources.hints import long_id
from shirase.intake.sources.table import SourceTable, TableAdapter, TableReader
from shirase.intake.values import as_text, dig, iso_time, need

CUT_AT = 255
NEAR = 1_000
"""Rows that the twin of a row may be away."""

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
CASE_UPDATE = "case.update"


class CaseHistoryReader(TableReader):
    """Reads rows."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        super().__init__(table, options)
        self._near: OrderedDict[tuple[str, ...], bool] = OrderedDict()

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one row says."""
        case, field, created = need(record, "CaseId"), need(record, "Field"), need(record, "CreatedDate")
        actor, time = long_id(need(record, "CreatedById")), iso_time(created, self.options.zone)
        old, new = as_text(record.get("OldValue")), as_text(record.get("NewValue"))
        if self._is_twin((long_id(case), field, created, actor), old, new):
            return Aside(AsideKind.TWIN, field, time.at)
        cut = any(value is not None and len(value) >= CUT_AT for value in (old, new))
        account = as_text(dig(record, "Case", "AccountId")) or as_text(record.get("Case.AccountId"))
        number = as_text(dig(record, "Case", "CaseNumber")) or as_text(record.get("Case.CaseNumber"))
        name = as_text(dig(record, "CreatedBy", "Username")) or as_text(record.get("CreatedBy.Username"))
        clues = [Clue(ClueKind.TICKET, long_id(case))]
        clues += [Clue(ClueKind.TICKET, number)] if number is not None else []
        clues += [Clue(ClueKind.ACCOUNT, long_id(account))] if account is not None else []
        return Meaning(
            time=time,
            actor_id=actor,
            actor_name=name,
            actor_email=name if name is not None and "@" in name else None,
            action=field,
            code=CASE_UPDATE,
            event_id=as_text(record.get("Id")),
            targets=(Target("case", long_id(case), number),),
            changes=(Change(field, old, new, cut),),
            ticket_id=number or long_id(case),
            clues=tuple(clues),
            flags=("truncated",) if cut else (),
        )

    def _is_twin(self, key: tuple[str, ...], old: str | None, new: str | None) -> bool:
        """Whether the row says in ids what a row nearby said in names, or the other way round."""
        has_ids = all(value is None or _ID.fullmatch(value) is not None for value in (old, new))
        has_ids = has_ids and (old is not None or new is not None)
        if self._near.get(key, has_ids) != has_ids:
            del self._near[key]
            return True
        self._near[key] = has_ids
        if len(self._near) > NEAR:
            self._near.popitem(last=False)
        return False


ADAPTER = TableAdapter.load("salesforce-case-history", CaseHistoryReader)
