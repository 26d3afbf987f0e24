"""What people may do to a report, and what it comes to; on SQLite and PostgreSQL."""

from datetime import timedelta

import pytest

from ledger_kit import (
    ALL,
    DANA,
    KEIKO,
    NOW,
    REASON,
    RIKU,
    ROBOT,
    SORA,
    Clock,
    approve,
    drafted,
    in_review,
    named,
    rules,
    standing,
)
from shirase.domain.errors import NotApprovedError, UsageError
from shirase.domain.exits import ExitCode
from shirase.domain.review import Operator, Policy, Role
from shirase.domain.standing import Anchor
from shirase.ledger.open import Ledger

ONE = drafted(1)


def test_a_report_is_approved_when_every_role_has_approved_it(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    assert (standing(ledger, ONE).state, standing(ledger, ONE).missing) == ("in_review", ("comms",))
    approve(ledger, DANA, "comms", ONE)
    found = standing(ledger, ONE)
    assert (found.state, found.missing) == ("approved", ())
    assert [(each.role, each.operator, each.at, each.kind) for each in found.given] == [
        ("comms", "Dana Reyes", NOW, "plain"), ("legal", "田中 恵子", NOW, "plain"),
    ]  # fmt: skip


def test_an_approval_names_bytes_and_other_bytes_have_none(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    other = drafted(1, "second")
    assert ledger.drafts.register(RIKU, [other], None).new == (ONE.report_id,)
    found = standing(ledger, ONE)
    assert (found.state, found.revision.number, found.given) == ("drafted", 2, ())
    assert [each.state for each in ledger.overview.revisions(ONE.report_id)] == ["superseded", "drafted"]
    with pytest.raises(NotApprovedError, match="other bytes than those looked at"):
        approve(ledger, KEIKO, "legal", ONE)


def test_the_same_bytes_keep_their_approvals(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    assert ledger.drafts.register(RIKU, [ONE], rules(ONE)).same == (ONE.report_id,)
    assert [each.operator for each in standing(ledger, ONE).given] == [KEIKO.name]


@pytest.mark.parametrize(
    ("person", "role", "says"),
    [
        (ROBOT, "legal", "service account"),
        (DANA, "legal", "does not have the role"),
        (SORA, "sender", "no approval is asked of sender"),
        (Operator("Nobody", ("legal",)), "legal", "no operator"),
    ],
)
def test_who_may_not_approve(ledger: Ledger, person: Operator, role: str, says: str) -> None:
    in_review(ledger, ONE)
    with pytest.raises(NotApprovedError, match=says) as refused:
        approve(ledger, person, role, ONE)
    assert refused.value.exit_code == ExitCode.NOT_APPROVED
    assert standing(ledger, ONE).given == ()


def test_nobody_approves_their_own_change_nor_in_two_roles(ledger: Ledger) -> None:
    ledger.drafts.register(ALL, [ONE], rules(ONE))
    ledger.drafts.submit(RIKU, [ONE.report_id])
    with pytest.raises(NotApprovedError, match="their own change"):
        approve(ledger, ALL, "legal", ONE)
    two = drafted(2)
    in_review(ledger, two)
    approve(ledger, ALL, "legal", two)
    with pytest.raises(NotApprovedError, match="one person stands for one role"):
        approve(ledger, ALL, "comms", two)


def test_a_solo_trial_says_so_and_counts_for_nothing_afterwards(ledger: Ledger) -> None:
    ledger.drafts.register(ALL, [ONE], rules(ONE, policy=Policy(solo=True)))
    ledger.drafts.submit(ALL, [ONE.report_id])
    approve(ledger, ALL, "legal", ONE)
    approve(ledger, ALL, "comms", ONE)
    assert standing(ledger, ONE).state == "approved"
    assert {each.kind for each in standing(ledger, ONE).given} == {"solo"}
    ledger.people.set_rules(RIKU, Policy())
    assert standing(ledger, ONE).missing == ("legal", "comms")
    with pytest.raises(NotApprovedError, match="lack the approval of legal, comms"):
        ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={})


def test_one_person_never_fills_two_roles_by_breaking_the_glass(ledger: Ledger) -> None:
    """Neither who asks nor who stands by may have approved before; nor may either approve a role of their own after."""
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    asked = ledger.decisions.ask_glass(SORA, "comms", named(ONE), "nobody of comms can be reached")
    with pytest.raises(NotApprovedError, match="one person stands for one role"):
        ledger.decisions.break_glass(KEIKO, asked, obstacles={})
    by_keiko = ledger.decisions.ask_glass(KEIKO, "comms", named(ONE), "nobody of comms can be reached")
    with pytest.raises(NotApprovedError, match="one person stands for one role"):
        ledger.decisions.break_glass(SORA, by_keiko, obstacles={})
    assert standing(ledger, ONE).state == "in_review"
    two = drafted(2)
    in_review(ledger, two)
    asked = ledger.decisions.ask_glass(SORA, "comms", named(two), "nobody of comms can be reached")
    ledger.decisions.break_glass(KEIKO, asked, obstacles={})
    with pytest.raises(NotApprovedError, match="one person stands for one role"):
        approve(ledger, KEIKO, "legal", two)


def test_what_was_found_after_an_approval_stops_the_seal(ledger: Ledger) -> None:
    """A blocker of a later inspection counts, although every role has approved."""
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    with pytest.raises(NotApprovedError, match="the inspection blocks it"):
        ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={ONE.report_id: ("the inspection blocks it",)})
    ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={})
    assert standing(ledger, ONE).state == "sealed"


