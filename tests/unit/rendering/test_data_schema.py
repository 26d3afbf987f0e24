"""The JSON Schema of the data copy: what is written agrees with it, and it names everything that is written."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sample_report as sample
from shirase.rendering.data_copy import data_copy
from shirase.rendering.data_schema import data_copy_schema

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/data-copy.md"
TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def faults(value: Any, schema: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Where ``value`` is not as ``schema`` says, or says more than it names; knows the keywords that ours uses."""
    unknown = set(schema) - {
        "$schema", "title", "description", "type", "properties", "required", "items", "additionalProperties", "enum",
        "const", "pattern", "format", "minimum",
    }  # fmt: skip
    assert not unknown, unknown
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(type(value) is TYPES[name] for name in types):
        yield f"{place}: {type(value).__name__} is none of {types}"
        return
    if value not in schema.get("enum", [schema.get("const", value)]):
        yield f"{place}: {value!r} is none that may stand there"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{place}: {value!r} does not match {schema['pattern']}"
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{place}: {value} is too small"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema["items"], f"{place}[{number}]")
    if isinstance(value, dict):
        yield from _faults_of_object(value, schema, place)


def _faults_of_object(value: dict[str, Any], schema: dict[str, Any], place: str) -> Iterator[str]:
    yield from (f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value)
    for name, item in value.items():
        inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
        if inner is None:
            yield f"{place}: {name} is not in the schema"
        else:
            yield from faults(item, inner, f"{place}.{name}")


def written() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(data_copy(sample.sample_report()).content)
    return document


def test_a_data_copy_agrees_with_the_schema() -> None:
    """Nothing is missing, of another type, or unnamed."""
    assert list(faults(written(), data_copy_schema())) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "shirase.report/2"),
        (("actions", 0, "number"), "1"),
        (("actions", 0, "number"), -1),
        (("actions", 0, "at"), "2022-01-16T09:12:33+09:00"),
        (("actions", 0, "effect"), "looked"),
        (("actions", 0, "objects", 0, "name"), 5),
        (("evidence_files", 0, "sha256"), "3f"),
        (("customer", "surprise"), "x"),
        (("counts", "by_day", "2022-01-16"), None),
    ],
)
def test_what_differs_is_found(place: tuple[Any, ...], value: object) -> None:
    """Control: one changed value is one fault."""
    document: Any = written()
    inner = document
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert len(list(faults(document, data_copy_schema()))) == 1


def test_what_is_left_out_is_found() -> None:
    """Control: every field is required."""
    document = written()
    del document["actions"][0]["ticket"]
    del document["method"]
    assert len(list(faults(document, data_copy_schema()))) == 2


def test_the_reference_explains_every_field() -> None:
    """Every name of the schema is on the page, and every part of it has a description."""
    text = PAGE.read_text(encoding="utf-8").partition("## CSV")[0]
    names = list(_names(data_copy_schema()))
    assert len(names) > 80
    assert [name for name in names if f"`{name}`" not in text] == []


def _names(schema: dict[str, Any]) -> Iterator[str]:
    assert schema["description"]
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from _names(part)
    for inner in ("items", "additionalProperties"):
        if inner in schema:
            yield from _names(schema[inner])
