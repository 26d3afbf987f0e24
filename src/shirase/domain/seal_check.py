"""What a check of a sealed file says: one named facet after the other, never a bare yes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of one facet. ``not_checked`` is never a yes: something that it takes was not there."""

    HOLDS = "holds"
    FAILS = "fails"
    NOTED = "noted"
    NOT_CHECKED = "not_checked"


class Facet(StrEnum):
    """What is asked of a sealed file."""

    SIGNED = "signed"
    BYTES_INTACT = "bytes_intact"
    SIGNATURE_VALID = "signature_valid"
    NOTHING_ADDED = "nothing_added"
    CHAIN_TRUSTED = "chain_trusted"
    CERTIFICATE = "certificate"
    TIME_STAMPED = "time_stamped"
    STANDARDS = "standards"
    MANIFEST_SIGNED = "manifest_signed"
    IN_MANIFEST = "in_manifest"
    APPROVED_PREFIX = "approved_prefix"
    DATA_COPY = "data_copy"
    JOURNAL = "journal"


@dataclass(frozen=True, slots=True)
class FacetCheck:
    """One facet of one file: what became of it, in words."""

    facet: Facet
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class SealCheck:
    """All facets of one file."""

    file: str
    facets: tuple[FacetCheck, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing failed, and the file is signed at all."""
        verdicts = {each.facet: each.verdict for each in self.facets}
        return verdicts.get(Facet.SIGNED) is Verdict.HOLDS and Verdict.FAILS not in verdicts.values()

    def find(self, facet: Facet) -> FacetCheck | None:
        """What became of one facet."""
        return next((each for each in self.facets if each.facet is facet), None)


def holds(facet: Facet, says: str) -> FacetCheck:
    """It does."""
    return FacetCheck(facet, Verdict.HOLDS, says)


def fails(facet: Facet, says: str) -> FacetCheck:
    """It does not."""
    return FacetCheck(facet, Verdict.FAILS, says)


def not_checked(facet: Facet, says: str) -> FacetCheck:
    """Nobody can say; ``says`` names what it would take."""
    return FacetCheck(facet, Verdict.NOT_CHECKED, says)


def all_hold(checks: Iterable[SealCheck]) -> bool:
    """Whether every file holds; of no file at all nothing does."""
    found = list(checks)
    return bool(found) and all(each.holds for each in found)
