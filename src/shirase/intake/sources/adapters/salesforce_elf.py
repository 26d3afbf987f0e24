"""Salesforce EventLogFile. Of LoginAs the actor is the delegated user; the user named is the one impersonated.

``TIMESTAMP_DERIVED`` is preferred, because ``TIMESTAMP`` has lost digits; where both are there and their seconds
differ, the action is marked. Files put together leave rows that are their own header: those are counted and dropped.
"""

import re
from typing import Any
from urllib.parse import unquote_plus

from shirase.domain.action import Target, TimeQuality
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import (
    Aside,
    AsideKind,
    Instant,
    Meaning,
    Record,
    RecordContext,
    RecordError,
)
from shirase.intake.sources.hints import long_id, salesforce_clues
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, iso_time, known, need, read_address

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,3}))?", re.ASCII)
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


class EventLogReader(TableReader):
    """Reads rows of any event type."""

    def fields(self, record: Record) -> Record:
        """The row under capital names, as collectors write them small."""
        return record if "EVENT_TYPE" in record else {_capital(name): value for name, value in record.items()}

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one row says."""
        row = {name: _unquoted(value) for name, value in self.fields(record).items()}
        kind = need(row, "EVENT_TYPE")
        if kind == "EVENT_TYPE":
            return Aside(AsideKind.HEADER, kind)
        time, flags = self._when(row)
        actor, name, acting_as = _actor(row, kind)
        targets = tuple(_targets(row))
        ip, text = read_address(known(row.get("CLIENT_IP")) or known(row.get("SOURCE_IP")))
        outcome, unmapped = self.outcome(next((word for key in _OUTCOMES if (word := as_text(row.get(key)))), None))
        clues = salesforce_clues(*(as_text(row.get(key)) for key in ("URI", "PAGE_URL")), *(t.id for t in targets))
        method = as_text(row.get("METHOD")) or as_text(row.get("METHOD_NAME"))
        on_case = any(clue.value.startswith("500") for clue in clues)
        agent = known(row.get("USER_AGENT"))
        browser = known(row.get("BROWSER_TYPE"))
        return Meaning(
            time=time,
            actor_id=actor,
            actor_name=name,
            actor_email=name if name is not None and "@" in name else None,
            action=f"{kind}/{method}" if method is not None else kind,
            code=self.code(f"{kind}/case") if on_case and f"{kind}/case" in self.codes else self.code(kind),
            outcome=outcome,
            outcome_unmapped=unmapped,
            acting_as=acting_as,
            targets=targets,
            src_ip=ip,
            src_text=text,
            user_agent=unquote_plus(browser) if browser is not None else agent,
            session_id=None,
            transaction_id=as_text(row.get("REQUEST_ID")),
            clues=clues,
            flags=flags,
        )

    def _when(self, row: Record) -> tuple[Instant, tuple[str, ...]]:
        derived, stamp = as_text(row.get("TIMESTAMP_DERIVED")), as_text(row.get("TIMESTAMP"))
        if derived is None and stamp is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no TIMESTAMP_DERIVED and no TIMESTAMP")
        printed = self._read(stamp) if stamp is not None else None
        if derived is None:
            assert printed is not None
            return printed, ()
        time = self._read(derived)
        if printed is not None and printed.at.replace(microsecond=0) != time.at.replace(microsecond=0):
            return Instant(time.at, TimeQuality.CONFLICT, time.text), ("time_conflict",)
        return time, ()

    def _read(self, text: str) -> Instant:
        """A time in either form. The compact one is UTC by the vendor's reference; copies without a zone are not."""
        match = _STAMP.fullmatch(text)
        if match is None:
            return iso_time(text, self.options.zone)
        year, month, day, hour, minute, second, fraction = match.groups()
        found = iso_time(f"{year}-{month}-{day}T{hour}:{minute}:{second}.{fraction or '0'}Z")
        return Instant(found.at, found.quality if fraction else TimeQuality.SECOND, text)


def _capital(name: str) -> str:
    upper = name.upper()
    return _RENAMED.get(upper, upper)


def _unquoted(value: Any) -> Any:
    """A value without the quotes that some values carry inside their own."""
    if isinstance(value, str) and len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1]
    return value


def _actor(row: Record, kind: str) -> tuple[str, str | None, str | None]:
    """Who acted, their name, and as whom."""
    user = as_text(row.get("USER_ID_DERIVED")) or as_text(row.get("USER_ID"))
    if kind == "LoginAs":
        actor = as_text(row.get("DELEGATED_USER_ID_DERIVED")) or as_text(row.get("DELEGATED_USER_ID"))
        if actor is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no DELEGATED_USER_ID, who logged in as another")
        return long_id(actor), as_text(row.get("DELEGATED_USER_NAME")), long_id(user) if user is not None else None
    if user is None:
        raise RecordError(RejectReason.MISSING_VALUE, "no USER_ID_DERIVED and no USER_ID")
    return long_id(user), as_text(row.get("USER_NAME")), None


def _targets(row: Record) -> list[Target]:
    found: dict[str, Target] = {}
    for key, kind in _IDS.items():
        if (value := as_text(row.get(key))) is not None:
            found.setdefault(long_id(value), Target(kind, long_id(value), None))
    return list(found.values())


ADAPTER = TableAdapter.load("salesforce-elf", EventLogReader)
