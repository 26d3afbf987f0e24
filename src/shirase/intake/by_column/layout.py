"""A layout: the pattern of records that are written alike, made of one of them that was read strictly.

Of a text that fits the pattern whole it is certain, without parsing it, that it is JSON, that no key stands there
twice, and what stands where. What does not fit (another key, another order, a number with an exponent) is no error: it
is read by itself. A strict pattern fits no text with escapes or control characters; the other is for texts in which
there are none that matter (:mod:`shirase.intake.by_column.escapes`).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shirase.intake.by_column.columns import Steps
from shirase.intake.json_records import Record

_SPACE = re.compile(r"[ \t\r\n]*")
_KEY = re.compile(r'"([^"\x00-\x1f]*)"')
_TEXT = {True: re.compile(r'"(?:[^"\\]|\\.)*"'), False: re.compile(r'"[^"]*"')}
"""By whether escapes stand in it."""

_PLAIN = re.compile(r"[^,\]} \t\r\n]+")

_IN_TEXT = "\0"
"""Where the inside of a text stands in a pattern, until it is known what may stand between the texts."""

_INSIDES = {True: r'[^"\\\x00-\x1f]*+', False: r'[^"]*+'}
_CONTROL = re.compile(r"[\t\r\n]")
_ESCAPED_QUOTE = '\\"'
_SOME_TEXT = f'"{_IN_TEXT}"'
_WHOLE_NUMBER = r"(?:[1-9][0-9]{0,17}+|0)"
_NUMBER = rf"-?{_WHOLE_NUMBER}(?:\.[0-9]{{1,30}}+)?"
_ANY = rf"(?:{_SOME_TEXT}|null|true|false|{_NUMBER})"
_NOTHING = object()

Found = tuple[str | None, ...]
"""What was captured in one text."""


class Layout:
    """One layout."""

    def __init__(
        self,
        text: str,
        ways: Iterable[Steps],
        *,
        strict: bool,
        pinned: Iterable[Steps] = (),
        carries: Steps | None = None,
    ) -> None:
        """Make it of ``text``, which was parsed strictly.

        Args:
            text: The sample.
            ways: To plain values that are captured.
            strict: Whether escapes stand in the sample.
            pinned: To values that are the same in all records of this layout.
            carries: The way to a text that is a record itself; ways into that record go on from there.

        Raises:
            ValueError: When something in it cannot be read by column.
        """
        self._captured = frozenset(ways)
        self._pinned = frozenset(pinned)
        self._carries = carries
        self._strict = strict
        self._places: dict[Steps, int] = {}
        self._pattern = "".join(self._value((), _Place(text)))
        self._matching: dict[bool, re.Pattern[str]] = {}

    def find(self, texts: Sequence[str], *, strict: bool) -> list[Found | None]:
        """The values captured in each text, in the order of the layout; None for one that is laid out otherwise.

        Args:
            texts: The texts of records.
            strict: Whether escapes and control characters may stand in them.
        """
        if strict not in self._matching:
            if not strict and _CONTROL.search(self._pattern) is not None:
                return [None] * len(texts)
            self._matching[strict] = re.compile(self._pattern.replace(_IN_TEXT, _INSIDES[strict]))
        fullmatch = self._matching[strict].fullmatch
        return [match.groups() if match is not None else None for match in map(fullmatch, texts)]

    def column(
        self, found: Sequence[Found], ways: Mapping[Steps, Steps] | None = None
    ) -> Callable[[Steps], Sequence[str | None]]:
        """What gives the values at a way, of records of which ``found`` was captured.

        Args:
            found: What was captured.
            ways: Where in the text stands what is asked for at a way; the way itself where there are none.
        """
        at = list(zip(*found, strict=True))
        nothing = [None] * len(found)

        def column(way: Steps) -> Sequence[str | None]:
            place = self._places.get(way if ways is None else ways.get(way, way))
            return at[place] if place is not None else nothing

        return column

    def _value(self, way: Steps, place: "_Place") -> Iterator[str]:
        opening = place.next
        if opening in "{[":
            if way in self._captured:
                raise ValueError(f"{way} is no plain value")
            yield from self._many(way, place)
            return
        token = place.take(_TEXT[self._strict] if opening == '"' else _PLAIN)
        if way == self._carries:
            yield self._carried(token, way)
        elif way in self._pinned:
            yield self._pin(token, way)
        elif way in self._captured:
            self._places[way] = len(self._places)
            yield _capture(token)
        else:
            yield _ANY

    def _carried(self, token: str, way: Steps) -> str:
        """The layout of a record that stands there as a text, its quotes and nothing else escaped."""
        text = token[1:-1].replace(_ESCAPED_QUOTE, '"')
        if not text.startswith("{") or "\\" in text:
            raise ValueError(f"{way} holds something else than a plain record")
        pattern = "".join(self._value(way, _Place(text))).replace('"', re.escape(_ESCAPED_QUOTE))
        return f'"{pattern}"'

    def _pin(self, token: str, way: Steps) -> str:
        self._refuse_escapes(token)
        if way not in self._captured or not token.startswith('"'):
            return re.escape(token)
        self._places[way] = len(self._places)
        return f'"({re.escape(token[1:-1])})"'

    def _many(self, way: Steps, place: "_Place") -> Iterator[str]:
        """An object or a list: its keys, its punctuation and its spaces as they are."""
        is_object, count = place.next == "{", 0
        yield re.escape(place.character())
        yield re.escape(place.take(_SPACE))
        while place.next not in "]}":
            step: str | int = count
            if is_object:
                key = place.take(_KEY)
                self._refuse_escapes(key)
                step = key[1:-1]
                yield re.escape(key + place.take(_SPACE) + place.character() + place.take(_SPACE))
            yield from self._value((*way, step), place)
            yield re.escape(place.take(_SPACE))
            if place.next == ",":
                yield re.escape(place.character() + place.take(_SPACE))
            count += 1
        yield re.escape(place.character())

    def _refuse_escapes(self, token: str) -> None:
        """A name or a value that decides how a record is read, written otherwise than it is meant."""
        if self._strict and "\\" in token:
            raise ValueError(f"something escaped: {token[:40]}")


class _Place:
    """Where in a text one is."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = 0

    @property
    def next(self) -> str:
        """The character that stands there."""
        return self._text[self.at]

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


def split_sensitive(record: Record, sensitive: Mapping[tuple[str, ...], str]) -> tuple[list[str], dict[Steps, str]]:
    """Kinds that every record laid out like ``record`` has, and the ways to values that have to be looked at."""
    always: list[str] = []
    looked_at: dict[Steps, str] = {}
    for way, kind in sensitive.items():
        value = at_way(record, way)
        if isinstance(value, dict) or (isinstance(value, list) and value):
            always.append(kind)
        elif value is not _NOTHING and not isinstance(value, list):
            looked_at[way] = kind
    return always, looked_at
