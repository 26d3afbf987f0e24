"""TOML files as models: syntax, unknown keys, and values of a kind that was not meant."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shirase.case.problems import Reading, dotted, place, plain_problems
from shirase.case.written_files import WrittenFile
from shirase.domain.bilingual import CaseModel
from shirase.domain.errors import Problem

M = TypeVar("M", bound=CaseModel)

Keys = tuple[int | str, ...]

_POSITION = re.compile(
    r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL
)
_REPEATED = re.compile(r"Cannot overwrite a value|Cannot declare .* twice|Duplicate inline table key")

_DATE = "a date or time without quotes"
_TEXT = "text in quotes"


def read_toml(file: WrittenFile, model: type[M]) -> Reading[M]:
    """Read ``file`` as ``model``, with every problem it has."""
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        return Reading(None, (_syntax_problem(str(error), file),))
    try:
        value = model.model_validate(document)
    except ValidationError as error:
        return Reading(None, plain_problems(error, document, path=file.path))
    problems = tuple(
        Problem(f"must be {meant}; found {written!r}", place(file.path, key=dotted(keys)))
        for keys, written, meant in _misread(document, value)
    )
    return Reading(None if problems else value, problems)


def _syntax_problem(message: str, file: WrittenFile) -> Problem:
    found = _POSITION.fullmatch(message)
    what = found["what"] if found else message
    line = int(found["line"]) if found and found["line"] else file.text.rstrip("\n").count("\n") + 1
    column = f"column {found['column']}" if found and found["column"] else ""
    where = place(file.path, line=line, key=column)
    if _REPEATED.match(what):
        return Problem(f"a key or table is written twice ({what})", where, "keep one of them, before this place")
    return Problem(f"this is not TOML: {what[0].lower()}{what[1:]}", where, "mend the line named, or the one before it")


def _misread(
    written: Any, read: Any, keys: tuple[int | str, ...] = ()
) -> Iterator[tuple[tuple[int | str, ...], Any, str]]:
    """Scalars that pydantic would turn into another kind: ``"no"`` into false, 20220322 into a day of 1970."""
    if isinstance(written, dict):
        for key, value in written.items():
            yield from _misread(value, getattr(read, key) if isinstance(read, BaseModel) else read[key], (*keys, key))
    elif isinstance(written, list):
        for index, value in enumerate(written):
            yield from _misread(value, read[index], (*keys, index))
    else:
        meant = _kind(read)
        if meant != _kind(written) and (meant, _kind(written)) != (_DATE, _TEXT):
            yield keys, written, meant


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return _DATE if isinstance(value, date) else _TEXT
