"""``shirase sniff`` and ``shirase sources``: what a file is and what would become of it; what can be read at all."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from shirase.case.toml_files import read_toml
from shirase.case.written_files import read_written
from shirase.domain.errors import CaseError
from shirase.domain.profile import Profile
from shirase.intake.rejects import reject_as_json
from shirase.intake.sniff import Sniffed
from shirase.intake.sources.contract import Card
from shirase.intake.sources.registry import Registry, find_adapters
from shirase.intake.summary import FileSummary

_SHOWN_COLUMNS = (
    "line", "time_text", "time_quality", "actor_uid", "actor_email", "action_code", "action_native", "outcome",
    "tenant_ids", "native_uid", "acting_as", "via", "origin",
)  # fmt: skip


def list_sources() -> tuple[tuple[Card, ...], Registry]:
    """Every adapter's card, in order of the names, and how they were found."""
    registry = find_adapters()
    return tuple(adapter.card for adapter in registry.adapters.values()), registry


def read_profile(file: Path) -> Profile:
    """The mapping profile in ``file``.

    Raises:
        CaseError: With every problem of it.
    """
    written = read_written(file.parent, file.name)
    problems, profile = list(written.problems), None
    if written.value is not None:
        reading = read_toml(written.value, Profile)
        problems, profile = list(reading.problems), reading.value
    if profile is None:
        raise CaseError(*problems)
    return profile


def sniff_sheet(found: Sniffed) -> dict[str, Any]:
    """What a file is, for machines.

    ``records`` = ``actions`` + ``duplicates`` + ``rejects``: all that should be actions. ``read`` is everything the
    file holds: ``records`` + ``not_an_action`` + ``previews`` + ``headers`` + ``footers`` + ``blank`` + ``continued``.
    """
    file = found.summary
    best = next((entry for entry in found.candidates if entry.adapter == found.adapter), None)
    return {
        "file": found.path,
        "bytes": file.facts.size,
        "sha256": file.facts.digest,
        "source": found.adapter,
        "record": best.record if best is not None else None,
        "candidates": [
            {"source": entry.adapter, "record": entry.record, "known": entry.fit.known, "seen": entry.fit.seen,
             "reason": entry.fit.reason}
            for entry in found.candidates
        ],
        **_counts(file, found.duplicates),
        "reject_reasons": dict(file.rejects),
        "not_an_action_by_kind": dict(file.asides),
        "time_quality": dict(file.time_qualities),
        "unknown_fields": dict(file.unknown_columns),
        "unknown_actions": dict(file.unmapped_actions),
        "unknown_outcomes": dict(file.unmapped_outcomes),
        "stripped": dict(file.stripped),
        "remarks": [asdict(remark) for remark in file.remarks],
        "first_actions": [{name: row[name] for name in _SHOWN_COLUMNS} for row in found.first_actions],
        "first_rejects": [
            {name: value for name, value in reject_as_json(reject).items() if name not in ("source", "base64")}
            for reject in found.first_rejects
        ],
    }  # fmt: skip


def _counts(file: FileSummary, duplicates: int) -> dict[str, int]:
    lines = file.count
    return {
        "read": lines.physical_lines,
        "records": file.actions + file.reject_count,
        "actions": file.actions - duplicates,
        "duplicates": duplicates,
        "rejects": file.reject_count,
        "not_an_action": file.no_actions,
        "previews": lines.previews,
        "headers": lines.header_lines,
        "footers": lines.footer_lines,
        "blank": lines.blank_lines,
        "continued": lines.continuation_lines,
    }
