"""Edge: the data copies of the version before, which say what each customer was told."""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from shirase.case.problems import Reading
from shirase.domain.errors import Problem
from shirase.domain.impact import Impact
from shirase.domain.incident import Incident
from shirase.domain.supersession import PreviousAction, PreviousReport

_MEND = "copy the data copies (reports/*.json) of the version that was issued, unchanged"


def read_previous(folder: Path, incident: Incident) -> tuple[Reading[dict[str, PreviousReport]], dict[str, str]]:
    """Read every data copy in the folder that ``incident.supersedes`` names.

    Returns:
        The earlier reports by customer, and the SHA-256 of each file by its path below the case.
    """
    assert incident.supersedes is not None
    name = incident.supersedes.folder
    reports: dict[str, PreviousReport] = {}
    digests: dict[str, str] = {}
    problems: list[Problem] = []
    for path in sorted((folder / name).glob("*.json")):
        where = f"{name}/{path.name}"
        content = path.read_bytes()
        digests[where] = hashlib.sha256(content).hexdigest()
        try:
            report = _parse(json.loads(content))
        except (ValueError, KeyError, TypeError) as error:
            problems.append(Problem(f"this is no data copy of a report ({error!r})", where, _MEND))
            continue
        problems += _wrong(report, json.loads(content)["incident"]["id"], incident, where)
        if report.customer_id in reports:
            problems.append(Problem(f"a second report of customer {report.customer_id!r}", where, _MEND))
        reports[report.customer_id] = report
    if not digests:
        problems.append(Problem("there is no data copy of the version before", name, _MEND))
    return Reading(None if problems else reports, tuple(problems)), digests


def _parse(document: dict[str, Any]) -> PreviousReport:
    if not str(document["format"]).startswith("shirase.report/"):
        raise ValueError(f"format {document['format']!r}")
    return PreviousReport(
        report_id=document["report_id"],
        customer_id=document["customer"]["id"],
        version=document["version"],
        issued_at=datetime.fromisoformat(document["incident"]["issued_at"]),
        impact=Impact(document["impact"]),
        actions=tuple(
            PreviousAction(row["uid"], row["number"], datetime.fromisoformat(row["at"]), row["native_code"])
            for row in document["actions"]
        ),
    )


def _wrong(report: PreviousReport, incident_id: str, incident: Incident, where: str) -> list[Problem]:
    assert incident.supersedes is not None
    expected = (incident.id, incident.supersedes.version, incident.supersedes.issued_at)
    found = (incident_id, report.version, report.issued_at)
    names = ("incident", "version", "issued_at")
    return [
        Problem(f"{name} is {is_!s} here and {meant!s} in incident.toml, [supersedes]", where, _MEND)
        for name, is_, meant in zip(names, found, expected, strict=True)
        if is_ != meant
    ]
