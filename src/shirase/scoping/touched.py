"""Objects that were touched, and whose they are as far as the log says."""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from shirase.domain.customer import CustomerRegister
from shirase.scoping.queries import TOUCHED, rows


def objects_touched(
    connection: duckdb.DuckDBPyConnection, decided_path: Path, customers: CustomerRegister
) -> Iterator[tuple[str, str]]:
    """Customer id, and a name or id of an object of that customer, each pair once.

    An object without a tenant belongs to the customer of its action when there is only one.
    """
    seen = set()
    for customer_ids, tenant_id, name, identifier in rows(connection, TOUCHED, [str(decided_path)]):
        owner = customers.owner_of(tenant_id) if tenant_id else (customer_ids[0] if len(customer_ids) == 1 else None)
        for value in (name, identifier):
            if owner and value and (owner, value) not in seen:
                seen.add((owner, value))
                yield owner, value
