"""What the files of a case say about each other. Each check needs only the files it compares."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from shirase.case.owner_checks import check_owners
from shirase.case.problems import dotted, place
from shirase.case.tables import Table
from shirase.domain.actor import ActorEntry, Roster
from shirase.domain.catalogue import Catalogue, Permissions
from shirase.domain.claims import ClaimsFile
from shirase.domain.completeness import CONTRACT, Regime
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.deadlines import DEFAULT_KEY
from shirase.domain.decisions import Decisions
from shirase.domain.errors import Problem
from shirase.domain.glossary import Glossary
from shirase.domain.identifiers import report_id
from shirase.domain.impact import Inquiry
from shirase.domain.incident import Incident, NarrativeSection, Stage, TimelineEntry
from shirase.domain.narrative import PLACEHOLDERS
from shirase.domain.organisation import OrganisationRegister
from shirase.domain.profile import Profile
from shirase.domain.self_check import SelfCheck
from shirase.domain.stated import StatedFacts
from shirase.domain.supersession import PreviousReport
from shirase.domain.tickets import Ticket, TicketRegister
from shirase.text.regimes import regimes

_DESCRIBE = "describe it there, or mend the code"

_MOST_STRANGERS = 20
"""Unknown customers of tickets that are named: beyond that, a column is wrong, not a row."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What could be read of a case; None where a file has problems of its own.

    Attributes:
        tickets: None also when the case has no register of tickets.
        profile_paths: Every file under ``profiles/``, readable or not.
        profiles: Those that could be read.
    """

    incident: Incident | None
    organisations: OrganisationRegister | None
    timeline: tuple[TimelineEntry, ...] | None
    permissions: Permissions | None
    catalogue: Catalogue | None
    decisions: Decisions | None
    customers: tuple[Table[Customer], CustomerRegister] | None
    actors: tuple[Table[ActorEntry], Roster] | None
    tickets: tuple[Table[Ticket], TicketRegister] | None
    accounts: Table[Account] | None
    contacts: Table[PhoneContact] | None
    narrative: tuple[NarrativeSection, ...] | None
    stated: StatedFacts | None
    terms: Glossary | None
    contract: Regime | None
    claims: ClaimsFile | None
    self_check: SelfCheck | None
    inquiries: Table[Inquiry] | None
    previous: dict[str, PreviousReport]
    profile_paths: tuple[str, ...]
    profiles: dict[str, Profile]


def cross_check(parts: Parts) -> Iterator[Problem]:
    """Everything that two files say differently."""
    if parts.incident is not None:
        yield from _missing_profiles(parts.incident, parts.profile_paths)
    if parts.incident is not None and parts.actors is not None:
        yield from _unknown_organisations(parts.incident, parts.actors[0])
    if parts.incident is not None and parts.customers is not None:
        yield from _wrong_total(parts.incident, parts.customers[0])
        yield from _equal_report_ids(parts.incident, parts.customers[0])
        yield from _contracts_of_nobody(parts.incident, parts.customers[1])
    yield from _unknown_regimes(parts)
    yield from _taken_names(parts.claims)
    if parts.catalogue is not None:
        yield from _undescribed_by_profiles(parts.catalogue, parts.profiles)
        if parts.permissions is not None:
            yield from _undescribed_by_permissions(parts.catalogue, parts.permissions)
    if parts.incident is not None and parts.stated is not None:
        yield from _open_in_the_last_report(parts.incident, parts.stated)
    if parts.customers is not None:
        yield from _unknown_customers(parts, parts.customers[1])
        yield from _misplaced_owners(parts, parts.customers[1])


def _misplaced_owners(parts: Parts, customers: CustomerRegister) -> Iterator[Problem]:
    if parts.decisions is not None:
        yield from _undecidable(parts.decisions, customers)
    if parts.tickets is not None:
        yield from _tickets_of_nobody(parts.tickets[0], customers)
    yield from check_owners(parts.accounts, parts.contacts, parts.decisions, customers)


def _missing_profiles(incident: Incident, paths: tuple[str, ...]) -> Iterator[Problem]:
    for index, source in enumerate(incident.sources):
        if source.profile is not None and source.profile not in paths:
            where = place("incident.toml", key=dotted(("sources", index, "profile")))
            mend = f"one of: {', '.join(paths)}" if paths else "write the profile"
            yield Problem(f"there is no profile {source.profile!r}", where, mend)


def _unknown_organisations(incident: Incident, actors: Table[ActorEntry]) -> Iterator[Problem]:
    known = [organisation.id for organisation in incident.organisations]
    for index, entry in enumerate(actors.entries):
        if entry.organisation not in known:
            mend = f"one of: {', '.join(known)}; or describe it in incident.toml"
            yield Problem(
                f"no organisation has the id {entry.organisation!r}", f"{actors.where(index)}, organisation", mend
            )


def _wrong_total(incident: Incident, customers: Table[Customer]) -> Iterator[Problem]:
    listed = len(customers.entries)
    if incident.customer_total != listed:
        what = f"customer_total is {incident.customer_total}, but customers.csv lists {listed}"
        mend = "list every customer: the total is what every percentage is a share of"
        yield Problem(what, place("incident.toml", key="customer_total"), mend)


def _equal_report_ids(incident: Incident, customers: Table[Customer]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for index, customer in enumerate(customers.entries):
        identifier = report_id(incident.id, customer.customer_id)
        owner = owners.setdefault(identifier, customer.customer_id)
        if owner != customer.customer_id:
            what = f"the reports of {owner!r} and {customer.customer_id!r} would both be {identifier}"
            mend = "change the incident's id (another letter is enough), or one customer_id"
            yield Problem(what, f"{customers.where(index)}, customer_id", mend)


def _contracts_of_nobody(incident: Incident, customers: CustomerRegister) -> Iterator[Problem]:
    for index, contract in enumerate(incident.review.contracts):
        if contract.customer_id != DEFAULT_KEY and contract.customer_id not in customers.by_id:
            where = place("incident.toml", key=dotted(("review", "contracts", index, "customer_id")))
            what = f"no customer has the id {contract.customer_id!r}"
            yield Problem(what, where, "see customers.csv, or write default")


def _taken_names(claims: ClaimsFile | None) -> Iterator[Problem]:
    for index, claim in enumerate(claims.claims if claims is not None else ()):
        if claim.id in PLACEHOLDERS:
            where = place("claims.toml", key=dotted(("claims", index, "id")))
            yield Problem(f"{claim.id!r} is a value that every report has", where, "choose another id")


def _unknown_regimes(parts: Parts) -> Iterator[Problem]:
    known = [regime.id for regime in regimes()]
    mend = f"one of: {', '.join(known)}"
    if parts.contract is not None and parts.contract.id != CONTRACT:
        yield Problem("is not the name of a contract's list", place("contract.toml", key="id"), "leave id out")
    if parts.incident is not None:
        for name in parts.incident.regimes:
            if name not in known:
                yield Problem(f"there is no checklist {name!r}", place("incident.toml", key="regimes"), mend)
    if parts.customers is not None:
        table = parts.customers[0]
        for index, customer in enumerate(table.entries):
            for name in customer.regimes:
                if name not in known:
                    yield Problem(f"there is no checklist {name!r}", f"{table.where(index)}, regimes", mend)


def _undescribed_by_profiles(catalogue: Catalogue, profiles: dict[str, Profile]) -> Iterator[Problem]:
    for path, profile in profiles.items():
        for native, code in profile.action_codes.items():
            if catalogue.find(code) is None:
                where = place(path, key=f'action_codes."{native}"')
                yield Problem(f"actions.toml does not describe {code!r}", where, _DESCRIBE)


def _undescribed_by_permissions(catalogue: Catalogue, permissions: Permissions) -> Iterator[Problem]:
    for direction, entries in (("can", permissions.can), ("cannot", permissions.cannot)):
        for index, entry in enumerate(entries):
            for code in entry.action_codes:
                if catalogue.find(code) is None:
                    where = place("permissions.toml", key=dotted((direction, index, "action_codes")))
                    yield Problem(
                        f"actions.toml does not describe {code!r}", where, "describe it there, or mend the code"
                    )


def _open_in_the_last_report(incident: Incident, stated: StatedFacts) -> Iterator[Problem]:
    if incident.stage is Stage.FINAL:
        for fact in stated.open_points():
            where = place("facts.toml", key=fact.about.value)
            what = "still under investigation, but incident.toml calls this the final report"
            yield Problem(what, where, 'state what was found, or write stage = "update"')


def _unknown_customers(parts: Parts, customers: CustomerRegister) -> Iterator[Problem]:
    asked: set[str] = set()
    entries = parts.inquiries.entries if parts.inquiries is not None else ()
    for index, entry in enumerate(entries):
        assert parts.inquiries is not None
        where = f"{parts.inquiries.where(index)}, customer_id"
        if entry.customer_id not in customers.by_id:
            yield Problem(f"no customer has the id {entry.customer_id!r}", where, "see customers.csv")
        if entry.customer_id in asked:
            yield Problem(f"customer {entry.customer_id!r} is listed twice", where, "keep one row")
        asked.add(entry.customer_id)
    for customer_id, report in parts.previous.items():
        if customer_id not in customers.by_id:
            mend = "keep every customer that was told anything in customers.csv"
            yield Problem(f"customer {customer_id!r} was told before and is listed no more", report.report_id, mend)


def _undecidable(decisions: Decisions, customers: CustomerRegister) -> Iterator[Problem]:
    """Decisions for customers that do not exist, and about tenants whose customer is known: no rule asks for those."""
    for index, entry in enumerate(decisions.attributions):
        where = place("decisions.toml", key=dotted(("attributions", index)))
        if entry.customer_id is not None and entry.customer_id not in customers.by_id:
            yield Problem(f"no customer has the id {entry.customer_id!r}", f"{where}.customer_id", "see customers.csv")
        owner = customers.owner_of(entry.tenant_id) if entry.tenant_id is not None else None
        if owner is not None:
            what = f"tenant {entry.tenant_id!r} belongs to customer {owner!r} by customers.csv, so this would not count"
            yield Problem(what, f"{where}.tenant_id", "remove the decision, or mend tenant_ids in customers.csv")


def _tickets_of_nobody(tickets: Table[Ticket], customers: CustomerRegister) -> Iterator[Problem]:
    """Rows of customers that do not exist: each such customer once, with the first of its rows."""
    rows: dict[str, list[int]] = {}
    for index, ticket in enumerate(tickets.entries):
        if ticket.customer_id not in customers.by_id:
            rows.setdefault(ticket.customer_id, []).append(index)
    for customer_id, indices in islice(rows.items(), _MOST_STRANGERS):
        more = f" ({len(indices)} rows)" if len(indices) > 1 else ""
        where = f"{tickets.where(indices[0])}, customer_id"
        yield Problem(f"no customer has the id {customer_id!r}{more}", where, "see customers.csv")
    if len(rows) > _MOST_STRANGERS:
        what = f"{len(rows) - _MOST_STRANGERS} further customers of tickets do not exist"
        yield Problem(what, tickets.path, "see customers.csv; mend those named first")
