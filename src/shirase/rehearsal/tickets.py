"""The register of support tickets as the story has it: what each ticket that the logs name really was."""

from dataclasses import dataclass, field

from shirase.domain.customer import Customer
from shirase.rehearsal.instants import DAY, HOUR, MINUTE, SECOND, rfc3339
from shirase.rehearsal.streams import Chance, stream
from shirase.rehearsal.truth import TicketTruth

_DECK = (
    *("opened_by_you",) * 34,
    *("opened_by_us",) * 6,
    *("not_on_record",) * 4,
    *("not_yours",) * 2,
    *("opened_later",) * 2,
    *("undated",) * 2,
)
"""What fifty tickets turn out to be; shuffled anew for every fifty, so that small cases have every kind as well."""

_LONGEST_WORK = HOUR
"""Longer than anybody works on one ticket in one go."""

_UNUSED_EVERY = 4
_MENTION_EVERY = 24
_UNUSED_NUMBERS = 1_000_000
"""Numbers of tickets that no log names begin above those that logs name."""


@dataclass(frozen=True, slots=True)
class RegisteredTicket:
    """One row of ``tickets.csv``: its number, customer, when it was opened ("" when nobody knows) and by whom."""

    ticket_id: str
    customer_id: str
    opened_at: str
    opened_by: str


@dataclass(slots=True)
class TicketDesk:
    """Opens the tickets that the logs name, or does not; all by one stream of its own."""

    customers: tuple[Customer, ...]
    chance: Chance
    rows: list[RegisteredTicket] = field(default_factory=list)
    _deck: list[str] = field(default_factory=list)
    _named: int = 0
    _reasons: int = 0

    @classmethod
    def of(cls, seed: int, customers: tuple[Customer, ...]) -> "TicketDesk":
        """The desk of the story ``seed`` for all its ``customers``."""
        return cls(customers, stream(seed, "tickets"))

    def open(self, ticket_id: str, customer: Customer, at: int) -> TicketTruth:
        """Decide what a ticket was that is named by work for ``customer`` beginning at ``at``, and register it."""
        self._named += 1
        if self._named % _UNUSED_EVERY == 0:
            owner = self.chance.choice(self.customers)
            self._register(f"CS-{_UNUSED_NUMBERS + self._named}", owner, at - 3 * DAY, "customer")
        kind = self._draw()
        before = at - self.chance.randint(10 * MINUTE // SECOND, 5 * DAY // SECOND) * SECOND
        if kind == "not_on_record":
            return TicketTruth(kind)
        if kind == "not_yours":
            self._register(ticket_id, self._anybody_but(customer), before, "customer")
            return TicketTruth(kind)
        if kind == "opened_later":
            after = at + _LONGEST_WORK + self.chance.randint(1, 20 * HOUR // SECOND) * SECOND
            self._register(ticket_id, customer, after, "customer")
            return TicketTruth("opened_by_you", opened_after=True)
        if kind == "undated":
            self._register(ticket_id, customer, None, "customer")
            return TicketTruth("opened_by_you")
        self._register(ticket_id, customer, before, "sender" if kind == "opened_by_us" else "customer")
        return TicketTruth(kind)

    def foreign_mention(self, customer: Customer) -> str | None:
        """Now and then, the number of a ticket of another customer, to be written into a reason in free words."""
        self._reasons += 1
        if self._reasons % _MENTION_EVERY != _MENTION_EVERY // 4:
            return None
        others = [row.ticket_id for row in self.rows[-60:] if row.customer_id != customer.customer_id]
        return self.chance.choice(others) if others else None

    def _draw(self) -> str:
        if not self._deck:
            self._deck = list(_DECK)
            self.chance.shuffle(self._deck)
        return self._deck.pop()

    def _anybody_but(self, customer: Customer) -> Customer:
        other = self.chance.choice(self.customers)
        while other.customer_id == customer.customer_id:
            other = self.chance.choice(self.customers)
        return other

    def _register(self, ticket_id: str, owner: Customer, at: int | None, opened_by: str) -> None:
        opened_at = rfc3339(at) if at is not None else ""
        self.rows.append(RegisteredTicket(ticket_id, owner.customer_id, opened_at, opened_by))
