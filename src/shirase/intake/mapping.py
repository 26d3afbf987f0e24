"""Mapping: a record becomes an action by the words of a profile, and by nothing else."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from shirase.domain.action import Outcome, Target
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.profile import Fields, Paths, Profile, TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.instants import parse_instant, parse_rfc3339
from shirase.intake.json_records import Record
from shirase.intake.mapping_columns import columns_of, form_of
from shirase.intake.meaning import Aside, AsideKind, Instant, Meaning
from shirase.intake.profile_paths import steps_of
from shirase.intake.records import RecordError
from shirase.intake.sources.contract import BARE, Columns, Opened, Reader, RecordContext
from shirase.intake.values import as_text, read_address

_STRUCTURED = ("time", "target", "tenant_ids")

_PLAIN_ONLY = ("time", "actor_id", "action", "tenant_ids", "event_id")

_REMEMBERED = 65_536

Getter = Callable[[Record], Any]


class ProfileReader(Reader):
    """Applies one profile to the records of one file. Holds no state between records."""

    def __init__(self, profile: Profile, sensitive: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._profile = profile
        fields = profile.fields
        self._unwrap = _getter(profile.record) if profile.record else None
        self._form = form_of(profile)
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
        self._single: set[str] = set()
        self._plain = _plain_target(profile)
        self._target = tuple(_first(getattr(fields.target, name)) for name in ("type", "id", "name", "tenant_id"))
        self._not_actions = frozenset(profile.not_actions)
        self._codes, self._outcomes = profile.action_codes, profile.outcomes
        self._time_field, self._zone = fields.time, fields.time.zone
        self._is_rfc = fields.time.format is TimeFormat.RFC3339
        self.known = frozenset(_known_columns(profile))
        self.inside = _known_inside(profile)
        self.time_field = (fields.time.columns[0], fields.time.format) if self._unwrap is None else None
        self.sensitive = sensitive or {}

    def fields(self, record: Record) -> Record:
        """The record inside its wrapper; ``record`` itself where none is declared, or none is there."""
        inner = self._unwrap(record) if self._unwrap is not None else record
        return inner if isinstance(inner, dict) else record

    def read(self, record: Record, _context: RecordContext = BARE) -> Meaning | Aside:
        """The meaning of ``record``, or of the one inside it.

        Raises:
            RecordError: When time, actor or action are missing, or the time cannot be read.
        """
        if self._unwrap is not None:
            record = self._unwrap(record)
            if not isinstance(record, dict):
                raise RecordError(RejectReason.MISSING_VALUE, f"no record at {self._profile.record!r}")
        texts = self._read_texts(record)
        native = _required("action", texts)
        time_text = _text(self._time(record), "time")
        if time_text is None:
            raise RecordError(RejectReason.MISSING_VALUE, "no time")
        at, quality = (
            parse_rfc3339(time_text, self._zone) if self._is_rfc else parse_instant(time_text, self._time_field)
        )
        actor_id = _required("actor_id", texts)
        if native in self._not_actions:
            return Aside(AsideKind.LISTED, native, at)
        outcome_native = texts["outcome"]
        outcome = self._outcomes.get(outcome_native) if outcome_native is not None else None
        targets = self._one_target(record) if self._plain is not None else tuple(self._targets(record))
        src_ip, src_text = read_address(texts["src_ip"])
        return Meaning(
            time=Instant(at, quality, time_text),
            actor_id=actor_id,
            action=native,
            code=self._codes.get(native, OTHER_CODE),
            actor_name=texts["actor_name"],
            actor_email=texts["actor_email"],
            actor_organisation=texts["actor_organisation"],
            outcome=outcome or Outcome.UNKNOWN,
            outcome_unmapped=outcome_native if outcome is None else None,
            event_id=texts["event_id"],
            tenant_ids=self._tenant_ids(record, targets),
            targets=targets,
            acting_as=texts["acting_as"],
            reason_type=texts["reason_type"],
            reason_text=texts["reason_text"],
            ticket_id=texts["ticket_id"],
            src_ip=src_ip,
            src_text=src_text,
            user_agent=texts["user_agent"],
            session_id=texts["session_id"],
            transaction_id=texts["transaction_id"],
        )

    def form(self, record: Record) -> Hashable:
        """How long the lists are of which something is mapped; of a record without its wrapper."""
        return self._form(record)

    def columns(self, sample: Record) -> Columns | None:
        """Where everything stands in records like ``sample``, by the same paths; it is without its wrapper."""
        return columns_of(self._profile, sample, self._is_one)

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:
        """The records inside their wrappers, where the profile declares them."""
        if self._unwrap is None or self._profile.record is None:
            return super().open(records, context)
        inside = tuple(steps_of(self._profile.record))
        found = [self._unwrap(record) if record is not None else None for record in records]
        opened = super().open([record if type(record) is dict else None for record in found], context)
        return [replace(each, stands=lambda _, way: (*inside, *way)) for each in opened]

    def _read_texts(self, record: Record) -> dict[str, str | None]:
        """Every plain field by its name; None where the record has nothing, or a word that means nothing there."""
        texts: dict[str, str | None] = dict(self._unmapped)
        for name, column, absent in self._columns:
            value = record.get(column)
            text = (value or None) if type(value) is str else _text(value, name)
            texts[name] = None if text in absent else text
        for name, getter, absent in self._deep:
            text = _text(getter(record), name)
            texts[name] = None if text in absent else text
        return texts

    def _tenant_ids(self, record: Record, targets: tuple[Target, ...]) -> tuple[str, ...]:
        """Every tenant the record names: as such, or as that of something it touched."""
        found: dict[str, None] = {}
        if len(self._tenants) == 1 and len(targets) <= 1:
            value = self._tenants[0](record)
            if type(value) is list and len(value) == 1 and type(value[0]) is str:
                value = value[0]
            tenant = targets[0].tenant_id if targets else None
            if type(value) is str and tenant is None and value in self._single:
                return (value,)
            if type(value) is str and value and tenant is None and self._is_one(value):
                if len(self._single) < _REMEMBERED:
                    self._single.add(value)
                return (value,)
        absent = self._absent.get("tenant_ids", ())
        for getter in self._tenants:
            value = getter(record)
            for item in value if isinstance(value, list) else [value]:
                text = _text(item, "tenant_ids") or ""
                parts = (part.strip() for part in text.split(self._profile.list_separator))
                found.update((part, None) for part in parts if part and part not in absent)
        found.update((target.tenant_id, None) for target in targets if target.tenant_id is not None)
        return tuple(found)

    def _is_one(self, text: str) -> bool:
        """Whether ``text`` is one tenant as it stands: nothing to cut, to strip, or to leave out."""
        absent = self._absent.get("tenant_ids", ())
        return self._profile.list_separator not in text and text.strip() == text and text not in absent

    def _one_target(self, record: Record) -> tuple[Target, ...]:
        """The usual case: one object, each of its values in a column of its own."""
        assert self._plain is not None
        of_kind, of_key, of_name, of_tenant = self._plain
        get: Callable[[str | None], Any] = record.get  # type: ignore[assignment]  # of None, it gives nothing
        kind, key, name, tenant = as_text(get(of_kind)), as_text(get(of_key)), as_text(get(of_name)), get(of_tenant)
        tenant = as_text(tenant) if tenant is not None else None
        return (Target(kind, key, name, tenant),) if kind or key or name else ()

    def _targets(self, record: Record) -> Iterator[Target]:
        items: Any = [record]
        if self._each is not None:
            items = self._each(record) or []
        for item in items if isinstance(items, list) else [items]:
            if not isinstance(item, dict):
                yield Target(None, None, as_text(item))
                continue
            target = Target(*(as_text(getter(item)) for getter in self._target))
            if target.type or target.id or target.name:
                yield target


def _plain_target(profile: Profile) -> tuple[str | None, ...] | None:
    """The columns of the one object that each record names; None when it takes more than that to find them."""
    target = profile.fields.target
    paths = (target.type, target.id, target.name, target.tenant_id)
    if target.each or any(path and not _is_column(path) for path in paths):
        return None
    return tuple(path[0] if path else None for path in paths)


def _required(name: str, texts: dict[str, str | None]) -> str:
    text = texts[name]
    if text is None:
        raise RecordError(RejectReason.MISSING_VALUE, f"no {name}")
    return text


def _known_columns(profile: Profile) -> Iterator[str]:
    yield from profile.known_columns
    for path in _paths(profile):
        yield path
        yield str(steps_of(path)[0])


def _known_inside(profile: Profile) -> dict[str, frozenset[str]]:
    """What is mapped inside parts of a record; a part that is a known column as a whole is not looked into."""
    found: dict[str, set[str]] = {}
    for path in _paths(profile):
        *before, last = (step for step in steps_of(path) if isinstance(step, str))
        for place in range(len(before)):
            found.setdefault(".".join(before[: place + 1]), set()).add([*before, last][place + 1])
    whole = profile.known_columns
    return {
        part: frozenset(names)
        for part, names in found.items()
        if not any(part == known or part.startswith(f"{known}.") for known in whole)
    }


def _paths(profile: Profile) -> Iterator[str]:
    """Every path that a profile maps."""
    fields = profile.fields
    listed: list[Paths] = [getattr(fields, name) for name in Fields.model_fields if name not in ("time", "target")]
    listed += [fields.time.columns]
    target = fields.target
    of_target = (target.type, target.id, target.name, target.tenant_id)
    if target.each:
        yield target.each
        listed += [tuple(f"{target.each}.{path}" for path in paths) for paths in of_target]
    else:
        listed += of_target
    for paths in listed:
        yield from paths


def _getter(path: str) -> Getter:
    steps = steps_of(path)
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
    return len(paths) == 1 and len(steps_of(paths[0])) == 1


def _text(value: Any, field: str) -> str | None:
    if field in _PLAIN_ONLY and isinstance(value, list | dict):
        raise RecordError(RejectReason.NOT_TEXT, f"{field} is a {type(value).__name__}, not a text")
    return as_text(value)
