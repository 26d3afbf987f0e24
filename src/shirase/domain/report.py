"""The report: every fact that one customer's document states, once, for both languages."""

from dataclasses import dataclass
from datetime import date, datetime

from shirase.domain.action import Basis, Effect, Outcome, TimeQuality
from shirase.domain.bilingual import Paired
from shirase.domain.catalogue import ActionKind, Permissions
from shirase.domain.completeness import RegimeStanding
from shirase.domain.customer import Customer
from shirase.domain.glossary import Term
from shirase.domain.impact import Impact
from shirase.domain.incident import Incident, NarrativeSection, TimelineEntry
from shirase.domain.self_check import SelfCheck
from shirase.domain.stated import StatedFacts
from shirase.domain.supersession import Supersession
from shirase.domain.tickets import UNEXPLAINED, TicketMatch
from shirase.domain.window import Window

SHARED = "shared"
"""Flag of an action that touched other customers too: their objects, the ticket and the reason are not shown."""


CONFIRMED = "confirmed"
"""Flag of an action that the investigation attributes to the intruder: by account and time."""


@dataclass(frozen=True, slots=True)
class ReportObject:
    """An object an action touched, as logged. Every part may be absent."""

    type: str | None
    id: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acted, under a pseudonym that is the same in every report of the case.

    ``organisation`` is None when nobody knows the employer; ``country`` and ``job_title`` likewise.
    """

    pseudonym: str
    organisation: Paired | None
    job_title: Paired | None
    country: str | None


@dataclass(frozen=True, slots=True)
class AlsoSeen:
    """Another log entry that hangs together with a row.

    Attributes:
        kind: ``copy`` and ``match`` for the same event, ``effect_of`` for what it brought about, or a relation.
        source_id: Its tool.
        evidence_file: Position in :attr:`Report.evidence_files`; likewise ``evidence_line``.
    """

    kind: str
    source_id: str
    evidence_file: int
    evidence_line: int


@dataclass(frozen=True, slots=True)
class ReportAction:
    """One row of Annex A.

    Attributes:
        number: 1, 2, 3 … in order of time.
        action_uid: Stable identifier of the action over runs.
        at: When, UTC.
        time_text: The time exactly as logged.
        time_quality: How far the time can be trusted.
        action_code: Code in the catalogue, or ``other`` when nobody has described it.
        action_native: The source's own code, verbatim.
        effect: What it does.
        outcome: Whether it took place.
        tenant_ids: Tenants of this customer that it touched.
        objects: What it touched, as far as it is this customer's.
        masked_count: Objects of other customers that were left out of this row.
        operator: Who acted.
        source_id: Tool, as in ``incident.sources``.
        ticket_id: Support ticket named as the reason, if any.
        reason: Reason as logged, if any.
        evidence_file: Position in :attr:`Report.evidence_files` (1-based: printed as E1, E2 …).
        evidence_line: Line in that file, 1-based.
        flags: Further things a reader must know, for example ``id_conflict``.
        ticket_match: Whether the ticket named is the customer's own.
        opened_after_action: Whether the ticket is the customer's and was opened after the action.
        reason_withheld: Whether a reason was logged that is not shown because it concerns another customer's ticket.
        also_seen: Other log entries of the same event, and of what it brought about.
        tenant_basis: How it is known that the action concerns this customer.
    """

    number: int
    action_uid: str
    at: datetime
    time_text: str
    time_quality: TimeQuality
    action_code: str
    action_native: str
    effect: Effect
    outcome: Outcome
    tenant_ids: tuple[str, ...]
    objects: tuple[ReportObject, ...]
    masked_count: int
    operator: Operator
    source_id: str
    ticket_id: str | None
    reason: str | None
    evidence_file: int
    evidence_line: int
    flags: tuple[str, ...] = ()
    ticket_match: TicketMatch = TicketMatch.UNCHECKED
    opened_after_action: bool = False
    reason_withheld: bool = False
    also_seen: tuple[AlsoSeen, ...] = ()
    tenant_basis: Basis = Basis.LOGGED

    @property
    def unexplained(self) -> bool:
        """Whether no support ticket of this customer is known to be the reason."""
        return self.ticket_match in UNEXPLAINED


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A log file that rows of this report come from."""

    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReportCounts:
    """The figures of one customer, each derived from the rows of the report.

    ``without_ticket`` counts actions for which the log names no ticket, not those whose ticket is not shown.

    ``confirmed`` counts those that the investigation attributes to the intruder.

    ``possibly_same`` is how many fewer actions there were if all entries that may show one act in two tools do so.

    ``by_effect`` follows the order of :class:`Effect`; ``by_code`` falls by count; ``by_day`` has every UTC day of
    the window, zero included; ``by_ticket`` follows the order of :class:`TicketMatch`, zero left out.
    """

    actions: int
    without_ticket: int
    not_successful: int
    shared_with_others: int
    confirmed: int
    operators: int
    by_effect: tuple[tuple[Effect, int], ...]
    by_code: tuple[tuple[str, int], ...]
    by_day: tuple[tuple[date, int], ...]
    by_ticket: tuple[tuple[TicketMatch, int], ...] = ()
    possibly_same: int = 0

    @property
    def fewest(self) -> int:
        """The lower end of the count, whose upper end is ``actions``."""
        return self.actions - self.possibly_same

    @property
    def not_matched(self) -> int:
        """Actions that name a ticket which is not one of this customer's."""
        return sum(number for match, number in self.by_ticket if match in UNEXPLAINED - {TicketMatch.NONE})

    @property
    def unexplained(self) -> int:
        """Actions for which no support ticket of this customer is known to be the reason."""
        return self.without_ticket + self.not_matched


