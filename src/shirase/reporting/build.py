"""Build the report of one customer from its scoped actions."""

from collections import Counter
from collections.abc import Sequence

from shirase.domain.canary import canary
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.completeness import Regime
from shirase.domain.customer import Customer
from shirase.domain.decisions import Attribution
from shirase.domain.identifiers import report_id
from shirase.domain.impact import Impact
from shirase.domain.incident import Case, TimelineEntry
from shirase.domain.narrative import PUBLIC_SECTION
from shirase.domain.report import (
    BatchFacts,
    EvidenceFile,
    MethodFacts,
    Report,
    ReportAction,
    ReportCounts,
    SourceCoverage,
)
from shirase.domain.scoped import ScopedAction
from shirase.domain.supersession import Supersession, compare
from shirase.domain.translation import waiting
from shirase.reporting.completeness import regime_standings
from shirase.reporting.counts import count_actions
from shirase.reporting.evidence import evidence_of
from shirase.reporting.rows import Confirmed, RowContext, build_row
from shirase.text.regimes import regimes


def build_batch(
    case: Case,
    method: MethodFacts,
    coverage: tuple[SourceCoverage, ...] = (),
    *,
    own_figures: tuple[tuple[str, int | float], ...] = (),
) -> BatchFacts:
    """What all reports of the case state alike; ``own_figures`` as :class:`BatchFacts` has them."""
    return BatchFacts(
        incident=case.incident,
        window=case.window,
        timeline=tuple(sorted(case.timeline, key=TimelineEntry.sort_key)),
        narrative=tuple(section for section in case.narrative if section.name != PUBLIC_SECTION),
        permissions=case.permissions,
        stated=case.stated,
        self_check=case.self_check,
        own_log_events=tuple(
            sorted({event for kind in case.catalogue.by_code.values() for event in kind.own_log_events})
        ),
        method=method,
        coverage=coverage,
        terms=case.terms,
        unconfirmed_texts=len(waiting(case.translations)),
        own_figures=own_figures,
    )


def build_report(case: Case, batch: BatchFacts, customer: Customer, scoped: Sequence[ScopedAction]) -> Report:
    """The report of ``customer``.

    Args:
        case: The case.
        batch: From :func:`build_batch`.
        customer: Whose report.
        scoped: The customer's actions, in order of time, then path, then line; none for a customer who asked, or was
            told before, and for whom nothing is recorded.

    Raises:
        ValueError: When an action touches no tenant of the customer.
    """
    own_tenants = tenants_of(case, customer)
    files = evidence_of(item.action for item in scoped)
    positions = {path: position for position, path in enumerate(sorted(files), start=1)}
    context = RowContext(case, customer, own_tenants, positions, Confirmed.of(case.incident))
    actions = tuple(build_row(number, item, context) for number, item in enumerate(scoped, start=1))
    counts = count_actions(actions, case.window)
    per_tenant = Counter(tenant for action in actions for tenant in action.tenant_ids)
    tenants = [*customer.tenant_ids, *sorted(own_tenants - set(customer.tenant_ids))]
    kinds = (case.catalogue.find(code) for code, _ in counts.by_code)
    impact = _impact(counts)
    return Report(
        report_id=report_id(case.incident.id, customer.customer_id),
        canary=canary(case.canary_key, case.incident.id, customer.customer_id),
        batch=batch,
        customer=customer,
        tenant_counts=tuple((tenant, per_tenant[tenant]) for tenant in tenants),
        kinds=tuple(kind for kind in kinds if kind is not None),
        undescribed=tuple(sorted({row.action_native for row in actions if row.action_code == OTHER_CODE})),
        counts=counts,
        impact=impact,
        supersession=_supersession(case, customer, actions),
        first_at=actions[0].at if actions else None,
        last_at=actions[-1].at if actions else None,
        evidence_files=tuple(EvidenceFile(path, files[path]) for path in sorted(files)),
        actions=actions,
        completeness=regime_standings(checklists(case), case, customer, impact),
    )


def checklists(case: Case) -> tuple[Regime, ...]:
    """Every checklist that a customer of ``case`` may be told about: those of laws, and that of its contracts."""
    return (*regimes(), *((case.contract,) if case.contract is not None else ()))


def _impact(counts: ReportCounts) -> Impact:
    if counts.confirmed:
        return Impact.CONFIRMED
    return Impact.POTENTIAL if counts.actions else Impact.NOT_AFFECTED


def _supersession(case: Case, customer: Customer, actions: Sequence[ReportAction]) -> Supersession | None:
    replaced = case.incident.supersedes
    if replaced is None:
        return None
    previous = case.previous.get(customer.customer_id)
    return compare(replaced.version, replaced.issued_at, previous, (action.action_uid for action in actions))


def tenants_of(case: Case, customer: Customer) -> frozenset[str]:
    """Every tenant that is the customer's: by the register, or by a decision somebody signed."""
    decided = {
        entry.tenant_id
        for entry in case.decisions.attributions
        if entry.decision is Attribution.CUSTOMER
        and entry.customer_id == customer.customer_id
        and entry.tenant_id is not None
    }
    return frozenset(customer.tenant_ids) | decided
