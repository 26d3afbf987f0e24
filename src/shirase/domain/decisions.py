"""Decisions that people signed off: what the rules could not know."""

from collections import Counter
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty


class Attribution(StrEnum):
    """Whose an unattributed line is."""

    NO_CUSTOMER = "no_customer"
    CUSTOMER = "customer"


class AttributionDecision(CaseModel):
    """One entry of ``decisions.toml``: to whom lines belong that no rule could attribute.

    Attributes:
        tenant_id: Decides every line that names this tenant.
        line_digest: Decides the line with this SHA-256, for lines that name no tenant.
        decision: A customer, or none.
        customer_id: The customer, when there is one.
        reason: Why, in words that a regulator could read.
        decided_by: Who signed it off.
        decided_at: When.
    """

    tenant_id: NonEmpty | None = None
    line_digest: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    decision: Attribution
    customer_id: NonEmpty | None = None
    reason: NonEmpty
    decided_by: NonEmpty
    decided_at: AwareDatetime

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if (self.tenant_id is None) == (self.line_digest is None):
            raise ValueError("name either a tenant_id or a line_digest")
        if (self.decision is Attribution.CUSTOMER) != (self.customer_id is not None):
            raise ValueError("customer_id goes with decision = 'customer', and only with it")
        return self


class ResolvedKind(StrEnum):
    """What a record says from which a person knew the customer.

    ``action`` speaks of records that name nobody at all: the value is the source's id, a slash, and its own code.
    """

    TICKET = "ticket"
    ACCOUNT = "account"
    SITE = "site"
    CHANNEL = "channel"
    DOMAIN = "domain"
    PHONE = "phone"
    NAME = "name"
    ACTION = "action"


class ResolutionDecision(CaseModel):
    """One entry of ``[[resolutions]]``: whom records concern that say this, where rules would be wrong or unsure.

    Attributes:
        kind: What it is.
        value: As logged; of a name, the words themselves. Width and case do not matter.
        customer_ids: Every customer concerned; none when it concerns nobody.
        reason: Why, in words that a regulator could read.
        decided_by: Who decided.
        decided_at: When.
        reviewed_by: Who reviewed the decision: somebody else.
        reviewed_at: When, not before the decision.
    """

    kind: ResolvedKind
    value: NonEmpty
    customer_ids: tuple[NonEmpty, ...]
    reason: NonEmpty
    decided_by: NonEmpty
    decided_at: AwareDatetime
    reviewed_by: NonEmpty
    reviewed_at: AwareDatetime

    @model_validator(mode="after")
    def _four_eyes(self) -> Self:
        if self.decided_by.strip().casefold() == self.reviewed_by.strip().casefold():
            raise ValueError("nobody reviews a decision of their own: name another person in reviewed_by")
        if self.kind is ResolvedKind.ACTION and (self.customer_ids or "/" not in self.value):
            raise ValueError('kind = "action" needs value = "<source>/<code>" and customer_ids = []: it is nobody\'s')
        if self.reviewed_at < self.decided_at:
            raise ValueError("reviewed_at lies before decided_at")
        return self


class IgnoredFile(CaseModel):
    """A file under ``evidence/`` that is on purpose read by no source."""

    path: NonEmpty
    reason: NonEmpty
    decided_by: NonEmpty
    decided_at: AwareDatetime


class WordingWaiver(CaseModel):
    """One entry of ``[[wording]]``: a sentence that stays although the lint objects to it.

    Attributes:
        text: The sentence, or the part of it that makes it unmistakable.
        rule: Only this rule; every rule when empty.
        reason: Why it stays.
        decided_by: Who signed it off.
        decided_at: When.
    """

    text: NonEmpty
    rule: str = ""
    reason: NonEmpty
    decided_by: NonEmpty
    decided_at: AwareDatetime


class LeakWaiver(CaseModel):
    """One entry of ``[[leaks]]``: words that stay although they look like another customer's.

    Attributes:
        text: The words, with enough around them to be unmistakable.
        reason: Why they name nobody here.
        decided_by: Who signed it off.
        decided_at: When.
    """

    text: NonEmpty
    reason: NonEmpty
    decided_by: NonEmpty
    decided_at: AwareDatetime


class Decisions(CaseModel):
    """All decisions of a case."""

    attributions: tuple[AttributionDecision, ...] = ()
    resolutions: tuple[ResolutionDecision, ...] = ()
    ignored_files: tuple[IgnoredFile, ...] = ()
    wording: tuple[WordingWaiver, ...] = ()
    leaks: tuple[LeakWaiver, ...] = ()

    @model_validator(mode="after")
    def _each_subject_once(self) -> Self:
        subjects = [entry.tenant_id or entry.line_digest for entry in self.attributions]
        subjects += [f"{entry.kind} {entry.value}" for entry in self.resolutions]
        repeated = sorted(str(subject) for subject, times in Counter(subjects).items() if times > 1)
        if repeated:
            raise ValueError(f"decided more than once: {', '.join(repeated)}")
        return self
