"""Which delivery a mail is about, and what a report's words mean."""

import pytest

from returned_mails import BOUNCES, ID, KNOWN, MESSAGE_ID, OTHER_ID, VERP
from shirase.domain.delivery import message_id
from shirase.domain.returned import (
    MEANINGS,
    MatchedBy,
    RecipientReport,
    ReturnedKind,
    Traces,
    contradiction,
    kind_of_action,
    match_traces,
    worst_of,
)

OTHER_MESSAGE_ID = message_id(OTHER_ID, "sender.example")


@pytest.mark.parametrize(
    ("traces", "delivery", "by"),
    [
        (Traces(came_to=(VERP,), envelope_ids=(OTHER_ID,)), ID, MatchedBy.RETURN_PATH),
        (Traces(came_to=("a@b.example", f"x <{VERP}>, y@z.example")), ID, MatchedBy.RETURN_PATH),
        (Traces(envelope_ids=(OTHER_ID.upper(),), original_ids=(MESSAGE_ID,)), OTHER_ID, MatchedBy.ENVELOPE_ID),
        (Traces(original_ids=("<x@y>", MESSAGE_ID)), ID, MatchedBy.ORIGINAL_MESSAGE_ID),
        (Traces(replied_to=(OTHER_MESSAGE_ID,)), OTHER_ID, MatchedBy.IN_REPLY_TO),
        (Traces(came_to=("bounces+unknown@sender.example",), envelope_ids=("unknown",)), "", MatchedBy.NOTHING),
        (Traces(), "", MatchedBy.NOTHING),
    ],
)
def test_the_surest_trace_counts(traces: Traces, delivery: str, by: MatchedBy) -> None:
    """Return path before envelope id before the enclosed mail before the answered one; what is unknown matches nothing."""
    assert match_traces(traces, KNOWN, BOUNCES) == (delivery, by)


def test_traces_that_contradict_each_other() -> None:
    """A mail that names two deliveries says so; strange ids contradict nothing."""
    assert contradiction(Traces(original_ids=(MESSAGE_ID, "<x@y.example>"), envelope_ids=("z",)), ID, KNOWN) == ""
    assert OTHER_ID in contradiction(Traces(original_ids=(MESSAGE_ID, OTHER_MESSAGE_ID)), ID, KNOWN)
    assert OTHER_ID in contradiction(Traces(envelope_ids=(OTHER_ID,)), ID, KNOWN)


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("", "5.1.1", "failed"),
        ("", "4.2.2", "delayed"),
        ("", "2.0.0", "other"),
        (" Failed ", "", "failed"),
        ("", "", "other"),
    ],
)
def test_a_missing_action(action: str, status: str, kind: str) -> None:
    """A status alone tells failures and delays, and never that something was delivered."""
    assert kind_of_action(action, status).value == kind


def test_the_worst_news_first() -> None:
    """Failed, delayed, unclear, relayed, delivered."""
    kinds = [
        ReturnedKind.DELIVERED,
        ReturnedKind.RELAYED,
        ReturnedKind.OTHER,
        ReturnedKind.DELAYED,
        ReturnedKind.FAILED,
    ]
    for count in range(1, len(kinds) + 1):
        worst = worst_of(RecipientReport(kind) for kind in kinds[:count])
        assert worst is not None
        assert worst.kind is kinds[count - 1]
    assert worst_of(()) is None


def test_every_kind_has_words() -> None:
    """Lists never show a bare name."""
    assert set(MEANINGS) == set(ReturnedKind)
