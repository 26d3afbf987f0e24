"""The scope, rule by rule."""

from datetime import UTC, date, datetime, timedelta

import pytest

from shirase.domain.actor import ActorEntry, Roster
from shirase.domain.bilingual import Paired
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.decisions import Attribution, AttributionDecision
from shirase.domain.disposition import Decision, Disposition, Rule
from shirase.domain.organisation import Alias, Organisation, OrganisationRegister
from shirase.domain.window import build_window
from shirase.scoping.rules import LineFacts, Scope, decide, decide_inside

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
DIGEST = "d" * 64


def organisation(key: str, *, in_scope: bool, aliases: tuple[Alias, ...] = ()) -> Organisation:
    paired = Paired(ja=key, en=key)
    return Organisation(id=key, name=paired, in_scope=in_scope, role=paired, aliases=aliases)


def actor(actor_id: str, employer: str, **dates: date) -> ActorEntry:
    return ActorEntry(
        actor_id=actor_id,
        pseudonym=f"SE-{actor_id}-{dates}",
        organisation=employer,
        job_title_ja="担当",
        job_title_en="Engineer",
        country="CR",
        **dates,
    )


def decision(**values: object) -> AttributionDecision:
    base = {"reason": "r", "decided_by": "p", "decided_at": NOON, **values}
    return AttributionDecision.model_validate(base)


SCOPE = Scope(
    window=build_window(date(2022, 1, 16), date(2022, 1, 21), "UTC"),
    organisations=OrganisationRegister.build(
        (
            organisation("sitel", in_scope=True, aliases=(Alias(name="Sykes", valid_from=date(2021, 8, 27)),)),
            organisation("vendor", in_scope=False),
            organisation("Sykes Marlow", in_scope=False),
        )
    ),
    roster=Roster(
        {
            "s1": (actor("s1", "sitel"),),
            "v1": (actor("v1", "vendor"),),
            "moved": (
                actor("moved", "sitel", valid_to=date(2022, 1, 17)),
                actor("moved", "vendor", valid_from=date(2022, 1, 18)),
            ),
        }
    ),
    customers=CustomerRegister.build(
        (
            Customer(customer_id="A", name_en="A", tenant_ids=("a1", "a2")),
            Customer(customer_id="B", name_en="B", tenant_ids=("b1",)),
        )
    ),
    by_tenant={
        "lab": decision(tenant_id="lab", decision=Attribution.NO_CUSTOMER),
        "old-b": decision(tenant_id="old-b", decision=Attribution.CUSTOMER, customer_id="B"),
    },
    by_digest={"e" * 64: decision(line_digest="e" * 64, decision=Attribution.NO_CUSTOMER)},
)


def line(**changes: object) -> LineFacts:
    values = {
        "state": "action",
        "is_repeat": False,
        "at": NOON,
        "actor_id": "s1",
        "organisation_logged": None,
        "tenant_ids": ("a1",),
        "raw_digest": DIGEST,
        **changes,
    }
    return LineFacts(**values)  # type: ignore[arg-type]


def outcome(**changes: object) -> tuple[Disposition, Rule, tuple[str, ...]]:
    decided = decide(line(**changes), SCOPE)
    return decided.disposition, decided.rule, decided.customer_ids


@pytest.mark.parametrize(
    ("changes", "disposition", "rule"),
    [
        ({"state": "quarantined", "at": None}, Disposition.QUARANTINED, Rule.UNUSABLE_LINE),
        ({"state": "no_action", "at": None}, Disposition.NOT_AN_ACTION, Rule.LISTED_AS_NO_ACTION),
        ({"is_repeat": True}, Disposition.DUPLICATE, Rule.SAME_EVENT_AGAIN),
        ({"actor_id": "v1"}, Disposition.OTHER_ORGANISATION, Rule.ORGANISATION_NOT_IN_SCOPE),
        ({"tenant_ids": ("lab",)}, Disposition.UNATTRIBUTED, Rule.SIGNED_OFF_NO_CUSTOMER),
        ({"tenant_ids": ("nobody",)}, Disposition.UNATTRIBUTED, Rule.UNKNOWN_TENANT),
        ({"tenant_ids": ()}, Disposition.UNATTRIBUTED, Rule.NO_TENANT),
        ({"tenant_ids": (), "raw_digest": "e" * 64}, Disposition.UNATTRIBUTED, Rule.SIGNED_OFF_NO_CUSTOMER),
    ],
)
def test_what_is_no_reportable_action(changes: dict[str, object], disposition: Disposition, rule: Rule) -> None:
    """Each reason for leaving a line out has its own disposition and rule, and tells no customer."""
    assert outcome(**changes) == (disposition, rule, ())


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2022, 1, 15, 23, 59, 59, 999_999, UTC), Rule.BEFORE_WINDOW),
        (datetime(2022, 1, 16, tzinfo=UTC), Rule.ORGANISATION_BY_ROSTER),
        (datetime(2022, 1, 21, 0, 3, tzinfo=UTC), Rule.ORGANISATION_BY_ROSTER),
        (datetime(2022, 1, 21, 0, 28, tzinfo=UTC), Rule.ORGANISATION_BY_ROSTER),
        (datetime(2022, 1, 21, 23, 59, 59, 999_999, UTC), Rule.ORGANISATION_BY_ROSTER),
        (datetime(2022, 1, 22, tzinfo=UTC), Rule.AFTER_WINDOW),
    ],
)
def test_both_ends_of_the_window_belong_to_it(at: datetime, expected: Rule) -> None:
    """The first and the last microsecond of the six days are in scope; one microsecond further is not."""
    assert outcome(at=at)[1] is expected


