"""What one log line costs as a slotted dataclass, against the same values validated by pydantic (ADR 0004)."""

import dataclasses
import statistics
import timeit
from datetime import UTC, datetime

from pydantic import TypeAdapter

from shirase.domain.action import (
    ActorKind,
    ActorNative,
    Basis,
    EvidenceRef,
    Observation,
    Outcome,
    SupportAction,
    Target,
    TimeQuality,
)

LINES = 5_000
ROUNDS = 5


def build() -> SupportAction:
    """One action, as intake builds it."""
    ref = EvidenceRef("evidence/superuser/2022-01-18.ndjson", 4711, 1_234_567)
    return SupportAction(
        action_uid="a" * 64,
        time=datetime(2022, 1, 18, 12, tzinfo=UTC),
        time_quality=TimeQuality.EXACT,
        actor_uid="e-17",
        actor_native=ActorNative("e-17", "Ana Reyes", "ana@support.example", "Sitel"),
        actor_kind=ActorKind.UNKNOWN,
        action_code="user.view",
        action_native="su.user.view",
        outcome=Outcome.SUCCESS,
        tenant_ids=("t-1",),
        tenant_basis=Basis.LOGGED,
        observations=(Observation("superuser", "f" * 64, ref, "req-1", "2022-01-18T12:00:00Z", "d" * 64),),
        targets=(Target("user", "u-1", "Hanako"),),
    )


def run() -> None:
    """Print microseconds per line and the ratio, pair by pair."""
    adapter = TypeAdapter(SupportAction)
    values = dataclasses.asdict(build())
    ratios, plain_best = [], []
    for _ in range(ROUNDS):
        plain = timeit.timeit(build, number=LINES) / LINES
        validated = timeit.timeit(lambda: adapter.validate_python(values), number=LINES) / LINES
        ratios.append(validated / plain)
        plain_best.append(plain)
    print(f"slotted dataclasses: {statistics.median(plain_best) * 1e6:.1f} µs a line")
    print(f"the same values through pydantic: {statistics.median(ratios):.1f} times that")
