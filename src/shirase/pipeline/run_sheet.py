"""``run.json``: what was read, what became of it, and what was written. No clock, so equal runs give equal bytes."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from shirase.domain.accounting import Account, total_account
from shirase.domain.disposition import Disposition
from shirase.domain.incident import Case
from shirase.domain.report import SourceCoverage
from shirase.domain.translation import JudgedUnit, TranslationState
from shirase.intake.summary import FileSummary
from shirase.pipeline.coverage import source_coverage
from shirase.pipeline.receipts import Receipt
from shirase.pipeline.review_rules import review_sheet
from shirase.pipeline.scope import ScopeRun
from shirase.pipeline.wording import wording_of
from shirase.rendering.worker import RenderFailure
from shirase.scoping.reconciliation.feed import Reconciliation
from shirase.scoping.result import ScopeResult

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of the customers expected: a report, a failure, or not asked for in this run."""

    written: tuple[Receipt, ...]
    failed: tuple[RenderFailure, ...]
    not_selected: tuple[str, ...]
    withdrawn: tuple[str, ...]


def run_sheet(run: ScopeRun, versions: Mapping[str, str]) -> dict[str, Any]:
    """The run sheet of a scope."""
    wording = wording_of(run.case)
    return {
        "format": FORMAT,
        "incident": _incident(run.case),
        "case": {"files": dict(sorted(run.case.digests.items()))},
        "wording": {
            "blockers": sum(found.blocker for found in wording),
            "remarks": sum(not found.blocker for found in wording),
        },
        "translations": translation_counts(run.case.translations),
        "review": review_sheet(run.case, (entry.customer_id for entry in run.expected.entries)),
        "versions": dict(versions),
        "evidence": [_file(file) for file in run.intake.files],
        "accounting": accounting(run.result),
        "reconciliation": reconciliation(run.result.reconciliation),
        "coverage": {
            source.source_id: _coverage(source) for source in source_coverage(run.case, run.intake, run.result)
        },
        "nested_files": [
            {"source": each.source_id, "file": each.path, "inside": each.whole, "rows": each.rows}
            | {"also_there": each.also_there, "only_here": each.only_here}
            for each in run.result.nested_files
        ],
        "funnel": funnel(run),
        "scope": _scope(run.result) | {"expected": _expected(run)},
    }


def with_reports(sheet: Mapping[str, Any], run: ScopeRun, drafted: Drafted) -> dict[str, Any]:
    """``sheet`` of ``run`` with what was written, and whether every customer expected is accounted for."""
    return {**sheet, "reports": _reports(run, drafted)}


def translation_counts(judged: Iterable[JudgedUnit]) -> dict[str, int]:
    """Texts in both languages by their state, zero included."""
    counts = Counter(entry.state for entry in judged)
    return {state.value: counts[state] for state in TranslationState}


def run_key(sheet: Mapping[str, Any]) -> str:
    """Which run a sheet speaks of: SHA-256 over the case, the evidence and the versions that went into it."""
    parts = [sheet["case"], sheet["evidence"], sheet["versions"]]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def accounting(result: ScopeResult) -> dict[str, Any]:
    """The identity per source and in total: lines read = the sum over all dispositions."""
    accounts = (*result.accounts, total_account(result.accounts))
    return {account.source_id: _account(account) for account in accounts}


def reconciliation(found: Reconciliation | None) -> dict[str, Any]:
    """Which lines of different sources were taken for one event, and by source and UTC day who has which events."""
    if found is None:
        return {"links": [], "clock_offset_us": {}, "completeness": []}
    return {
        "links": [
            {"source": source, "primary": primary, "kind": kind, "lines": lines}
            for source, primary, kind, lines in found.links
        ],
        "clock_offset_us": dict(found.clocks),
        "completeness": [
            {
                "source": standing.source_id,
                "carrier": standing.carrier_id,
                "day": standing.day.isoformat(),
                "only_source": standing.only_source,
                "only_carrier": standing.only_carrier,
                "both": standing.both,
                "conflict": standing.conflict,
                "gap": standing.gap,
            }
            for standing in found.days
        ],
    }


def funnel(run: ScopeRun) -> dict[str, Any]:
    """From lines to customers, with the share of all customers to one decimal of a percent."""
    total = total_account(run.result.accounts)
    affected, everyone = len(run.result.customers), run.case.incident.customer_total
    return {
        "lines": total.lines_read,
        "actions": total.lines_read - total.count(Disposition.NOT_AN_ACTION) - total.count(Disposition.QUARANTINED),
        "in_scope": total.count(Disposition.IN_SCOPE),
        "tenants_affected": run.result.tenants_affected,
        "customers_affected": affected,
        "customers_total": everyone,
        "customers_share_percent": round(100 * affected / everyone, 1),
    }


