"""Salesforce EventLogFile. Of LoginAs the actor is the delegated user; the user named is the one impersonated.

``TIMESTAMP_DERIVED`` is preferred, because ``TIMESTAMP`` has lost digits; where both are there and their seconds
differ, the action is marked. Files put together leave rows that are their own header: those are counted and dropped.
"""

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote_plus

from shirase.domain.action import Target, TimeQuality
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import (
    Aside,
    AsideKind,
    Columns,
    Derived,
    Instant,
    Meaning,
    Opened,
    Options,
    Record,
    RecordContext,
    RecordError,
    Steps,
    TargetRow,
    TextColumn,
    TimeColumn,
)
from shirase.intake.sources.hints import long_id, long_id_of, salesforce_clues
from shirase.intake.sources.table import SourceTable, TableAdapter, TableReader
from shirase.intake.values import PLACEHOLDERS, as_text, first_of, iso_time, known, need, read_address

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,3}))?", re.ASCII)
_STAMPS = re.compile(r"(?:\d{14}\.\d{3}\n)*", re.ASCII)
_NO_PUNCTUATION = str.maketrans("", "", "-:TZ")
_PLAIN_LENGTH = len("2022-01-20T23:18:04.645Z")
_RENAMED = {"TYPE_": "TYPE"}
_OUTCOMES = ("REQUEST_STATUS", "LOGIN_STATUS", "SUCCESS", "STATUS_CODE")
_IDS = {
    "RECORD_ID_DERIVED": "record",
    "RECORD_ID": "record",
    "URI_ID_DERIVED": "record",
    "PAGE_ENTITY_ID": "record",
    "REPORT_ID_DERIVED": "report",
    "REPORT_ID": "report",
    "DOCUMENT_ID_DERIVED": "document",
    "DOCUMENT_ID": "document",
}
_PLACES = ("URI", "PAGE_URL", *_IDS)
"""Where clues and objects are looked for."""

_KINDS = tuple(_IDS.values())
_FIRST_ID = len(_PLACES) - len(_IDS)

_CASE = ClueKind.TICKET
_USER = ("USER_ID_DERIVED", "USER_ID")
_DELEGATE = ("DELEGATED_USER_ID_DERIVED", "DELEGATED_USER_ID")
_METHODS = ("METHOD", "METHOD_NAME")
_AS_SOMEBODY = "LoginAs"


def _column(*names: str, absent: frozenset[str] = frozenset()) -> TextColumn:
    return TextColumn(tuple((name,) for name in names), absent)


_THINGS = tuple(map(_column, _PLACES))


