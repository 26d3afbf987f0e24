"""Alembic's entry: migrate over the connection, and inside of the transaction, that was handed in."""

from alembic import context

from shirase.ledger.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
