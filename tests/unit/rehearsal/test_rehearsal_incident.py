"""The synthetic incident as a whole: the same every time, of exactly the size asked for, with a key that adds up."""

import hashlib
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from rehearsal_reader import STORY, WrittenCase
from shirase.domain.errors import UsageError
from shirase.rehearsal.generate import Size, write_incident

SMALL = Size(seed=1, customers=60, affected=8, lines=600)
WITHOUT_LINES = {"jira", "slack", "slack-audit", "ringcentral", "okta"}

SIZES = (
    Size(seed=5, customers=40, affected=8, lines=500),
    Size(seed=2022, customers=90, affected=30, lines=1_500),
    Size(seed=7, customers=400, affected=60, lines=4_321),
)


def write(folder: Path, size: Size) -> WrittenCase:
    write_incident(folder, story=STORY, size=size)
    return WrittenCase(folder)


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_and_size_give_the_same_bytes(tmp_path: Path) -> None:
    """The same seed and size give the same folder, byte for byte, compressed files included."""
    write(tmp_path / "one", SMALL)
    write(tmp_path / "two", SMALL)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_another_seed_gives_other_logs(tmp_path: Path) -> None:
    """Another seed gives other customers and other logs, and leaves the story's texts alone."""
    one, two = write(tmp_path / "one", SMALL), write(tmp_path / "two", Size(2, 60, 8, 600))

    first, second = digests(one.folder), digests(two.folder)
    same = {path for path in first if first[path] == second.get(path)}

    assert "customers.csv" not in same
    assert not any(path.startswith("evidence/") for path in same)
    # The tenant whose own log it is stands in incident.toml.
    assert {"actions.toml", "narrative/cause.ja.md"} <= same


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_size_is_exact(tmp_path: Path, size: Size) -> None:
    """A case has exactly the customers, the affected customers and the log lines that were asked for."""
    case = write(tmp_path / "case", size)

    assert len(case.table("customers.csv")) == size.customers
    assert len(case.key["customers"]) == size.affected
    assert case.key["lines"] == size.lines
    assert sum(len(lines) for lines in case.key["dispositions"].values()) == size.lines


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_key_adds_up(tmp_path: Path, size: Size) -> None:
    """Counts by source, lines by file and actions by customer in the key are sums of its own dispositions."""
    key = write(tmp_path / "case", size).key

    by_source: defaultdict[str, Counter[str]] = defaultdict(Counter)
    actions: Counter[str] = Counter()
    records: Counter[str] = Counter()
    for path, lines in key["dispositions"].items():
        for disposition, _, customers in lines.values():
            by_source[path.split("/")[1]][disposition] += 1
            actions.update(customers)
        records[path.partition("!")[0]] += len(lines)
    assert {path: count["records"] for path, count in key["physical"].items()} == records
    assert {source: {name: n for name, n in counts.items() if n} for source, counts in key["counts"].items()} == {
        source: dict(counts) for source, counts in by_source.items()
    }
    assert {name: len(entry["actions"]) for name, entry in key["customers"].items()} == dict(actions)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_physical_lines_are_those_of_the_bytes(tmp_path: Path, size: Size) -> None:
    """The key's physical lines are the line ends in the bytes, each of one kind; arrays and archives have records only."""
    case = write(tmp_path / "case", size)

    for path in case.evidence():
        content, count = case.content(path), case.key["physical"][path]
        if path.split("/")[1] in WITHOUT_LINES:
            assert count["physical_lines"] == count["records"], path
            continue
        ends = content.count(b"\n") + (0 if content.endswith(b"\n") else 1)
        parts = ("header_lines", "blank_lines", "continuation_lines", "previews", "records")
        assert count["physical_lines"] == ends == sum(count[part] for part in parts), path
        if ".ndjson" in path:
            assert count["blank_lines"] == sum(1 for line in content.split(b"\n")[:ends] if not line.strip()), path


def test_customers_without_a_report_are_not_in_the_key(tmp_path: Path) -> None:
    """A customer is in the key exactly when a line in scope names it."""
    key = write(tmp_path / "case", SMALL).key

    named = {c for lines in key["dispositions"].values() for d, _, cs in lines.values() for c in cs if d == "in_scope"}

    assert set(key["customers"]) == named


@pytest.mark.parametrize(
    ("size", "what"),
    [
        (Size(customers=39, affected=8, lines=600), "customers"),
        (Size(customers=60, affected=7, lines=600), "affected"),
        (Size(customers=60, affected=8, lines=499), "lines"),
        (Size(customers=60, affected=41, lines=6_000), "customers"),
        (Size(customers=400, affected=366, lines=2_000), "lines"),
        (Size(customers=40_001, affected=8, lines=600), "customers"),
    ],
)
def test_size_without_room_for_the_traps_is_refused(tmp_path: Path, size: Size, what: str) -> None:
    """A size in which not every trap has a place is refused by name, and nothing is written."""
    with pytest.raises(UsageError) as caught:
        write(tmp_path / "case", size)

    assert what in [problem.where for problem in caught.value.problems]
    assert not (tmp_path / "case").exists()


def test_missing_story_is_named(tmp_path: Path) -> None:
    """A story folder without word lists is refused with the path of what is missing."""
    with pytest.raises(UsageError, match=r"ja_places\.csv"):
        write_incident(tmp_path / "case", story=tmp_path / "nowhere", size=SMALL)


def test_seven_systems_tell_one_story(tmp_path: Path) -> None:
    """All seven systems that the incident named have files, and what each found the customer by is in the key."""
    case = write(tmp_path / "case", SIZES[1])

    assert {path.split("/")[1] for path in case.evidence()} == {
        "superuser", "superuser-csv", "splunk", "jira", "slack", "slack-audit", "ringcentral", "salesforce", "okta",
    }  # fmt: skip
    assert set(case.key["found_by"]) == {"account", "channel", "decision", "domain", "phone", "ticket"}
    assert set(case.key["links"]) == {"okta", "splunk", "superuser-csv"}
    assert case.key["links"]["okta"] == {"effect_of": 2}
