"""What tells who a customer is, as the registers of a case have it."""

import re
from collections.abc import Iterable, Iterator

from shirase.domain.canary import canary
from shirase.domain.customer import Customer
from shirase.domain.identifiers import report_id
from shirase.domain.tickets import Ticket
from shirase.inspection.folding import without_legal_form
from shirase.inspection.leaks import Identifier

_ADDRESS = re.compile(r"[^\s<>()\"',;]+@[^\s<>()\"',;]+")


def customer_identifiers(incident_id: str, customers: Iterable[Customer]) -> Iterator[Identifier]:
    """Names with and without legal form, people, domains, tenants, addresses, phones, and the id of the report."""
    for customer in customers:
        key = customer.customer_id
        for name in (customer.name_ja, customer.name_en):
            yield Identifier(key, "name", name)
            yield Identifier(key, "name", without_legal_form(name))
        for person in (customer.person_ja, customer.person_en):
            yield Identifier(key, "person", person)
        for kind, values in (
            ("domain", customer.domains), ("tenant", customer.tenant_ids), ("mail", customer.recipients),
        ):  # fmt: skip
            for value in values:
                yield Identifier(key, kind, value)
        for number in customer.phones:
            for digits in _as_dialled(number):
                yield Identifier(key, "phone", digits)
        yield Identifier(key, "report", report_id(incident_id, key))


def canary_identifiers(key: bytes, incident_id: str, customers: Iterable[Customer]) -> Iterator[Identifier]:
    """The codes that stand on the pages of one customer's report only."""
    for customer in customers:
        yield Identifier(customer.customer_id, "code", canary(key, incident_id, customer.customer_id))


def ticket_identifiers(tickets: Iterable[Ticket]) -> Iterator[Identifier]:
    """The numbers of support tickets."""
    for ticket in tickets:
        yield Identifier(ticket.customer_id, "ticket", ticket.ticket_id)


def user_identifiers(objects: Iterable[tuple[str, str]]) -> Iterator[Identifier]:
    """What was touched on each customer's tenant.

    Args:
        objects: Customer id, and the name of an object: ``Amir Vogel <amir@customer.example>`` names two.
    """
    for customer_id, value in objects:
        addresses = _ADDRESS.findall(value)
        for part in (*addresses, _ADDRESS.sub("", value).strip(" <>()")) if addresses else (value,):
            yield Identifier(customer_id, "user", part)


def _as_dialled(number: str) -> Iterator[str]:
    """The digits of a telephone number with its country code; those of Japan also as they are dialled there."""
    digits = re.sub(r"\D", "", number)
    yield digits
    if digits.startswith("81"):
        yield f"0{digits[2:]}"
