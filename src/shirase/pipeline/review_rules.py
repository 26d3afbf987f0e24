"""What a case says about its review, as the run sheet carries it: so that nothing later has to read the case again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from shirase.domain.completeness import CONTRACT
from shirase.domain.deadlines import Deadline, contract_deadline, deadlines_of
from shirase.domain.incident import Case
from shirase.domain.journal import stamp
from shirase.domain.review import Policy, Role
from shirase.ledger.drafts import Rules
from shirase.text.deadlines import deadline_rules


def review_sheet(case: Case, customer_ids: Iterable[str]) -> dict[str, Any]:
    """The part ``review`` of a run sheet: quorum, and deadlines of the customers who get a report."""
    review = case.incident.review
    deadlines = [] if review.aware_at is None else _deadlines(case, review.aware_at, customer_ids)
    return {
        "quorum": {role.value: count for role, count in review.policy().quorum.items()},
        "solo": review.solo,
        "alarm_hours": review.alarm_hours,
        "aware_at": None if review.aware_at is None else stamp(review.aware_at),
        "deadlines": [[each.customer_id, each.rule, stamp(each.at)] for each in deadlines],
    }


def rules_from(sheet: Mapping[str, Any]) -> Rules:
    """The same, read from a run sheet."""
    review = sheet["review"]
    policy = Policy({Role(role): count for role, count in review["quorum"].items()}, review["solo"])
    deadlines = tuple(Deadline(name, rule, datetime.fromisoformat(at)) for name, rule, at in review["deadlines"])
    return Rules(policy, deadlines, review["alarm_hours"])


def titles_of_deadlines() -> dict[str, str]:
    """English title of each rule, by its id; a contract's own included."""
    return {CONTRACT: "Contract", **{rule.id: rule.title.en for rule in deadline_rules()}}


def _deadlines(case: Case, aware_at: datetime, customer_ids: Iterable[str]) -> list[Deadline]:
    hours = case.incident.review.contract_hours()
    found: list[Deadline] = []
    for customer_id in sorted(customer_ids):
        regimes = case.customers.by_id[customer_id].regimes or case.incident.regimes
        found += deadlines_of(customer_id, regimes, deadline_rules(), aware_at)
        own = contract_deadline(customer_id, hours, aware_at)
        found += [] if own is None else [own]
    return found
