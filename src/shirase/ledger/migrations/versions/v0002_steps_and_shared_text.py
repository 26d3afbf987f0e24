"""Which step runs, and which reports share the text of a comment."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, Text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both tables; neither takes anything from what was there."""
    op.create_table(
        "steps",
        Column("id", Integer, primary_key=True, nullable=False, autoincrement=False),
        *(Column(name, Text, nullable=False) for name in ("operator", "what", "since", "token")),
        CheckConstraint("id = 1"),
    )
    op.create_table(
        "shared", *(Column(name, Text, primary_key=True, nullable=False) for name in ("comment_id", "report_id"))
    )
