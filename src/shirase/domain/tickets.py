"""Support tickets: whose each one is, and whether the ticket that a log names as the reason is the customer's own."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from pydantic import AwareDatetime, field_validator

from shirase.domain.bilingual import CaseModel, NonEmpty
from shirase.domain.ticket_mentions import MentionIndex


class TicketOpener(StrEnum):
    """Who opened a ticket."""

    CUSTOMER = "customer"
    SENDER = "sender"


class TicketMatch(StrEnum):
    """What the register says about the ticket that the log names: as the reason of an action, or as what it was about.

    ``opened_by_you`` and ``opened_by_us``: the ticket is this customer's. ``not_on_record``: the register does not have
    it. ``not_yours``: it is another customer's, so neither its number nor the reason in free words is shown. ``none``:
    the log names no ticket. ``withheld``: it names one, and the action touched other customers too. ``unchecked``: the
    case has no register.
    """

    OPENED_BY_YOU = "opened_by_you"
    OPENED_BY_US = "opened_by_us"
    NOT_ON_RECORD = "not_on_record"
    NOT_YOURS = "not_yours"
    NONE = "none"
    WITHHELD = "withheld"
    UNCHECKED = "unchecked"


UNEXPLAINED = frozenset({TicketMatch.NONE, TicketMatch.NOT_ON_RECORD, TicketMatch.NOT_YOURS})
"""Where no ticket of the customer is known to be the reason: what a customer looks at first."""


class Ticket(CaseModel):
    """One row of ``tickets.csv``.

    Attributes:
        ticket_id: The number as the log names it; blanks around it do not count.
        customer_id: The customer in customers.csv that the ticket belongs to.
        opened_at: When it was opened, with its offset; empty when nobody knows.
        opened_by: Who opened it: customer or sender.
    """

    ticket_id: NonEmpty
    customer_id: NonEmpty
    opened_at: AwareDatetime | None = None
    opened_by: TicketOpener

    @field_validator("opened_at", mode="before")
    @classmethod
    def _never_a_number(cls, value: object) -> object:
        """Refuse numbers, which would be read as seconds or milliseconds: the unit of a number is never guessed."""
        if isinstance(value, int | float) or (isinstance(value, str) and ":" not in value):
            raise ValueError(f"{value!r} is not a time with an offset, for example 2022-01-21T00:28:00Z")
        return value


@dataclass(frozen=True, slots=True)
class TicketCheck:
    """The ticket of one action, held against the register.

    Attributes:
        match: What the register says.
        opened_after: Whether the ticket is this customer's and was opened after the action.
    """

    match: TicketMatch
    opened_after: bool = False


@dataclass(frozen=True)
class TicketRegister:
    """All support tickets, by number."""

    by_id: dict[str, Ticket]

    @cached_property
    def mentions(self) -> MentionIndex:
        """Their numbers, to be found in free words. Made when first asked for: a run that reads no words needs none."""
        return MentionIndex.build((ticket.ticket_id, ticket.customer_id) for ticket in self.by_id.values())

    @classmethod
    def build(cls, tickets: tuple[Ticket, ...]) -> "TicketRegister":
        """Index ``tickets``.

        Raises:
            ValueError: When a ticket is listed twice.
        """
        by_id: dict[str, Ticket] = {}
        for ticket in tickets:
            if by_id.setdefault(ticket.ticket_id, ticket) is not ticket:
                raise ValueError(f"ticket {ticket.ticket_id!r} is listed twice")
        return cls(by_id)

    def find(self, ticket_id: str) -> Ticket | None:
        """The ticket of this number, exactly as written but for blanks around it."""
        return self.by_id.get(ticket_id.strip())

    def belongs_to(self, ticket_id: str, customer_id: str) -> bool:
        """Whether the register gives this number to this customer."""
        ticket = self.find(ticket_id)
        return ticket is not None and ticket.customer_id == customer_id

    def check(self, ticket_id: str, customer_id: str, at: datetime) -> TicketCheck:
        """What the register says about ``ticket_id``, which the log names as the reason of an action.

        A value that is no number of the register but has another customer's number in it (two tickets in one field)
        counts as that customer's.

        Args:
            ticket_id: As logged, not blank.
            customer_id: Whose report the action is in.
            at: When the action took place, aware.
        """
        ticket = self.find(ticket_id)
        if ticket is None:
            foreign = self.names_another(ticket_id, customer_id)
            return TicketCheck(TicketMatch.NOT_YOURS if foreign else TicketMatch.NOT_ON_RECORD)
        if ticket.customer_id != customer_id:
            return TicketCheck(TicketMatch.NOT_YOURS)
        by_customer = ticket.opened_by is TicketOpener.CUSTOMER
        match = TicketMatch.OPENED_BY_YOU if by_customer else TicketMatch.OPENED_BY_US
        return TicketCheck(match, ticket.opened_at is not None and ticket.opened_at > at)

    def names_another(self, text: str, customer_id: str) -> bool:
        """Whether ``text`` names a ticket that belongs to another customer than ``customer_id``."""
        return any(owner != customer_id for owner in self.mentions.owners_in(text))
