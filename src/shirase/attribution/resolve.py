"""Weigh the clues of one record: whose it is, on what ground, or between whom a person has to choose.

The strongest kind of clue decides (:class:`FoundBy`, in its order). A weaker one that surely names somebody else is an
objection, and then nobody but a person decides: a wrong guess would put one customer's data into another's report.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shirase.attribution.domains import DomainIndex, without_hosts
from shirase.attribution.names import NameIndex
from shirase.attribution.telephones import PhoneIndex, as_dialled
from shirase.attribution.words import fold
from shirase.domain.action import Basis
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import CustomerRegister
from shirase.domain.decisions import ResolutionDecision, ResolvedKind
from shirase.domain.resolution import (
    AMBIGUOUS,
    DISPUTED,
    FOUND_BY,
    NO_CUSTOMER,
    Confidence,
    FoundBy,
    Resolution,
    whole_customer,
)
from shirase.domain.ticket_mentions import MentionIndex
from shirase.domain.tickets import TicketRegister

_BASIS = {FoundBy.DECISION: Basis.DECISION, FoundBy.CHANNEL: Basis.TEXT, FoundBy.TEXT: Basis.TEXT}
_STRENGTH = {method: place for place, method in enumerate(FoundBy)}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one clue says.

    Attributes:
        method: Ground.
        confidence: How far it carries.
        customer_ids: Whom it names; several only where it is ambiguous between them, unless a person decided so.
        tenant_id: The very tenant, where the register says so.
        ticket_id: The support ticket that says so, if one does.
    """

    method: FoundBy
    confidence: Confidence
    customer_ids: tuple[str, ...]
    tenant_id: str | None = None
    ticket_id: str | None = None

    @property
    def settles(self) -> bool:
        """Whether it names one customer, and surely enough."""
        if self.method is FoundBy.DECISION:
            return True
        return len(self.customer_ids) == 1 and self.confidence is not Confidence.LOW


