"""The hard cases: what must fail is named, what must succeed is as hostile, and an undecided line is there on demand."""

import json
from pathlib import Path

from rehearsal_reader import STORY, WrittenCase
from shirase.rehearsal.hard_cases import write_hard_cases


def write(folder: Path, *, with_open_line: bool = False) -> WrittenCase:
    write_hard_cases(folder, story=STORY, with_open_line=with_open_line)
    return WrittenCase(folder)


def test_key_names_who_must_fail_and_by_what(tmp_path: Path) -> None:
    """Three customers must fail, each by a character that stands in its own name or on its own objects."""
    case = write(tmp_path)

    assert {name: entry["character"] for name, entry in case.key["must_fail"].items()} == {
        "H-01": "U+12000",
        "H-02": "U+16A38",
        "H-07": "U+202E",
    }
    names = {row["customer_id"]: row["name_ja"] for row in case.table("customers.csv")}
    assert "\U00012000" in names["H-01"]
    assert "\u202e" in names["H-07"]
    second = [case.raw_line(*place) for place in case.key["customers"]["H-02"]["actions"]]
    assert any("\U00016a38" in json.loads(raw)["objects"][0]["name"] for raw in second)


def test_others_must_succeed(tmp_path: Path) -> None:
    """Everybody else who is told must succeed, among them one with exactly one action; three are not told."""
    key = write(tmp_path).key

    assert key["must_succeed"] == ["H-03", "H-04", "H-05", "H-06", "H-08", "H-09"]
    assert set(key["customers"]) == {*key["must_fail"], *key["must_succeed"]}
    assert len(key["customers"]["H-03"]["actions"]) == 1


def test_only_those_who_must_fail_hold_what_no_font_has(tmp_path: Path) -> None:
    """The characters without a glyph stand on lines and in names of the customers that must fail, and nowhere else."""
    case = write(tmp_path)

    for path, line, record in case.sound_records():
        text = json.dumps(record, ensure_ascii=False)
        if "\U00012000" in text or "\U00016a38" in text:
            assert set(case.verdict(path, line)[2]) <= {"H-01", "H-02"}


def test_open_line_is_there_on_demand(tmp_path: Path) -> None:
    """With the switch, exactly one line names a tenant that nobody has decided about; without it, none does."""
    closed, opened = write(tmp_path / "closed"), write(tmp_path / "open", with_open_line=True)

    assert closed.key["open_lines"] == []
    [[path, line]] = opened.key["open_lines"]
    assert opened.verdict(path, line) == ("unattributed", "unknown_tenant", [])
    assert json.loads(opened.raw_line(path, line))["tenants"] == ["tn-nobodys"]
    assert opened.toml("decisions.toml")["attributions"] == []


def test_same_bytes_every_time(tmp_path: Path) -> None:
    """The hard cases are the same every time."""
    one, two = write(tmp_path / "one"), write(tmp_path / "two")

    files = [path.relative_to(one.folder) for path in one.folder.rglob("*") if path.is_file()]
    assert all((one.folder / path).read_bytes() == (two.folder / path).read_bytes() for path in files)
