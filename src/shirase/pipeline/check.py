"""``shirase check``: whether a case can be used, before anybody waits for it."""

from dataclasses import dataclass
from pathlib import Path

from shirase.case.delivery_files import delivery_file_problems
from shirase.case.evidence_list import list_evidence
from shirase.case.folder import read_case
from shirase.domain.errors import CaseError
from shirase.domain.translation import waiting
from shirase.domain.wording import WordingFinding
from shirase.pipeline.scope import require_adapters
from shirase.pipeline.wording import wording_of


@dataclass(frozen=True, slots=True)
class CheckedCase:
    """A case that can be used, in figures; ``tickets`` is None when the case has no register of tickets.

    ``translations_waiting`` counts texts of which nobody has confirmed that both languages say the same.
    """

    incident_id: str
    customers: int
    tenants: int
    actors: int
    action_kinds: int
    timeline_entries: int
    decisions: int
    tickets: int | None
    translations_waiting: int
    evidence_files: tuple[str, ...]
    wording: tuple[WordingFinding, ...]


def run_check(case_folder: Path) -> CheckedCase:
    """Read everything people wrote and list the evidence, without reading the logs.

    Raises:
        CaseError: With every problem found.
    """
    case = read_case(case_folder)
    if problems := tuple(delivery_file_problems(case_folder)):
        raise CaseError(*problems)
    require_adapters(case)
    evidence = list_evidence(case_folder, case)
    return CheckedCase(
        incident_id=case.incident.id,
        customers=len(case.customers.by_id),
        tenants=len(case.customers.by_tenant),
        actors=len(case.roster.by_id),
        action_kinds=len(case.catalogue.by_code),
        timeline_entries=len(case.timeline),
        decisions=len(case.decisions.attributions),
        tickets=len(case.tickets.by_id) if case.tickets is not None else None,
        translations_waiting=len(waiting(case.translations)),
        evidence_files=tuple(entry.path for entry in evidence),
        wording=wording_of(case),
    )