@dataclass(frozen=True, slots=True)
class ClueResolver:
    """Finds tenants from clues by everything the case knows. Pure, and plain enough to be sent to other processes."""

    tenants: dict[str, tuple[str, ...]]
    accounts: dict[str, tuple[str, str | None]]
    tickets: dict[str, str]
    mentions: MentionIndex
    phones: PhoneIndex
    domains: DomainIndex
    names: NameIndex
    decided: dict[tuple[str, str], tuple[str, ...]]
    decided_names: NameIndex

    @classmethod
    def build(
        cls,
        customers: CustomerRegister,
        *,
        tickets: TicketRegister | None = None,
        accounts: Iterable[Account] = (),
        contacts: Iterable[PhoneContact] = (),
        decisions: Iterable[ResolutionDecision] = (),
    ) -> "ClueResolver":
        """Index what the case says."""
        register, taken = tuple(customers.by_id.values()), tuple(decisions)
        return cls(
            tenants={customer.customer_id: customer.tenant_ids for customer in register},
            accounts={account.account_id: (account.customer_id, account.tenant_id) for account in accounts},
            tickets={key: ticket.customer_id for key, ticket in tickets.by_id.items()} if tickets is not None else {},
            mentions=tickets.mentions if tickets is not None else MentionIndex.build(()),
            phones=PhoneIndex.build(register, contacts),
            domains=DomainIndex.build(register),
            names=NameIndex.build(register),
            decided={_decided_key(entry.kind.value, entry.value): entry.customer_ids for entry in taken},
            decided_names=NameIndex.of_names(
                (fold(entry.value), entry.value) for entry in taken if entry.kind is ResolvedKind.NAME
            ),
        )

    def __call__(self, clues: tuple[Clue, ...]) -> Resolution | None:
        """Whose a record with these clues is; None when they say nothing."""
        findings = [finding for clue in clues for finding in self.findings(clue)]
        return self._weigh(findings) if findings else None

    def findings(self, clue: Clue) -> Iterator[Finding]:
        """What ``clue`` says, decisions of people first."""
        decided = self.decided.get(_decided_key(clue.kind.value, clue.value))
        if decided is not None:
            yield Finding(FoundBy.DECISION, Confidence.HIGH, decided)
            return
        match clue.kind:
            case ClueKind.ACCOUNT:
                yield from self._account(clue.value, FoundBy.ACCOUNT)
            case ClueKind.SITE:
                yield from self._account(clue.value, FoundBy.SITE)
                yield from _owned(FoundBy.SITE, Confidence.HIGH, self.domains.owners_of(clue.value))
            case ClueKind.TICKET:
                number = clue.value.strip()
                if (owner := self.tickets.get(number)) is not None:
                    yield Finding(FoundBy.TICKET, Confidence.HIGH, (owner,), ticket_id=number)
            case ClueKind.PHONE:
                yield from _owned(FoundBy.PHONE, Confidence.MEDIUM, self.phones.owners_of(clue.value))
            case ClueKind.DOMAIN:
                yield from _owned(FoundBy.DOMAIN, Confidence.HIGH, self.domains.owners_of(clue.value))
            case ClueKind.CHANNEL:
                yield from self._channel(clue.value)
            case ClueKind.TEXT:
                yield from self._text(clue.value)

    def _account(self, value: str, method: FoundBy) -> Iterator[Finding]:
        account = self.accounts.get(value)
        if account is not None:
            yield Finding(method, Confidence.HIGH, (account[0],), account[1])

    def _channel(self, value: str) -> Iterator[Finding]:
        yield from self._decided_words(value)
        for hit in self.names.find(value, deliberate=True):
            yield Finding(FoundBy.CHANNEL, hit.confidence, hit.customer_ids)

    def _text(self, value: str) -> Iterator[Finding]:
        yield from self._decided_words(value)
        for number, owner in self.mentions.found_in(value):
            yield Finding(FoundBy.TICKET, Confidence.HIGH, (owner,), ticket_id=number)
        for owners in self.domains.find(value):
            yield Finding(FoundBy.DOMAIN, Confidence.HIGH, owners)
        for hit in self.names.find(without_hosts(value)):
            yield Finding(FoundBy.TEXT, hit.confidence, hit.customer_ids)

    def _decided_words(self, value: str) -> Iterator[Finding]:
        for hit in self.decided_names.find(value):
            for words in hit.customer_ids:
                customer_ids = self.decided[_decided_key(ResolvedKind.NAME.value, words)]
                yield Finding(FoundBy.DECISION, Confidence.HIGH, customer_ids)

    def _weigh(self, findings: list[Finding]) -> Resolution:
        settling = [finding for finding in findings if finding.settles]
        everybody = tuple(sorted({customer for finding in findings for customer in finding.customer_ids}))
        if not settling:
            return Resolution((), Basis.UNKNOWN, frozenset({AMBIGUOUS}), everybody)
        method = min((finding.method for finding in settling), key=_STRENGTH.__getitem__)
        chosen = [finding for finding in settling if finding.method is method]
        named = {customer for finding in chosen for customer in finding.customer_ids}
        others = {customer for finding in settling for customer in finding.customer_ids} - named
        doubtful = any(
            not named.intersection(finding.customer_ids)
            for finding in findings
            if not finding.settles and finding.confidence is not Confidence.LOW
        )
        if method is not FoundBy.DECISION and (others or doubtful):
            return Resolution((), Basis.UNKNOWN, frozenset({DISPUTED}), everybody)
        confidence = min((finding.confidence for finding in chosen), key=list(Confidence).index)
        return Resolution(
            self._tenants(chosen),
            _BASIS.get(method, Basis.JOIN),
            frozenset({f"{FOUND_BY}{method.value}"}),
            confidence=confidence,
            ticket_ids=tuple(sorted({found.ticket_id for found in findings if found.ticket_id and found.settles})),
        )

    def _tenants(self, findings: list[Finding]) -> tuple[str, ...]:
        """Tenants meant: the very one that is known, the only one there is, or the customer as a whole."""
        exact = {finding.customer_ids[0]: finding.tenant_id for finding in findings if finding.tenant_id is not None}
        tenants = set()
        for customer_id in {customer for finding in findings for customer in finding.customer_ids}:
            owned = self.tenants[customer_id]
            only = owned[0] if len(owned) == 1 else whole_customer(customer_id)
            tenants.add(exact.get(customer_id) or only)
        return tuple(sorted(tenants)) or (NO_CUSTOMER,)


def _owned(method: FoundBy, confidence: Confidence, owners: tuple[str, ...]) -> Iterator[Finding]:
    if owners:
        yield Finding(method, confidence, owners)


def _decided_key(kind: str, value: str) -> tuple[str, str]:
    if kind == ResolvedKind.PHONE:
        return kind, as_dialled(value, None) or value
    return kind, fold(value) if kind in (ResolvedKind.NAME, ResolvedKind.CHANNEL) else value.strip().casefold()
