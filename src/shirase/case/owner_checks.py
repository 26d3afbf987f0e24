"""Whom accounts, telephone numbers and decisions about clues name: customers and tenants that exist."""

from collections.abc import Iterable, Iterator
from itertools import islice

from shirase.case.problems import dotted, place
from shirase.case.tables import Table
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import CustomerRegister
from shirase.domain.decisions import Decisions
from shirase.domain.errors import Problem

_MOST = 20
"""Problems named for each file: beyond that, a column is wrong, not a row."""


def check_owners(
    accounts: Table[Account] | None,
    contacts: Table[PhoneContact] | None,
    decisions: Decisions | None,
    customers: CustomerRegister,
) -> Iterator[Problem]:
    """Everything that names a customer who does not exist, or a tenant of somebody else."""
    if accounts is not None:
        yield from islice(_accounts(accounts, customers), _MOST)
    if contacts is not None:
        named = ((entry.customer_id, contacts.where(index)) for index, entry in enumerate(contacts.entries))
        yield from islice(_strangers(named, customers), _MOST)
    if decisions is not None:
        keys = (
            (customer_id, place("decisions.toml", key=dotted(("resolutions", index))))
            for index, entry in enumerate(decisions.resolutions)
            for customer_id in entry.customer_ids
        )
        yield from _strangers(keys, customers)


def _accounts(accounts: Table[Account], customers: CustomerRegister) -> Iterator[Problem]:
    yield from _strangers(
        ((entry.customer_id, accounts.where(index)) for index, entry in enumerate(accounts.entries)), customers
    )
    for index, entry in enumerate(accounts.entries):
        owner = customers.owner_of(entry.tenant_id) if entry.tenant_id is not None else entry.customer_id
        if owner != entry.customer_id:
            what = f"tenant {entry.tenant_id!r} is not one of customer {entry.customer_id!r}"
            yield Problem(what, f"{accounts.where(index)}, tenant_id", "see tenant_ids in customers.csv")


def _strangers(named: Iterable[tuple[str, str]], customers: CustomerRegister) -> Iterator[Problem]:
    for customer_id, where in named:
        if customer_id not in customers.by_id:
            yield Problem(f"no customer has the id {customer_id!r}", f"{where}, customer_id", "see customers.csv")
