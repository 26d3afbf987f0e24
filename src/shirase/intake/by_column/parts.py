"""Parsed records by column: the plain values that stand at one way in each of them."""

from collections.abc import Sequence
from typing import Any

from shirase.intake.by_column.columns import Steps
from shirase.intake.json_records import Record
from shirase.intake.values import as_text

_NOTHING: Any = {}
_PLAIN = {str, type(None)}


class Parts:
    """Values of some records, and of the objects inside them.

    Attributes:
        left: Places of records that have an object or a list where a plain value should stand, or the reverse: how an
            adapter takes that is its own affair, and they are read by themselves.
    """

    def __init__(self, records: Sequence[Record]) -> None:
        self.left: set[int] = set()
        self._objects: dict[Steps, Sequence[Any]] = {(): records}
        self._texts: dict[Steps, Sequence[str | None]] = {}

    def column(self, way: Steps) -> Sequence[str | None]:
        """The plain value at ``way`` in each record, as text."""
        texts = self._texts.get(way)
        if texts is None:
            texts = self._texts[way] = self._as_texts(self._values(way))
        return texts

    def _as_texts(self, values: list[Any]) -> Sequence[str | None]:
        kinds = set(map(type, values))
        if kinds <= _PLAIN:
            return values
        if dict in kinds or list in kinds:
            self.left.update(place for place, value in enumerate(values) if type(value) in (dict, list))
            return [value if type(value) is str else _plain_text(value) for value in values]
        if kinds == {int}:
            return list(map(str, values))
        return [value if type(value) is str else as_text(value) for value in values]

    def _values(self, way: Steps) -> list[Any]:
        """Whatever stands at ``way`` in each record; None for nothing."""
        step = way[-1]
        before = self._inner(way[:-1], list if isinstance(step, int) else dict)
        if isinstance(step, int):
            return [value[step] if step < len(value) else None for value in before]
        return [value.get(step) for value in before]

    def _inner(self, way: Steps, kind: type) -> Sequence[Any]:
        """The objects, or the lists, at ``way``; an empty one for nothing."""
        found = self._objects.get(way)
        if found is None:
            values = self._values(way)
            kinds = set(map(type, values))
            if kinds - {kind, type(None)}:
                odd = (place for place, value in enumerate(values) if value is not None and type(value) is not kind)
                self.left.update(odd)
            found = values if kinds == {kind} else [value if type(value) is kind else _NOTHING for value in values]
            self._objects[way] = found
        return found


def _plain_text(value: Any) -> str | None:
    return None if type(value) in (dict, list) else as_text(value)
