"""The author's own specification of the scope, and the helpers its figures rest on."""

import pytest

from shirase.domain.disposition import Disposition, Rule
from shirase.rehearsal.instants import micros, pacific, rfc3339
from shirase.rehearsal.people import BY_LOG, ELSEWHERE
from shirase.rehearsal.quotas import share_heavy_tailed, spread
from shirase.rehearsal.streams import opaque_id, stream
from shirase.rehearsal.truth import Owners, judge

INSIDE = micros("2022-01-18T12:00:00Z")


@pytest.mark.parametrize(
    ("when", "rule"),
    [
        ("2022-01-15T23:59:59.999999Z", Rule.BEFORE_WINDOW),
        ("2022-01-16T00:00:00Z", Rule.ORGANISATION_LOGGED),
        ("2022-01-21T23:59:59.9999999Z", Rule.ORGANISATION_LOGGED),
        ("2022-01-22T00:00:00Z", Rule.AFTER_WINDOW),
    ],
)
def test_both_ends_belong_to_the_window(when: str, rule: Rule) -> None:
    """The first and the last microsecond of the window are inside, their neighbours are not."""
    assert judge(micros(when), BY_LOG, Owners(("C-1",))).rule is rule


def test_outside_comes_before_employer_and_tenant() -> None:
    """A line outside the window is outside, whoever acted; it remembers whom it would have concerned."""
    late = micros("2022-01-23T00:00:00Z")

    assert judge(late, ELSEWHERE, Owners(("C-1",))).disposition is Disposition.OUTSIDE_WINDOW
    assert judge(late, ELSEWHERE, Owners(("C-1",))).told_if_inside == ()
    assert judge(late, BY_LOG, Owners(("C-2", "C-1", "C-2"))).told_if_inside == ("C-1", "C-2")


def test_other_employers_come_before_missing_tenants() -> None:
    """A line of somebody else's people needs no sign-off."""
    assert judge(INSIDE, ELSEWHERE, Owners((), unsigned=True)).rule is Rule.ORGANISATION_NOT_IN_SCOPE


def test_unsigned_lines_wait() -> None:
    """Without a sign-off a line is unattributed, by what it lacks; with one it is signed off."""
    assert judge(INSIDE, BY_LOG, Owners((), unsigned=True)).rule is Rule.NO_TENANT
    assert judge(INSIDE, BY_LOG, Owners(("C-1",), unsigned=True), tenant_ids=("t",)).rule is Rule.UNKNOWN_TENANT
    assert judge(INSIDE, BY_LOG, Owners(())).rule is Rule.SIGNED_OFF_NO_CUSTOMER


def test_times_as_logs_write_them() -> None:
    """Milliseconds are cut, not rounded; Pacific time is eight hours behind in January; seventh digits are cut."""
    at = micros("2022-01-20T23:18:04.645999Z")

    assert rfc3339(at) == "2022-01-20T23:18:04.645Z"
    assert pacific(at) == "2022-01-20 15:18:04"
    assert micros("2022-01-21T23:59:59.9999999Z") == micros("2022-01-21T23:59:59.999999Z")
    assert micros("1970-01-01T00:00:01Z") == 1_000_000


def test_heavy_tail() -> None:
    """47,000 actions over 360 customers: none without, a few with thousands, half with about 25 or fewer."""
    parts = share_heavy_tailed(47_000, 360)

    assert sum(parts) == 47_000
    assert parts == sorted(parts, reverse=True)
    assert parts[-1] == 1
    assert 20 <= parts[180] <= 30
    assert 2_500 <= parts[0] <= 4_000


def test_spread_loses_nothing() -> None:
    """What rounding leaves goes to the largest parts."""
    assert spread(10, [1, 1, 1]) == [4, 3, 3]
    assert spread(0, [1.0, 2.0]) == [0, 0]


def test_opaque_ids_differ() -> None:
    """No two of a hundred thousand numbers get the same identifier."""
    assert len({opaque_id(number, chars=8) for number in range(100_000)}) == 100_000


def test_streams_are_strangers() -> None:
    """A stream depends on its seed and its purpose, and on nothing drawn from another."""
    first = stream(1, "a").random()
    stream(1, "b").random()

    assert stream(1, "a").random() == first
    assert len({first, stream(1, "b").random(), stream(2, "a").random()}) == 3
