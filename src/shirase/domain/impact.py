"""How far a customer is affected, and customers who are told although nothing is recorded for them."""

from datetime import date
from enum import StrEnum

from shirase.domain.bilingual import CaseModel, NonEmpty


class Impact(StrEnum):
    """What a report says of its customer."""

    CONFIRMED = "confirmed_affected"
    POTENTIAL = "potentially_affected"
    NOT_AFFECTED = "not_affected"


class Inquiry(CaseModel):
    """One row of ``inquiries.csv``: a customer who asked. Without an action in scope, the report says so.

    Attributes:
        customer_id: Who asked.
        asked_on: When.
    """

    customer_id: NonEmpty
    asked_on: date
