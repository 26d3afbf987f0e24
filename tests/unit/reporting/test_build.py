"""What a report states about one customer, and what it leaves out."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from case_builder import edited, write_case
from scoped_actions import METHOD, NOON, build, scoped
from shirase.case.folder import read_case
from shirase.domain.action import (
    Effect,
    Justification,
    Outcome,
    Target,
)
from shirase.domain.impact import Impact
from shirase.domain.incident import Case
from shirase.domain.report import ReportObject
from shirase.reporting.build import build_batch


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return read_case(write_case(tmp_path / "case"))


def test_every_action_is_a_numbered_row_with_its_evidence(case: Case) -> None:
    """Rows keep the order given, are numbered from 1, and point at file and line."""
    report = build(case, scoped(7, path="evidence/b"), scoped(3, path="evidence/a"))
    assert [(row.number, row.evidence_file, row.evidence_line) for row in report.actions] == [(1, 2, 7), (2, 1, 3)]
    assert [file.path for file in report.evidence_files] == ["evidence/a", "evidence/b"]


def test_the_engineer_appears_under_a_pseudonym_only(case: Case) -> None:
    """Pseudonym, employer, title and country are printed; name, address and login never are."""
    row = build(case, scoped(1)).actions[0]
    assert (row.operator.pseudonym, row.operator.country) == ("SE-01", "PH")
    assert row.operator.organisation is not None
    assert row.operator.organisation.en == "Sub Ltd."
    text = repr(row)
    assert not [secret for secret in ("Engineer One", "one@sub.example", "eng-1") if secret in text]


def test_an_engineer_nobody_knows_has_a_stable_pseudonym_and_no_employer(case: Case) -> None:
    """The same unknown identity gets the same pseudonym everywhere, and no employer is made up."""
    unknown = scoped(1, actor_uid="ghost", organisation_id=None)
    rows = [build(case, unknown).actions[0], build(case, scoped(2), unknown).actions[1]]
    assert rows[0].operator == rows[1].operator
    assert rows[0].operator.organisation is None
    assert rows[0].operator.pseudonym.startswith("SE-X")


def test_a_shared_action_shows_nothing_of_the_others(case: Case) -> None:
    """Objects of other tenants or of none, the ticket and the reason are left out, and how many is said."""
    shared = scoped(
        1,
        customer_count=2,
        tenant_ids=("t-1", "t-2"),
        targets=(
            Target("user", "u-1", "Hanako", "t-1"),
            Target("user", "u-9", "Otsu", "t-2"),
            Target("x", "y", "z", None),
        ),
    )
    row = build(case, shared).actions[0]
    assert row.objects == (ReportObject("user", "u-1", "Hanako"),)
    assert (row.masked_count, row.tenant_ids, row.ticket_id, row.reason) == (2, ("t-1",), None, None)
    assert "shared" in row.flags
    other = build(case, shared, customer="C-2").actions[0]
    assert (other.objects, other.tenant_ids) == ((ReportObject("user", "u-9", "Otsu"),), ("t-2",))


def test_a_ticket_that_is_not_shown_is_not_a_missing_one(case: Case) -> None:
    """A shared action does not count among those without a ticket."""
    counts = build(case, scoped(1, customer_count=2), scoped(2, justification=None)).counts
    assert (counts.without_ticket, counts.shared_with_others) == (1, 1)


def test_an_object_of_another_tenant_is_left_out_even_of_an_unshared_action(case: Case) -> None:
    """An object that says whose it is never appears in somebody else's report."""
    row = build(case, scoped(1, targets=(Target("user", "u-9", "Otsu", "t-2"),))).actions[0]
    assert (row.objects, row.masked_count) == ((), 1)


def test_what_nobody_described_is_other_and_listed(case: Case) -> None:
    """A code that is not in the catalogue has the effect 'other', keeps its own name, and is listed once."""
    report = build(
        case,
        scoped(1, action_code="other", action_native="su.new"),
        scoped(2, action_code="gone", action_native="su.old"),
    )
    assert [(row.action_code, row.effect) for row in report.actions] == [("other", Effect.OTHER)] * 2
    assert report.undescribed == ("su.new", "su.old")


def test_the_figures_are_those_of_the_rows(case: Case) -> None:
    """Counts by effect, code and day, tickets, outcomes and operators agree with a count by hand."""
    report = build(
        case,
        scoped(1, time=NOON - timedelta(days=1)),
        scoped(2, action_code="user.reset", outcome=Outcome.DENIED, justification=None),
        scoped(3, actor_uid="eng-2", outcome=Outcome.UNKNOWN),
        scoped(4, action_code="user.reset", outcome=Outcome.FAILURE, justification=Justification(None, None, "x")),
    )
    counts = report.counts
    assert (counts.actions, counts.without_ticket, counts.not_successful, counts.operators) == (4, 2, 2, 2)
    assert counts.by_effect == ((Effect.RESET, 2), (Effect.VIEW, 2))
    assert counts.by_code == (("tenant.view", 2), ("user.reset", 2))
    assert counts.by_day == tuple((date(2022, 1, day), {17: 1, 18: 3}.get(day, 0)) for day in range(16, 21))
    assert (report.first_at, report.last_at) == (NOON - timedelta(days=1), NOON)


def test_every_tenant_of_the_customer_is_listed_also_without_actions(tmp_path: Path) -> None:
    """Zero is said for each tenant that was not touched; a tenant given by decision is the customer's as well."""
    decisions = """
[[attributions]]
tenant_id = "t-old"
decision = "customer"
customer_id = "C-1"
reason = "renamed"
decided_by = "P"
decided_at = 2022-03-24T10:00:00Z
"""
    changes = edited("customers.csv", "t-1,", "t-1;t-1b,")
    case = read_case(write_case(tmp_path / "case", **{"decisions.toml": decisions, **changes}))
    report = build(case, scoped(1), scoped(2, tenant_ids=("t-old",), targets=(Target("user", "u", "n", "t-old"),)))
    assert report.tenant_counts == (("t-1", 1), ("t-1b", 0), ("t-old", 1))
    assert report.actions[1].objects == (ReportObject("user", "u", "n"),)


def test_a_report_without_actions_says_that_there_are_none(case: Case) -> None:
    """Who asked and was not touched gets a report of its own kind, with no first and no last action."""
    report = build(case)
    assert report.impact is Impact.NOT_AFFECTED
    assert (report.counts.actions, report.first_at, report.last_at, report.evidence_files) == (0, None, None, ())


def test_the_timeline_is_in_order_of_time(tmp_path: Path) -> None:
    """Entries are sorted, whatever order they are written in; a range follows the instants of its first day."""
    timeline = "".join(
        f'[[entries]]\n{when}\ntext = {{ ja = "{word}", en = "{word}" }}\n'
        for when, word in (
            ("first_day = 2022-01-21\nlast_day = 2022-03-10", "range"),
            ("at = 2022-01-21T18:00:00Z", "third"),
            ("at = 2022-01-21T00:18:00Z", "second"),
            ("at = 2022-01-20T23:18:00Z", "first"),
        )
    )
    case = read_case(write_case(tmp_path / "case", **{"timeline.toml": timeline}))
    assert [entry.text.en for entry in build_batch(case, METHOD).timeline] == ["first", "second", "third", "range"]
