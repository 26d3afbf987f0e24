"""Which characters have a glyph in the fonts of the reports; one that has none stops that customer's report."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from hashlib import sha256
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont
from pydantic import BaseModel

from shirase.domain.report import Report
from shirase.rendering.fonts import FontSet
from shirase.text.visible import is_hidden, make_visible

_NEEDS_NO_GLYPH = re.compile(r"[\t\n\r\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Line ends, joiners and variation selectors: they shape their neighbours and print nothing themselves."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A character that cannot be printed, and the field it stands in, for example ``actions[3].objects[0].name``."""

    field: str
    character: str

    hidden: bool = False

    @property
    def what(self) -> str:
        """What is wrong with it."""
        if self.hidden:
            return f"{self.code_point} cannot be seen and would change how the name is read"
        return f"no font has a glyph for {self.code_point}"

    @property
    def mend(self) -> str:
        """What a person can do."""
        if self.hidden:
            return "remove it from customers.csv"
        return "correct the value, or install a font that has it (fonts-symbola for emoji)"

    @property
    def code_point(self) -> str:
        """The character's number, such as ``U+1B000``."""
        return f"U+{ord(self.character):04X}"


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The characters that the fonts have."""

    known: frozenset[str]

    def missing_characters(self, text: str) -> set[str]:
        """Characters of ``text`` that no font has."""
        return {char for char in set(text) - self.known if not _NEEDS_NO_GLYPH.match(char)}

    def missing_in(self, report: Report) -> Iterator[Missing]:
        """Every printed field of ``report`` that holds a character without a glyph, in the order of the fields.

        Logged values are examined as they are printed, with hidden characters shown. A name must not hold hidden or
        private characters at all: a letter cannot be addressed to a token.
        """
        for name in ("name_ja", "name_en"):
            value = getattr(report.customer, name)
            for position, char in enumerate(value):
                if is_hidden(value, position):
                    yield Missing(f"customer.{name}", char, hidden=True)
        cleared: set[str] = set()
        for field, value in _strings("", report):
            if value not in cleared:
                for char in sorted(self.missing_characters(make_visible(value))):
                    yield Missing(field, char)
                cleared.add(value)


def write_characters(fonts: FontSet, folder: Path) -> Path:
    """Write the characters that ``fonts`` have as ranges of code points, once for each set of fonts.

    Reading the fonts takes a third of a second; reading this file, milliseconds in every worker.
    """
    faces = [(str(file.path), file.index, file.digest) for file in fonts.files]
    target = folder / f"characters-{sha256(json.dumps(faces).encode()).hexdigest()[:16]}.json"
    if not target.exists():
        points: set[int] = set()
        for file in fonts.files:
            if file.weight == "regular":
                with TTFont(file.path, fontNumber=file.index, lazy=True) as font:
                    points.update(font.getBestCmap())
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".tmp")
        draft.write_text(json.dumps(_ranges(points)), encoding="ascii")
        draft.replace(target)
    return target


def read_glyphs(path: Path) -> Glyphs:
    """The characters written by :func:`write_characters`."""
    ranges = json.loads(path.read_text(encoding="ascii"))
    return Glyphs(frozenset(chr(point) for first, last in ranges for point in range(first, last + 1)))


def _ranges(points: set[int]) -> list[tuple[int, int]]:
    ranges = []
    for _, run in groupby(enumerate(sorted(points)), key=lambda item: item[1] - item[0]):
        members = [point for _, point in run]
        ranges.append((members[0], members[-1]))
    return ranges


def _strings(field: str, value: object) -> Iterator[tuple[str, str]]:
    """Every string below ``value`` with its field."""
    match value:
        case Enum() | date() | int() | float() | None:
            return
        case str():
            yield field, value
        case BaseModel():
            for name in type(value).model_fields:
                yield from _strings(_member(field, name), getattr(value, name))
        case tuple():
            for position, item in enumerate(value):
                yield from _strings(f"{field}[{position}]", item)
        case _ if is_dataclass(value):
            for member in fields(value):
                yield from _strings(_member(field, member.name), getattr(value, member.name))
        case _:
            raise TypeError(f"{field}: {type(value).__name__} is nothing a report may hold")


def _member(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
