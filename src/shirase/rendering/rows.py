"""One row of Annex A as it is printed: how much of each value fits, and what a reader must know besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shirase.domain.action import Effect, Outcome, TimeQuality
from shirase.domain.bilingual import Paired
from shirase.domain.report import CONFIRMED, SHARED, Operator, ReportAction, ReportObject
from shirase.domain.resolution import AMBIGUOUS, DISPUTED, FOUND_BY, FoundBy
from shirase.domain.tickets import TicketMatch
from shirase.text.formats import both_times, format_clock
from shirase.text.visible import cap, make_visible

FIELD_LIMIT = 240
"""Characters printed of one logged value; the data copy holds the rest, and the row says so."""

TICKET_LIMIT = 80
"""Characters printed of a ticket's number, whose column is narrow."""

REASON_LIMIT = 120
"""Characters printed of a reason in free words."""

ROW_LIMIT = 480
"""Characters printed of all objects of a row together: a row must fit on a page even where each takes two columns."""

_LINE_COST = 10
"""What an object takes of :data:`ROW_LIMIT` besides its characters: it begins a line of its own."""

_FLAGS_WITH_NOTE = frozenset(
    {
        SHARED,
        CONFIRMED,
        "id_conflict",
        "field_conflict",
        "possible_duplicate",
        "time_conflict",
        "time_of_carrier",
        AMBIGUOUS,
        DISPUTED,
        *(f"{FOUND_BY}{ground.value}" for ground in FoundBy),
    }
)

ALSO_LIMIT = 6
"""Other log entries printed in a row; the data copy has all."""


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
    opened_after: bool
    reason_withheld: bool
    other_flags: tuple[str, ...]
    field_conflict: bool = False
    possible_duplicate: bool = False
    time_of_carrier: bool = False
    found_by: str = ""

    def __bool__(self) -> bool:
        return self != _NO_NOTES


_NO_NOTES = Notes(
    0, 0, 0, shared=False, id_conflict=False, assumed_zone=False, time_conflict=False, opened_after=False,
    reason_withheld=False, other_flags=(),
)  # fmt: skip


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
    effect: Effect
    at: datetime
    ticket: str
    ticket_match: TicketMatch
    unexplained: bool
    reason: str
    source: str
    evidence: str
    also: tuple[tuple[str, str], ...]
    confirmed: bool
    added: bool
    notes: Notes


def build_row_view(
    action: ReportAction, labels: dict[str, Paired], zone: str, added: frozenset[str], *, several_tenants: bool
) -> Row:
    """How ``action`` is printed.

    Args:
        action: The action.
        labels: Its kind's label by code; a code without one is printed as logged.
        zone: IANA zone printed beside UTC.
        added: Identifiers of the actions that the version before does not have.
        several_tenants: Whether the row has to name its tenant.
    """
    times = both_times(action.at, zone)
    objects, cut_count = _object_lines(action.objects)
    native = cap(make_visible(action.action_native), FIELD_LIMIT)
    ticket = cap(make_visible(action.ticket_id or ""), TICKET_LIMIT)
    reason = cap(make_visible(action.reason or ""), REASON_LIMIT)
    shared = SHARED in action.flags
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
        effect=action.effect,
        at=action.at,
        ticket_match=action.ticket_match,
        unexplained=action.unexplained,
        reason=reason.text,
        source=action.source_id,
        confirmed=CONFIRMED in action.flags,
        added=action.action_uid in added,
        evidence=f"E{action.evidence_file}:{action.evidence_line}",
        also=tuple(
            (seen.kind, f"{seen.source_id} E{seen.evidence_file}:{seen.evidence_line}")
            for seen in action.also_seen[:ALSO_LIMIT]
        ),
        notes=Notes(
            masked_count=action.masked_count,
            cut_count=cut_count + native.cut_count + ticket.cut_count + reason.cut_count,
            more_objects=len(action.objects) - len(objects),
            shared=shared,
            id_conflict="id_conflict" in action.flags,
            assumed_zone=action.time_quality is TimeQuality.ASSUMED_ZONE,
            opened_after=action.opened_after_action,
            reason_withheld=action.reason_withheld,
            time_conflict=action.time_quality is TimeQuality.CONFLICT or "time_conflict" in action.flags,
            field_conflict="field_conflict" in action.flags,
            possible_duplicate="possible_duplicate" in action.flags,
            time_of_carrier="time_of_carrier" in action.flags,
            found_by=_found_by(action),
            other_flags=tuple(flag for flag in action.flags if flag not in _FLAGS_WITH_NOTE),
        ),
    )


def _found_by(action: ReportAction) -> str:
    """How the customer was found, of an action whose log names no tenant; by hand where somebody decided the line."""
    if any(flag in action.flags for flag in (AMBIGUOUS, DISPUTED)):
        return FoundBy.DECISION
    return next((flag.removeprefix(FOUND_BY) for flag in action.flags if flag.startswith(FOUND_BY)), "")


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