def _incident(case: Case) -> dict[str, Any]:
    return {
        "id": case.incident.id,
        "exercise": case.incident.exercise,
        "window": {
            "start": case.window.start_at.isoformat(),
            "end": case.window.end_at.isoformat(),
            "zone": case.window.zone,
            "ends": "both included",
        },
        "organisations_in_scope": [
            organisation.id for organisation in case.incident.organisations if organisation.in_scope
        ],
    }


def _file(file: FileSummary) -> dict[str, Any]:
    return {
        "path": file.facts.path,
        "source": file.source_id,
        "bytes": file.facts.size,
        "sha256": file.facts.digest,
        "lines": asdict(file.count),
        "actions": file.actions,
        "not_an_action": file.no_actions,
        "rejects": dict(file.rejects),
        "unknown_columns": dict(file.unknown_columns),
        "unmapped_actions": dict(file.unmapped_actions),
        "unmapped_outcomes": dict(file.unmapped_outcomes),
        "time_quality": dict(file.time_qualities),
        "asides": dict(file.asides),
        "stripped": dict(file.stripped),
        "remarks": [asdict(remark) for remark in file.remarks],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "lines_read": account.lines_read,
        **{disposition.value: account.count(disposition) for disposition in Disposition},
        "balances": account.balances(),
    }


def _coverage(source: SourceCoverage) -> dict[str, Any]:
    return {
        "files": source.files,
        "lines": source.lines,
        "first_at": source.first_at.isoformat() if source.first_at is not None else None,
        "last_at": source.last_at.isoformat() if source.last_at is not None else None,
        "silent_days": [day.isoformat() for day in source.silent_days],
        "retained_until": source.retained_until.isoformat() if source.retained_until is not None else None,
        "clock_offset_us": source.clock_offset_us,
        "missing_ids": [list(gap) for gap in source.missing_ids],
        "cannot_show": [{"ja": text.ja, "en": text.en} for text in source.cannot_show],
    }


def _scope(result: ScopeResult) -> dict[str, Any]:
    return {
        "by_rule": [
            {"source": source, "disposition": disposition, "rule": rule, "lines": lines}
            for source, disposition, rule, lines in result.by_rule
        ],
        "edges": [asdict(move) for move in result.edges],
        "unknown_organisation": [asdict(actor) for actor in result.unknown_actors],
        "open_lines": {"count": result.open_count, "first": [asdict(line) for line in result.open_lines]},
        "id_conflicts": [
            {"source": source, "event_id": uid, "lines": lines} for source, uid, lines in result.conflicts
        ],
        "undescribed_actions": [
            {"source": source, "action": native, "lines": lines} for source, native, lines in result.undescribed
        ],
        "contradicted_permissions": [asdict(found) for found in result.contradictions],
        "customers": {entry.customer_id: entry.action_count for entry in result.customers},
    }


def _expected(run: ScopeRun) -> dict[str, Any]:
    """Who gets a report: those affected, and those without an action who asked or were told before."""
    expected = run.expected
    return {
        "reports": {entry.customer_id: entry.action_count for entry in expected.entries},
        "affected": len(expected.affected),
        "asked": list(expected.asked),
        "told_before": list(expected.told_before),
    }


def _reports(run: ScopeRun, drafted: Drafted) -> dict[str, Any]:
    expected = len(run.expected.entries)
    return {
        "expected": expected,
        "written": len(drafted.written),
        "failed": len(drafted.failed),
        "not_selected": len(drafted.not_selected),
        "balances": expected == len(drafted.written) + len(drafted.failed) + len(drafted.not_selected),
        "files": [
            {
                "report_id": receipt.report_id,
                "customer_id": receipt.customer_id,
                "actions": receipt.action_count,
                "pages": receipt.page_count,
                "pdf_sha256": receipt.pdf_digest,
                "data_sha256": receipt.data_digest,
                "csv_sha256": receipt.csv_digest,
                "engine": receipt.engine,
            }
            | ({"engine_refused": receipt.refused} if receipt.refused is not None else {})
            for receipt in sorted(drafted.written, key=lambda receipt: receipt.report_id)
        ],
        "failures": [asdict(failure) for failure in sorted(drafted.failed, key=lambda failure: failure.report_id)],
        "withdrawn": sorted(drafted.withdrawn),
    }
