"""What the author of the story knows about a line: whose it is, and hence what must become of it.

This is the specification of the scope in the author's own words, written without looking at the program that is
tested against it.
"""

from dataclasses import dataclass, field, replace

from shirase.domain.disposition import Disposition, Rule
from shirase.rehearsal.instants import WINDOW_END, WINDOW_START


@dataclass(frozen=True, slots=True)
class TicketTruth:
    """The truth of the reason of one log line.

    Attributes:
        kind: ``opened_by_you``, ``opened_by_us``, ``not_on_record``, ``not_yours`` or ``none``; of an action that is
            told to several customers it is ``withheld`` instead.
        opened_after: Whether the customer's own ticket was opened after the action.
        reason_withheld: Whether the line has a reason in free words that concerns another customer's ticket.
    """

    kind: str
    opened_after: bool = False
    reason_withheld: bool = False


NO_TICKET = TicketTruth("none")
UNRECORDED = TicketTruth("not_on_record")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The truth of one log line.

    Attributes:
        disposition: What the line counts as.
        rule: The rule that says so.
        customer_ids: Customers that must be told of it, sorted.
        at: When, microseconds UTC; None where the line has no usable time or it does not matter.
        told_if_inside: Customers that would be told if the window held it.
        tenant_ids: Tenants the line names.
        id_conflict: Whether another line uses the same event id for something else.
        undescribed: The native code, when the profile maps it nowhere.
        ticket: What became of the support ticket that the line names.
        link: What the line is to one of another source (``copy``, ``match``, ``effect_of``, ``possible_duplicate_of``).
        of: The truth of the very line that ``link`` leads to.
        found_by: On what ground the customer is known, of a line that names no tenant.
    """

    disposition: Disposition
    rule: Rule
    customer_ids: tuple[str, ...] = ()
    at: int | None = None
    told_if_inside: tuple[str, ...] = ()
    tenant_ids: tuple[str, ...] = ()
    id_conflict: bool = False
    undescribed: str | None = None
    ticket: TicketTruth = NO_TICKET
    link: str = ""
    found_by: str = ""
    of: "Verdict | None" = field(default=None, compare=False, repr=False)

    def again(self) -> "Verdict":
        """The truth of a later line that shows the same event."""
        return Verdict(Disposition.DUPLICATE, Rule.SAME_EVENT_AGAIN)

    def in_conflict(self) -> "Verdict":
        """The same truth, with an event id that another line uses as well."""
        return replace(self, id_conflict=True)


UNUSABLE = Verdict(Disposition.QUARANTINED, Rule.UNUSABLE_LINE)
NO_ACTION = Verdict(Disposition.NOT_AN_ACTION, Rule.LISTED_AS_NO_ACTION)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an actor stands on the day of the action.

    Attributes:
        rule: How the employer is known.
        counts: Whether actions of this actor are in scope.
    """

    rule: Rule
    counts: bool


@dataclass(frozen=True, slots=True)
class Owners:
    """Whose tenants a line names.

    Attributes:
        customer_ids: Owners, by the register or by a decision.
        unsigned: Whether it names a tenant that nobody has placed, or none at all, and nobody has signed it off.
    """

    customer_ids: tuple[str, ...]
    unsigned: bool = False


def judge(at: int, standing: Standing, owners: Owners, *, tenant_ids: tuple[str, ...] = ()) -> Verdict:
    """The truth of an action at ``at``, by who acted and whose tenants were touched."""
    told = tuple(sorted(set(owners.customer_ids))) if standing.counts and not owners.unsigned else ()
    if not WINDOW_START <= at <= WINDOW_END:
        rule = Rule.BEFORE_WINDOW if at < WINDOW_START else Rule.AFTER_WINDOW
        return Verdict(Disposition.OUTSIDE_WINDOW, rule, at=at, told_if_inside=told, tenant_ids=tenant_ids)
    if not standing.counts:
        rule = Rule.ORGANISATION_NOT_IN_SCOPE
        return Verdict(Disposition.OTHER_ORGANISATION, rule, at=at, tenant_ids=tenant_ids)
    if owners.unsigned:
        rule = Rule.UNKNOWN_TENANT if tenant_ids else Rule.NO_TENANT
        return Verdict(Disposition.UNATTRIBUTED, rule, at=at, tenant_ids=tenant_ids)
    if not told:
        return Verdict(Disposition.UNATTRIBUTED, Rule.SIGNED_OFF_NO_CUSTOMER, at=at, tenant_ids=tenant_ids)
    return Verdict(Disposition.IN_SCOPE, standing.rule, told, at=at, told_if_inside=told, tenant_ids=tenant_ids)
