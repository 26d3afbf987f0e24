"""Whose a record is: each ground, their order, and everything that is left to a person."""

import pickle
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from shirase.attribution.resolve import ClueResolver
from shirase.domain.action import Basis
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.decisions import Decisions, ResolutionDecision
from shirase.domain.resolution import Confidence, Resolution, customer_meant
from shirase.domain.tickets import Ticket, TicketRegister

CUSTOMERS = CustomerRegister.build(
    (
        Customer(customer_id="A", name_ja="北浜商事株式会社", name_en="Acme", tenant_ids=("a1", "a2"), domains=("acme.example",)),
        Customer(customer_id="J", name_ja="新北浜商事株式会社", name_en="Acme Japan", tenant_ids=("j1",), domains=("acme-japan.example",)),
        Customer(customer_id="K", name_en="Kou Precision Co., Ltd.", tenant_ids=("k1",), domains=("kou.example", "group.example"), phones=("+81 3-0000-0001",)),
        Customer(customer_id="L", name_en="Kou Precision GmbH", tenant_ids=("l1",), domains=("group.example",)),
        Customer(customer_id="S", name_ja="山本", name_en="IBX", tenant_ids=("s1",)),
    )
)  # fmt: skip
TICKETS = TicketRegister.build(
    (
        Ticket(ticket_id="CS-100", customer_id="K", opened_by="customer"),
        Ticket(ticket_id="CS-200", customer_id="J", opened_by="customer"),
    )
)
NOON = datetime(2022, 3, 22, 12, tzinfo=UTC)


def decision(kind: str, value: str, *customer_ids: str, reviewer: str = "B. Reviewer") -> ResolutionDecision:
    return ResolutionDecision.model_validate(
        {
            "kind": kind, "value": value, "customer_ids": customer_ids, "reason": "asked the account team",
            "decided_by": "A. Decider", "decided_at": NOON, "reviewed_by": reviewer, "reviewed_at": NOON,
        }
    )  # fmt: skip


def resolver(*decisions: ResolutionDecision) -> ClueResolver:
    return ClueResolver.build(
        CUSTOMERS,
        tickets=TICKETS,
        accounts=(
            Account(account_id="001A", customer_id="A", tenant_id="a2"),
            Account(account_id="001B", customer_id="A"),
        ),
        contacts=(
            PhoneContact(phone="03-0000-0002", customer_id="A", region="JP"),
            PhoneContact(phone="+1 212 555 0100", customer_id="J"),
            PhoneContact(phone="+1 212 555 0100", customer_id="K"),
        ),
        decisions=decisions,
    )


def resolve(*clues: tuple[str, str], decisions: tuple[ResolutionDecision, ...] = ()) -> Resolution | None:
    return resolver(*decisions)(tuple(Clue(ClueKind(kind), value) for kind, value in clues))


@pytest.mark.parametrize(
    ("clue", "tenants", "basis", "flag", "confidence"),
    [
        (("ticket", "CS-100"), ("k1",), Basis.JOIN, "found_by_ticket", Confidence.HIGH),
        (("account", "001A"), ("a2",), Basis.JOIN, "found_by_account", Confidence.HIGH),
        (("account", "001B"), ("customer:A",), Basis.JOIN, "found_by_account", Confidence.HIGH),
        (("site", "acme-japan.example"), ("j1",), Basis.JOIN, "found_by_site", Confidence.HIGH),
        (("phone", "+81300000001"), ("k1",), Basis.JOIN, "found_by_phone", Confidence.MEDIUM),
        (("phone", "+81-3-0000-0002"), ("customer:A",), Basis.JOIN, "found_by_phone", Confidence.MEDIUM),
        (("domain", "mail.kou.example"), ("k1",), Basis.JOIN, "found_by_domain", Confidence.HIGH),
        (("channel", "#sup_acme-japan-2022"), ("j1",), Basis.TEXT, "found_by_channel", Confidence.MEDIUM),
        (("channel", "sup-acme"), ("customer:A",), Basis.TEXT, "found_by_channel", Confidence.MEDIUM),
        (("text", "ログイン不可 新北浜商事様の件"), ("j1",), Basis.TEXT, "found_by_text", Confidence.MEDIUM),
        (("text", "index=auth user=*@kou.example | head"), ("k1",), Basis.JOIN, "found_by_domain", Confidence.HIGH),
        (("text", "see ＣＳ－１００ please"), ("k1",), Basis.JOIN, "found_by_ticket", Confidence.HIGH),
    ],
)
def test_each_ground_is_stated(
    clue: tuple[str, str], tenants: tuple[str, ...], basis: Basis, flag: str, confidence: Confidence
) -> None:
    """A clue of each kind finds its customer, with basis and confidence; several tenants stay the customer as a whole."""
    found = resolve(clue)
    assert found is not None
    assert (found.tenant_ids, found.basis, found.flags, found.confidence) == (
        tenants, basis, frozenset({flag}), confidence,
    )  # fmt: skip


