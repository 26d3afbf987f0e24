"""The record of what was sent, on both databases: no mail twice, none forgotten, nobody asked in vain."""

from dataclasses import replace

import pytest

from ledger_kit import (
    DANA,
    KEIKO,
    NOW,
    REASON,
    RIKU,
    ROBOT,
    SORA,
    digest,
    drafted,
    named,
    planned_mail,
    sealed,
    standing,
)
from shirase.domain.delivery import DeliveryState, Event
from shirase.domain.errors import GateError, NotApprovedError, UsageError
from shirase.domain.sending import CANARY, PlannedMail, Switch
from shirase.ledger.delivery_moves import Told
from shirase.ledger.open import Ledger

LIST, MANIFEST = digest("list"), digest("manifest")
ONE, TWO = drafted(1), drafted(2)
RETURNED = dict.fromkeys(("kind", "matched_by", "recipient", "status", "diagnostic", "message_id"), "x")


def approve_list(ledger: Ledger) -> None:
    ledger.recipients.submit(SORA, LIST, 2)
    ledger.recipients.approve(DANA, LIST)


def plan(ledger: Ledger, *mails: PlannedMail) -> tuple[str, ...]:
    return ledger.deliveries.plan(SORA, mails, list_digest=LIST, manifest_digest=MANIFEST)


def ready(ledger: Ledger, *mails: PlannedMail) -> None:
    """Sealed, the list approved, planned."""
    sealed(ledger, ONE, TWO)
    approve_list(ledger)
    plan(ledger, *mails)


def commit(ledger: Ledger, mail: PlannedMail) -> None:
    ledger.deliveries.commit(SORA, mail, list_digest=LIST)


def state(ledger: Ledger, mail: PlannedMail) -> DeliveryState:
    return ledger.deliveries.one(mail.delivery_id).state


def refused(what: str) -> "pytest.RaisesExc[NotApprovedError]":
    return pytest.raises(NotApprovedError, match=what)


def test_a_list_needs_a_second_person(ledger: Ledger) -> None:
    with refused("nobody put this very list up"):
        ledger.recipients.approve(DANA, LIST)
    with refused("may not do this"):
        ledger.recipients.submit(KEIKO, LIST, 2)
    ledger.recipients.submit(SORA, LIST, 2)
    with refused("nobody approves their own list"):
        ledger.recipients.approve(SORA, LIST)
    with refused("service account"):
        ledger.recipients.approve(ROBOT, LIST)
    with refused("nobody put this very list up"):
        ledger.recipients.approve(DANA, digest("another list"))
    found = ledger.recipients.find(LIST)
    assert found is not None
    assert not found.counts
    ledger.recipients.approve(DANA, LIST)
    found = ledger.recipients.find(LIST)
    assert found is not None
    assert (found.counts, found.submitted_by, found.approved_by, found.mailboxes) == (True, "Sora", "Dana Reyes", 2)


def test_a_list_that_was_taken_back_counts_no_more(ledger: Ledger) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail)
    ledger.recipients.revoke(KEIKO, LIST, "an address left the company")
    with refused("revoked this list"):
        commit(ledger, mail)
    with refused("revoked it"):
        ledger.recipients.approve(DANA, LIST)
    ledger.recipients.submit(SORA, LIST, 2)
    ledger.recipients.approve(DANA, LIST)
    commit(ledger, mail)


def test_nothing_is_planned_that_may_not_be_sent(ledger: Ledger) -> None:
    sealed(ledger, ONE)
    with refused("not approved"):
        plan(ledger, planned_mail(ONE))
    approve_list(ledger)
    with refused("never submitted"):
        plan(ledger, planned_mail(TWO))
    with refused("not the sealed file that was planned"):
        plan(ledger, planned_mail(ONE, sealed_digest=digest("another")))
    with refused("is the report of"):
        plan(ledger, planned_mail(ONE, customer_id="C-2"))
    with refused("may not do this"):
        ledger.deliveries.plan(KEIKO, [planned_mail(ONE)], list_digest=LIST, manifest_digest=MANIFEST)
    assert ledger.deliveries.all() == ()


