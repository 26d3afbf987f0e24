"""Whose a record is, found from its clues. The types only; the rules that find it are in ``attribution``."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from shirase.domain.action import Basis
from shirase.domain.clues import Clue

WHOLE_CUSTOMER = "customer:"
"""What a tenant id begins with that stands for a customer as a whole, where nothing says which of its tenants."""

NO_CUSTOMER = WHOLE_CUSTOMER
"""Stands for a record of which a person signed off that it concerns no customer."""

FOUND_BY = "found_by_"
"""What the flag begins with that says how the customer was found."""

AMBIGUOUS = "tenant_ambiguous"
"""Flag: clues fit several customers, or too weakly to decide; a person has to."""

DISPUTED = "tenant_disputed"
"""Flag: clues name different customers; a person has to decide."""


class FoundBy(StrEnum):
    """How a customer was found. The order is that of strength: an earlier one decides, a later one may only object."""

    DECISION = "decision"
    ACCOUNT = "account"
    SITE = "site"
    TICKET = "ticket"
    PHONE = "phone"
    DOMAIN = "domain"
    CHANNEL = "channel"
    TEXT = "text"


class Confidence(StrEnum):
    """How far a finding carries: ``low`` is never more than a proposal to a person."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Resolution(NamedTuple):
    """Whose a record is, found from its clues.

    Attributes:
        tenant_ids: Every tenant found; empty when none or when it is ambiguous.
        basis: How it was found: ``decision`` of a person, ``join`` over a register, or ``text`` that names a customer.
        flags: Marks the action gets, for example ``tenant_ambiguous``.
        candidates: Customers among whom a person has to choose; never shown in any report.
        confidence: How far it carries.
        ticket_ids: Support tickets of the customers found that the clues name, also in words that are not kept.
    """

    tenant_ids: tuple[str, ...]
    basis: Basis
    flags: frozenset[str] = frozenset()
    candidates: tuple[str, ...] = ()
    confidence: Confidence = Confidence.LOW
    ticket_ids: tuple[str, ...] = ()


class TenantResolver(Protocol):
    """Finds tenants from clues. Called for each record that names no tenant, in worker processes: must be picklable."""

    def __call__(self, clues: tuple[Clue, ...]) -> Resolution | None:
        """The tenants, or None when the clues say nothing."""


def whole_customer(customer_id: str) -> str:
    """The tenant id that stands for the customer as a whole."""
    return f"{WHOLE_CUSTOMER}{customer_id}"


def customer_meant(tenant_id: str) -> str | None:
    """The customer that ``tenant_id`` stands for as a whole ("" for none); None for the id of a real tenant."""
    return tenant_id.removeprefix(WHOLE_CUSTOMER) if tenant_id.startswith(WHOLE_CUSTOMER) else None
