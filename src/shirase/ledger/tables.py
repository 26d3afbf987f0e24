"""The tables, the same on SQLite and PostgreSQL: text and whole numbers only, so that every value has one form.

``journal`` is the record; all others can be made again from it (:mod:`shirase.ledger.projection`).
"""

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, Text

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, Integer, primary_key=key, nullable=False, autoincrement=False)


journal = Table(
    "journal", metadata,
    _number("number", key=True), _text("at"), _text("operator"), _text("what"), _text("subject"), _text("detail"),
    _text("before"), _text("after"), _text("previous"), _text("digest"),
    Index("journal_subject", "subject"),
)  # fmt: skip

head = Table("head", metadata, _number("id", key=True), _number("number"), _text("digest"), CheckConstraint("id = 1"))
"""One row: the last entry. Every writer locks it first, so that writers come one after the other."""

operators = Table(
    "operators", metadata, _text("name", key=True), _text("roles"), _number("is_service"), _number("is_active")
)

policy = Table(
    "policy", metadata,
    _number("id", key=True), _text("quorum"), _number("solo"), _number("alarm_hours"), CheckConstraint("id = 1"),
)  # fmt: skip

deadlines = Table("deadlines", metadata, _text("customer_id", key=True), _text("dues"))
"""All deadlines of a customer in one value, the same for most: a list of instant and rule, the nearest first."""

reports = Table("reports", metadata, _text("report_id", key=True), _text("customer_id"), _number("current"))

revisions = Table(
    "revisions", metadata,
    _text("report_id", key=True), _number("number", key=True), _text("pdf_digest"), _text("data_digest"),
    _text("state"), _text("drafted_by"), _text("submitted_by"), _text("at"), _text("sealed_digest"),
)  # fmt: skip

wrote = Table("wrote", metadata, _text("report_id", key=True), _number("number", key=True), _text("operator", key=True))
"""Whose proposed words stand in a revision: they are its authors as well as who drafted and who submitted it."""

approvals = Table(
    "approvals", metadata,
    _text("report_id", key=True), _number("number", key=True), _text("role", key=True), _text("operator", key=True),
    _text("pdf_digest"), _text("data_digest"), _text("at"), _text("kind"), _text("second"), _text("reason"),
    _text("statement"),
)  # fmt: skip

glass = Table(
    "glass", metadata,
    _text("id", key=True), _text("report_id"), _number("number"), _text("role"), _text("reason"), _text("first"),
    _text("second"), _text("at"),
    Index("glass_report", "report_id"),
)  # fmt: skip
"""Every time somebody asked to break the glass; rows never go away."""

holds = Table(
    "holds", metadata,
    _text("id", key=True), _text("customer_id"), _text("reason"), _text("owner"), _text("until"), _text("at"),
    _text("released_by"), _text("released_at"), _text("release_reason"),
    Index("holds_customer", "customer_id"),
)  # fmt: skip

comments = Table(
    "comments", metadata,
    _text("id", key=True), _text("report_id"), _text("section"), _text("language"), _text("key"), _text("quote"),
    _text("text"), _text("author"), _text("at"), _text("resolved_by"), _text("resolved_at"),
    Index("comments_key", "key"),
)  # fmt: skip

shared = Table("shared", metadata, _text("comment_id", key=True), _text("report_id", key=True))
"""Reports other than the one it was made on that share the text of a comment."""

opened = Table("opened", metadata, _text("operator", key=True), _text("pdf_digest", key=True), _text("at"))

steps = Table(
    "steps", metadata,
    _number("id", key=True), _text("operator"), _text("what"), _text("since"), _text("token"),
    CheckConstraint("id = 1"),
)  # fmt: skip
"""One row while a step that changes reports runs."""

recipient_lists = Table(
    "recipient_lists", metadata,
    _text("digest", key=True), _number("mailboxes"), _text("submitted_by"), _text("submitted_at"), _text("approved_by"),
    _text("approved_at"), _text("revoked_by"), _text("reason"),
)  # fmt: skip
"""Every list of recipients that was ever put up for approval; a list with other rows has another digest."""

deliveries = Table(
    "deliveries", metadata,
    _text("id", key=True), _text("report_id"), _number("number"), _text("customer_id"), _text("address"),
    _text("kind"), _text("message_id"), _text("dated_at"), _text("content_digest"), _text("mail_digest"),
    _number("size"), _text("sealed_digest"), _text("list_digest"), _text("manifest_digest"), _number("wave"),
    _text("previous"),
    _text("state"), _number("attempts"), _text("next_at"), _text("reply"), _text("planned_at"), _text("changed_at"),
    Index("deliveries_report", "report_id"), Index("deliveries_state", "state"),
)  # fmt: skip
"""One report to one recipient. ``next_at`` is empty unless an attempt was put off."""

delivery_events = Table(
    "delivery_events", metadata,
    _text("delivery_id", key=True), _number("number", key=True), _text("event"), _text("state"), _text("operator"),
    _text("at"), _text("point"), _text("reply"), _text("note"),
)  # fmt: skip
"""Everything that happened to a delivery, in order."""

returned_mails = Table(
    "returned_mails", metadata,
    _text("digest", key=True), _text("kind"), _text("delivery_id"), _text("matched_by"), _text("recipient"),
    _text("status"), _text("diagnostic"), _text("message_id"), _text("read_at"),
    Index("returned_delivery", "delivery_id"),
)  # fmt: skip
"""Mails that came back, each once: failure reports, automatic answers, answers of people."""

sending = Table(
    "sending", metadata,
    _number("id", key=True), _text("state"), _text("operator"), _text("reason"), _text("at"),
    CheckConstraint("id = 1"),
)  # fmt: skip
"""One row once somebody has paused or stopped the sending."""

STATE = tuple(table for table in metadata.sorted_tables if table not in {journal, head})
"""Everything that follows from the journal."""