class EventLogReader(TableReader):
    """Reads rows of any event type."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        super().__init__(table, options)
        endings = ((name.partition("/"), code) for name, code in self.codes.items())
        self._of_cases = {kind: code for (kind, _, end), code in endings if end == "case"}

    def fields(self, record: Record) -> Record:
        """The row under capital names, as collectors write them small."""
        if "EVENT_TYPE" in record:
            return record
        return dict(zip(_capitals(tuple(record)), record.values(), strict=True))

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one row says."""
        row = {name: _unquoted(value) for name, value in self.fields(record).items()}
        kind = need(row, "EVENT_TYPE")
        if kind == "EVENT_TYPE":
            return Aside(AsideKind.HEADER, kind)
        time, flags = self._when(row)
        actor, name, acting_as = _actor(row, kind)
        code, targets, clues = self._found(kind, *(as_text(row.get(key)) for key in _PLACES))
        ip, text = read_address(first_of(known(row.get("CLIENT_IP")), known(row.get("SOURCE_IP"))))
        outcome, unmapped = self.outcome(next((word for key in _OUTCOMES if (word := as_text(row.get(key)))), None))
        method = first_of(*(as_text(row.get(key)) for key in _METHODS))
        return Meaning(
            time=time,
            actor_id=actor,
            actor_name=name,
            actor_email=name if name is not None and "@" in name else None,
            action=_action(kind, method) or kind,
            code=code,
            outcome=outcome,
            outcome_unmapped=unmapped,
            acting_as=acting_as,
            targets=tuple(Target(*target) for target in targets),
            src_ip=ip,
            src_text=text,
            user_agent=_agent(known(row.get("BROWSER_TYPE")), known(row.get("USER_AGENT"))),
            session_id=None,
            transaction_id=as_text(row.get("REQUEST_ID")),
            clues=clues,
            flags=flags,
        )

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:
        """The rows under capital names."""
        for opened in super().open(
            [self.fields(record) if record is not None else None for record in records], context
        ):
            yield replace(opened, stands=partial(_stands, [records[place] for place in opened.places]))

    def form(self, record: Record) -> Hashable:
        """Whether somebody logged in as another. Column names standing as a row are no action."""
        kind = record.get("EVENT_TYPE")
        return kind == _AS_SOMEBODY if isinstance(kind, str) and kind != "EVENT_TYPE" else None

    def columns(self, sample: Record) -> Columns | None:
        """Where a row says what :meth:`read` takes from it; one with quotes inside its quotes is left to that."""
        as_somebody = sample.get("EVENT_TYPE") == _AS_SOMEBODY
        user, kind = Derived((_column(*_USER),), long_id_of), _column("EVENT_TYPE")
        name = _column("DELEGATED_USER_NAME" if as_somebody else "USER_NAME")
        texts: dict[str, TextColumn | Derived[str | None]] = {
            "actor_name": name,
            "actor_email": TextColumn(name.ways, holds="@"),
            "user_agent": Derived(
                (_column("BROWSER_TYPE", absent=PLACEHOLDERS), _column("USER_AGENT", absent=PLACEHOLDERS)), _agent
            ),
            "transaction_id": _column("REQUEST_ID"),
        }
        if as_somebody:
            texts["acting_as"] = user
        return Columns(
            time=TimeColumn(
                (("TIMESTAMP_DERIVED",), ("TIMESTAMP",)),
                TimeFormat.RFC3339,
                self._parse,
                ("TIMESTAMP",),
                self._agree,
                _all_agree,
            ),
            actor_id=Derived((_column(*_DELEGATE),), long_id_of) if as_somebody else user,
            action=Derived((kind, _column(*_METHODS)), _action),
            texts=texts,
            address=Derived(
                (_column("CLIENT_IP", absent=PLACEHOLDERS), _column("SOURCE_IP", absent=PLACEHOLDERS)), first_of
            ),
            outcome=_column(*_OUTCOMES),
            outcomes=self.outcomes,
            found=Derived((kind, *_THINGS), self._found),
            odd='"',
            pinned=(("EVENT_TYPE",),),
        )

    def _found(self, kind: str, *things: str | None) -> tuple[str, list[TargetRow], tuple[Clue, ...]]:
        """The code, the objects acted on, each once, and cases and accounts, by what stands at :data:`_PLACES`."""
        targets: list[TargetRow] = []
        if any(things[_FIRST_ID:]):
            ids: dict[str, str] = {}
            for of_kind, value in zip(_KINDS, things[_FIRST_ID:], strict=True):
                if value is not None:
                    ids.setdefault(long_id(value), of_kind)
            targets = [(of_kind, key, None, None) for key, of_kind in ids.items()]
        clues = salesforce_clues(things[0], things[1], *[key for _, key, _, _ in targets])
        code = self._of_cases.get(kind) if clues else None
        if code is not None and _CASE in [of_clue for of_clue, _ in clues]:
            return code, targets, clues
        return self.code(kind), targets, clues

    def _when(self, row: Record) -> tuple[Instant, tuple[str, ...]]:
        derived, stamp = as_text(row.get("TIMESTAMP_DERIVED")), as_text(row.get("TIMESTAMP"))
        if derived is None and stamp is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no TIMESTAMP_DERIVED and no TIMESTAMP")
        printed = self._read(stamp) if stamp is not None else None
        if derived is None:
            assert printed is not None
            return printed, ()
        time = self._read(derived)
        if printed is not None and not self._agree(derived, printed.text):
            return Instant(time.at, TimeQuality.CONFLICT, time.text), ("time_conflict",)
        return time, ()

    def _parse(self, text: str) -> tuple[datetime, TimeQuality]:
        return self._read(text)[:2]

    def _agree(self, derived: str, stamp: str) -> bool:
        """Whether both are the same second."""
        if len(derived) == _PLAIN_LENGTH and derived[-1] == "Z" and _STAMP.fullmatch(stamp):
            digits = derived[:4] + derived[5:7] + derived[8:10] + derived[11:13] + derived[14:16] + derived[17:19]
            if digits == stamp[:14]:
                return True
        return self._read(derived).at.replace(microsecond=0) == self._read(stamp).at.replace(microsecond=0)

    def _read(self, text: str) -> Instant:
        """A time in either form. The compact one is UTC by the vendor's reference; copies without a zone are not."""
        match = _STAMP.fullmatch(text)
        if match is None:
            return iso_time(text, self.options.zone)
        year, month, day, hour, minute, second, fraction = match.groups()
        found = iso_time(f"{year}-{month}-{day}T{hour}:{minute}:{second}.{fraction or '0'}Z")
        return Instant(found.at, found.quality if fraction else TimeQuality.SECOND, text)


