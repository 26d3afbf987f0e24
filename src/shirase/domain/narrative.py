"""What the texts of a case may name: the values behind their placeholders, and the sections a case writes."""

from datetime import date, datetime

from shirase.domain.bilingual import Paired
from shirase.domain.report import BatchFacts, Report

Fact = int | datetime | date | str | Paired | float
"""A value a narrative may name. Text prints it by its type: counts, instants, days, words; a float is a share of 1."""


def narrative_facts(report: Report) -> dict[str, Fact]:
    """Every value a narrative may name, by its placeholder.

    The placeholders are part of the case's public interface: ``shirase check`` refuses any other name.
    """
    return {
        **shared_facts(report.batch),
        "your_actions": report.counts.actions,
        "your_confirmed_actions": report.counts.confirmed,
    }


def shared_facts(batch: BatchFacts) -> dict[str, Fact]:
    """The values that are the same for everybody: what a public text may name."""
    method = batch.method
    return {
        "incident_id": batch.incident.id,
        "sender": batch.incident.sender.name,
        "as_of": batch.incident.as_of,
        "next_update_on": batch.incident.next_update_on,
        "window_start": batch.window.start_at,
        "window_end": batch.window.end_at,
        "window_zone": batch.window.zone,
        "lines_read": method.lines_read,
        "lines_unusable": method.quarantined,
        "actions_in_scope": method.in_scope,
        "customers_affected": method.customers_affected,
        "customers_total": method.customers_total,
        "customers_share": method.customers_affected / method.customers_total,
        "tenants_affected": method.tenants_affected,
        "version": batch.incident.version,
        **dict(batch.own_figures),
    }


PLACEHOLDERS = frozenset(
    {
        "incident_id", "sender", "as_of", "next_update_on", "window_start", "window_end", "window_zone",
        "lines_read", "lines_unusable", "actions_in_scope", "customers_affected", "customers_total",
        "customers_share", "tenants_affected", "your_actions", "your_confirmed_actions", "version",
    }
)  # fmt: skip
"""Names :func:`narrative_facts` gives; a test holds the two together."""

NOT_AFFECTED_SECTIONS = ("introduction-not-affected", "requests-not-affected")
"""What a customer without an action in scope reads instead; needed when such a customer is told."""

PUBLIC_SECTION = "statement"
"""What the public statement says; without it, it says what the summary does."""

OPTIONAL_SECTIONS = (
    "introduction-confirmed", "requests-confirmed", *NOT_AFFECTED_SECTIONS, "changes", PUBLIC_SECTION,
)  # fmt: skip
"""Sections that take the place of another for some customers, what version 2 and later say of their changes, and what
is told the public."""

NARRATIVE_SECTIONS = ("introduction", "summary", "cause", "measures", "requests", "prevention", "limits")
"""Sections every case writes, in the order of the report."""
