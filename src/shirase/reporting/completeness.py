"""How far a report states what the checklists ask for, as far as the facts of the case tell."""

from collections.abc import Iterable, Mapping

from shirase.domain.completeness import TOPICS, Particular, Regime, RegimeStanding, Standing, applicable, assess
from shirase.domain.customer import Customer
from shirase.domain.impact import Impact
from shirase.domain.incident import Case
from shirase.domain.stated import FactState, StatedFacts


def regime_standings(
    regimes: Iterable[Regime], case: Case, customer: Customer, impact: Impact
) -> tuple[RegimeStanding, ...]:
    """Every checklist of ``customer``; none for one for whom nothing is recorded, who has nothing to report."""
    if impact is Impact.NOT_AFFECTED:
        return ()
    incident = case.incident
    on = incident.issued_at.date()
    stated = _standings(case.stated, follows=incident.next_update_on > on, own_log=case.self_check is not None)
    return tuple(assess(regime, stated, on) for regime in applicable(regimes, customer.regimes or incident.regimes))


def _standings(facts: StatedFacts, *, follows: bool, own_log: bool) -> Mapping[Particular, Standing]:
    """What every report states, and each topic by its state of knowledge.

    What is open is pending only when its report ``follows``: a topic under investigation is listed in section 12 by
    itself, but the day of the next report may have passed.
    """
    by_topic = {fact.about: fact.state for fact in facts.facts}
    waiting = {FactState.UNDER_INVESTIGATION, FactState.WITHHELD}
    stated = dict.fromkeys(Particular, Standing.PRESENT)
    for particular, topic in TOPICS.items():
        if by_topic[topic] in waiting:
            stated[particular] = Standing.PENDING if follows else Standing.MISSING
    return stated if own_log else stated | {Particular.OWN_LOG: Standing.MISSING}