def _all_agree(derived: Sequence[str], stamps: Sequence[str | None]) -> bool:
    """Whether all are surely the same second: printed to the millisecond, in UTC, digit for digit."""
    printed, others = "\n".join(derived) + "\n", "\n".join(filter(None, stamps)) + "\n"
    digits, width = printed.translate(_NO_PUNCTUATION), len("20220120231804.645\n")
    if not (printed.count("Z\n") == printed.count("\n") == len(stamps) and len(digits) == len(others)):
        return False
    if not (_STAMPS.fullmatch(digits) and _STAMPS.fullmatch(others)):
        return False
    return all(digits[place::width] == others[place::width] for place in range(len("20220120231804")))


def _stands(records: Sequence[Record | None], place: int, way: Steps) -> Steps:
    """Where in a record stands what :meth:`EventLogReader.fields` gives at a way."""
    record = records[place] or {}
    if "EVENT_TYPE" in record:
        return way
    named = dict(zip(_capitals(tuple(record)), record, strict=True))
    return (named.get(str(way[0]), ""),)


@lru_cache(maxsize=1024)
def _capitals(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_RENAMED.get(upper, upper) for upper in map(str.upper, names))


def _action(kind: str | None, method: str | None) -> str | None:
    return f"{kind}/{method}" if kind is not None and method is not None else kind


def _agent(browser: str | None, agent: str | None) -> str | None:
    return unquote_plus(browser) if browser is not None else agent


def _unquoted(value: Any) -> Any:
    """A value without the quotes that some values carry inside their own."""
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _actor(row: Record, kind: str) -> tuple[str, str | None, str | None]:
    """Who acted, their name, and as whom."""
    user = long_id_of(first_of(*(as_text(row.get(key)) for key in _USER)))
    if kind == _AS_SOMEBODY:
        actor = long_id_of(first_of(*(as_text(row.get(key)) for key in _DELEGATE)))
        if actor is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no DELEGATED_USER_ID, who logged in as another")
        return actor, as_text(row.get("DELEGATED_USER_NAME")), user
    if user is None:
        raise RecordError(RejectReason.MISSING_VALUE, "no USER_ID_DERIVED and no USER_ID")
    return user, as_text(row.get("USER_NAME")), None


ADAPTER = TableAdapter.load("salesforce-elf", EventLogReader)
