"""What came back after a mail was sent: failure reports, automatic answers, answers of people. Pure.

Anybody can write a mail that looks like a failure report. It counts as evidence only when it came to the address, or
names the envelope id, that one delivery alone was given (RFC 3461, 4.4); all else is shown to a person.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from shirase.domain.delivery import Event


class ReturnedKind(StrEnum):
    """What a mail that came back says."""

    DELIVERED = "delivered"
    RELAYED = "relayed"
    FAILED = "failed"
    DELAYED = "delayed"
    AUTO_REPLY = "auto_reply"
    READ_RECEIPT = "read_receipt"
    ANSWER = "answer"
    OTHER = "other"


MEANINGS: Mapping[ReturnedKind, str] = MappingProxyType(
    {
        ReturnedKind.DELIVERED: "the last server put it into the mailbox; nobody need have read it",
        ReturnedKind.RELAYED: "it was handed on to a server that sends no reports; it need not have arrived",
        ReturnedKind.FAILED: "it was not delivered, and nobody tries any more",
        ReturnedKind.DELAYED: "it has not been delivered yet; the server goes on trying",
        ReturnedKind.AUTO_REPLY: "a machine answered for the mailbox: it exists, and perhaps nobody reads it now",
        ReturnedKind.READ_RECEIPT: "a mail program says what was done with it, which proves nothing about a reader",
        ReturnedKind.ANSWER: "somebody answered; whether that confirms the receipt is for a person to say",
        ReturnedKind.OTHER: "none of these; a person should look at it",
    }
)
"""In words, for lists."""


class MatchedBy(StrEnum):
    """How it is known which delivery a mail is about, the surest first."""

    RETURN_PATH = "return path"
    ENVELOPE_ID = "envelope id"
    ORIGINAL_MESSAGE_ID = "original message-id"
    IN_REPLY_TO = "in-reply-to"
    NOTHING = ""


_SURE = frozenset({MatchedBy.RETURN_PATH, MatchedBy.ENVELOPE_ID})

_EVENTS: Mapping[ReturnedKind, Event] = MappingProxyType(
    {ReturnedKind.DELIVERED: Event.ARRIVED, ReturnedKind.FAILED: Event.CAME_BACK}
)

_WORST_FIRST = (ReturnedKind.FAILED, ReturnedKind.DELAYED, ReturnedKind.OTHER, ReturnedKind.RELAYED)


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """What a failure report says of one recipient (RFC 3464, 2.3).

    Attributes:
        kind: What it comes to.
        recipient: The address that the sender gave, or else the one that the mail ended at.
        status: Such as 5.1.1 (RFC 3463); empty when there is none.
        diagnostic: What the other server said.
    """

    kind: ReturnedKind
    recipient: str = ""
    status: str = ""
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """One mail that came back.

    Attributes:
        kind: What it says.
        delivery_id: Which delivery it is about; empty when that is not known.
        matched_by: How that is known.
        recipient: Whom it speaks of: the one with the worst news, where there are several.
        status: Such as 5.1.1 (RFC 3463).
        diagnostic: What the other server said; of other mails the subject.
        at: When the receiving server took it, or else its own date; None when it has neither.
        message_id: Its own.
        digest: SHA-256 of it, as it was kept.
        size: Bytes of it.
        said: The beginning of what it says to people. Personal data: to be shown, not to be kept in the journal.
        doubt: Why it is no evidence although it looks like a report; empty when nothing speaks against it.
        reports: For every recipient that it names.
    """

    kind: ReturnedKind
    delivery_id: str
    matched_by: MatchedBy
    recipient: str
    status: str
    diagnostic: str
    at: datetime | None
    message_id: str
    digest: str
    size: int
    said: str = ""
    doubt: str = ""
    reports: tuple[RecipientReport, ...] = ()

    @property
    def is_evidence(self) -> bool:
        """Whether it moves a delivery without a person: a report that nobody else can well have written."""
        return self.kind in _EVENTS and bool(self.delivery_id) and self.matched_by in _SURE and not self.doubt

    @property
    def event(self) -> Event | None:
        """What happened to the delivery; None where a person has to say that."""
        return _EVENTS[self.kind] if self.is_evidence else None

    def detail(self) -> dict[str, str]:
        """What the ledger keeps of it."""
        return {
            "kind": self.kind.value, "matched_by": self.matched_by.value, "recipient": self.recipient,
            "status": self.status, "diagnostic": self.diagnostic, "message_id": self.message_id,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Traces:
    """Where a mail that came back can name what it is about.

    Attributes:
        came_to: The addresses that it was delivered to.
        envelope_ids: That it repeats.
        original_ids: Message-IDs of mails that it quotes or encloses.
        replied_to: Message-IDs that it answers.
    """

    came_to: tuple[str, ...] = ()
    envelope_ids: tuple[str, ...] = ()
    original_ids: tuple[str, ...] = ()
    replied_to: tuple[str, ...] = ()


def match_traces(traces: Traces, known: Mapping[str, str], bounces: str) -> tuple[str, MatchedBy]:
    """The delivery that a mail is about, by the surest trace that leads to one.

    Args:
        traces: What the mail names.
        known: Ids of deliveries by the Message-IDs of their mails.
        bounces: The mailbox that failure reports go to, each under name+delivery@domain.
    """
    ours = frozenset(known.values())
    for found, by in (
        (_tokens(traces.came_to, bounces), MatchedBy.RETURN_PATH),
        (map(str.lower, traces.envelope_ids), MatchedBy.ENVELOPE_ID),
    ):
        token = next((each for each in found if each in ours), "")
        if token:
            return token, by
    for named, by in (
        (traces.original_ids, MatchedBy.ORIGINAL_MESSAGE_ID),
        (traces.replied_to, MatchedBy.IN_REPLY_TO),
    ):
        about = next((known[each] for each in named if each in known), "")
        if about:
            return about, by
    return "", MatchedBy.NOTHING


def contradiction(traces: Traces, delivery_id: str, known: Mapping[str, str]) -> str:
    """Why the traces of a mail do not all lead to ``delivery_id``; empty when they do."""
    for each in traces.original_ids:
        if known.get(each, delivery_id) != delivery_id:
            return f"encloses the mail of another delivery, {known[each]}"
    ours = frozenset(known.values())
    for each in traces.envelope_ids:
        if each.lower() != delivery_id and each.lower() in ours:
            return f"names the envelope id of another delivery, {each.lower()}"
    return ""


def kind_of_action(action: str, status: str) -> ReturnedKind:
    """What ``Action`` and ``Status`` of a report mean (RFC 3464, 2.3.3 and 2.3.4).

    "relayed" and "expanded" are no delivery; neither is "delivered" with a status that says otherwise.
    """
    action, first = action.strip().lower(), status[:1]
    if action == "delivered":
        return ReturnedKind.DELIVERED if first == "2" else ReturnedKind.OTHER
    if action in {"relayed", "expanded"}:
        return ReturnedKind.RELAYED
    if action == "failed" or (not action and first == "5"):
        return ReturnedKind.FAILED
    if action == "delayed" or (not action and first == "4"):
        return ReturnedKind.DELAYED
    return ReturnedKind.OTHER


def worst_of(reports: Iterable[RecipientReport]) -> RecipientReport | None:
    """The report that somebody has to know first; None when there is none."""
    found = tuple(reports)
    for kind in _WORST_FIRST:
        for each in found:
            if each.kind is kind:
                return each
    return found[0] if found else None


def _tokens(addresses: Iterable[str], bounces: str) -> list[str]:
    name, _, domain = bounces.lower().rpartition("@")
    own = re.compile(rf"(?<![a-z0-9.+_-]){re.escape(name)}\+([a-z0-9]+)@{re.escape(domain)}(?![a-z0-9.-])")
    return [found for each in addresses for found in own.findall(each.lower())]
