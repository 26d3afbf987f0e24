"""Mapping: a record becomes an action by the words of a profile, and by nothing else."""

import hashlib
import ipaddress
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shirase.domain.action import (
    ActorKind,
    ActorNative,
    Basis,
    EvidenceRef,
    Justification,
    Observation,
    Outcome,
    SupportAction,
    Target,
)
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.identifiers import action_uid
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Fields, Paths, Profile
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_instant
from shirase.intake.ndjson import Record
from shirase.intake.records import PhysicalLine, RecordError

_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")

_BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}(\d+)")

_STRUCTURED = ("time", "target", "tenant_ids")

Getter = Callable[[Record], Any]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A record whose meaning is known.

    Attributes:
        action: The action; None when the profile lists the code as no action.
        action_native: The source's own code.
        content_digest: SHA-256 over every mapped value; equal for two lines that say the same.
        outcome_unmapped: The source's word for the outcome, when the profile does not know it.
        time: When, UTC, also of a record that is no action: it shows that the source was logging.
    """

    action: SupportAction | None
    action_native: str
    content_digest: str
    outcome_unmapped: str | None = None
    time: datetime | None = None


class Mapper:
    """Applies one profile to the records of one source. Holds no state between records."""

    def __init__(self, source: SourceSection, profile: Profile) -> None:
        self._source = source
        self._profile = profile
        fields = profile.fields
        self._unwrap = _getter(profile.record) if profile.record else None
        self._absent = {name: frozenset(values) for name, values in profile.absent.items()}
        mapped = [name for name in Fields.model_fields if name not in _STRUCTURED and getattr(fields, name)]
        paths: dict[str, Paths] = {name: getattr(fields, name) for name in mapped}
        nothing: frozenset[str] = frozenset()
        self._columns = tuple(
            (name, path[0], self._absent.get(name, nothing)) for name, path in paths.items() if _is_column(path)
        )
        self._deep = tuple(
            (name, _first(path), self._absent.get(name, nothing))
            for name, path in paths.items()
            if not _is_column(path)
        )
        self._unmapped = {name: None for name in Fields.model_fields if not getattr(fields, name)}
        self._time = _first(fields.time.columns)
        self._tenants = tuple(_getter(path) for path in fields.tenant_ids)
        self._each = _getter(fields.target.each) if fields.target.each else None
        self._target = tuple(_first(getattr(fields.target, name)) for name in ("type", "id", "name", "tenant_id"))
        self._not_actions = frozenset(profile.not_actions)
        self.known_columns = frozenset(_known_columns(profile))

    def unknown_columns(self, record: Record) -> Iterator[str]:
        """Columns of ``record`` (unwrapped) that the profile does not mention."""
        return (column for column in record if column not in self.known_columns)

    def unwrap(self, record: Record) -> Record:
        """The record inside its wrapper.

        Raises:
            RecordError: When there is no record where the profile says.
        """
        if self._unwrap is None:
            return record
        inner = self._unwrap(record)
        if not isinstance(inner, dict):
            raise RecordError(RejectReason.MISSING_VALUE, f"no record at {self._profile.record!r}")
        return inner

    def map(self, record: Record, line: PhysicalLine, *, path: str, source_instance: str) -> Mapped:
        """The meaning of ``record`` (unwrapped).

        Raises:
            RecordError: When time, actor or action are missing, or the time cannot be read.
        """
        texts = self._read_texts(record)
        native = _required("action", texts)
        time_text = _text(self._time(record), "time")
        if time_text is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no time")
        time, quality = parse_instant(time_text, self._profile.fields.time)
        actor_id = _required("actor_id", texts)
        if native in self._not_actions:
            return Mapped(None, native, "", time=time)
        event_id = texts["event_id"]
        outcome, outcome_unmapped = self._outcome(texts["outcome"])
        targets = tuple(self._targets(record))
        tenant_ids, tenant_basis = self._tenant_ids(record, targets)
        src_ip, src_text = _address(texts["src_ip"])
        ref = EvidenceRef(path, line.number, line.offset)
        kind, source_id = self._source.kind, self._source.id
        action = SupportAction(
            action_uid=action_uid(kind, source_id, event_id if event_id is not None else f"{path}\x00{line.number}"),
            time=time,
            time_quality=quality,
            actor_uid=actor_id,
            actor_native=ActorNative(
                actor_id,
                texts["actor_name"],
                texts["actor_email"],
                texts["actor_organisation"],
            ),
            actor_kind=ActorKind.UNKNOWN,
            action_code=self._profile.action_codes.get(native, OTHER_CODE),
            action_native=native,
            outcome=outcome,
            tenant_ids=tenant_ids,
            tenant_basis=tenant_basis,
            observations=(Observation(source_id, source_instance, ref, event_id, time_text, line.digest),),
            acting_as=texts["acting_as"],
            targets=targets,
            justification=_justification(texts),
            src_ip=src_ip,
            src_text=src_text,
            user_agent=texts["user_agent"],
            session_uid=texts["session_id"],
            transaction_uid=texts["transaction_id"],
        )
        unsaid = (outcome_unmapped, _finer_digits(time_text))
        return Mapped(action, native, content_digest(action, unsaid), outcome_unmapped, time)

    def _read_texts(self, record: Record) -> dict[str, str | None]:
        """Every plain field by its name; None where the record has nothing, or a word that means nothing there."""
        texts: dict[str, str | None] = dict(self._unmapped)
        for name, column, absent in self._columns:
            text = _text(record.get(column), name)
            texts[name] = None if text in absent else text
        for name, getter, absent in self._deep:
            text = _text(getter(record), name)
            texts[name] = None if text in absent else text
        return texts

    def _outcome(self, native: str | None) -> tuple[Outcome, str | None]:
        known = self._profile.outcomes.get(native) if native is not None else None
        return known or Outcome.UNKNOWN, native if known is None else None

    def _tenant_ids(self, record: Record, targets: tuple[Target, ...]) -> tuple[tuple[str, ...], Basis]:
        """Every tenant the record names: as such, or as that of something it touched."""
        found: dict[str, None] = {}
        absent = self._absent.get("tenant_ids", ())
        for getter in self._tenants:
            value = getter(record)
            for item in value if isinstance(value, list) else [value]:
                text = _text(item, "tenant_ids") or ""
                parts = (part.strip() for part in text.split(self._profile.list_separator))
                found.update((part, None) for part in parts if part and part not in absent)
        found.update((target.tenant_id, None) for target in targets if target.tenant_id is not None)
        if found:
            return tuple(found), Basis.LOGGED
        if self._source.tenant_id is not None:
            return (self._source.tenant_id,), Basis.FILE
        return (), Basis.UNKNOWN

    def _targets(self, record: Record) -> Iterator[Target]:
        items: Any = [record]
        if self._each is not None:
            items = self._each(record) or []
        for item in items if isinstance(items, list) else [items]:
            if not isinstance(item, dict):
                yield Target(None, None, _text(item, "target"))
                continue
            target = Target(*(_text(getter(item), "target") for getter in self._target))
            if target.type or target.id or target.name:
                yield target


def content_digest(action: SupportAction, unsaid: tuple[str | None, ...] = ()) -> str:
    """SHA-256 over what an action says, leaving out where and how the line stands.

    Args:
        action: The action.
        unsaid: What the line says and the action has no place for.
    """
    actor, reason = action.actor_native, action.justification
    said = (
        action.time.isoformat(), actor.id, actor.name, actor.email, actor.organisation, action.action_native,
        action.outcome.value, action.tenant_ids, action.acting_as,
        [(target.type, target.id, target.name, target.tenant_id) for target in action.targets],
        (reason.type, reason.ticket_id, reason.text) if reason else None,
        action.src_ip, action.src_text, action.user_agent, action.session_uid, action.transaction_uid,
        action.primary.native_uid, *unsaid,
    )  # fmt: skip
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _finer_digits(time_text: str) -> str:
    """Digits of a second beyond the microseconds that an action keeps."""
    finer = _BEYOND_MICROSECONDS.search(time_text)
    return finer[1].rstrip("0") if finer is not None else ""


def _required(name: str, texts: dict[str, str | None]) -> str:
    text = texts[name]
    if text is None:
        raise RecordError(RejectReason.MISSING_VALUE, f"no {name}")
    return text


def _justification(texts: dict[str, str | None]) -> Justification | None:
    kind, ticket, text = texts["reason_type"], texts["ticket_id"], texts["reason_text"]
    return Justification(kind, ticket, text) if kind or ticket or text else None


def _known_columns(profile: Profile) -> Iterator[str]:
    fields = profile.fields
    listed: list[Paths] = [getattr(fields, name) for name in Fields.model_fields if name not in ("time", "target")]
    listed += [fields.time.columns]
    if fields.target.each:
        listed += [(fields.target.each,)]
    else:
        listed += [fields.target.type, fields.target.id, fields.target.name, fields.target.tenant_id]
    yield from profile.known_columns
    for paths in listed:
        for path in paths:
            yield path
            yield _steps(path)[0]


def _steps(path: str) -> list[Any]:
    return [int(index) if index else name for name, index in _STEP.findall(path)] or [path]


def _getter(path: str) -> Getter:
    steps = _steps(path)
    if len(steps) == 1:
        return lambda record: record.get(path)

    def walk(record: Record) -> Any:
        if path in record:
            return record[path]
        value: Any = record
        for step in steps:
            if isinstance(step, int):
                value = value[step] if isinstance(value, list) and step < len(value) else None
            else:
                value = value.get(step) if isinstance(value, dict) else None
        return value

    return walk


def _first(paths: Paths) -> Getter:
    getters = tuple(_getter(path) for path in paths)
    if not getters:
        return lambda _: None
    if len(getters) == 1:
        return getters[0]
    return lambda record: next((value for getter in getters if (value := getter(record)) not in (None, "")), None)


def _is_column(paths: Paths) -> bool:
    return len(paths) == 1 and len(_steps(paths[0])) == 1


def _text(value: Any, field: str) -> str | None:
    if isinstance(value, str):
        return value or None
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    if field in ("time", "actor_id", "action", "tenant_ids", "event_id"):
        raise RecordError(RejectReason.NOT_TEXT, f"{field} is a {type(value).__name__}, not a text")
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


@lru_cache(maxsize=65_536)
def _address(text: str | None) -> tuple[str | None, str | None]:
    """The first public address of a list (or the first one at all), and the text itself when it is anything else."""
    if text is None:
        return None, None
    addresses = []
    for part in text.split(","):
        try:
            addresses.append(ipaddress.ip_address(part.strip()))
        except ValueError:
            continue
    if not addresses:
        return None, text
    chosen = next((address for address in addresses if address.is_global), addresses[0])
    return str(chosen), None if str(chosen) == text else text