@pytest.mark.parametrize(
    "clue",
    [
        ("ticket", "CS-999"),
        ("account", "unknown"),
        ("phone", "03-0000-0001"),
        ("phone", "+81300000009"),
        ("domain", "notkou.example"),
        ("domain", "example"),
        ("channel", "acmeland"),
        ("text", "kou.example.evil.test"),
        ("text", "the CS-1000 of yesterday"),
        ("text", "IBX and 山本 are too short"),
    ],
)
def test_what_only_looks_alike_is_nobodys(clue: tuple[str, str]) -> None:
    """A number without its country, a longer domain, a longer word, a longer ticket and a very short name find nobody."""
    assert resolve(clue) is None


def test_a_name_inside_a_longer_name_does_not_count() -> None:
    """ "Acme Japan" and 新北浜商事 never find Acme, although each contains its whole name."""
    for text in ("Acme Japan called", "新北浜商事からの電話"):
        found = resolve(("text", text))
        assert found is not None
        assert found.tenant_ids == ("j1",)


@pytest.mark.parametrize(
    ("clues", "candidates"),
    [
        ((("text", "Kou Precision asked"),), ("K", "L")),
        ((("domain", "group.example"),), ("K", "L")),
        ((("phone", "+1-212-555-0100"),), ("J", "K")),
        ((("text", "acme is down"),), ("A",)),
        ((("text", "東北浜商事の件"),), ("A",)),
    ],
)
def test_ambiguous_goes_to_a_person(clues: tuple[tuple[str, str], ...], candidates: tuple[str, ...]) -> None:
    """Two bearers of a name, domain or number, a lone Latin word, and a name that goes on: proposals, never a result."""
    found = resolve(*clues)
    assert found is not None
    assert (found.tenant_ids, found.flags, found.candidates) == ((), frozenset({"tenant_ambiguous"}), candidates)


def test_clues_that_contradict_each_other_go_to_a_person() -> None:
    """A ticket of one customer beside the domain of another decides nothing; beside a mere word it does."""
    disputed = resolve(("ticket", "CS-100"), ("text", "mail to x@acme-japan.example"))
    assert disputed is not None
    assert (disputed.tenant_ids, disputed.flags, disputed.candidates) == (
        (),
        frozenset({"tenant_disputed"}),
        ("J", "K"),
    )
    settled = resolve(("ticket", "CS-100"), ("text", "as with acme"))
    assert settled is not None
    assert settled.tenant_ids == ("k1",)


def test_several_customers_named_alike_are_all_meant() -> None:
    """A thread that names two customers by the same kind of clue concerns both."""
    found = resolve(("text", "CS-100 looks like CS-200"))
    assert found is not None
    assert found.tenant_ids == ("j1", "k1")


def test_decisions_of_people_come_first() -> None:
    """A signed decision overrides every rule, for none, one or several customers, by words or by value."""
    decisions = (
        decision("name", "アクメ", "A", "K"),
        decision("channel", "General", reviewer="C"),
        decision("phone", "+81 3 0000 0001", "L"),
    )
    both = resolve(("text", "アクメの件 CS-200"), decisions=decisions)
    assert both is not None
    assert (both.tenant_ids, both.basis) == (("customer:A", "k1"), Basis.DECISION)
    nobody = resolve(("channel", "#general"), decisions=decisions)
    assert nobody is not None
    assert [customer_meant(tenant) for tenant in nobody.tenant_ids] == [""]
    moved = resolve(("phone", "+81300000001"), decisions=decisions)
    assert moved is not None
    assert moved.tenant_ids == ("l1",)


def test_nobody_reviews_a_decision_of_their_own() -> None:
    """Decider and reviewer are two people, and each clue is decided once."""
    with pytest.raises(ValidationError, match="nobody reviews"):
        decision("ticket", "CS-1", "A", reviewer="a. decider ")
    with pytest.raises(ValidationError, match="more than once"):
        Decisions(resolutions=(decision("ticket", "CS-1", "A"), decision("ticket", "CS-1", "K")))


def test_the_resolver_travels_to_other_processes() -> None:
    """Pickled and read back it finds the same."""
    again = pickle.loads(pickle.dumps(resolver()))
    assert again((Clue(ClueKind.TICKET, "CS-100"),)) == resolve(("ticket", "CS-100"))


@pytest.mark.parametrize(
    ("clues", "tickets"),
    [
        ((("ticket", "CS-100"),), ("CS-100",)),
        ((("text", "see ＣＳ－１００ please"),), ("CS-100",)),
        ((("domain", "mail.kou.example"), ("text", "cs-100")), ("CS-100",)),
        ((("domain", "mail.kou.example"),), ()),
    ],
)
def test_the_tickets_named_are_told_as_they_are_listed(
    clues: tuple[tuple[str, str], ...], tickets: tuple[str, ...]
) -> None:
    """Also those in words that are never written anywhere, and where something else decided whose the record is."""
    found = resolve(*clues)
    assert found is not None
    assert found.ticket_ids == tickets
