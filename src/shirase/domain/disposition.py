"""Dispositions: what the scope decided for one log line, and by which rule."""

from dataclasses import dataclass
from enum import StrEnum


class Disposition(StrEnum):
    """Exactly one of these is true of every log line."""

    IN_SCOPE = "in_scope"
    OUTSIDE_WINDOW = "outside_window"
    OTHER_ORGANISATION = "other_organisation"
    DUPLICATE = "duplicate"
    NOT_AN_ACTION = "not_an_action"
    QUARANTINED = "quarantined"
    UNATTRIBUTED = "unattributed"


class Rule(StrEnum):
    """The rule that decided. The order of the members is the order in which they are asked."""

    UNUSABLE_LINE = "unusable_line"
    LISTED_AS_NO_ACTION = "listed_as_no_action"
    SAME_EVENT_AGAIN = "same_event_again"
    FORWARDED_COPY = "forwarded_copy"
    SAME_EVENT_ELSEWHERE = "same_event_elsewhere"
    CONSEQUENCE_OF_ACTION = "consequence_of_action"
    BEFORE_WINDOW = "before_window"
    AFTER_WINDOW = "after_window"
    ORGANISATION_NOT_IN_SCOPE = "organisation_not_in_scope"
    NO_TENANT = "no_tenant"
    UNKNOWN_TENANT = "unknown_tenant"
    SIGNED_OFF_NO_CUSTOMER = "signed_off_no_customer"
    ORGANISATION_LOGGED = "organisation_logged"
    ORGANISATION_BY_ROSTER = "organisation_by_roster"
    ORGANISATION_IN_CONFLICT = "organisation_in_conflict"
    ORGANISATION_UNKNOWN = "organisation_unknown"


@dataclass(frozen=True, slots=True)
class Decision:
    """The outcome of the scope for one line.

    Attributes:
        disposition: What the line counts as.
        rule: The rule that decided.
        customer_ids: Customers whose report shows the line; empty unless in scope. Sorted, no repeats.
        organisation_id: The employer that was established; None when nobody knows.
        open: Whether a person still has to sign the line off before any report may be written.
    """

    disposition: Disposition
    rule: Rule
    customer_ids: tuple[str, ...] = ()
    organisation_id: str | None = None
    open: bool = False
