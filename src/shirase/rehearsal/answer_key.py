"""The answer key: what a program must find in the case, written from what was planted."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from shirase.domain.disposition import Disposition
from shirase.rehearsal.instants import HOUR, WINDOW_END, WINDOW_START
from shirase.rehearsal.laid import Laid, Placed
from shirase.rehearsal.truth import Verdict

FORMAT = 1

_MOVES = {
    f"{end}{hours:+d}h": (end, hours * HOUR) for end in ("start", "end") for hours in (-1, 1, -24, 24)
}  # fmt: skip


def build_key(
    size: dict[str, int],
    laid: Sequence[Laid],
    tenants: Mapping[str, tuple[str, ...]],
    *,
    missing_ids: Mapping[str, list[list[int]]] | None = None,
    with_tickets: bool = False,
) -> dict[str, Any]:
    """The key of a case.

    Args:
        size: What was asked for.
        laid: The evidence files.
        tenants: The tenants of each customer, those that a decision gave it last.
        missing_ids: Numbers that are missing between the ids of a source, from and to.
        with_tickets: Whether the case has a register of tickets; the key then says of each customer what became of the
            ticket of each action.
    """
    placed = [line for entry in laid for line in entry.placed]
    customers = _customers(placed, tenants)
    if with_tickets:
        for customer_id, lines in _told(placed).items():
            customers[customer_id]["tickets"] = _tickets(lines)
    return {
        "format": FORMAT,
        "size": size,
        "lines": len(placed),
        "physical": {entry.path: _physical(entry) for entry in laid},
        "counts": _counts(laid),
        "customers": customers,
        "edges": {name: asdict(_edge(placed, *move)) for name, move in _MOVES.items()},
        "flags": {"id_conflict": [[line.path, line.line] for line in placed if line.verdict.id_conflict]},
        "undescribed": sorted({line.verdict.undescribed for line in placed if line.verdict.undescribed}),
        "links": _links(laid),
        "pairs": _pairs(placed),
        "missing_ids": dict(missing_ids or {}),
        "found_by": dict(sorted(Counter(line.verdict.found_by for line in placed if line.verdict.found_by).items())),
        "dispositions": _dispositions(placed),
    }


def key_as_bytes(key: dict[str, Any]) -> bytes:
    """The key as it is written: compact JSON, as it has an entry for every line."""
    return json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _physical(entry: Laid) -> dict[str, int]:
    return {
        "physical_lines": entry.physical_lines,
        "header_lines": entry.header_lines,
        "blank_lines": entry.blank_lines,
        "continuation_lines": entry.continuation_lines,
        "previews": entry.previews,
        "footer_lines": 0,
        "records": len(entry.placed),
    }


def _dispositions(placed: Sequence[Placed]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for line in placed:
        verdict = line.verdict
        entry = [verdict.disposition.value, verdict.rule.value, list(verdict.customer_ids)]
        found.setdefault(line.path, {})[str(line.line)] = entry
    return found


def _links(laid: Sequence[Laid]) -> dict[str, dict[str, int]]:
    """Lines of each source that are something to a line of another source, by what they are."""
    counts: dict[str, Counter[str]] = {}
    for entry in laid:
        for line in entry.placed:
            if line.verdict.link:
                counts.setdefault(entry.source_id, Counter())[line.verdict.link] += 1
    return {source_id: dict(sorted(found.items())) for source_id, found in sorted(counts.items())}


def _pairs(placed: Sequence[Placed]) -> list[list[Any]]:
    """Each line that is something to a line of another source: where it stands, what it is, where the other stands."""
    places = {id(line.verdict): [line.path, line.line] for line in placed}
    linked = [line for line in placed if line.verdict.of is not None]
    return sorted([line.path, line.line, line.verdict.link, *places[id(line.verdict.of)]] for line in linked)


def _counts(laid: Sequence[Laid]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = {}
    for entry in laid:
        found = counts.setdefault(entry.source_id, Counter({member.value: 0 for member in Disposition}))
        found.update(line.verdict.disposition.value for line in entry.placed)
    return {source_id: dict(found) for source_id, found in sorted(counts.items())}


def _customers(placed: Sequence[Placed], tenants: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    told = _told(placed)
    return {customer_id: _customer(told[customer_id], tenants[customer_id]) for customer_id in sorted(told)}


def _told(placed: Sequence[Placed]) -> dict[str, list[Placed]]:
    """The lines each customer must be told of, in the order of its report."""
    told: dict[str, list[Placed]] = {}
    for line in placed:
        for customer_id in line.verdict.customer_ids:
            told.setdefault(customer_id, []).append(line)
    for lines in told.values():
        lines.sort(key=lambda line: (line.verdict.at or 0, line.path, line.line))
    return told


def _customer(lines: list[Placed], owned: tuple[str, ...]) -> dict[str, Any]:
    touched = Counter(tenant for line in lines for tenant in set(line.verdict.tenant_ids))
    return {
        "actions": [[line.path, line.line] for line in lines],
        "tenants": {tenant: touched[tenant] for tenant in owned},
    }


def _tickets(lines: list[Placed]) -> dict[str, Any]:
    """What became of the tickets of one customer's actions: how many of each kind, and the kind of each action."""
    alone = [line.verdict.ticket for line in lines if len(line.verdict.customer_ids) == 1]
    kinds = [_shown_ticket(line.verdict) for line in lines]
    return {
        "counts": dict(sorted(Counter(kinds).items())),
        "opened_after_action": sum(truth.opened_after for truth in alone),
        "reasons_withheld": sum(truth.reason_withheld for truth in alone),
        "by_action": kinds,
    }


def _shown_ticket(verdict: Verdict) -> str:
    """Of an action that several customers are told of, no more is said than whether it names a ticket."""
    kind = verdict.ticket.kind
    return "withheld" if len(verdict.customer_ids) > 1 and kind != "none" else kind


@dataclass(frozen=True, slots=True)
class _Edge:
    lines: int
    customers: int


def _edge(placed: Sequence[Placed], end: str, move: int) -> _Edge:
    """Lines and customers gained (negative: lost) when one end of the window moves by ``move`` microseconds."""
    start_at = WINDOW_START + (move if end == "start" else 0)
    end_at = WINDOW_END + (move if end == "end" else 0)
    now_lines = then_lines = 0
    now: set[str] = set()
    then: set[str] = set()
    for line in placed:
        verdict = line.verdict
        if not verdict.told_if_inside or verdict.at is None:
            continue
        if verdict.disposition is Disposition.IN_SCOPE:
            now_lines += 1
            now.update(verdict.told_if_inside)
        if start_at <= verdict.at <= end_at:
            then_lines += 1
            then.update(verdict.told_if_inside)
    return _Edge(then_lines - now_lines, len(then) - len(now))
