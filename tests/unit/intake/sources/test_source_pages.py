"""The pages about sources hold: the template runs and conforms, and every adapter is listed."""

import re
from pathlib import Path
from typing import Any

import pytest

from shirase.intake.sources.conformance import examine, read_export
from shirase.intake.sources.registry import find_adapters

DOCS = Path(__file__).parents[4] / "docs"
BLOCKS = re.findall(
    r"```python\n(.+?)```", (DOCS / "how-to" / "add-a-source.md").read_text(encoding="utf-8"), re.DOTALL
)


def template() -> Any:
    names: dict[str, Any] = {"__name__": "my_adapter"}
    exec(compile(BLOCKS[0], "add-a-source.md", "exec"), names)
    return names["ADAPTER"]


def test_the_template_of_the_page_conforms() -> None:
    """Whoever copies the template has an adapter that passes its examination, with the page's own example."""
    (page,) = re.findall(r"page = b'(.+?)'\n", BLOCKS[1])
    adapter = template()
    assert examine(adapter, {"page": page.encode()}) == ()
    assert read_export(adapter, page.encode()).rows[0]["tenant_ids"] == ("t1",)


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('need(record, "by")', 'record["by"]', "crashes it: KeyError"),
        ("src_text=text", 'src_text=record.get("note")', "note is said to be sensitive, and gets past intake"),
        ('record.keys() >= {"at", "by", "did"}', "False", "knows none of its own records"),
        ('limits="views are logged since version 3 only"', 'limits=""', "card.limits says nothing"),
        ('action = need(record, "did")', 'action = need(record, "did"); record["x"] = 1', "changes it"),
        (
            "event_id=as_text(record.get",
            'event_id=str(__import__("time").perf_counter_ns()) + str(record.get',
            "two things",
        ),
        ('name="my-tool"', 'name="My Tool"', "small letters"),
    ],
)
def test_the_examination_finds_what_is_wrong(old: str, new: str, complaint: str) -> None:
    """Each fault planted in the template is named."""
    assert old in BLOCKS[0]
    names: dict[str, Any] = {"__name__": "my_adapter"}
    exec(compile(BLOCKS[0].replace(old, new), "add-a-source.md", "exec"), names)
    record = b'{"items": [{"id": 1, "at": "2022-01-20T23:18:04Z", "by": "e1", "did": "view"}]}'
    found = _examine(names["ADAPTER"], record)
    assert any(complaint in what for what in found), found


def _examine(adapter: Any, page: bytes) -> tuple[str, ...]:
    try:
        return examine(adapter, {"page": page})
    except ValueError as error:  # a name that no source may have is refused even before
        return (f"small letters: {error}",)


def test_every_adapter_is_on_the_page() -> None:
    """An adapter that the page does not list does not exist for its users."""
    page = (DOCS / "reference" / "sources.md").read_text(encoding="utf-8")
    assert [name for name in find_adapters().adapters if f"`{name}`" not in page] == []
