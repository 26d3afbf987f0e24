"""Claims: every figure that texts for customers and the public name, the query behind it, and what it says."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired


class OwnClaim(CaseModel):
    """One entry of ``claims.toml``: a figure that no report has by itself, or a statement that a figure bears out.

    Attributes:
        id: Small letters, digits, underscores. Narratives name the result as a value of that name.
        label: What is counted, for tables.
        query: One SELECT over ``lines`` and ``effects`` with one result: a whole number, or a share between 0 and 1.
        expect: The result on which the sentences rest; with any other, nothing is drafted.
        sentences: Parts of texts that rest on it, as they stand there.
        public: Whether the statement pack prints it.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Paired
    query: NonEmpty
    expect: int | None = None
    sentences: tuple[Paired, ...] = ()
    public: bool = False


class ClaimsFile(CaseModel):
    """``claims.toml``."""

    claims: tuple[OwnClaim, ...] = Field(description="One entry for each claim, in any order.")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        repeated = sorted(key for key, times in Counter(claim.id for claim in self.claims).items() if times > 1)
        if repeated:
            raise ValueError(f"two claims have the id {', '.join(repeated)}")
        return self


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query says.

    Attributes:
        name: Of the value: a placeholder of narratives, or the id of a claim.
        query: The SELECT.
        result: A whole number, or a share of 1.
    """

    name: str
    query: str
    result: int | float


@dataclass(frozen=True, slots=True)
class PerCustomer:
    """A figure that each customer has: the query, and its results by customer."""

    name: str
    query: str
    results: tuple[tuple[str, int], ...]


def contradicted(claims: tuple[OwnClaim, ...], answers: tuple[Answer, ...]) -> tuple[tuple[OwnClaim, Answer], ...]:
    """Claims whose figure is not the one that their sentences rest on."""
    by_name = {answer.name: answer for answer in answers}
    return tuple(
        (claim, by_name[claim.id])
        for claim in claims
        if claim.expect is not None and by_name[claim.id].result != claim.expect
    )
