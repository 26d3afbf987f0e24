"""Readings: a value, or the problems that kept it from being read; and pydantic's errors in plain words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import ValidationError

from shirase.domain.errors import Problem

T = TypeVar("T")

_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What came of reading something: ``value`` is None when ``problems`` kept it from being made."""

    value: T | None
    problems: tuple[Problem, ...] = ()


def place(path: str, *, line: int | None = None, key: str = "") -> str:
    """Where something stands: file, line (1-based) and key, as far as they are known."""
    parts = [path, f"line {line}" if line is not None else "", key]
    return ", ".join(part for part in parts if part)


def dotted(keys: tuple[int | str, ...]) -> str:
    """The path to a value as ``sources[2].name.ja``. Entries are counted from 1, as lines are."""
    text = "".join(f"[{key + 1}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def plain_problems(error: ValidationError, document: Any, *, path: str, line: int | None = None) -> tuple[Problem, ...]:
    """Every error of ``error`` in plain words, one problem for each key of ``document`` that has any."""
    by_key: dict[str, list[tuple[str, str]]] = {}
    for detail in error.errors(include_url=False):
        key = dotted(_written_keys(detail["loc"], document))
        found = by_key.setdefault(key, [])
        said = _say(detail["type"], detail["msg"], detail.get("ctx", {}), detail["input"])
        if said not in found:
            found.append(said)
    return tuple(
        Problem(
            " or ".join(what for what, _ in found),
            place(path, line=line, key=key),
            next((mend for _, mend in found if mend), ""),
        )
        for key, found in by_key.items()
    )


def _written_keys(keys: tuple[int | str, ...], document: Any) -> tuple[int | str, ...]:
    """``keys`` as far as people wrote them: pydantic appends the member of a union that it tried."""
    value = document
    for depth, key in enumerate(keys):
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list | tuple) and isinstance(key, int):
            value = value[key] if key < len(value) else None
        else:
            return keys[:depth]
    return keys


def _say(kind: str, message: str, context: dict[str, Any], value: Any) -> tuple[str, str]:
    if kind in _PLAIN:
        return _PLAIN[kind](context, value)
    what = message.removeprefix("Value error, ").replace("Input should be", "must be", 1).strip("'\"")
    return (what, "") if kind == "value_error" else (f"{what}; found {_shown(value)}", "")


_PLAIN: dict[str, Callable[[dict[str, Any], Any], tuple[str, str]]] = {
    "missing": lambda _, __: ("this is missing", "write it; `shirase schema` explains every key"),
    "extra_forbidden": lambda _, __: (
        "no such key exists here",
        "remove it or mend its spelling; `shirase schema` lists the keys",
    ),
    "string_type": lambda _, value: (f"must be text in quotes; found {_shown(value)}", ""),
    "string_too_short": lambda _, __: ("must not be empty", ""),
    "too_short": lambda context, __: (f"needs at least {context['min_length']}; has {context['actual_length']}", ""),
    "enum": lambda context, value: (f"must be {context['expected']}; found {_shown(value)}", ""),
    "string_pattern_mismatch": lambda context, value: (
        f"{_shown(value)} does not have the form {context['pattern']}",
        "",
    ),
    "timezone_aware": lambda _, value: (
        f"{_shown(value)} has no offset from UTC",
        "write it with an offset, for example 2022-01-21T00:28:00Z",
    ),
    "model_type": lambda _, value: (f"must be a table of keys; found {_shown(value)}", ""),
    "tuple_type": lambda _, value: (f"must be a list in [ ]; found {_shown(value)}", ""),
}


def _shown(value: Any) -> str:
    text = str(value) if hasattr(value, "isoformat") else repr(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
