"""Which lines of different sources show one event, case by case."""

from shirase.domain.sighting import LinkKind
from shirase.scoping.reconciliation.clocks import OffsetCount, clock_offsets, nearest_quarter
from shirase.scoping.reconciliation.consequences import authorisations_of, effects_of, parts_of
from shirase.scoping.reconciliation.same_id import join_by_id
from shirase.scoping.reconciliation.same_time import match_by_time
from sightings import SECOND, sighting

COPY, MATCH, MAYBE = LinkKind.COPY, LinkKind.MATCH, LinkKind.POSSIBLE_DUPLICATE_OF


def test_a_copy_is_joined_to_the_line_of_the_system_itself() -> None:
    """Whatever the order, the origin's line is primary, and a copy that says exactly the same differs in nothing."""
    own = sighting(1, uid="r-1", content="same")
    copy = sighting(7, "splunk", uid="r-1", content="same")
    for group in ([own, copy], [copy, own]):
        (found,) = join_by_id(group)
        assert (found.line, found.to_line, found.kind, found.differs) == (7, 1, COPY, False)


def test_a_copy_that_differs_in_a_detail_is_joined_and_says_so() -> None:
    """Another reason or browser makes a conflict of fields, not a second action."""
    (found,) = join_by_id([sighting(1, uid="r-1"), sighting(2, "splunk", uid="r-1")])
    assert (found.kind, found.differs) == (COPY, True)


def test_a_copy_that_names_another_tenant_actor_or_action_is_never_merged() -> None:
    """Each of the three keeps the copy apart, and says that it may be the same."""
    own = sighting(1, uid="r-1")
    for change in ({"tenants": ("t-2",)}, {"actor": "eng-2"}, {"code": "user.reset"}, {"organisation": "Sykes"}):
        (found,) = join_by_id([own, sighting(2, "splunk", uid="r-1", **change)])
        assert found.kind is MAYBE


def test_a_copy_of_an_id_in_conflict_is_joined_to_its_own_twin() -> None:
    """Where the origin has two lines of one id, a copy belongs to the one that says the same; else it stays apart."""
    own = [sighting(1, uid="r-1", content="a"), sighting(2, uid="r-1", content="b")]
    (found,) = join_by_id([*own, sighting(9, "splunk", uid="r-1", content="b")])
    assert (found.kind, found.to_line) == (COPY, 2)
    (apart,) = join_by_id([*own, sighting(9, "splunk", uid="r-1", content="c")])
    assert apart.kind is MAYBE


def test_two_carriers_without_the_origin_count_once() -> None:
    """What two search engines have and the origin has lost is one action."""
    (found,) = join_by_id([sighting(3, "splunk-2", uid="r", content="x"), sighting(1, "splunk", uid="r", content="x")])
    assert (found.source_id, found.to_source_id, found.kind) == ("splunk-2", "splunk", COPY)


def test_the_same_act_two_seconds_apart_is_one_event() -> None:
    """Who, whose, what agree and clocks differ by two seconds: one event; by three: two events."""
    assert [found.kind for found in match_by_time([sighting(1), sighting(2, "console", 2.0)])] == [MATCH]
    assert list(match_by_time([sighting(1), sighting(2, "console", 3.0)])) == []


def test_two_clicks_of_one_source_stay_two() -> None:
    """One source never merges with itself, however close."""
    assert list(match_by_time([sighting(1), sighting(2, at=0.5)])) == []


def test_equal_numbers_pair_in_order_of_time() -> None:
    """Two clicks in each of two sources are two events."""
    found = list(
        match_by_time([sighting(1), sighting(2, at=1), sighting(5, "console", 0.4), sighting(6, "console", 1.3)])
    )
    assert [(pair.line, pair.to_line, pair.kind) for pair in found] == [(5, 1, MATCH), (6, 2, MATCH)]


def test_unequal_numbers_stay_apart() -> None:
    """Two clicks beside one: nobody knows which, so all three count and the one says it may be the same."""
    found = list(match_by_time([sighting(1), sighting(2, at=1), sighting(5, "console", 0.4)]))
    assert [(pair.line, pair.kind) for pair in found] == [(5, MAYBE)]


