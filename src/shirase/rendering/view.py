"""What the pages of a report show: everything derived that templates would otherwise have to compute."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby

from shirase.domain.action import Outcome, TimeQuality
from shirase.domain.bilingual import Language, Paired
from shirase.domain.catalogue import OTHER_CODE, ActionKind
from shirase.domain.report import Operator, Report, ReportAction, ReportObject
from shirase.text.formats import both_times, format_clock
from shirase.text.visible import cap, make_visible

FIELD_LIMIT = 240
"""Characters printed of one logged value; the data copy holds the rest, and the row says so."""

TICKET_LIMIT = 80
"""Characters printed of a ticket's number, whose column is narrow."""

ROW_LIMIT = 480
"""Characters printed of all objects of a row together: a row must fit on a page even where each takes two columns."""

ROWS_PER_TABLE = 500
"""Rows of one table at most: the layout of a table takes memory as long as it is."""

_LINE_COST = 10
"""What an object takes of :data:`ROW_LIMIT` besides its characters: it begins a line of its own."""

_HEADER_NAME_LIMIT = 48
_FLAG_SHARED = "shared"
_FLAGS_WITH_NOTE = frozenset({_FLAG_SHARED, "id_conflict"})


@dataclass(frozen=True, slots=True)
class ObjectLine:
    """One object of an action. ``isolated`` when a part is written from right to left."""

    type: str
    name: str
    id: str
    isolated: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """What a reader must know about a row besides its cells."""

    masked_count: int
    cut_count: int
    more_objects: int
    shared: bool
    id_conflict: bool
    assumed_zone: bool
    time_conflict: bool
    other_flags: tuple[str, ...]

    def __bool__(self) -> bool:
        return self != _NO_NOTES


_NO_NOTES = Notes(0, 0, 0, shared=False, id_conflict=False, assumed_zone=False, time_conflict=False, other_flags=())


@dataclass(frozen=True, slots=True)
class Row:
    """One row of Annex A. ``local_date`` is empty where both clocks show the same date."""

    number: int
    utc: str
    local_date: str
    local: str
    label: Paired | None
    native: str
    tenants: tuple[str, ...]
    objects: tuple[ObjectLine, ...]
    operator: Operator
    outcome: Outcome
    ticket: str
    ticket_withheld: bool
    evidence: str
    notes: Notes


