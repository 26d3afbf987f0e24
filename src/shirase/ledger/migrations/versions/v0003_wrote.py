"""Whose proposed words stand in a revision."""

from alembic import op
from sqlalchemy import Column, Integer, Text

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; it takes nothing from what was there."""
    op.create_table(
        "wrote",
        Column("report_id", Text, primary_key=True, nullable=False),
        Column("number", Integer, primary_key=True, nullable=False, autoincrement=False),
        Column("operator", Text, primary_key=True, nullable=False),
    )
