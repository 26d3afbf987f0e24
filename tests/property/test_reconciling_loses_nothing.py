"""Whatever the logs hold, reconciling them loses no tenant, actor or action, and does not depend on their order."""

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from shirase.domain.sighting import ABSORBED, Link, Sighting
from shirase.scoping.reconciliation.same_id import join_by_id
from shirase.scoping.reconciliation.same_time import match_by_time
from sightings import sighting

SOURCES = st.sampled_from(["superuser", "console", "splunk", "splunk-2"])
FACTS = st.fixed_dictionaries(
    {
        "tenants": st.sampled_from([("t-1",), ("t-2",), ("t-1", "t-2"), ()]),
        "actor": st.sampled_from(["eng-1", "eng-2"]),
        "code": st.sampled_from(["user.view", "user.reset"]),
        "content": st.sampled_from(["x", "y"]),
        "target": st.sampled_from([None, "u-1", "u-2"]),
        "ip": st.sampled_from([None, "192.0.2.1"]),
    }
)
ENTRIES = st.lists(st.tuples(SOURCES, st.integers(0, 8), FACTS), min_size=1, max_size=14)


def of_one_id(entries: list[tuple[str, int, dict[str, object]]]) -> list[Sighting]:
    return [sighting(n, source, at, uid="r", **facts) for n, (source, at, facts) in enumerate(entries)]


def of_one_key(entries: list[tuple[str, int, dict[str, object]]]) -> list[Sighting]:
    free = ("target", "ip", "content")
    return [
        sighting(n, source, at / 2, **{name: facts[name] for name in free})
        for n, (source, at, facts) in enumerate(entries)
    ]


def holds(group: list[Sighting], links: list[Link]) -> None:
    """The invariants that no link may break."""
    by_place = {(one.path, one.line): one for one in group}
    absorbed = [found for found in links if found.kind in ABSORBED]
    gone = {(found.path, found.line) for found in absorbed}
    kept = [one for place, one in by_place.items() if place not in gone]
    for facts in ("actor", "code", "tenants"):
        assert {getattr(one, facts) for one in kept} == {getattr(one, facts) for one in group}
    assert len(gone) == len(absorbed), "a line is absorbed once"
    assert not gone & {(found.to_path, found.to_line) for found in absorbed}, "no chains"
    assert max(Counter((found.to_path, found.to_line, found.source_id) for found in absorbed).values(), default=1) == 1
    assert all(found.source_id != found.to_source_id for found in links)
    for source in {one.source_id for one in group}:
        counted = sum(one.source_id == source for one in kept)
        assert counted + sum(found.source_id == source for found in absorbed) == sum(
            one.source_id == source for one in group
        )


@given(ENTRIES, st.randoms(use_true_random=False))
def test_joining_by_id(entries: list[tuple[str, int, dict[str, object]]], chance: object) -> None:
    """One id in any number of sources: nothing is lost, each line is joined once, in any order of input."""
    group = of_one_id(entries)
    links = list(join_by_id(group))
    holds(group, links)
    chance.shuffle(group)  # type: ignore[attr-defined]
    assert set(join_by_id(group)) == set(links)


@given(ENTRIES, st.randoms(use_true_random=False))
def test_matching_by_time(entries: list[tuple[str, int, dict[str, object]]], chance: object) -> None:
    """One key in any number of sources: nothing is lost, each line is matched once, in any order of input."""
    group = of_one_key(entries)
    links = list(match_by_time(group))
    holds(group, links)
    chance.shuffle(group)  # type: ignore[attr-defined]
    assert set(match_by_time(group)) == set(links)


@given(ENTRIES)
def test_never_beyond_the_tolerance(entries: list[tuple[str, int, dict[str, object]]]) -> None:
    """No pair is farther apart than clocks allow, and none contradicts itself about target or address."""
    group = of_one_key(entries)
    by_place = {(one.path, one.line): one for one in group}
    for found in match_by_time(group):
        if found.kind in ABSORBED:
            one, other = by_place[found.path, found.line], by_place[found.to_path, found.to_line]
            assert abs(found.delta_us) <= max(one.tolerance_us, other.tolerance_us)
            assert one.target in (None, other.target) or other.target is None
            assert one.ip in (None, other.ip) or other.ip is None


@given(ENTRIES, st.integers(0, 3))
def test_splitting_a_file_changes_nothing(entries: list[tuple[str, int, dict[str, object]]], pieces: int) -> None:
    """What is counted does not depend on the files that the lines of a source stand in."""
    whole = of_one_key(entries)
    split = [replace(one, path=f"{one.path}.{one.line * (pieces + 1) // (len(whole) + 1)}") for one in whole]
    kinds = [
        Counter((found.source_id, found.kind, found.line, found.to_line) for found in match_by_time(group))
        for group in (whole, split)
    ]
    assert kinds[0] == kinds[1]
