"""What is inspected: the files of one finished report, and what they must be."""

from dataclasses import dataclass

from shirase.domain.customer import Customer
from shirase.domain.glossary import Term
from shirase.inspection.stated import Told


@dataclass(frozen=True, slots=True)
class Expected:
    """What one report must be.

    Attributes:
        report_id: Which.
        customer: Whose.
        canary: The code that stands on all its pages and in all its copies (:mod:`shirase.domain.canary`).
        uids: The actions in scope, by their identifiers, in order.
        told: What its letters must name; None for a customer for whom nothing is recorded.
        terms: The glossary: one word for one thing in either language.
        waived: Wordings that somebody signed for.
        targets: Addresses that links may lead to.
        printed: Texts of the case that annexes print as they are.
        version: Version of the report.
    """

    report_id: str
    customer: Customer
    canary: str
    uids: tuple[str, ...]
    told: Told | None = None
    terms: tuple[Term, ...] = ()
    waived: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """One finished report: the PDF, the data copy beside it, and its rows as a table unless no data is wanted."""

    pdf: bytes
    data: bytes
    table: bytes | None