def test_planning_again_changes_nothing_and_other_content_is_refused(ledger: Ledger) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail)
    assert plan(ledger, mail) == ()
    assert plan(ledger, mail, planned_mail(ONE, "soc@customer.example")) == ("d-00001-soc",)
    for changed in (
        {"content_digest": digest("x")}, {"sealed_digest": digest("y")}, {"message_id": "<z@x>"}, {"number": 2}
    ):  # fmt: skip
        with refused("other content"):
            plan(ledger, replace(mail, **changed))
    assert [each.mail for each in ledger.deliveries.all()] == [mail, planned_mail(ONE, "soc@customer.example")]


def test_a_mail_is_committed_once(ledger: Ledger) -> None:
    """Two programs that both think it is their turn: one of them is refused, whatever the lock says."""
    mail = planned_mail(ONE)
    ready(ledger, mail)
    commit(ledger, mail)
    with refused("committing"):
        commit(ledger, mail)
    ended = ledger.deliveries.end(SORA, mail.delivery_id, Event.TAKEN, Told("dot", "250 queued"))
    assert (ended.state, ended.attempts, ended.reply) == (DeliveryState.ACCEPTED, 1, "250 queued")
    with refused("accepted"):
        commit(ledger, mail)
    with refused("accepted"):
        ledger.deliveries.cancel(SORA, mail.delivery_id, REASON)
    assert standing(ledger, ONE).state == "sent"
    assert [each.event for each in ledger.deliveries.events(mail.delivery_id)] == ["plan", "commit", "taken"]


def test_a_mail_goes_to_the_second_recipient_of_a_report_that_is_sent(ledger: Ledger) -> None:
    first, second = planned_mail(ONE), planned_mail(ONE, "soc@customer.example")
    ready(ledger, first, second)
    for mail in (first, second):
        commit(ledger, mail)
        ledger.deliveries.end(SORA, mail.delivery_id, Event.TAKEN, Told("dot", "250 queued"))
    sent = [entry for entry in ledger.overview.entries() if entry.what == "sent"]
    assert [entry.subject for entry in sent] == [ONE.report_id]


def test_what_happened_since_the_plan_is_looked_at_again(ledger: Ledger) -> None:
    """Just before the dot: a hold, a withdrawal, other bytes, another list, a stop."""
    mail, other = planned_mail(ONE), planned_mail(TWO)
    ready(ledger, mail, other)
    with refused("not approved"):
        ledger.deliveries.commit(SORA, mail, list_digest=digest("another list"))
    with refused("not the mail that was planned"):
        commit(ledger, replace(mail, mail_digest=digest("another mail")))
    ledger.talk.hold(KEIKO, ONE.customer_id, "litigation", NOW)
    with refused("held by"):
        commit(ledger, mail)
    ledger.decisions.withdraw(KEIKO, named(TWO), "a mistake")
    with refused("withdrawn"):
        commit(ledger, other)
    assert {state(ledger, each) for each in (mail, other)} == {DeliveryState.PLANNED}


@pytest.mark.parametrize("switch", [Switch.PAUSED, Switch.STOPPED])
def test_anybody_can_stop_the_sending(ledger: Ledger, switch: Switch) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail)
    ledger.deliveries.turn(KEIKO, switch, "a mistake in section 3")
    with refused(f"{switch.value} by 田中 恵子: a mistake in section 3"):
        commit(ledger, mail)
    assert ledger.deliveries.switch() == (switch, "田中 恵子", "a mistake in section 3")
    ledger.deliveries.turn(SORA, Switch.OPEN, "looked at it")
    commit(ledger, mail)
    with pytest.raises(UsageError, match="reason"):
        ledger.deliveries.turn(SORA, Switch.STOPPED, " ")


