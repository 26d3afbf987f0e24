"""The journal and the state that follows from it."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, Text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TRIGGERS_SQLITE = tuple(
    f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal "
    "BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to'); END"
    for verb in ("UPDATE", "DELETE")
)
TRIGGERS_POSTGRESQL = (
    (
        "CREATE FUNCTION journal_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the journal is only ever added to'; END $$"
    ),
    (
        "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal "
        "FOR EACH ROW EXECUTE FUNCTION journal_only_grows()"
    ),
    (
        "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal "
        "FOR EACH STATEMENT EXECUTE FUNCTION journal_only_grows()"
    ),
)
_TABLES: dict[str, tuple[str, str]] = {
    "journal": ("number#", "at operator what subject detail before after previous digest"),
    "head": ("id#", "number# digest"),
    "operators": ("name", "roles is_service# is_active#"),
    "policy": ("id#", "quorum solo# alarm_hours#"),
    "deadlines": ("customer_id", "dues"),
    "reports": ("report_id", "customer_id current#"),
    "revisions": ("report_id number#", "pdf_digest data_digest state drafted_by submitted_by at sealed_digest"),
    "approvals": (
        "report_id number# role operator",
        "pdf_digest data_digest at kind second reason statement",
    ),
    "glass": ("id", "report_id number# role reason first second at"),
    "holds": ("id", "customer_id reason owner until at released_by released_at release_reason"),
    "comments": ("id", "report_id section language key quote text author at resolved_by resolved_at"),
    "opened": ("operator pdf_digest", "at"),
}
"""Key columns and the others; ``#`` marks whole numbers, all else is text."""

_ONE_ROW = ("head", "policy")
_INDEXES = (
    ("journal_subject", "journal", "subject"),
    ("glass_report", "glass", "report_id"),
    ("holds_customer", "holds", "customer_id"),
    ("comments_key", "comments", "key"),
)


def upgrade() -> None:
    """Create everything, and the row that writers lock."""
    for name, (keys, others) in _TABLES.items():
        columns = [_column(each, key=True) for each in keys.split()]
        columns += [_column(each, key=False) for each in others.split()]
        checks = [CheckConstraint("id = 1")] if name in _ONE_ROW else []
        op.create_table(name, *columns, *checks)
    for index, table, column in _INDEXES:
        op.create_index(index, table, [column])
    op.execute(f"INSERT INTO head (id, number, digest) VALUES (1, 0, '{'0' * 64}')")  # noqa: S608 - zeroes
    triggers = TRIGGERS_SQLITE if op.get_bind().dialect.name == "sqlite" else TRIGGERS_POSTGRESQL
    for trigger in triggers:
        op.execute(trigger)


def _column(name: str, *, key: bool) -> Column[int] | Column[str]:
    if name.endswith("#"):
        return Column(name[:-1], Integer, primary_key=key, nullable=False, autoincrement=False)
    return Column(name, Text, primary_key=key, nullable=False)
