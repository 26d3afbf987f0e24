"""Edge: what a sealed report says of its incident, from the data copy that was approved with it."""

import json
from dataclasses import dataclass

from shirase.domain.bilingual import Paired
from shirase.domain.impact import Impact
from shirase.domain.incident import Stage
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.revision_store import DATA, read_revision


@dataclass(frozen=True, slots=True)
class ToldByReport:
    """What a report says: not what the case says by now."""

    version: int
    impact: Impact
    title: Paired
    stage: Stage
    is_exercise: bool


def told_by_report(output: OutputFolder, data_digest: str) -> ToldByReport:
    """What the report with this data copy says.

    Raises:
        TamperedError: When the copy is gone or another one.
    """
    copy = json.loads(read_revision(output, data_digest, DATA))
    incident = copy["incident"]
    return ToldByReport(
        copy["version"], Impact(copy["impact"]), Paired(**incident["title"]), Stage(incident["stage"]),
        incident["exercise"],
    )  # fmt: skip
