"""Who gets a report: every customer with an action in scope, and those who are owed an answer without one."""

from dataclasses import dataclass

from shirase.domain.incident import Case
from shirase.scoping.grouping import CustomerRows
from shirase.scoping.result import ScopeResult


@dataclass(frozen=True, slots=True)
class Expected:
    """The reports of a run.

    Attributes:
        affected: Customers with actions in scope.
        asked: Customers without one, who asked.
        told_before: Customers without one, whom the version before told something.
    """

    affected: tuple[CustomerRows, ...]
    asked: tuple[str, ...]
    told_before: tuple[str, ...]

    @property
    def entries(self) -> tuple[CustomerRows, ...]:
        """Everybody, those with actions first; the others have no rows."""
        others = sorted({*self.asked, *self.told_before})
        return (*self.affected, *(CustomerRows(customer_id, 0, ()) for customer_id in others))


def expected_reports(case: Case, result: ScopeResult) -> Expected:
    """Who gets a report of ``case``, given what the scope found."""
    affected = {entry.customer_id for entry in result.customers}
    asked = sorted({inquiry.customer_id for inquiry in case.inquiries} - affected)
    told = sorted(set(case.previous) - affected)
    return Expected(result.customers, tuple(asked), tuple(told))
