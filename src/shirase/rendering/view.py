"""What the pages of a report show: everything derived that templates would otherwise have to compute."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from itertools import groupby, islice

from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language
from shirase.domain.catalogue import OTHER_CODE, ActionKind
from shirase.domain.customer import Customer
from shirase.domain.impact import Impact
from shirase.domain.report import Operator, Report, ReportAction
from shirase.domain.stated import CONSEQUENCES, INCIDENT, NOTIFICATIONS, PERSONAL_DATA, StatedFact
from shirase.domain.tickets import TicketMatch
from shirase.rendering.chart import Chart, build_chart
from shirase.rendering.own_log import OwnLog, build_own_log
from shirase.rendering.rows import Row, build_row_view
from shirase.text.formats import both_times
from shirase.text.visible import cap

ROWS_PER_TABLE = 500
"""Rows of one table at most: the layout of a table takes memory as long as it is."""

UNEXPLAINED_LIMIT = 40
"""Actions without a support ticket of the customer listed before all others; each is marked in its own row as well."""

_CHECKED = frozenset(
    {TicketMatch.OPENED_BY_YOU, TicketMatch.OPENED_BY_US, TicketMatch.NOT_ON_RECORD, TicketMatch.NOT_YOURS}
)
_HEADER_NAME_LIMIT = 48


@dataclass(frozen=True, slots=True)
class DayTable:
    """One table of Annex A: rows of one UTC day; ``part`` of ``parts`` where a day fills several."""

    number: int
    day: date
    part: int
    parts: int
    day_count: int
    day_unexplained: int
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
class Addressee:
    """Whom the letter is addressed to, in one language; empty parts are not printed.

    Attributes:
        organisation: Registered name, exactly as given.
        tag: Language of that name (BCP 47).
        department: Department.
        title: Post of the person.
        person: Person.
    """

    organisation: str
    tag: str
    department: str
    title: str
    person: str


@dataclass(frozen=True, slots=True)
class StatedView:
    """What people state, by section of the letter."""

    incident: tuple[StatedFact, ...]
    personal_data: tuple[StatedFact, ...]
    consequences: tuple[StatedFact, ...]
    notifications: tuple[StatedFact, ...]
    open_points: tuple[StatedFact, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The pages of a report.

    Attributes:
        report: Every fact.
        issued_on: The day of issue, by the sender's clock.
        zone: IANA zone printed beside UTC.
        zone_names: How its clock is called in this report; two names when it was changed meanwhile.
        same_clock: Whether that clock is UTC, so that there is no second time.
        addressee: Whom the letter is addressed to, by language.
        header_names: The addressee as the running header prints it, by language.
        replaced_on: The day, by the sender's clock, on which the version before was issued.
        chart: When the actions took place; None without any.
        personal_data: Kinds of action that display or change personal data.
        stated: What people state.
        own_log: What the customer's own log must show; None when the case knows of no such log.
        outcomes: Actions by outcome, zero included.
        kinds: Kinds of action that occur, most frequent first, undescribed ones last.
        operators: Who acted, most actions first.
        tables: Rows by UTC day.
        unexplained: The first rows without a support ticket of the customer, to be seen before all others.
        shown_count: Rows printed; fewer than there are in a preview only.
        several_tenants: Whether rows have to name the tenant.
        tickets_checked: Whether the tickets named were held against a register.
    """

    report: Report
    issued_on: date
    zone: str
    zone_names: tuple[str, ...]
    same_clock: bool
    addressee: dict[Language, Addressee]
    header_names: dict[Language, str]
    replaced_on: date | None
    chart: Chart | None
    personal_data: tuple[KindLine, ...]
    stated: StatedView
    own_log: OwnLog | None
    outcomes: tuple[tuple[Outcome, int], ...]
    kinds: tuple[KindLine, ...]
    operators: tuple[OperatorLine, ...]
    tables: tuple[DayTable, ...]
    unexplained: tuple[Row, ...]
    shown_count: int
    several_tenants: bool
    tickets_checked: bool


def build_view(report: Report) -> ReportView:
    """Derive everything the pages of ``report`` show."""
    zone = report.customer.time_zone
    shown = report.actions[: report.preview_rows]
    outcomes = Counter(action.outcome for action in report.actions)
    names = dict.fromkeys(both_times(action.at, zone).zone_name for action in report.actions)
    several_tenants = len(report.tenant_counts) > 1
    kinds = _kinds(report)
    replaced = report.supersession
    tables = tuple(_tables(shown, report, several_tenants=several_tenants))
    return ReportView(
        report=report,
        issued_on=report.batch.incident.issued_at.date(),
        zone=zone,
        zone_names=tuple(names),
        same_clock=zone == "UTC",
        addressee={language: _addressee(report.customer, language) for language in Language},
        header_names={language: _header_name(report.customer.name(language)) for language in Language},
        replaced_on=replaced.issued_at.astimezone(report.batch.incident.issued_at.tzinfo).date() if replaced else None,
        chart=build_chart(report),
        personal_data=tuple(line for line in kinds if line.kind is not None and line.kind.personal_data is not None),
        stated=_stated(report),
        own_log=build_own_log(report),
        outcomes=tuple((outcome, outcomes[outcome]) for outcome in Outcome),
        kinds=kinds,
        operators=_operators(report.actions),
        tables=tables,
        unexplained=_first_unexplained(tables),
        shown_count=len(shown),
        several_tenants=several_tenants,
        tickets_checked=any(match in _CHECKED for match, _ in report.counts.by_ticket),
    )


def _addressee(customer: Customer, language: Language) -> Addressee:
    japanese = language is Language.JA
    return Addressee(
        organisation=customer.name(language),
        tag=customer.name_tag(language),
        department=customer.department_ja if japanese else customer.department_en,
        title=customer.person_title_ja if japanese else customer.person_title_en,
        person=customer.person_ja if japanese else customer.person_en,
    )


def _stated(report: Report) -> StatedView:
    """Of a customer for whom nothing is recorded, only what is said of everybody stays open."""
    facts = report.batch.stated
    open_points = facts.open_points()
    if report.impact is Impact.NOT_AFFECTED:
        open_points = tuple(fact for fact in open_points if fact.about in (*INCIDENT, *NOTIFICATIONS))
    return StatedView(
        incident=facts.of(INCIDENT),
        personal_data=facts.of(PERSONAL_DATA),
        consequences=facts.of(CONSEQUENCES),
        notifications=facts.of(NOTIFICATIONS),
        open_points=open_points,
    )


def _first_unexplained(tables: Sequence[DayTable]) -> tuple[Row, ...]:
    rows = (row for table in tables for row in table.rows if row.unexplained)
    return tuple(islice(rows, UNEXPLAINED_LIMIT))


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
    added = report.supersession.added if report.supersession is not None else frozenset[str]()
    zone = report.customer.time_zone
    number = 0
    for day, of_day in groupby(actions, key=lambda action: action.at.astimezone(UTC).date()):
        rows = [build_row_view(action, labels, zone, added, several_tenants=several_tenants) for action in of_day]
        unexplained = sum(1 for row in rows if row.unexplained)
        parts = [rows[start : start + ROWS_PER_TABLE] for start in range(0, len(rows), ROWS_PER_TABLE)]
        for part, part_rows in enumerate(parts, start=1):
            number += 1
            yield DayTable(number, day, part, len(parts), day_counts.get(day, len(rows)), unexplained, tuple(part_rows))