@dataclass(frozen=True, slots=True)
class MethodFacts:
    """How the actions were found: the accounting of the whole case, the same in every report."""

    lines_read: int
    in_scope: int
    outside_window: int
    other_organisation: int
    duplicate: int
    not_an_action: int
    quarantined: int
    unattributed: int
    customers_affected: int
    customers_total: int
    tenants_affected: int


@dataclass(frozen=True, slots=True)
class SourceCoverage:
    """How far the log of one source reaches.

    Attributes:
        source_id: Source in ``incident.toml``.
        name: Name of the tool as printed.
        files: Evidence files.
        lines: Log lines read.
        first_at: Earliest time of any usable line, inside the window or not, UTC; None when there is none.
        last_at: Latest such time, UTC.
        silent_days: UTC days that the window touches on which, inside the window, no usable line stands.
        retained_until: Last day on which the log of the window's first day was still kept; None when nobody says.
        clock_offset_us: Microseconds by which its clock is ahead of the primary source, by what both logged; None
            where nothing could be compared.
        cannot_show: What the log cannot show.
        missing_ids: Numbers missing between the ids of its records, from and to, where those count up.
    """

    source_id: str
    name: Paired
    files: int
    lines: int
    first_at: datetime | None
    last_at: datetime | None
    silent_days: tuple[date, ...]
    retained_until: date | None = None
    clock_offset_us: int | None = None
    cannot_show: tuple[Paired, ...] = ()
    missing_ids: tuple[tuple[int, int], ...] = ()

    @property
    def missing_count(self) -> int:
        """How many numbers are missing."""
        return sum(last - first + 1 for first, last in self.missing_ids)

    @property
    def has_limits(self) -> bool:
        """Whether there is something to say beyond how far it reaches."""
        return (
            bool(self.cannot_show or self.missing_ids)
            or self.retained_until is not None
            or self.clock_offset_us is not None
        )


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What every report of the batch states alike. Nothing in here may name a customer.

    ``own_log_events`` are all events under which the catalogue's actions appear in a customer's own log.
    ``unconfirmed_texts`` counts those of which nobody has confirmed that both languages say the same.
    ``own_figures`` are the results of ``claims.toml`` that narratives name, by their names.
    """

    incident: Incident
    window: Window
    timeline: tuple[TimelineEntry, ...]
    narrative: tuple[NarrativeSection, ...]
    permissions: Permissions
    stated: StatedFacts
    self_check: SelfCheck | None
    own_log_events: tuple[str, ...]
    method: MethodFacts
    coverage: tuple[SourceCoverage, ...] = ()
    terms: tuple[Term, ...] = ()
    unconfirmed_texts: int = 0
    own_figures: tuple[tuple[str, int | float], ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One customer's report.

    Attributes:
        report_id: Identifier, also the file name.
        canary: The customer's code, on every page and in every copy, and nowhere else.
        batch: What all reports share.
        customer: Whose report it is.
        tenant_counts: Actions per tenant of this customer, every tenant listed, zero included.
        kinds: Catalogue entries of the codes that occur, in the order of ``counts.by_code``.
        undescribed: Native codes that occur and that nobody has described, sorted.
        counts: Figures.
        impact: What the report says of the customer as a whole.
        supersession: What this version replaces; None in version 1.
        first_at: First action, UTC; None when there is none.
        last_at: Last action, UTC; likewise.
        evidence_files: Files the rows come from, in order of their paths.
        actions: The rows, in order of time.
        completeness: How far it states what the checklists ask for; empty when nothing is recorded.
        preview_rows: When set, only the first so many rows are printed and every page says that it is a preview.
    """

    report_id: str
    canary: str
    batch: BatchFacts
    customer: Customer
    tenant_counts: tuple[tuple[str, int], ...]
    kinds: tuple[ActionKind, ...]
    undescribed: tuple[str, ...]
    counts: ReportCounts
    impact: Impact
    supersession: Supersession | None
    first_at: datetime | None
    last_at: datetime | None
    evidence_files: tuple[EvidenceFile, ...]
    actions: tuple[ReportAction, ...]
    completeness: tuple[RegimeStanding, ...] = ()
    preview_rows: int | None = None
