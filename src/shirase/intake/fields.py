"""Fields that nobody knows, at any depth: of one record, and of many at once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any

from shirase.intake.json_records import Record

Inside = Mapping[str, frozenset[str]]
"""Names that are known inside parts of a record, by the dotted path of the part."""

_steps = lru_cache(maxsize=4096)(lambda path: tuple(path.split(".")))


def parts_at(record: Any, path: str) -> Iterator[Record]:
    """Objects at the end of a dotted path, those inside lists one by one."""
    found = [record]
    for step in _steps(path):
        inner = (part.get(step) for part in found if isinstance(part, dict))
        found = [part for value in inner for part in (value if isinstance(value, list) else (value,))]
    return (part for part in found if isinstance(part, dict))


def unknown_fields(record: Record, known: AbstractSet[str], inside: Inside) -> set[str]:
    """Fields of ``record`` that are not ``known``, and dotted paths of those that are not known inside its parts."""
    found = record.keys() - known
    for path, names in inside.items():
        part: Any = record
        for step in _steps(path):
            part = part.get(step)
            if type(part) is not dict:
                break
        if type(part) is dict:
            if not part.keys() <= names:
                found.update(f"{path}.{name}" for name in part.keys() - names)
        elif type(part) is list:
            for each in parts_at(record, path):
                found.update(f"{path}.{name}" for name in each.keys() - names)
    return found


def count_unknown(records: Sequence[Record], known: AbstractSet[str], inside: Inside) -> Counter[str]:
    """In how many of ``records`` each field stands that :func:`unknown_fields` names."""
    found: Counter[str] = Counter()
    if unknown := _names(records) - known:
        found.update(name for record in records for name in record if name in unknown)
    parts: dict[tuple[str, ...], tuple[Sequence[Record], bool]] = {(): (records, False)}
    for path, known_inside in inside.items():
        steps = _steps(path)
        for depth in range(1, len(steps) + 1):
            if steps[:depth] not in parts:
                before, in_lists = parts[steps[: depth - 1]]
                parts[steps[:depth]] = _one_step(before, steps[depth - 1], in_lists=in_lists)
        here, in_lists = parts[steps]
        unknown = _names(here) - known_inside
        if unknown and in_lists:
            found.update(_each_once(records, path, known_inside))
        elif unknown:
            found.update(f"{path}.{name}" for part in here for name in part if name in unknown)
    return found


def _names(parts: Sequence[Record]) -> set[str]:
    """Every name in any of them."""
    return set().union(*parts)


def _one_step(parts: Iterable[Record], step: str, *, in_lists: bool) -> tuple[list[Record], bool]:
    """The objects at ``step`` of each part, and whether any of them stand in lists."""
    found: list[Any] = [part.get(step) for part in parts]
    kinds = set(map(type, found))
    if list in kinds:
        in_lists = True
        found = [each for value in found for each in (value if type(value) is list else (value,))]
        kinds = set(map(type, found))
    return (found if kinds == {dict} else [each for each in found if type(each) is dict]), in_lists


def _each_once(records: Sequence[Record], path: str, known: AbstractSet[str]) -> Iterator[str]:
    """Paths of what is not known in a part that stands in lists: a name counts once for each record."""
    for record in records:
        yield from {f"{path}.{name}" for part in parts_at(record, path) for name in part if name not in known}