def test_an_attempt_without_an_end_is_unknown_and_stays_so(ledger: Ledger) -> None:
    mail, other = planned_mail(ONE), planned_mail(TWO)
    ready(ledger, mail, other)
    with ledger.deliveries.sender(SORA) as left:
        assert left == ()
        commit(ledger, mail)
        with pytest.raises(GateError, match="somebody else is sending"), ledger.deliveries.sender(SORA):
            pass
    with ledger.deliveries.sender(SORA) as left:
        assert [each.id for each in left] == [mail.delivery_id]
    assert (state(ledger, mail), state(ledger, other)) == (DeliveryState.UNKNOWN, DeliveryState.PLANNED)
    with refused("unknown"):
        commit(ledger, mail)
    with refused("unknown"):
        ledger.deliveries.end(SORA, mail.delivery_id, Event.TAKEN, Told("dot", "250 too late"))
    with ledger.deliveries.sender(SORA) as left:
        assert left == ()


@pytest.mark.parametrize(("was_sent", "after"), [(True, DeliveryState.ACCEPTED), (False, DeliveryState.PLANNED)])
def test_a_person_ends_it_with_evidence(ledger: Ledger, was_sent: bool, after: DeliveryState) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail)
    with ledger.deliveries.sender(SORA):
        commit(ledger, mail)
    with ledger.deliveries.sender(SORA):
        pass
    with pytest.raises(UsageError, match="reason"):
        ledger.deliveries.resolve(SORA, mail.delivery_id, was_sent=was_sent, evidence=" ")
    with refused("service account"):
        ledger.deliveries.resolve(ROBOT, mail.delivery_id, was_sent=was_sent, evidence="log of the server")
    ledger.deliveries.resolve(SORA, mail.delivery_id, was_sent=was_sent, evidence="log of the server")
    assert state(ledger, mail) == after
    assert standing(ledger, ONE).state == ("sent" if was_sent else "sealed")


def test_a_canary_makes_no_report_sent(ledger: Ledger) -> None:
    mail = planned_mail(ONE, "canary@sender.example", kind=CANARY, wave=0)
    ready(ledger, mail)
    commit(ledger, mail)
    ledger.deliveries.end(SORA, mail.delivery_id, Event.TAKEN, Told("dot", "250 queued"))
    assert standing(ledger, ONE).state == "sealed"


def test_what_came_back_counts_once_and_moves_only_what_can_move(ledger: Ledger) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail)
    bounce = digest("bounce")
    back = ledger.deliveries.came_back
    assert back(SORA, digest("early"), RETURNED, event=Event.CAME_BACK, delivery_id=mail.delivery_id)
    assert state(ledger, mail) == DeliveryState.PLANNED
    commit(ledger, mail)
    ledger.deliveries.end(SORA, mail.delivery_id, Event.TAKEN, Told("dot", "250 queued"))
    assert back(SORA, bounce, RETURNED, event=Event.CAME_BACK, delivery_id=mail.delivery_id)
    assert not back(SORA, bounce, RETURNED, event=Event.CAME_BACK, delivery_id=mail.delivery_id)
    assert state(ledger, mail) == DeliveryState.BOUNCED
    ledger.deliveries.acknowledge(SORA, mail.delivery_id, "by telephone")
    assert state(ledger, mail) == DeliveryState.ACKNOWLEDGED


def test_the_journal_leads_to_the_same_state(ledger: Ledger) -> None:
    mail = planned_mail(ONE)
    ready(ledger, mail, planned_mail(TWO))
    commit(ledger, mail)
    ledger.deliveries.end(SORA, mail.delivery_id, Event.PUT_OFF, Told("dot", "451 later", next_at=NOW))
    ledger.deliveries.turn(RIKU, Switch.PAUSED, "lunch")
    ledger.recipients.revoke(KEIKO, LIST, "wrong")
    assert ledger.find_breaks() == []
    found = ledger.deliveries.one(mail.delivery_id)
    assert (found.state, found.next_at, found.attempts) == (DeliveryState.DEFERRED, NOW, 1)
