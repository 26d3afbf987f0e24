"""Durable state of the review and its journal, which change in one transaction. SQLAlchemy and Alembic live here."""
