"""What every report states of the checklists: ``completeness.csv`` for people who filter, figures for the run sheet."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

from shirase.domain.completeness import Level, Standing
from shirase.inspection.completeness import ItemFound
from shirase.pipeline.inspections import InspectedReport

COLUMNS = ("customer_id", "report_id", "regime", "item", "level", "language", "standing", "places", "pages")


def completeness_csv(reports: Sequence[InspectedReport]) -> bytes:
    """One line for each report, item and language, with the places and the pages on which they begin."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for report in reports:
        for item in report.items:
            writer.writerow([report.customer_id, report.report_id, *_cells(item)])
    return ("\ufeff" + stream.getvalue()).encode()


def completeness_figures(reports: Sequence[InspectedReport]) -> dict[str, Any]:
    """By checklist: how many items of how many reports stand how, both languages counted; and what blocks."""
    counts: dict[str, Counter[str]] = {}
    blocked: dict[str, set[str]] = {}
    for report in reports:
        for item in report.items:
            counts.setdefault(item.regime, Counter())[item.standing.value] += 1
            if item.standing in (Standing.MISSING, Standing.PARTIAL) and item.missing and item.level is Level.MUST:
                blocked.setdefault(item.regime, set()).add(report.customer_id)
    return {
        regime: {
            **{standing.value: found[standing.value] for standing in Standing},
            "blocked": sorted(blocked.get(regime, ())),
        }
        for regime, found in sorted(counts.items())
    }


def _cells(item: ItemFound) -> tuple[object, ...]:
    return (
        item.regime, item.item, item.level.value, item.language.value, item.standing.value, ";".join(item.places),
        ";".join(map(str, item.pages)),
    )  # fmt: skip
