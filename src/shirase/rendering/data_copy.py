"""The data copy: the facts and rows of a report for machines, ``reports/<report id>.json``."""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

from shirase.domain.bilingual import Paired
from shirase.domain.report import Operator, Report, ReportAction, SourceCoverage
from shirase.domain.supersession import Supersession

FORMAT = "shirase.report/1"
"""Name and version of the format. Fields may be added under the same version, never renamed or given a new meaning."""

_UNSEEN = re.compile(r"[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")


@dataclass(frozen=True, slots=True)
class DataCopy:
    """The file's bytes (UTF-8, one action a line) and their SHA-256."""

    content: bytes
    sha256: str


def data_copy(report: Report) -> DataCopy:
    """Write the data copy of ``report``.

    Fields: ``format``; ``report_id``; ``document_code`` (as on every page); ``version``; ``impact``; ``supersedes``
    (what this version replaces and how the actions differ, by their identifiers; null in version 1); ``incident``
    (id, title, stage, exercise, issued_at, as_of, next_update_on); ``customer`` (id, names, tenants); ``window``
    (start_at, end_at: both included; zone); ``counts``; ``method`` (what became of every log line of the case);
    ``coverage`` (how far the log of each source reaches, and UTC days of the window without a line); ``kinds``
    (label and explanation by action code); ``evidence_files`` (path, sha256, numbered as in Annex A); ``actions``,
    one object a row of Annex A in the same order, with times and values exactly as logged, ``ticket_match`` as in
    :class:`shirase.domain.tickets.TicketMatch`. Times are UTC, ISO 8601. Absent values are null. Characters that
    cannot be seen are escaped.
    """
    lines = [f"{_json(name)}: {_json(value)}" for name, value in _head(report).items()]
    rows = ",\n".join(_json(action_fields(action)) for action in report.actions)
    text = "{\n" + ",\n".join(lines) + ',\n"actions": [\n' + rows + "\n]\n}\n"
    # A lone surrogate cannot be encoded; as a JSON escape it stays what it was.
    content = text.encode("utf-8", "backslashreplace")
    return DataCopy(content, hashlib.sha256(content).hexdigest())


def _head(report: Report) -> dict[str, object]:
    batch = report.batch
    incident, method = batch.incident, batch.method
    return {
        "format": FORMAT,
        "report_id": report.report_id,
        "document_code": report.canary,
        "version": batch.incident.version,
        "impact": report.impact.value,
        "supersedes": _supersession(report.supersession),
        "incident": {
            "id": incident.id,
            "title": _paired(incident.title),
            "stage": incident.stage.value,
            "exercise": incident.exercise,
            "issued_at": _instant(incident.issued_at),
            "as_of": _instant(incident.as_of),
            "next_update_on": incident.next_update_on.isoformat(),
        },
        "customer": {
            "id": report.customer.customer_id,
            "name_ja": report.customer.name_ja,
            "name_en": report.customer.name_en,
            "tenants": [{"id": tenant, "actions": number} for tenant, number in report.tenant_counts],
        },
        "window": {
            "start_at": _instant(batch.window.start_at),
            "end_at": _instant(batch.window.end_at),
            "zone": batch.window.zone,
        },
        "counts": {
            "actions": report.counts.actions,
            "without_ticket": report.counts.without_ticket,
            "not_successful": report.counts.not_successful,
            "shared_with_others": report.counts.shared_with_others,
            "confirmed": report.counts.confirmed,
            "operators": report.counts.operators,
            "possibly_same": report.counts.possibly_same,
            "by_effect": {effect.value: number for effect, number in report.counts.by_effect},
            "by_code": dict(report.counts.by_code),
            "by_day": {day.isoformat(): number for day, number in report.counts.by_day},
            "by_ticket": {match.value: number for match, number in report.counts.by_ticket},
        },
        "method": {name: getattr(method, name) for name in method.__dataclass_fields__},
        "coverage": [_coverage(source) for source in batch.coverage],
        "kinds": {
            kind.code: {
                "effect": kind.effect.value,
                "label": _paired(kind.label),
                "explanation": _paired(kind.explanation),
            }
            for kind in report.kinds
        },
        "undescribed": list(report.undescribed),
        "evidence_files": [{"path": file.path, "sha256": file.digest} for file in report.evidence_files],
    }


def _supersession(replaced: Supersession | None) -> dict[str, object] | None:
    if replaced is None:
        return None
    return {
        "version": replaced.version,
        "issued_at": _instant(replaced.issued_at),
        "impact": replaced.previous.impact.value if replaced.previous is not None else None,
        "actions": len(replaced.previous.actions) if replaced.previous is not None else None,
        "added": sorted(replaced.added),
        "removed": [action.uid for action in replaced.removed],
    }


def action_fields(action: ReportAction) -> dict[str, object]:
    """One row of Annex A by field, as it stands in the data copy."""
    return {
        "number": action.number,
        "uid": action.action_uid,
        "at": _instant(action.at),
        "time_as_logged": action.time_text,
        "time_quality": action.time_quality.value,
        "code": action.action_code,
        "native_code": action.action_native,
        "effect": action.effect.value,
        "outcome": action.outcome.value,
        "tenants": list(action.tenant_ids),
        "objects": [{"type": entry.type, "id": entry.id, "name": entry.name} for entry in action.objects],
        "objects_not_shown": action.masked_count,
        "operator": _operator(action.operator),
        "source": action.source_id,
        "ticket": action.ticket_id,
        "ticket_match": action.ticket_match.value,
        "ticket_opened_after_action": action.opened_after_action,
        "reason": action.reason,
        "reason_withheld": action.reason_withheld,
        "evidence": {"file": action.evidence_file, "line": action.evidence_line},
        "flags": list(action.flags),
        "tenant_basis": action.tenant_basis.value,
        "also_seen": [
            {"kind": seen.kind, "source": seen.source_id, "file": seen.evidence_file, "line": seen.evidence_line}
            for seen in action.also_seen
        ],
    }


def _coverage(source: SourceCoverage) -> dict[str, object]:
    return {
        "source": source.source_id,
        "name": _paired(source.name),
        "files": source.files,
        "lines": source.lines,
        "first_at": _instant(source.first_at) if source.first_at is not None else None,
        "last_at": _instant(source.last_at) if source.last_at is not None else None,
        "silent_days": [day.isoformat() for day in source.silent_days],
        "retained_until": source.retained_until.isoformat() if source.retained_until is not None else None,
        "clock_offset_us": source.clock_offset_us,
        "missing_ids": [list(gap) for gap in source.missing_ids],
        "cannot_show": [_paired(text) for text in source.cannot_show],
    }


def _operator(operator: Operator) -> dict[str, object]:
    return {
        "pseudonym": operator.pseudonym,
        "organisation": _paired(operator.organisation),
        "job_title": _paired(operator.job_title),
        "country": operator.country,
    }


def _paired(text: Paired | None) -> dict[str, str] | None:
    return {"ja": text.ja, "en": text.en} if text is not None else None


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _json(value: object) -> str:
    return _UNSEEN.sub(_escape, json.dumps(value, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