@dataclass(frozen=True, slots=True)
class DayTable:
    """One table of Annex A: rows of one UTC day; ``part`` of ``parts`` where a day fills several."""

    number: int
    day: date
    part: int
    parts: int
    day_count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of action that occurs. ``kind`` is None for codes that nobody has described."""

    kind: ActionKind | None
    native: str
    count: int


@dataclass(frozen=True, slots=True)
class OperatorLine:
    """One person that acted, and how often."""

    operator: Operator
    count: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """The pages of a report.

    Attributes:
        report: Every fact.
        issued_on: The day of issue, by the sender's clock.
        zone: IANA zone printed beside UTC.
        zone_names: How its clock is called in this report; two names when it was changed meanwhile.
        same_clock: Whether that clock is UTC, so that there is no second time.
        header_names: The addressee as the running header prints it, by language.
        outcomes: Actions by outcome, zero included.
        kinds: Kinds of action that occur, most frequent first, undescribed ones last.
        operators: Who acted, most actions first.
        tables: Rows by UTC day.
        shown_count: Rows printed; fewer than there are in a preview only.
        several_tenants: Whether rows have to name the tenant.
    """

    report: Report
    issued_on: date
    zone: str
    zone_names: tuple[str, ...]
    same_clock: bool
    header_names: dict[Language, str]
    outcomes: tuple[tuple[Outcome, int], ...]
    kinds: tuple[KindLine, ...]
    operators: tuple[OperatorLine, ...]
    tables: tuple[DayTable, ...]
    shown_count: int
    several_tenants: bool


def build_view(report: Report) -> ReportView:
    """Derive everything the pages of ``report`` show."""
    zone = report.customer.time_zone
    shown = report.actions[: report.preview_rows]
    outcomes = Counter(action.outcome for action in report.actions)
    names = dict.fromkeys(both_times(action.at, zone).zone_name for action in report.actions)
    several_tenants = len(report.tenant_counts) > 1
    return ReportView(
        report=report,
        issued_on=report.batch.incident.issued_at.date(),
        zone=zone,
        zone_names=tuple(names),
        same_clock=zone == "UTC",
        header_names={language: _header_name(report.customer.name(language)) for language in Language},
        outcomes=tuple((outcome, outcomes[outcome]) for outcome in Outcome),
        kinds=_kinds(report),
        operators=_operators(report.actions),
        tables=tuple(_tables(shown, report, several_tenants=several_tenants)),
        shown_count=len(shown),
        several_tenants=several_tenants,
    )


def _header_name(name: str) -> str:
    capped = cap(name, _HEADER_NAME_LIMIT)
    return capped.text + ("…" if capped.cut_count else "")


def _kinds(report: Report) -> tuple[KindLine, ...]:
    counts = dict(report.counts.by_code)
    natives = Counter(action.action_native for action in report.actions if action.action_code == OTHER_CODE)
    described = [KindLine(kind, kind.code, counts[kind.code]) for kind in report.kinds]
    return (*described, *(KindLine(None, native, natives[native]) for native in report.undescribed))


def _operators(actions: Sequence[ReportAction]) -> tuple[OperatorLine, ...]:
    counts = Counter(action.operator for action in actions)
    lines = [OperatorLine(operator, count) for operator, count in counts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.operator.pseudonym)))


def _tables(actions: Sequence[ReportAction], report: Report, *, several_tenants: bool) -> Iterator[DayTable]:
    labels = {kind.code: kind.label for kind in report.kinds}
    day_counts = dict(report.counts.by_day)
    number = 0
    for day, of_day in groupby(actions, key=lambda action: action.at.astimezone(UTC).date()):
        rows = [_row(action, labels, report.customer.time_zone, several_tenants=several_tenants) for action in of_day]
        parts = [rows[start : start + ROWS_PER_TABLE] for start in range(0, len(rows), ROWS_PER_TABLE)]
        for part, part_rows in enumerate(parts, start=1):
            number += 1
            yield DayTable(number, day, part, len(parts), day_counts.get(day, len(rows)), tuple(part_rows))


def _row(action: ReportAction, labels: dict[str, Paired], zone: str, *, several_tenants: bool) -> Row:
    times = both_times(action.at, zone)
    objects, cut_count = _object_lines(action.objects)
    native = cap(make_visible(action.action_native), FIELD_LIMIT)
    ticket = cap(make_visible(action.ticket_id or ""), TICKET_LIMIT)
    shared = _FLAG_SHARED in action.flags
    return Row(
        number=action.number,
        utc=format_clock(times.utc),
        local_date=times.local.date().isoformat() if times.differs else "",
        local=f"{times.local:%H:%M:%S}",
        label=labels.get(action.action_code),
        native=native.text,
        tenants=action.tenant_ids if several_tenants else (),
        objects=objects,
        operator=action.operator,
        outcome=action.outcome,
        ticket=ticket.text,
        ticket_withheld=shared and not ticket.text,
        evidence=f"E{action.evidence_file}:{action.evidence_line}",
        notes=Notes(
            masked_count=action.masked_count,
            cut_count=cut_count + native.cut_count + ticket.cut_count,
            more_objects=len(action.objects) - len(objects),
            shared=shared,
            id_conflict="id_conflict" in action.flags,
            assumed_zone=action.time_quality is TimeQuality.ASSUMED_ZONE,
            time_conflict=action.time_quality is TimeQuality.CONFLICT,
            other_flags=tuple(flag for flag in action.flags if flag not in _FLAGS_WITH_NOTE),
        ),
    )


def _object_lines(objects: Sequence[ReportObject]) -> tuple[tuple[ObjectLine, ...], int]:
    """Objects as far as :data:`ROW_LIMIT` reaches, and how many characters of them were cut."""
    lines: list[ObjectLine] = []
    left, cut_count = ROW_LIMIT, 0
    for entry in objects:
        if left <= 0:
            break
        printed = []
        for text in (entry.type, entry.name, entry.id if entry.id != entry.name else None):
            part = cap(make_visible(text or ""), min(FIELD_LIMIT, left))
            left -= len(part.text)
            cut_count += part.cut_count
            printed.append(part.text)
        left -= _LINE_COST
        type_, name, id_ = printed
        lines.append(ObjectLine(type_, name, id_, isolated=any(map(_has_right_to_left, printed))))
    return tuple(lines), cut_count


def _has_right_to_left(text: str) -> bool:
    return not text.isascii() and any(
        "\u0590" <= char <= "\u08ff" or "\ufb1d" <= char <= "\ufefc" or "\U00010800" <= char <= "\U00010fff"
        for char in text
    )
