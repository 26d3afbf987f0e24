"""``[review]`` of ``incident.toml``: whose approval is needed, and from when deadlines run."""

from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty
from shirase.domain.review import Policy, Role


class QuorumSection(CaseModel):
    """``[review.quorum]``: how many people in each role have to approve a report.

    Attributes:
        responder: People of the incident team.
        legal: Lawyers.
        comms: People of communications.
        sender: Those who send.
    """

    responder: int = Field(default=0, ge=0)
    legal: int = Field(default=1, ge=0)
    comms: int = Field(default=1, ge=0)
    sender: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not any((self.responder, self.legal, self.comms, self.sender)):
            raise ValueError("somebody has to approve: give one role at least 1")
        return self


class ContractSection(CaseModel):
    """``[[review.contracts]]``: how long a contract leaves for telling a customer.

    Attributes:
        customer_id: Which customer's; ``default`` stands for all that are not named.
        hours: Hours from awareness.
    """

    customer_id: NonEmpty
    hours: int = Field(ge=1)


class ReviewSection(CaseModel):
    """``[review]``: who has to approve, and from when deadlines run.

    Attributes:
        aware_at: When the sender became aware of the incident; without it no deadline is counted.
        alarm_hours: So many hours before a deadline its alarm goes off.
        contracts: Hours that contracts leave.
        solo: True for trials by one person, who may then approve their own drafts; every approval says so for ever.
        quorum: How many people in each role have to approve.
    """

    aware_at: AwareDatetime | None = None
    alarm_hours: int = Field(default=24, ge=1)
    contracts: tuple[ContractSection, ...] = ()
    solo: bool = False
    quorum: QuorumSection = QuorumSection()

    def contract_hours(self) -> dict[str, int]:
        """Hours that contracts leave, by customer id."""
        return {contract.customer_id: contract.hours for contract in self.contracts}

    def policy(self) -> Policy:
        """What makes a revision approved."""
        counts = self.quorum.model_dump()
        return Policy({role: counts[role.value] for role in Role if counts[role.value]}, self.solo)
