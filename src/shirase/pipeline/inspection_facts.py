"""What finished reports are held against: the identifiers of all customers, and what each report must be."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import shirase
from shirase.domain.bilingual import Language
from shirase.domain.canary import canary
from shirase.domain.customer import Customer
from shirase.domain.glossary import joined
from shirase.domain.identifiers import report_id
from shirase.domain.incident import Case, Incident
from shirase.evidence.store import read_scoped_actions
from shirase.inspection.identifiers import (
    canary_identifiers,
    customer_identifiers,
    ticket_identifiers,
    user_identifiers,
)
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.stated import Told
from shirase.inspection.subject import Expected
from shirase.pipeline.scope import ScopeRun
from shirase.reporting.build import checklists
from shirase.scoping.grouping import CustomerRows
from shirase.scoping.queries import open_engine
from shirase.scoping.touched import objects_touched
from shirase.text.catalogues import fixed_texts
from shirase.text.glossary import general_terms
from shirase.text.resources import locales_root

_MARK = re.compile(r"\{\w+\}")

_ROOMS = ("domain", "inspection", "text")


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the leak gate is made from, small enough to be sent to worker processes."""

    identifiers: tuple[Identifier, ...]
    common: tuple[str, ...]
    waived: tuple[str, ...]
    general: tuple[str, ...] = ()

    def build(self) -> LeakGate:
        """The gate."""
        return LeakGate.build(self.identifiers, self.common, self.waived, general=self.general)


def gate_facts(run: ScopeRun) -> GateFacts:
    """Every identifier of every customer of the case, whether or not it is affected."""
    case = run.case
    with open_engine(run.output.work / "spill") as engine:
        users = tuple(user_identifiers(objects_touched(engine, run.output.actions, case.customers)))
    tickets = case.tickets.by_id.values() if case.tickets is not None else ()
    customers = case.customers.by_id.values()
    identifiers = (
        *customer_identifiers(case.incident.id, customers),
        *canary_identifiers(case.canary_key, case.incident.id, customers),
        *ticket_identifiers(tickets), *users,
    )  # fmt: skip
    waived = tuple(waiver.text for waiver in case.decisions.leaks)
    return GateFacts(identifiers, fixed_texts(), waived, tuple(_about_kinds(case)))


def _about_kinds(case: Case) -> Iterator[str]:
    """What the case says of kinds of actions, and of what the tool can do: never of anybody in particular."""
    texts = [text for kind in case.catalogue.by_code.values() for text in (kind.label, kind.explanation)]
    texts += [kind.personal_data for kind in case.catalogue.by_code.values() if kind.personal_data is not None]
    texts += [entry.text for entry in (*case.permissions.can, *case.permissions.cannot)]
    yield from (text.of(language) for text in texts for language in Language)


def expected_report(run: ScopeRun, entry: CustomerRows) -> Expected:
    """What the report of ``entry`` must be."""
    case = run.case
    customer = case.customers.by_id[entry.customer_id]
    scoped = read_scoped_actions(run.grouped, entry.row_groups) if entry.row_groups else ()
    return Expected(
        report_id=report_id(case.incident.id, entry.customer_id),
        customer=customer,
        canary=canary(case.canary_key, case.incident.id, entry.customer_id),
        uids=tuple(each.action.action_uid for each in scoped),
        told=_told(case, customer) if entry.action_count else None,
        terms=joined(general_terms(), case.terms),
        waived=tuple(waiver.text for waiver in case.decisions.wording),
        printed=_printed_in_annexes(case),
        version=case.incident.version,
    )


def _told(case: Case, customer: Customer) -> Told:
    incident = case.incident
    return Told(
        names={language: customer.name(language) for language in Language},
        letterhead={language: _letterhead(incident, language) for language in Language},
        issued_on=incident.issued_at.date(),
        as_of=incident.as_of,
        next_update_on=incident.next_update_on,
        contact=(incident.contact.email, incident.contact.phone),
        regimes=checklists(case),
        chosen=customer.regimes or incident.regimes,
    )


def _letterhead(incident: Incident, language: Language) -> tuple[str, ...]:
    sender = incident.sender
    texts = (sender.name, sender.address, sender.officer_name, sender.officer_title)
    return tuple(text.of(language) for text in texts)


def _printed_in_annexes(case: Case) -> tuple[str, ...]:
    """Texts of the case that annexes print as they are."""
    incident, checks = case.incident, case.self_check
    queries = [(query.event, query.between, *_MARK.split(query.query)) for query in checks.queries] if checks else []
    events = [event for kind in case.catalogue.by_code.values() for event in kind.own_log_events]
    names = [
        text.of(language)
        for organisation in incident.organisations
        for text in (organisation.name, organisation.role)
        for language in Language
    ]
    return (*(text for query in queries for text in query), *events, *names)


def inspection_key(facts: GateFacts, case: Case) -> str:
    """SHA-256 over everything besides the report that decides what is found in it."""
    digest = hashlib.sha256()
    for entry in facts.identifiers:
        digest.update(f"{entry.customer_id}\x00{entry.kind}\x00{entry.value}\x01".encode())
    digest.update("\x01".join((*facts.common, "", *facts.waived)).encode())
    digest.update(json.dumps(case.digests, sort_keys=True).encode())
    for path in sorted(locales_root().rglob("*.toml")):
        digest.update(path.read_bytes())
    package = Path(shirase.__file__).parent
    for room in _ROOMS:
        for module in sorted((package / room).glob("*.py")):
            digest.update(module.read_bytes())
    return digest.hexdigest()
