"""The ledger: durable state of the review and its journal, which change in the same transaction. SQLAlchemy lives here."""