def test_a_tie_across_different_targets_stays_apart() -> None:
    """One source says which user, the other does not: with two users at that time nothing is merged."""
    left = [sighting(1, target="u-1"), sighting(2, target="u-2")]
    found = list(match_by_time([*left, sighting(5, "console"), sighting(6, "console")]))
    assert {pair.kind for pair in found} == {MAYBE}
    paired = list(match_by_time([*left, sighting(5, "console", target="u-2"), sighting(6, "console", target="u-1")]))
    assert [(pair.line, pair.to_line, pair.kind) for pair in paired] == [(6, 1, MATCH), (5, 2, MATCH)]


def test_contradicting_addresses_or_ids_keep_lines_apart() -> None:
    """Another address is another act; and one origin's own ids tell its events apart."""
    assert list(match_by_time([sighting(1, ip="192.0.2.1"), sighting(2, "console", ip="192.0.2.2")])) == []
    assert list(match_by_time([sighting(1, uid="r-1"), sighting(2, "splunk", uid="r-2")])) == []


def test_no_chain_reaches_beyond_the_window_of_the_primary() -> None:
    """A~B and B~C do not make A~C: what three sources log over four seconds is not one event."""
    found = list(match_by_time([sighting(1), sighting(2, "console", 2), sighting(3, "third", 4)]))
    assert [(pair.source_id, pair.to_source_id, pair.kind) for pair in found] == [("console", "superuser", MATCH)]


def test_a_constant_offset_of_whole_or_quarter_hours_is_found() -> None:
    """Nine, a half and 5:45 hours are found when more than four fifths of ten or more lines show them; chance is not."""
    for hours in (9, -0.5, 5.75):
        count = OffsetCount()
        for line in range(12):
            count.add(sighting(line, at=line * 1000 + hours * 3600 + 0.4), [line * 1000 * SECOND])
        verdict = count.verdict("splunk", "superuser")
        assert verdict is not None
        assert (verdict.offset_us, verdict.lines) == (round(hours * 3600 * SECOND), 12)
    some = OffsetCount()
    for line in range(20):
        some.add(sighting(line, at=line * 1000 + (3600 if line < 16 else 777)), [line * 1000 * SECOND])
    assert some.verdict("splunk", "superuser") is None
    few = OffsetCount()
    for line in range(9):
        few.add(sighting(line, at=line * 1000 + 3600), [line * 1000 * SECOND])
    assert few.verdict("splunk", "superuser") is None


def test_clock_offsets_are_medians() -> None:
    """A few late lines do not move the clock; an offset near no quarter of an hour is none."""
    assert clock_offsets({"console": [1200, 1300, 90_000_000], "none": []}) == {"console": 1300}
    assert [nearest_quarter(value * SECOND) for value in (0, 2, 900, 3601, 3605)] == [0, 0, 1, 4, 0]


def test_an_effect_belongs_to_the_latest_cause_within_a_minute() -> None:
    """One to one; after more than a minute, before its cause, or with two equal causes, it stands by itself."""
    causes = [sighting(1), sighting(2, at=30)]
    effects = [sighting(8, "log", 31), sighting(9, "log", 59)]
    assert [(found.line, found.to_line) for found in effects_of(causes, effects)] == [(8, 2), (9, 1)]
    for at in (-1, 91):
        assert list(effects_of(causes, [sighting(8, "log", at)])) == []
    assert list(effects_of([sighting(1), sighting(2)], [sighting(8, "log", 1)])) == []


def test_grants_explain_and_sessions_hold_together() -> None:
    """An impersonation is authorised by the grant that still held; an action between its start and end is a part of it."""
    start, end = sighting(2, "log", 100), sighting(4, "log", 900)
    grant = sighting(1, "log", 0)
    assert [found.to_line for found in authorisations_of([start], [grant])] == [1]
    assert list(authorisations_of([sighting(2, "log", 9 * 3600)], [grant])) == []
    actions = [sighting(3, "log", 500), sighting(5, "log", 950), sighting(6, "log", 50)]
    assert [(found.line, found.kind) for found in parts_of([start], [end], actions)] == [(3, LinkKind.PART_OF)]
