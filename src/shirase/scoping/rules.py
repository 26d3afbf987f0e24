"""The scope as pure rules: one line's facts in, one decision out. The order of the questions is part of the scope."""

from dataclasses import dataclass
from datetime import datetime

from shirase.domain.actor import Roster
from shirase.domain.customer import CustomerRegister
from shirase.domain.decisions import Attribution, AttributionDecision, Decisions, ResolvedKind
from shirase.domain.disposition import Decision, Disposition, Rule
from shirase.domain.incident import Case
from shirase.domain.organisation import OrganisationRegister
from shirase.domain.resolution import customer_meant
from shirase.domain.sighting import LinkKind
from shirase.domain.window import Window


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What the rules look at.

    Attributes:
        state: ``action``, ``no_action`` or ``quarantined``.
        is_repeat: Whether an earlier line of the source shows the same event.
        absorbed_as: What the line is to one of another source, where it does not count by itself.
        at: When, UTC; None unless the state is ``action``.
        actor_id: Identity as logged.
        organisation_logged: Employer as logged.
        tenant_ids: Tenants the line names.
        raw_digest: SHA-256 of the line, by which a person may have decided it.
        source_action: Id of the source and its own code of the action, with a slash between.
        has_candidates: Whether clues point to customers without settling which.
    """

    state: str
    is_repeat: bool
    at: datetime | None
    actor_id: str
    organisation_logged: str | None
    tenant_ids: tuple[str, ...]
    raw_digest: str
    absorbed_as: LinkKind | None = None
    source_action: str = ""
    has_candidates: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything the rules consult."""

    window: Window
    organisations: OrganisationRegister
    roster: Roster
    customers: CustomerRegister
    by_tenant: dict[str, AttributionDecision]
    by_digest: dict[str, AttributionDecision]
    nobodys_actions: frozenset[str] = frozenset()

    @classmethod
    def of(cls, case: Case) -> "Scope":
        """The scope a case describes."""
        by_tenant, by_digest = _index(case.decisions)
        nobodys = frozenset(entry.value for entry in case.decisions.resolutions if entry.kind is ResolvedKind.ACTION)
        return cls(case.window, case.organisations, case.roster, case.customers, by_tenant, by_digest, nobodys)


_ABSORBED = {
    LinkKind.COPY: (Disposition.DUPLICATE, Rule.FORWARDED_COPY),
    LinkKind.MATCH: (Disposition.DUPLICATE, Rule.SAME_EVENT_ELSEWHERE),
    LinkKind.EFFECT_OF: (Disposition.NOT_AN_ACTION, Rule.CONSEQUENCE_OF_ACTION),
}


def decide(line: LineFacts, scope: Scope) -> Decision:
    """The disposition of one line: the first rule that applies decides."""
    settled = _settled(line)
    if settled is not None:
        return Decision(*settled)
    assert line.at is not None
    if line.at < scope.window.start_at:
        return Decision(Disposition.OUTSIDE_WINDOW, Rule.BEFORE_WINDOW)
    if line.at > scope.window.end_at:
        return Decision(Disposition.OUTSIDE_WINDOW, Rule.AFTER_WINDOW)
    return decide_inside(line, scope)


def _settled(line: LineFacts) -> tuple[Disposition, Rule] | None:
    """What becomes of a line that is no action of its own, whenever it was."""
    if line.state == "quarantined":
        return Disposition.QUARANTINED, Rule.UNUSABLE_LINE
    if line.state == "no_action":
        return Disposition.NOT_AN_ACTION, Rule.LISTED_AS_NO_ACTION
    if line.is_repeat:
        return Disposition.DUPLICATE, Rule.SAME_EVENT_AGAIN
    return _ABSORBED[line.absorbed_as] if line.absorbed_as is not None else None


def decide_inside(line: LineFacts, scope: Scope) -> Decision:
    """The disposition of an action as if the window held it: who employed the actor, and whose tenant it was."""
    organisation_id, rule, in_scope = _employer(line, scope)
    if not in_scope:
        return Decision(Disposition.OTHER_ORGANISATION, Rule.ORGANISATION_NOT_IN_SCOPE, organisation_id=organisation_id)
    customer_ids, open_tenants = _owners(line, scope)
    decided = scope.by_digest.get(line.raw_digest)
    if decided is not None and (open_tenants or not line.tenant_ids):
        if decided.customer_id is not None:
            customer_ids.add(decided.customer_id)
        open_tenants = ()
    if open_tenants:
        return Decision(Disposition.UNATTRIBUTED, Rule.UNKNOWN_TENANT, organisation_id=organisation_id, open=True)
    if not customer_ids:
        is_nobodys = line.source_action in scope.nobodys_actions and not line.has_candidates
        signed = decided is not None or bool(line.tenant_ids) or is_nobodys
        unattributed_rule = Rule.SIGNED_OFF_NO_CUSTOMER if signed else Rule.NO_TENANT
        return Decision(Disposition.UNATTRIBUTED, unattributed_rule, organisation_id=organisation_id, open=not signed)
    return Decision(Disposition.IN_SCOPE, rule, tuple(sorted(customer_ids)), organisation_id)


def _employer(line: LineFacts, scope: Scope) -> tuple[str | None, Rule, bool]:
    """Employer, the rule that found it, and whether the line counts. Doubt always counts: worst case."""
    assert line.at is not None
    logged = None
    if line.organisation_logged is not None:
        logged = scope.organisations.find(line.organisation_logged, line.at)
    entry = scope.roster.find(line.actor_id, line.at)
    listed = scope.organisations.get(entry.organisation) if entry is not None else None
    if logged is not None and listed is not None and logged.id != listed.id and (logged.in_scope or listed.in_scope):
        worst = logged if logged.in_scope else listed
        return worst.id, Rule.ORGANISATION_IN_CONFLICT, True
    if logged is not None:
        return logged.id, Rule.ORGANISATION_LOGGED, logged.in_scope
    if line.organisation_logged is not None and listed is not None and not listed.in_scope:
        # The log names an employer that nobody knows; the roster alone does not clear the actor.
        return None, Rule.ORGANISATION_UNKNOWN, True
    if listed is not None:
        return listed.id, Rule.ORGANISATION_BY_ROSTER, listed.in_scope
    return None, Rule.ORGANISATION_UNKNOWN, True


def _owners(line: LineFacts, scope: Scope) -> tuple[set[str], tuple[str, ...]]:
    """Customers the tenants belong to, and tenants that neither the register nor a person has placed."""
    customer_ids: set[str] = set()
    open_tenants = []
    for tenant_id in line.tenant_ids:
        meant = customer_meant(tenant_id)
        owner = meant if meant is not None else scope.customers.owner_of(tenant_id)
        if meant == "":
            continue
        decided = scope.by_tenant.get(tenant_id)
        if owner is not None:
            customer_ids.add(owner)
        elif decided is None:
            open_tenants.append(tenant_id)
        elif decided.decision is Attribution.CUSTOMER and decided.customer_id is not None:
            customer_ids.add(decided.customer_id)
    return customer_ids, tuple(open_tenants)


def _index(decisions: Decisions) -> tuple[dict[str, AttributionDecision], dict[str, AttributionDecision]]:
    by_tenant = {entry.tenant_id: entry for entry in decisions.attributions if entry.tenant_id is not None}
    by_digest = {entry.line_digest: entry for entry in decisions.attributions if entry.line_digest is not None}
    return by_tenant, by_digest
