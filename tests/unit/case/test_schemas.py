"""JSON Schemas of the files of a case, and the page that explains every key."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shirase.case.folder import FILES
from shirase.case.schemas import schemas, written_models
from shirase.domain.narrative import NARRATIVE_SECTIONS, PLACEHOLDERS

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/case-folder.md"


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (part for part in (schema, *schema.get("$defs", {}).values()) if part["type"] == "object")


def test_every_file_that_people_write_has_a_schema() -> None:
    """Only the narrative, which is Markdown, has none."""
    assert set(schemas()) == {*FILES, "profiles/*.toml"}


@pytest.mark.parametrize("name", sorted(schemas()))
def test_every_key_is_described_and_no_other_is_allowed(name: str) -> None:
    """An editor can explain each key, and underlines what the program would refuse."""
    schema = schemas()[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for part in objects(schema):
        assert part["additionalProperties"] is False
        assert part["description"]
        assert [key for key, value in part["properties"].items() if not value.get("description")] == []


def test_a_description_is_that_of_its_own_key() -> None:
    """Descriptions are taken from the models themselves, with their line breaks joined."""
    incident, profile = schemas()["incident.toml"], schemas()["profiles/*.toml"]
    files = incident["$defs"]["SourceSection"]["properties"]["files"]["description"]
    assert files == "Paths or globs below the case folder."
    pattern = profile["$defs"]["TimeField"]["properties"]["pattern"]["description"]
    assert pattern == '``strptime`` pattern, with ``format = "strptime"`` only.'


@pytest.mark.parametrize("model", written_models(), ids=lambda model: model.__name__)
def test_the_reference_explains_every_key(model: Any) -> None:
    """Each key of the case has a row in docs/reference/case-folder.md, in the table of what it belongs to."""
    tables = explained_keys()
    heading = re.compile(rf"\b{model.__name__}\b")
    owners = [title for title in tables if heading.search(title)]
    assert len(owners) == 1, f"one table of the page must name {model.__name__}"
    assert tables[owners[0]] == set(model.model_fields)


def test_the_reference_names_sections_and_values() -> None:
    """All that a narrative may consist of is on the page."""
    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in (*NARRATIVE_SECTIONS, *sorted(PLACEHOLDERS)) if f"`{name}`" not in text] == []


def explained_keys() -> dict[str, set[str]]:
    """Keys in the first column of each table of the page, by the paragraph above the table."""
    tables: dict[str, set[str]] = {}
    title = ""
    for block in PAGE.read_text(encoding="utf-8").split("\n\n"):
        if block.startswith("|"):
            first_cells = [row.split("|")[1] for row in block.splitlines()[2:] if row.startswith("|")]
            tables[title] = {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}
        else:
            title = block
    return tables
