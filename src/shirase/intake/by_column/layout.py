"""A layout: the pattern of records that are written alike, made of one of them that was read strictly.

Of a line that fits the pattern whole it is certain, without parsing it, that it is JSON, that no key stands there
twice, that nothing in it is escaped, and what stands where. The texts are captured as they are. What does not fit
(another key, another order, an escape, a number with an exponent) is no error: it is read by itself.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from shirase.intake.by_column.columns import Columns, Steps
from shirase.intake.json_records import Record

_SPACE = re.compile(r"[ \t\r\n]*")
_TEXT = re.compile(r'"([^"\\\x00-\x1f]*)"')
_PLAIN = re.compile(r"[^,\]} \t\r\n]+")

_IN_TEXT = r'[^"\\\x00-\x1f]*+'
_SOME_TEXT = rf'"{_IN_TEXT}"'
_WHOLE_NUMBER = r"(?:[1-9][0-9]{0,17}+|0)"
_NUMBER = rf"-?{_WHOLE_NUMBER}(?:\.[0-9]{{1,30}}+)?"
_ANY = rf"(?:{_SOME_TEXT}|null|true|false|{_NUMBER})"
_NOTHING = object()


class Layout:
    """One layout.

    Attributes:
        columns: Where the meaning stands in it.
        fullmatch: Matches a record; None when it has another layout.
        places: Where each way of the columns that leads somewhere stands in what ``match.groups()`` gives.
        sensitive: Kinds of sensitive values that every record of this layout has.
        sensitive_ways: Ways to texts that are sensitive where they are not empty, and their kinds.
        unknown: Unknown fields that every record of this layout has.
    """

    def __init__(
        self,
        text: str,
        columns: Columns,
        sensitive: tuple[list[str], dict[Steps, str]],
        unknown: list[str],
        inside: Steps = (),
    ) -> None:
        """Make it of ``text``, which was parsed strictly; what ``columns`` speak of stands at ``inside``.

        Raises:
            ValueError: When something in it cannot be read by column.
        """
        self.columns = columns
        self.unknown = unknown
        self.places: dict[Steps, int] = {}
        self._captured = {inside + way for way in columns.ways() | set(sensitive[1])}
        self._pinned = {inside + way for way in columns.pinned}
        pattern = "".join(self._value(text, (), _Place(text)))
        self.fullmatch = re.compile(pattern).fullmatch
        self.sensitive, self.sensitive_ways = sensitive
        self.places = {way[len(inside) :]: place for way, place in self.places.items()}

    def column(self, found: Sequence[tuple[str | None, ...]]) -> Callable[[Steps], Sequence[str | None]]:
        """What gives the values at a way, of records whose values in the order of the layout are ``found``."""
        at = list(zip(*found, strict=True))
        nothing = [None] * len(found)

        def column(way: Steps) -> Sequence[str | None]:
            place = self.places.get(way)
            return at[place] if place is not None else nothing

        return column

    def _value(self, text: str, way: Steps, place: "_Place") -> Iterator[str]:
        opening = text[place.at]
        if opening in "{[":
            if way in self._captured:
                raise ValueError(f"{way} is no plain value")
            yield from self._many(text, way, place)
            return
        token = place.take(_TEXT if opening == '"' else _PLAIN)
        if way in self._pinned:
            yield self._pin(token, way)
        elif way in self._captured:
            self.places[way] = len(self.places)
            yield _capture(token)
        else:
            yield _ANY

    def _pin(self, token: str, way: Steps) -> str:
        if way not in self._captured or not token.startswith('"'):
            return re.escape(token)
        self.places[way] = len(self.places)
        return f'"({re.escape(token[1:-1])})"'

    def _many(self, text: str, way: Steps, place: "_Place") -> Iterator[str]:
        """An object or a list: its keys, its punctuation and its spaces as they are."""
        is_object, count = text[place.at] == "{", 0
        yield re.escape(place.character())
        yield re.escape(place.take(_SPACE))
        while text[place.at] not in "]}":
            step: str | int = count
            if is_object:
                key = place.take(_TEXT)
                step = key[1:-1]
                yield re.escape(key + place.take(_SPACE) + place.character() + place.take(_SPACE))
            yield from self._value(text, (*way, step), place)
            yield re.escape(place.take(_SPACE))
            if text[place.at] == ",":
                yield re.escape(place.character() + place.take(_SPACE))
            count += 1
        yield re.escape(place.character())


class _Place:
    """Where in a text one is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    def take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self.at)
        if match is None:
            raise ValueError(f"something escaped at {self.at}")
        self.at = match.end()
        return match[0]

    def character(self) -> str:
        self.at += 1
        return self._text[self.at - 1]


def _capture(plain: str) -> str:
    if plain.startswith('"') or plain == "null":
        return rf'(?:"({_IN_TEXT})"|null)'
    if plain in ("true", "false"):
        return "(true|false)"
    if re.fullmatch(_WHOLE_NUMBER, plain):
        return f"({_WHOLE_NUMBER})"
    raise ValueError(f"{plain[:40]} is a number whose digits are not its text")


def at_way(record: Record, way: Steps) -> Any:
    """What stands at ``way``; a value like no other where there is nothing."""
    value: Any = record
    for step in way:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else _NOTHING
        else:
            value = value.get(step, _NOTHING) if isinstance(value, dict) else _NOTHING
    return value


def split_sensitive(record: Record, sensitive: dict[Steps, str]) -> tuple[list[str], dict[Steps, str]]:
    """Kinds that every record laid out like ``record`` has, and the ways to values that have to be looked at."""
    always, looked_at = [], {}
    for way, kind in sensitive.items():
        value = at_way(record, way)
        if isinstance(value, dict) or (isinstance(value, list) and value):
            always.append(kind)
        elif value is not _NOTHING and not isinstance(value, list):
            looked_at[way] = kind
    return always, looked_at
