"""One scoped action becomes one row of Annex A: whose it is, who acted, what may be shown."""

from dataclasses import dataclass

from shirase.domain.action import Effect, SupportAction, Target
from shirase.domain.bilingual import Paired
from shirase.domain.customer import Customer
from shirase.domain.identifiers import derived_pseudonym
from shirase.domain.incident import Case, Incident
from shirase.domain.report import CONFIRMED, SHARED, Operator, ReportAction, ReportObject
from shirase.domain.scoped import ScopedAction
from shirase.domain.window import Window
from shirase.reporting.evidence import also_seen, shown_path
from shirase.reporting.reasons import shown_reason


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the investigation established: the accounts the intruder acted through, and when."""

    actors: frozenset[str]
    window: Window

    @classmethod
    def of(cls, incident: Incident) -> "Confirmed | None":
        """What ``incident`` says of it, if anything."""
        section = incident.confirmed
        return cls(frozenset(section.actors), section.build()) if section is not None else None


@dataclass(frozen=True, slots=True)
class RowContext:
    """What a row is built against: the case, the customer, its tenants, and what the investigation established."""

    case: Case
    customer: Customer
    own_tenants: frozenset[str]
    evidence_positions: dict[str, int]
    confirmed: Confirmed | None = None


def build_row(number: int, scoped: ScopedAction, context: RowContext) -> ReportAction:
    """The row of one action as ``context.customer`` may see it.

    When the action touched other customers as well, everything that is not surely this customer's is left out:
    objects of other tenants or of no stated tenant, the ticket, the reason in free words. How many objects were left
    out is said. Of an action that is this customer's alone, a ticket that the register gives to another customer is
    left out, and a reason that names one.
    """
    action = scoped.action
    kind = context.case.catalogue.find(action.action_code)
    shared = scoped.customer_count > 1
    objects = [target for target in action.targets if _is_own(target, context.own_tenants, shared=shared)]
    reason = shown_reason(action, context.case.tickets, context.customer.customer_id, shared=shared)
    flags = {*action.flags, *({SHARED} if shared else ()), *({CONFIRMED} if _is_confirmed(action, context) else ())}
    return ReportAction(
        number=number,
        action_uid=action.action_uid,
        at=action.time,
        time_text=action.primary.native_time_text,
        time_quality=action.time_quality,
        action_code=action.action_code if kind is not None else "other",
        action_native=action.action_native,
        effect=kind.effect if kind is not None else Effect.OTHER,
        outcome=action.outcome,
        tenant_ids=tuple(tenant for tenant in action.tenant_ids if tenant in context.own_tenants),
        objects=tuple(_object(target) for target in objects),
        masked_count=len(action.targets) - len(objects),
        operator=build_operator(action, scoped.organisation_id, context.case),
        source_id=action.primary.source_id,
        ticket_id=reason.ticket_id,
        reason=reason.text,
        evidence_file=context.evidence_positions[shown_path(action.primary.ref.path)],
        evidence_line=action.primary.ref.line,
        flags=tuple(sorted(flags)),
        ticket_match=reason.ticket.match,
        opened_after_action=reason.ticket.opened_after,
        reason_withheld=reason.text_withheld,
        also_seen=also_seen(action, context.evidence_positions),
        tenant_basis=action.tenant_basis,
    )


def build_operator(action: SupportAction, organisation_id: str | None, case: Case) -> Operator:
    """The actor under a pseudonym. One whom no roster knows gets a stable one derived from the logged identity."""
    entry = case.roster.find(action.actor_uid, action.time)
    organisation = case.organisations.get(organisation_id) if organisation_id is not None else None
    return Operator(
        pseudonym=entry.pseudonym if entry is not None else derived_pseudonym(case.incident.id, action.actor_uid),
        organisation=organisation.name if organisation is not None else None,
        job_title=Paired(ja=entry.job_title_ja, en=entry.job_title_en) if entry is not None else None,
        country=entry.country if entry is not None else None,
    )


def _is_confirmed(action: SupportAction, context: RowContext) -> bool:
    confirmed = context.confirmed
    return confirmed is not None and action.actor_uid in confirmed.actors and confirmed.window.contains(action.time)


def _is_own(target: Target, own_tenants: frozenset[str], *, shared: bool) -> bool:
    if target.tenant_id is None:
        return not shared
    return target.tenant_id in own_tenants


def _object(target: Target) -> ReportObject:
    return ReportObject(target.type, target.id, target.name)
