"""Edge: figures asked of the decided lines, by queries that anybody can put again to ``actions.parquet``.

Queries see two tables: ``lines``, every log line as ``actions.parquet`` has it, and ``effects``, which tells for each
``action_code`` of the catalogue its ``effect``. They can open nothing else: DuckDB's access to files and its settings
are locked (duckdb.org, Securing DuckDB) before the first of them runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb

from shirase.domain.catalogue import Catalogue
from shirase.domain.claims import Answer, OwnClaim, PerCustomer
from shirase.domain.errors import CaseError, Problem
from shirase.domain.incident import Incident
from shirase.evidence.columns import to_micros
from shirase.scoping.queries import rows

FIGURES = {
    "lines_read": "SELECT count(*) FROM lines",
    "lines_unusable": "SELECT count(*) FROM lines WHERE disposition = 'quarantined'",
    "actions_in_scope": "SELECT count(*) FROM lines WHERE disposition = 'in_scope'",
    "customers_affected": (
        "SELECT count(DISTINCT customer) FROM (SELECT unnest(customer_ids) AS customer FROM lines "
        "WHERE disposition = 'in_scope')"
    ),
    "tenants_affected": (
        "SELECT count(DISTINCT tenant) FROM (SELECT unnest(tenant_ids) AS tenant FROM lines "
        "WHERE disposition = 'in_scope') WHERE NOT starts_with(tenant, 'customer:')"
    ),
}
"""The query behind each figure that all reports share."""

YOUR_ACTIONS = (
    "SELECT customer, count(*) FROM (SELECT unnest(customer_ids) AS customer FROM lines "
    "WHERE disposition = 'in_scope') GROUP BY customer ORDER BY customer"
)

BY_EFFECT = (
    "SELECT coalesce(effect, 'other') AS effect, count(DISTINCT (path, line)), count(DISTINCT customer) FROM "
    "(SELECT action_code, path, line, unnest(customer_ids) AS customer FROM lines WHERE disposition = 'in_scope') "
    "LEFT JOIN effects USING (action_code) GROUP BY ALL ORDER BY ALL"
)
"""Actions by effect, an action on several customers counted once, and the customers concerned."""


@contextmanager
def open_lines(decided_path: Path, catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB that knows ``lines`` and ``effects`` and can open nothing else."""
    connection = duckdb.connect(config={"memory_limit": "512MiB"})
    path = str(decided_path.resolve()).replace("'", "''")
    try:
        connection.execute("CREATE TABLE effects (action_code VARCHAR, effect VARCHAR)")
        if catalogue.by_code:
            pairs = [[kind.code, kind.effect.value] for kind in catalogue.by_code.values()]
            connection.executemany("INSERT INTO effects VALUES (?, ?)", pairs)
        connection.execute(f"SET allowed_paths = ['{path}']")
        connection.execute("SET enable_external_access = false")
        connection.execute(f"CREATE VIEW lines AS SELECT * FROM read_parquet('{path}')")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def answer_own(connection: duckdb.DuckDBPyConnection, claims: tuple[OwnClaim, ...]) -> tuple[Answer, ...]:
    """What the queries of ``claims.toml`` say.

    Raises:
        CaseError: Naming every query that is no single SELECT, cannot be run, or gives no single figure.
    """
    answers: list[Answer] = []
    problems: list[Problem] = []
    for position, claim in enumerate(claims):
        try:
            answers.append(Answer(claim.id, claim.query, _figure(connection, claim.query)))
        except (duckdb.Error, ValueError) as error:
            what = " ".join(str(error).split())
            mend = "one SELECT over lines and effects with one figure; docs/reference/claims.md names their columns"
            problems.append(Problem(what, f"claims.toml, claims[{position}].query ({claim.id})", mend))
    if problems:
        raise CaseError(*problems)
    return tuple(answers)


def answer_figures(connection: duckdb.DuckDBPyConnection) -> tuple[Answer, ...]:
    """What the lines say of the figures that all reports share."""
    return tuple(Answer(name, query, _figure(connection, query)) for name, query in FIGURES.items())


def answer_per_customer(connection: duckdb.DuckDBPyConnection, incident: Incident) -> tuple[PerCustomer, ...]:
    """What the lines say of the figures that each customer has."""
    queries = {"your_actions": YOUR_ACTIONS, "your_confirmed_actions": _confirmed(incident)}
    return tuple(
        PerCustomer(name, query, tuple((str(customer), int(count)) for customer, count in rows(connection, query, [])))
        for name, query in queries.items()
    )


def by_effect(connection: duckdb.DuckDBPyConnection) -> tuple[tuple[str, int, int], ...]:
    """Effect, actions, customers."""
    found = rows(connection, BY_EFFECT, [])
    return tuple((str(effect), int(actions), int(customers)) for effect, actions, customers in found)


def _confirmed(incident: Incident) -> str:
    """Actions through the accounts and in the time that the investigation established; nobody has one before."""
    condition = "false"
    if incident.confirmed is not None:
        window = incident.confirmed.build()
        actors = ", ".join("'" + actor.replace("'", "''") + "'" for actor in incident.confirmed.actors)
        condition = (
            f"actor_uid IN ({actors}) AND time_us BETWEEN {to_micros(window.start_at)} AND {to_micros(window.end_at)}"
        )
    return YOUR_ACTIONS.replace("disposition = 'in_scope'", f"disposition = 'in_scope' AND {condition}")


def _figure(connection: duckdb.DuckDBPyConnection, query: str) -> int | float:
    statements = connection.extract_statements(query)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ValueError("this is not one SELECT")
    found = connection.execute(statements[0]).fetchmany(2)
    if len(found) != 1 or len(found[0]) != 1:
        raise ValueError(f"gives {'several rows' if len(found) > 1 else 'no row' if not found else 'several columns'}")
    value = found[0][0]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, (float, Decimal)) and 0 <= value <= 1:
        return float(value)
    raise ValueError(f"gives {value!r}; a figure is a whole number, or a share between 0 and 1")
