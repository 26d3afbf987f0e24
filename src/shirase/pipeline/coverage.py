"""How far the logs of a case reach, and what they cannot show: the coverage sheet of the run and of every report."""

from collections import Counter
from datetime import date, timedelta

from shirase.domain.incident import Case, SourceSection
from shirase.domain.report import SourceCoverage
from shirase.intake.summary import IntakeSummary
from shirase.scoping.result import ScopeResult
from shirase.text.source_limits import SourceLimits, source_limits


def source_coverage(case: Case, intake: IntakeSummary, result: ScopeResult) -> tuple[SourceCoverage, ...]:
    """How far the log of each source reaches, in the order of ``incident.toml``."""
    sources = {source.id: source for source in case.incident.sources}
    clocks = dict(result.reconciliation.clocks) if result.reconciliation is not None else {}
    files = Counter(file.source_id for file in intake.files)
    return tuple(
        SourceCoverage(
            source_id=reach.source_id,
            name=sources[reach.source_id].name,
            files=files[reach.source_id],
            lines=account.lines_read,
            first_at=reach.first_at,
            last_at=reach.last_at,
            silent_days=reach.silent_days,
            missing_ids=reach.missing_ids,
            retained_until=_retained_until(case, sources[reach.source_id]),
            clock_offset_us=clocks.get(reach.source_id),
            cannot_show=(*_limits(sources[reach.source_id]).cannot_show, *sources[reach.source_id].cannot_show),
        )
        for reach, account in zip(result.reach, result.accounts, strict=True)
    )


def shown_coverage(case: Case, intake: IntakeSummary, result: ScopeResult) -> tuple[SourceCoverage, ...]:
    """The coverage that every report may state: without the exports of one tenant's own log, which name a customer."""
    shared = {source.id for source in case.incident.sources if source.tenant_id is None}
    return tuple(source for source in source_coverage(case, intake, result) if source.source_id in shared)


def sources_with_serial_ids(case: Case) -> tuple[str, ...]:
    """Sources whose ids count up by one, so that missing ones show."""
    return tuple(source.id for source in case.incident.sources if _limits(source).serial_ids)


def sources_in_several_cuts(case: Case) -> tuple[str, ...]:
    """Sources whose events are exported by the hour and by the day."""
    return tuple(source.id for source in case.incident.sources if _limits(source).nested_files)


def _limits(source: SourceSection) -> SourceLimits:
    return source_limits().get(source.adapter, SourceLimits())


def _retained_until(case: Case, source: SourceSection) -> date | None:
    days = source.retention_days or _limits(source).retention_days
    return case.window.utc_days()[0] + timedelta(days=days) if days is not None else None
