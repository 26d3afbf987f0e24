"""Lists of recipients, deliveries and what happened to them, mails that came back, and the switch of the sending."""

from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer, Text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables; they take nothing from what was there."""
    op.create_table(
        "recipient_lists",
        _text("digest", key=True), _number("mailboxes"),
        *map(_text, ("submitted_by", "submitted_at", "approved_by", "approved_at", "revoked_by", "reason")),
    )  # fmt: skip
    op.create_table(
        "deliveries",
        _text("id", key=True), _text("report_id"), _number("number"),
        *map(_text, ("customer_id", "address", "kind", "message_id", "dated_at", "content_digest", "mail_digest")),
        _number("size"), *map(_text, ("sealed_digest", "list_digest", "manifest_digest")), _number("wave"),
        _text("previous"), _text("state"), _number("attempts"),
        *map(_text, ("next_at", "reply", "planned_at", "changed_at")),
    )  # fmt: skip
    op.create_index("deliveries_report", "deliveries", ["report_id"])
    op.create_index("deliveries_state", "deliveries", ["state"])
    op.create_table(
        "delivery_events",
        _text("delivery_id", key=True), _number("number", key=True),
        *map(_text, ("event", "state", "operator", "at", "point", "reply", "note")),
    )  # fmt: skip
    op.create_table(
        "returned_mails",
        _text("digest", key=True),
        *map(_text, ("kind", "delivery_id", "matched_by", "recipient", "status", "diagnostic", "message_id")),
        _text("read_at"),
    )  # fmt: skip
    op.create_index("returned_delivery", "returned_mails", ["delivery_id"])
    op.create_table(
        "sending",
        _number("id", key=True),
        *map(_text, ("state", "operator", "reason", "at")),
        CheckConstraint("id = 1"),
    )


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)
