"""An action together with what the scope decided about it: what one row of a report is made from."""

from dataclasses import dataclass

from shirase.domain.action import SupportAction
from shirase.domain.disposition import Rule


@dataclass(frozen=True, slots=True)
class ScopedAction:
    """An in-scope action as one customer's report sees it.

    Attributes:
        action: The action.
        rule: The rule that put it in scope.
        organisation_id: Employer established by the scope; None when nobody knows.
        customer_count: Customers whose reports show the same action; more than one means that the others are masked.
    """

    action: SupportAction
    rule: Rule
    organisation_id: str | None
    customer_count: int
