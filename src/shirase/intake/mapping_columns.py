"""A profile as columns: where its values stand in records that are laid out like one of them."""

from collections.abc import Callable, Hashable
from typing import Any

from shirase.domain.profile import Fields, Paths, Profile
from shirase.intake.by_column.columns import TEXT_FIELDS, Columns, Steps, TargetColumns, TextColumn, TimeColumn
from shirase.intake.instants import parse_instant
from shirase.intake.json_records import Record
from shirase.intake.profile_paths import steps_of


def columns_of(profile: Profile, sample: Record, is_one_tenant: Callable[[str], bool]) -> Columns | None:
    """Where everything that ``profile`` maps stands in records like ``sample``; None where it cannot be said so."""
    fields = profile.fields

    def text(name: str) -> TextColumn:
        return TextColumn(_ways(getattr(fields, name), sample), frozenset(profile.absent.get(name, ())))

    targets = _targets(fields, sample)
    if targets is None:
        return None
    each = _way(fields.target.each, sample) if fields.target.each else ()
    return Columns(
        time=TimeColumn(
            _ways(fields.time.columns, sample), fields.time.format, lambda value: parse_instant(value, fields.time)
        ),
        actor_id=text("actor_id"),
        action=text("action"),
        texts={name: text(name) for name in TEXT_FIELDS if getattr(fields, name)},
        codes=profile.action_codes,
        by_record=frozenset(profile.not_actions),
        address=text("src_ip") if fields.src_ip else None,
        outcome=text("outcome") if fields.outcome else None,
        outcomes=profile.outcomes,
        tenant_ids=tuple(way for path in fields.tenant_ids for way in _each_of(_way(path, sample), sample)),
        is_one_tenant=is_one_tenant,
        targets=targets,
        drops_empty_targets=True,
        pinned=(each,) if each else (),
    )


def form_of(profile: Profile) -> Callable[[Record], Hashable]:
    """What gives the form of a record: what :func:`columns_of` depend on, besides ``profile``."""
    fields = profile.fields
    target = fields.target
    of_target = (*target.type, *target.id, *target.name, *target.tenant_id)
    plain = [path for name in Fields.model_fields if name not in ("time", "target") for path in getattr(fields, name)]
    plain += [*fields.time.columns, *([target.each] if target.each else of_target)]
    dotted = frozenset(path for path in plain if len(steps_of(path)) > 1)
    dotted_inside = frozenset(path for path in of_target if target.each and len(steps_of(path)) > 1)
    each = tuple(steps_of(target.each)) if target.each else None
    tenants = tuple(tuple(steps_of(path)) for path in fields.tenant_ids)

    def form(record: Record) -> Hashable:
        if not dotted.isdisjoint(record):
            return None
        listed = (_at(record, each) or []) if each is not None else []
        if isinstance(listed, dict):
            listed = [listed]
            size = -1
        elif isinstance(listed, list):
            size = len(listed)
        else:
            return None
        if not all(type(item) is dict and dotted_inside.isdisjoint(item) for item in listed):
            return None
        return size, *(len(value) if type(value := _at(record, way)) is list else -1 for way in tenants)

    return form


def _targets(fields: Fields, sample: Record) -> tuple[TargetColumns, ...] | None:
    """The objects of ``sample``; None where the list of them holds something else."""
    target = fields.target
    if not target.each:
        mapped = target.type or target.id or target.name or target.tenant_id
        return (_target(fields, sample, ()),) if mapped else ()
    way = _way(target.each, sample)
    listed = _at(sample, way) or []
    if isinstance(listed, dict):
        return (_target(fields, listed, way),)
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        return None
    return tuple(_target(fields, item, (*way, place)) for place, item in enumerate(listed))


def _target(fields: Fields, item: Record, before: Steps) -> TargetColumns:
    paths = (fields.target.type, fields.target.id, fields.target.name, fields.target.tenant_id)
    return TargetColumns(*(tuple((*before, *way) for way in _ways(several, item)) for several in paths))


def _ways(paths: Paths, record: Record) -> tuple[Steps, ...]:
    return tuple(_way(path, record) for path in paths)


def _way(path: str, record: Record) -> Steps:
    """A key that looks like a path comes before the path."""
    return (path,) if path in record else tuple(steps_of(path))


def _each_of(way: Steps, record: Record) -> list[Steps]:
    value = _at(record, way)
    return [(*way, place) for place in range(len(value))] if isinstance(value, list) else [way]


def _at(value: Any, way: Steps) -> Any:
    for step in way:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