def test_all_of_a_set_or_none(ledger: Ledger) -> None:
    two = drafted(2)
    in_review(ledger, ONE, two)
    approve(ledger, KEIKO, "legal", two)
    with pytest.raises(NotApprovedError, match="already approved"):
        approve(ledger, KEIKO, "legal", ONE, two)
    assert standing(ledger, ONE).given == ()


def test_an_obstacle_found_on_disk_stops_an_approval(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    found = {ONE.report_id: ("the inspection blocks it",)}
    with pytest.raises(NotApprovedError, match="the inspection blocks it"):
        ledger.decisions.approve(KEIKO, "legal", [named(ONE)], statement="", obstacles=found)


def test_a_return_takes_every_approval_away_and_needs_a_reason(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    with pytest.raises(UsageError, match="reason"):
        ledger.decisions.send_back(DANA, named(ONE), " ")
    ledger.decisions.send_back(DANA, named(ONE), "wrong date")
    assert (standing(ledger, ONE).state, standing(ledger, ONE).given) == ("changes_requested", ())
    assert ledger.drafts.submit(RIKU, [ONE.report_id]) == ()
    assert ledger.drafts.submit(RIKU, [ONE.report_id], "the date is right, see the log") == (ONE.report_id,)
    assert standing(ledger, ONE).state == "in_review"


def test_somebody_takes_their_own_approval_back(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    with pytest.raises(NotApprovedError, match="has not approved it"):
        ledger.decisions.revoke(SORA, named(ONE), REASON)
    ledger.decisions.revoke(KEIKO, named(ONE), REASON)
    assert (standing(ledger, ONE).state, standing(ledger, ONE).missing) == ("in_review", ("legal",))


def test_breaking_the_glass_takes_two_people_and_is_shown_for_ever(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    asked = ledger.decisions.ask_glass(SORA, "comms", named(ONE), "nobody of comms can be reached")
    for person, says in ((SORA, "two people"), (RIKU, "is an author"), (ROBOT, "service account")):
        with pytest.raises(NotApprovedError, match=says):
            ledger.decisions.break_glass(person, asked, obstacles={})
    ledger.decisions.break_glass(ALL, asked, obstacles={})
    found = standing(ledger, ONE)
    assert (found.state, found.glass_broken) == ("approved", 1)
    [broken] = [each for each in found.given if each.role == "comms"]
    assert (broken.operator, broken.second, broken.kind, broken.reason) == (
        "Sora", "Alex", "break_glass", "nobody of comms can be reached",
    )  # fmt: skip
    in_review(ledger, drafted(1, "second"))
    assert (standing(ledger, ONE).given, standing(ledger, ONE).glass_broken) == ((), 1)
    with pytest.raises(NotApprovedError, match="nobody asks"):
        ledger.decisions.break_glass(ALL, asked, obstacles={})


def test_a_quorum_of_two_needs_two_people(ledger: Ledger) -> None:
    in_review(ledger, ONE, policy=Policy({Role.LEGAL: 2}))
    approve(ledger, KEIKO, "legal", ONE)
    assert standing(ledger, ONE).missing == ("legal",)
    approve(ledger, ALL, "legal", ONE)
    assert standing(ledger, ONE).state == "approved"


def test_a_hold_stops_sealing_and_sending_also_when_its_day_has_passed(ledger: Ledger, clock: Clock) -> None:
    in_review(ledger, ONE)
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    hold = ledger.talk.hold(KEIKO, ONE.customer_id, "litigation", NOW + timedelta(hours=1))
    clock.pass_by(days=400)
    [held] = standing(ledger, ONE).holds
    assert (held.id, held.owner, held.overdue) == (hold, KEIKO.name, True)
    with pytest.raises(NotApprovedError, match="held by 田中 恵子: litigation"):
        ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={})
    with pytest.raises(NotApprovedError, match="owner"):
        ledger.talk.release(DANA, hold, REASON)
    ledger.talk.release(RIKU, hold, "settled")
    assert standing(ledger, ONE).holds == ()
    ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={})
    assert standing(ledger, ONE).state == "sealed"


def test_what_was_sent_is_superseded_when_its_successor_is_sent(ledger: Ledger) -> None:
    other = drafted(1, "second")
    for draft in (ONE, other):
        in_review(ledger, draft)
        approve(ledger, KEIKO, "legal", draft)
        approve(ledger, DANA, "comms", draft)
        with pytest.raises(NotApprovedError, match="this is for what is: sealed"):
            ledger.decisions.send(SORA, named(draft), "mail")
        ledger.decisions.seal(SORA, named(draft), "0" * 64, obstacles={})
        states = [each.state for each in ledger.overview.revisions(draft.report_id)]
        assert states == (["sealed"] if draft is ONE else ["sent", "sealed"])
        ledger.decisions.send(SORA, named(draft), "mail")
    assert [each.state for each in ledger.overview.revisions(ONE.report_id)] == ["superseded", "sent"]


def test_what_was_withdrawn_moves_no_more(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    ledger.decisions.withdraw(KEIKO, named(ONE), "this customer was not affected")
    with pytest.raises(NotApprovedError, match="it is withdrawn"):
        approve(ledger, KEIKO, "legal", ONE)
    assert ledger.drafts.register(RIKU, [ONE], None).same == (ONE.report_id,)
    assert standing(ledger, ONE).state == "withdrawn"


def test_a_report_never_changes_its_customer(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    stolen = drafted(1, "second").__class__(ONE.report_id, "C-OTHER", "1" * 64, "2" * 64)
    with pytest.raises(NotApprovedError, match="was the report of C-00001 and would now be that of C-OTHER"):
        ledger.drafts.register(RIKU, [stolen], None)


def test_the_first_operator_adds_themself_and_nobody_changes_their_own_roles(ledger: Ledger) -> None:
    for by, person, says in (
        (KEIKO, Operator("New", ("legal",)), "role responder"),
        (RIKU, Operator("Riku", ("responder", "legal")), "their own roles"),
        (Operator("Stranger", ("responder",)), Operator("New", ("legal",)), "no operator"),
        (ROBOT, Operator("New", ("legal",)), "role responder"),
    ):
        with pytest.raises(NotApprovedError, match=says):
            ledger.people.put(by, person)
    with pytest.raises(UsageError, match="boss is no role"):
        ledger.people.put(RIKU, Operator("New", ("boss",)))
    ledger.people.put(RIKU, Operator(KEIKO.name, ("legal",), is_active=False))
    in_review(ledger, ONE)
    with pytest.raises(NotApprovedError, match="no operator"):
        approve(ledger, KEIKO, "legal", ONE)


def test_a_comment_on_shared_text_shows_on_all_reports_that_share_it(ledger: Ledger) -> None:
    two, three = drafted(2), drafted(3)
    in_review(ledger, ONE, two, three)
    anchor = Anchor("7", "ja", "k" * 64, "原因")
    comment = ledger.talk.comment(KEIKO, ONE.report_id, anchor, "語句の確認", shared=[two.report_id, "R-unknown"])
    assert [standing(ledger, each).open_comments for each in (ONE, two, three)] == [1, 1, 0]
    [seen] = ledger.overview.remarks(two.report_id)
    assert (seen.id, seen.anchor, seen.text, seen.author) == (comment, anchor, "語句の確認", KEIKO.name)
    assert ledger.overview.remarks(three.report_id) == ()
    assert ledger.overview.remarks(three.report_id, [anchor.key]) == (seen,)
    ledger.talk.resolve(DANA, comment)
    assert standing(ledger, ONE).open_comments == 0
    assert ledger.overview.remarks(ONE.report_id)[0].resolved_by == DANA.name
    ledger.talk.reopen(DANA, comment)
    assert standing(ledger, two).open_comments == 1


def test_an_alarm_goes_off_a_day_before_a_deadline_and_not_for_what_was_sent(ledger: Ledger, clock: Clock) -> None:
    in_review(ledger, ONE)
    assert [(each.regime, each.pressing) for each in standing(ledger, ONE).deadlines] == [("gdpr-33-2", False)]
    clock.pass_by(hours=26)
    assert [(each.pressing, each.missed) for each in standing(ledger, ONE).deadlines] == [(True, False)]
    clock.pass_by(hours=48)
    assert [(each.pressing, each.missed) for each in standing(ledger, ONE).deadlines] == [(True, True)]
    approve(ledger, KEIKO, "legal", ONE)
    approve(ledger, DANA, "comms", ONE)
    ledger.decisions.seal(SORA, named(ONE), "0" * 64, obstacles={})
    ledger.decisions.send(SORA, named(ONE), "mail")
    assert standing(ledger, ONE).deadlines == ()


def test_opening_is_written_down_once(ledger: Ledger) -> None:
    in_review(ledger, ONE)
    for _ in range(3):
        ledger.talk.note_opened(KEIKO, ONE.report_id, ONE.pdf_digest)
    assert ledger.overview.opened(KEIKO.name) == {ONE.pdf_digest}
    assert [each.what for each in ledger.overview.entries(limit=2)] == ["opened", "submitted"]


@pytest.mark.parametrize("text", ["\ud800", "a\x00b"])
def test_text_that_no_database_keeps_is_refused(ledger: Ledger, text: str) -> None:
    in_review(ledger, ONE)
    with pytest.raises(UsageError):
        ledger.talk.comment(KEIKO, ONE.report_id, Anchor(), text)
    assert ledger.talk.comment(KEIKO, ONE.report_id, Anchor(), r"a\u0000b 🙂")


def test_everything_above_leaves_a_sound_ledger(ledger: Ledger) -> None:
    in_review(ledger, ONE, drafted(2))
    approve(ledger, KEIKO, "legal", ONE)
    ledger.talk.hold(KEIKO, ONE.customer_id, "litigation", None)
    ledger.talk.comment(DANA, ONE.report_id, Anchor("7", "ja", "k", "q"), "text", shared=["R-00002"])
    with ledger.steps.run(RIKU, "draft"):
        pass
    assert ledger.find_breaks() == []
