"""Scoped actions for tests, and the report that the case of ``case_builder`` makes of them."""

from datetime import UTC, datetime

from shirase.domain.action import (
    ActorKind,
    ActorNative,
    Basis,
    EvidenceRef,
    Justification,
    Observation,
    Outcome,
    SupportAction,
    Target,
    TimeQuality,
)
from shirase.domain.disposition import Rule
from shirase.domain.incident import Case
from shirase.domain.report import MethodFacts, Report
from shirase.domain.scoped import ScopedAction
from shirase.reporting.build import build_batch, build_report

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
METHOD = MethodFacts(10, 5, 1, 1, 1, 1, 1, 0, 2, 2, 2)


def scoped(
    line: int, *, customer_count: int = 1, organisation_id: str | None = "sub", **changes: object
) -> ScopedAction:
    """One action of ``eng-1`` on ``t-1`` at noon, with ticket and reason, unless ``changes`` say otherwise."""
    path = changes.pop("path", "evidence/superuser.ndjson")
    assert isinstance(path, str)
    values: dict[str, object] = {
        "action_uid": f"uid-{path}-{line}",
        "time": NOON,
        "time_quality": TimeQuality.SECOND,
        "actor_uid": "eng-1",
        "actor_native": ActorNative("eng-1", "Engineer One", "one@sub.example", "Sub Ltd."),
        "actor_kind": ActorKind.UNKNOWN,
        "action_code": "tenant.view",
        "action_native": "su.tenant.view",
        "outcome": Outcome.SUCCESS,
        "tenant_ids": ("t-1",),
        "tenant_basis": Basis.LOGGED,
        "observations": (
            Observation("superuser", "f" * 64, EvidenceRef(path, line, 0), f"r-{line}", "noon", "0" * 64),
        ),
        "targets": (Target("user", "u-1", "Hanako", "t-1"),),
        "justification": Justification(None, "CS-1", "asked"),
        **changes,
    }
    return ScopedAction(SupportAction(**values), Rule.ORGANISATION_LOGGED, organisation_id, customer_count)  # type: ignore[arg-type]


def build(case: Case, *actions: ScopedAction, customer: str = "C-1") -> Report:
    """The report of ``customer`` from ``actions``."""
    return build_report(case, build_batch(case, METHOD), case.customers.by_id[customer], actions)
