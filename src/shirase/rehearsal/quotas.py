"""How many lines of what: every log line of a case has a purpose before the first one is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from statistics import NormalDist

from shirase.domain.errors import Problem, UsageError

IN_SCOPE_SHARE = 0.375
OUTSIDE_SHARE = 0.14
DUPLICATE_SHARE = 0.02
NOISE_SHARE = 0.12
COPY_SHARE = 0.06
BESIDE_SHARE = 0.04

MIN_CUSTOMERS = 40
MIN_LINES = 500
MIN_AFFECTED = 8
"""Below these the traps would not fit: each part of the cast needs a customer of its own, each trap a line."""

MAX_CUSTOMERS = 40_000
"""The lists of words hold that many different names, and a few more."""

_SPREAD = 1.9
"""Standard deviation of the logarithm of actions per customer: from one to thousands, half of them below about 25."""
_TAIL = 2.0
"""From this many standard deviations on the tail is drawn in, so that no single customer has half of everything."""


@dataclass(frozen=True, slots=True)
class Quotas:
    """Lines of routine work, by what becomes of them; the rest of a case is console noise.

    ``copies`` are those of Splunk, ``beside`` is the most that other systems log around support sessions.
    """

    in_scope: int
    outside: int
    elsewhere: int
    repeats: int
    copies: int
    beside: int


def refuse_too_small(*, customers: int, affected: int, lines: int) -> None:
    """Refuse a case in which not every trap has a place.

    Raises:
        UsageError: Naming the least size.
    """
    problems = []
    if customers < MIN_CUSTOMERS or customers < affected + MIN_CUSTOMERS // 2:
        least = max(MIN_CUSTOMERS, affected + MIN_CUSTOMERS // 2)
        problems.append(Problem(f"{customers} customers are too few", "customers", f"ask for {least} or more"))
    if customers > MAX_CUSTOMERS:
        problems.append(Problem(f"{customers} customers are too many", "customers", f"at most {MAX_CUSTOMERS}"))
    if affected < MIN_AFFECTED:
        problems.append(Problem(f"{affected} affected are too few", "affected", f"ask for {MIN_AFFECTED} or more"))
    least_lines = max(MIN_LINES, least_lines_for(affected))
    if lines < least_lines:
        problems.append(Problem(f"{lines} lines are too few", "lines", f"ask for {least_lines} or more"))
    if problems:
        raise UsageError(*problems)


def least_lines_for(affected: int) -> int:
    """Lines below which the in-scope share could not give every affected customer two actions."""
    return round((2 * affected + 160) / IN_SCOPE_SHARE)


def plan_quotas(lines: int, *, planted: int, planted_in_scope: int) -> Quotas:
    """Share ``lines`` out, of which ``planted`` are traps already."""
    left = lines - planted
    in_scope = round(lines * IN_SCOPE_SHARE) - planted_in_scope
    outside = round(left * OUTSIDE_SHARE)
    repeats = round(left * DUPLICATE_SHARE)
    noise = round(left * NOISE_SHARE)
    copies, beside = round(left * COPY_SHARE), round(left * BESIDE_SHARE)
    elsewhere = left - in_scope - outside - repeats - noise - copies - beside
    return Quotas(in_scope, outside, elsewhere, repeats, copies, beside)


def share_heavy_tailed(total: int, shares: int) -> list[int]:
    """``total`` in ``shares`` parts of at least one, falling: log-normal, so that a few have most."""
    normal = NormalDist()
    weights = [exp(_SPREAD * _drawn_in(normal.inv_cdf(1 - (rank + 0.5) / shares))) for rank in range(shares)]
    parts = spread(total - shares, weights)
    return [1 + part for part in parts]


def _drawn_in(deviations: float) -> float:
    return deviations if deviations <= _TAIL else _TAIL + (deviations - _TAIL) * 0.6


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole parts in proportion to ``weights``; what rounding leaves goes to the largest first."""
    whole = sum(weights)
    parts = [int(total * weight / whole) for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: -weights[place])
    for step in range(total - sum(parts)):
        parts[order[step % len(order)]] += 1
    return parts
