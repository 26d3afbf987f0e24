"""``shirase check``: whether a case can be used, before anybody waits for it."""

from dataclasses import dataclass
from pathlib import Path

from shirase.case.evidence_list import list_evidence
from shirase.case.folder import read_case


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case that can be used, in figures."""

    incident_id: str
    customers: int
    tenants: int
    actors: int
    action_kinds: int
    timeline_entries: int
    decisions: int
    evidence_files: tuple[str, ...]


def run_check(case_folder: Path) -> CheckedCase:
    """Read everything people wrote and list the evidence, without reading the logs.

    Raises:
        CaseError: With every problem found.
    """
    case = read_case(case_folder)
    evidence = list_evidence(case_folder, case)
    return CheckedCase(
        incident_id=case.incident.id,
        customers=len(case.customers.by_id),
        tenants=len(case.customers.by_tenant),
        actors=len(case.roster.by_id),
        action_kinds=len(case.catalogue.by_code),
        timeline_entries=len(case.timeline),
        decisions=len(case.decisions.attributions),
        evidence_files=tuple(entry.path for entry in evidence),
    )