@pytest.mark.parametrize(
    ("changes", "rule", "in_scope"),
    [
        ({"organisation_logged": "Sitel"}, Rule.ORGANISATION_LOGGED, True),
        ({"organisation_logged": "ｓｙｋｅｓ "}, Rule.ORGANISATION_LOGGED, True),
        ({"organisation_logged": "Sykes Marlow", "actor_id": "nobody"}, Rule.ORGANISATION_NOT_IN_SCOPE, False),
        ({"organisation_logged": "Sykes Holdings", "actor_id": "nobody"}, Rule.ORGANISATION_UNKNOWN, True),
        ({"organisation_logged": "Sykes Holdings", "actor_id": "v1"}, Rule.ORGANISATION_UNKNOWN, True),
        ({"actor_id": "nobody"}, Rule.ORGANISATION_UNKNOWN, True),
        ({"organisation_logged": "vendor", "actor_id": "s1"}, Rule.ORGANISATION_IN_CONFLICT, True),
        ({"organisation_logged": "sitel", "actor_id": "v1"}, Rule.ORGANISATION_IN_CONFLICT, True),
        ({"actor_id": "moved", "at": NOON - timedelta(days=1)}, Rule.ORGANISATION_BY_ROSTER, True),
        ({"actor_id": "moved", "at": NOON}, Rule.ORGANISATION_NOT_IN_SCOPE, False),
    ],
)
def test_doubt_about_the_employer_counts_as_in_scope(changes: dict[str, object], rule: Rule, in_scope: bool) -> None:
    """The employer is found by logged name, then roster; where nobody knows or they disagree, the worst case holds."""
    decided = decide(line(**changes), SCOPE)
    assert (decided.rule, decided.disposition is Disposition.IN_SCOPE) == (rule, in_scope)


def test_an_alias_counts_only_while_it_is_valid() -> None:
    """Before the purchase, Sykes is nobody that the register knows."""
    early = line(organisation_logged="Sykes", actor_id="nobody", at=datetime(2021, 8, 26, 12, tzinfo=UTC))
    assert decide_inside(early, SCOPE).rule is Rule.ORGANISATION_UNKNOWN


@pytest.mark.parametrize(
    ("tenant_ids", "customers"),
    [
        (("a1",), ("A",)),
        (("a2", "a1"), ("A",)),
        (("b1", "a1"), ("A", "B")),
        (("old-b",), ("B",)),
        (("a1", "lab"), ("A",)),
    ],
)
def test_a_line_tells_every_owner_of_its_tenants_once(tenant_ids: tuple[str, ...], customers: tuple[str, ...]) -> None:
    """Owners come from the register and from decisions, each once, in order."""
    assert outcome(tenant_ids=tenant_ids) == (Disposition.IN_SCOPE, Rule.ORGANISATION_BY_ROSTER, customers)


def test_one_unknown_tenant_among_known_ones_waits_for_a_person() -> None:
    """A line is not split: while one of its tenants is unknown, a person has to look at it."""
    decided = decide(line(tenant_ids=("a1", "nobody")), SCOPE)
    assert decided == Decision(Disposition.UNATTRIBUTED, Rule.UNKNOWN_TENANT, organisation_id="sitel", open=True)


def test_signed_off_lines_are_not_open() -> None:
    """What a person signed off no longer waits."""
    assert not decide(line(tenant_ids=("lab",)), SCOPE).open
    assert decide(line(tenant_ids=()), SCOPE).open
