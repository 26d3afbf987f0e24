"""Texts by column: what stands at some ways in many records, and what an adapter makes of several of them."""

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import TypeVar

from shirase.intake.by_column.columns import (
    AnyText,
    ChangeColumns,
    Derived,
    Steps,
    TargetColumns,
    TargetRow,
    TextColumn,
)

Texts = Sequence[str | None]
Values = Callable[[Steps], Texts]
"""What gives the values at a way."""

ChangeRow = tuple[str, str | None, str | None, bool]
"""Name, old and new value, and whether they were cut."""

_T = TypeVar("_T")


def required(texts: Texts, left: set[int]) -> Sequence[str]:
    """``texts``; places without one are added to ``left``."""
    if None in texts or "" in texts:
        left.update(place for place, text in enumerate(texts) if not text)
        return [text or "" for text in texts]
    return texts  # type: ignore[return-value]  # None was looked for


def texts_of(column: AnyText, values: Values) -> Texts:
    """The texts of a column, or what is made of several."""
    if isinstance(column, Derived):
        return derived(column, values)
    texts = values(column.ways[0])
    for way in column.ways[1:]:
        texts = [text or other for text, other in zip(texts, values(way), strict=True)]
    if "" in texts:
        texts = [text or None for text in texts]
    if column.absent and not column.absent.isdisjoint(texts):
        texts = [None if text in column.absent else text for text in texts]
    if column.holds:
        texts = [text if text is not None and column.holds in text else None for text in texts]
    return texts


def derived(column: Derived[_T], values: Values) -> Sequence[_T]:
    """What is made of several texts: once for records in which all of them are the same."""
    parts = [texts_of(part, values) for part in column.of]
    given = [texts[0] for texts in parts]
    differing = [at for at, texts in enumerate(parts) if texts.count(given[at]) < len(texts)]
    if not differing:
        return [column.make(*given)] * len(parts[0])
    if len(differing) == 1:
        (at,) = differing
        before, after = given[:at], given[at + 1 :]
        known = {text: column.make(*before, text, *after) for text in set(parts[at])}
        return list(map(known.__getitem__, parts[at]))
    together = list(zip(*(parts[at] for at in differing), strict=True))
    made = {some: column.make(*_put(given, differing, some)) for some in set(together)}
    return list(map(made.__getitem__, together))


def _put(given: Sequence[str | None], places: list[int], texts: tuple[str | None, ...]) -> list[str | None]:
    """``given`` with ``texts`` at ``places``."""
    changed = list(given)
    for place, text in zip(places, texts, strict=True):
        changed[place] = text
    return changed


def target_of(target: TargetColumns, values: Values, count: int) -> list[TargetRow]:
    """One object of each record."""
    parts = (
        texts_of(TextColumn(ways), values) if ways else repeat(None, count)
        for ways in (target.type, target.id, target.name, target.tenant_id)
    )
    return list(zip(*parts, strict=True))


def changes_of(columns: Sequence[ChangeColumns], values: Values, count: int) -> Sequence[list[ChangeRow]]:
    """The changes of each record."""
    listed = []
    for change in columns:
        names, old, new = (
            texts_of(TextColumn(ways), values) if ways else [None] * count
            for ways in (change.field, change.old, change.new)
        )
        listed.append(zip([name or "" for name in names], old, new, repeat(False), strict=False))
    return [list(changes) for changes in zip(*listed, strict=True)] if listed else ()
