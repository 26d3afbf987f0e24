"""Lines of several sources in the evidence store: what counts once, with what beside it, and what stops the run."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

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
from shirase.domain.actor import Roster
from shirase.domain.bilingual import Paired
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.errors import EvidenceError
from shirase.domain.organisation import Organisation, OrganisationRegister
from shirase.domain.reject import NoAction
from shirase.domain.resolution import NO_CUSTOMER, whole_customer
from shirase.domain.window import build_window
from shirase.evidence.store import LineWriter, read_decisions, read_scoped_actions
from shirase.scoping.decide import decide_lines
from shirase.scoping.grouping import group_by_customer
from shirase.scoping.queries import open_engine
from shirase.scoping.reconciliation.feed import DayStanding, Reconciliation, SourceFacts, reconcile
from shirase.scoping.rules import Scope

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
FACTS = (
    SourceFacts("su", 2_000_000, None),
    SourceFacts("console", 2_000_000, None),
    SourceFacts("splunk", 2_000_000, None),
    SourceFacts("log-a", 2_000_000, "tA"),
)
SCOPE = Scope(
    window=build_window(date(2022, 1, 16), date(2022, 1, 21), "UTC"),
    organisations=OrganisationRegister.build(
        (Organisation(id="sitel", name=Paired(ja="s", en="sitel"), in_scope=True, role=Paired(ja="r", en="r")),)
    ),
    roster=Roster({}),
    customers=CustomerRegister.build(
        (Customer(customer_id="A", name_en="A", tenant_ids=("tA", "tA2")), Customer(customer_id="B", name_en="B", tenant_ids=("tB",)))
    ),
    by_tenant={},
    by_digest={},
)  # fmt: skip
Line = tuple[SupportAction | NoAction, str]


def act(
    source: str, line: int, seconds: float = 0, *, uid: str | None = None, content: str = "", **changes: object
) -> Line:
    """An action of ``source``; what splunk brings comes from su."""
    carried = source == "splunk"
    seen = Observation(
        source, "f" * 64, EvidenceRef(f"{source}.log", line, 0), uid, f"{source} time", f"{line:064x}",
        via="splunk" if carried else None, origin="mapped:su" if source in ("su", "splunk") else source,
        carrier_uid=f"b~{line}" if carried else None,
    )  # fmt: skip
    values: dict[str, object] = {
        "action_uid": f"uid-{source}-{line}",
        "time": NOON + timedelta(seconds=seconds),
        "time_quality": TimeQuality.EXACT,
        "actor_uid": "e1",
        "actor_native": ActorNative("e1", None, None, "sitel"),
        "actor_kind": ActorKind.PERSON,
        "action_code": "user.password_reset",
        "action_native": "su.reset",
        "outcome": Outcome.SUCCESS,
        "tenant_ids": ("tA",),
        "tenant_basis": Basis.LOGGED,
        "targets": (Target("user", "u1", "Hanako Mihon <hanako@a.example>", "tA"),),
        "observations": (seen,),
        **changes,
    }
    return SupportAction(**values), content or f"{source}-{line}"  # type: ignore[arg-type]


def run(
    tmp_path: Path, lines: Iterable[Line], identities: dict[str, str] | None = None
) -> tuple[Reconciliation, dict[tuple[str, int], tuple[str, str]], tuple[SupportAction, ...]]:
    """The reconciliation, disposition and rule of each line by source and line, and the actions of customer A."""
    with LineWriter(tmp_path / "lines.parquet") as writer:
        for entry, content in lines:
            if isinstance(entry, NoAction):
                writer.write_other(entry)
            else:
                writer.write_action(entry, content)
    with open_engine(tmp_path) as engine:
        found = reconcile(engine, tmp_path / "lines.parquet", FACTS, identities or {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
        rows = group_by_customer(engine, tmp_path / "actions.parquet", tmp_path / "grouped.parquet")
    decided = {
        (line.path.removesuffix(".log"), line.line): (line.disposition, line.rule)
        for line in read_decisions(tmp_path / "actions.parquet")
    }
    groups = [group for row in rows if row.customer_id == "A" for group in row.row_groups]
    actions = tuple(item.action for item in read_scoped_actions(tmp_path / "grouped.parquet", groups)) if groups else ()
    return found, decided, actions


def relations(action: SupportAction) -> list[tuple[str, str, int]]:
    """Kind, action and line of each relation."""
    return [(each.kind, each.action_uid, each.seen.ref.line) for each in action.relations if each.seen is not None]


def test_a_forwarded_copy_counts_once_with_both_observations(tmp_path: Path) -> None:
    """What SuperUser logged and Splunk forwarded is one action, seen twice; the line of SuperUser is the primary one."""
    found, decided, actions = run(
        tmp_path, [act("splunk", 9, uid="r1", content="same"), act("su", 1, uid="r1", content="same")]
    )
    assert decided == {("su", 1): ("in_scope", "organisation_logged"), ("splunk", 9): ("duplicate", "forwarded_copy")}
    (action,) = actions
    assert [(seen.source_id, seen.ref.line, seen.via) for seen in action.observations] == [
        ("su", 1, None),
        ("splunk", 9, "splunk"),
    ]
    assert not action.flags
    assert found.days == (DayStanding("su", "splunk", date(2022, 1, 18), 0, 0, 1, 0),)


def test_a_copy_that_disagrees_in_a_detail_is_flagged(tmp_path: Path) -> None:
    """Both are kept as observations of one action, which says that the sources disagree."""
    found, _, actions = run(tmp_path, [act("su", 1, uid="r1"), act("splunk", 9, uid="r1", user_agent="another")])
    assert [sorted(action.flags) for action in actions] == [["field_conflict"]]
    assert found.days[0].conflict == 1


def test_a_copy_with_another_tenant_stays_apart_and_tells_nobody_of_the_other(tmp_path: Path) -> None:
    """Both customers are told; neither row points to the line of the other customer."""
    _, decided, actions = run(tmp_path, [act("su", 1, uid="r1"), act("splunk", 9, uid="r1", tenant_ids=("tB",))])
    assert [value[0] for value in decided.values()] == ["in_scope", "in_scope"]
    assert [action.relations for action in actions] == [()]


def test_what_only_splunk_has_is_told_and_counted_as_missing_in_the_origin(tmp_path: Path) -> None:
    """A line that SuperUser lost is in scope, and the day says that only the carrier has it."""
    found, decided, _ = run(tmp_path, [act("su", 1, 60, uid="r1"), act("splunk", 9, uid="r2")])
    assert decided["splunk", 9] == ("in_scope", "organisation_logged")
    assert found.days == (DayStanding("su", "splunk", date(2022, 1, 18), 1, 1, 0, 0),)


def test_the_same_conflicting_splunk_address_is_kept_twice(tmp_path: Path) -> None:
    """One bucket address with two contents is a conflict within the carrier; with one content it is a repeat."""
    first, second = act("splunk", 1, content="x"), act("splunk", 2, 5, content="y")
    assert isinstance(second[0], SupportAction)
    same = replace(second[0], observations=(replace(second[0].primary, carrier_uid="b~1"),))
    _, decided, actions = run(tmp_path, [first, (same, "y")])
    assert [value[0] for value in decided.values()] == ["in_scope", "in_scope"]
    assert all("id_conflict" in action.flags for action in actions)


def test_people_are_one_person_in_all_systems(tmp_path: Path) -> None:
    """By the roster's other ids two accounts are one actor, so that the act they logged counts once."""
    lines = [
        act("su", 1),
        act("console", 2, 1, actor_uid="console-77", actor_native=ActorNative("console-77", None, None, "sitel")),
    ]
    _, apart, _ = run(tmp_path, lines)
    assert apart["console", 2][0] == "in_scope"
    (tmp_path / "again").mkdir()
    _, together, actions = run(tmp_path / "again", lines, {"e1": "e1", "console-77": "e1"})
    assert together["console", 2] == ("duplicate", "same_event_elsewhere")
    assert [action.actor_uid for action in actions] == ["e1"]


def test_ambiguous_pairs_stay_apart_and_are_flagged(tmp_path: Path) -> None:
    """Two clicks beside one of another source: three actions, and those concerned say that they may be the same."""
    _, decided, actions = run(tmp_path, [act("su", 1), act("su", 2, 1), act("console", 5, 0.5)])
    assert {value[0] for value in decided.values()} == {"in_scope"}
    assert sum("possible_duplicate" in action.flags for action in actions) == 2
    assert {relation.kind for action in actions for relation in action.relations} == {"possible_duplicate_of"}


def test_an_effect_in_the_customers_own_log_is_shown_and_not_counted(tmp_path: Path) -> None:
    """The tenant's own record of a reset belongs to the reset; without one it is told by itself."""
    effect: dict[str, Any] = {
        "actor_kind": ActorKind.SYSTEM,
        "actor_uid": "system",
        "targets": (Target("User", "00u1", "Hanako Mihon"),),
    }
    _, decided, actions = run(tmp_path, [act("su", 1), act("log-a", 3, 20, **effect), act("log-a", 4, 4000, **effect)])
    assert decided["log-a", 3] == ("not_an_action", "consequence_of_action")
    assert decided["log-a", 4][0] == "in_scope"
    assert relations(actions[0]) == [("effect_of", "uid-log-a-3", 3)]


def test_a_grant_and_a_session_explain_actions(tmp_path: Path) -> None:
    """An impersonation names the grant before it, and what was done in its session names the impersonation."""
    grant = NoAction("log-a", EvidenceRef("log-a.log", 1, 0), "user.session.impersonation.grant", "1" * 64, NOON)
    start = act("log-a", 2, 60, action_code="session.impersonate_start", session_uid="s", targets=())
    inside = act("log-a", 3, 90, action_code="config.view", session_uid="s", targets=())
    _, _, actions = run(tmp_path, [(grant, ""), start, inside])
    assert [relations(action) for action in actions] == [[("authorised_by", "", 1)], [("part_of", "uid-log-a-2", 2)]]


def test_a_mistaken_zone_stops_the_run(tmp_path: Path) -> None:
    """Twelve acts that a second source logs exactly nine hours later are a mistaken zone, and nothing is matched."""
    lines = [act("su", n, 700 * n) for n in range(12)] + [act("console", n, 700 * n + 9 * 3600) for n in range(12)]
    with pytest.raises(EvidenceError, match=r"\+9\.00 h against those of source su") as caught:
        run(tmp_path, lines)
    assert caught.value.diagnostics()[0].where == "source console"


def test_clocks_are_measured_by_pairs(tmp_path: Path) -> None:
    """The offset of a source is the median difference of what it shares with the primary ones."""
    lines = [act("su", n, 700 * n) for n in range(5)] + [act("console", n, 700 * n + 1.25) for n in range(5)]
    found, _, _ = run(tmp_path, lines)
    assert found.clocks == (("console", 1_250_000),)


def test_a_customer_as_a_whole_is_told_and_nobody_is_nobody(tmp_path: Path) -> None:
    """A record of which only the customer is known is in its report; one signed off as nobody's is in none."""
    lines = [
        act("su", 1, tenant_ids=(whole_customer("A"),), tenant_basis=Basis.JOIN),
        act("su", 2, 99, tenant_ids=(NO_CUSTOMER,), tenant_basis=Basis.DECISION),
    ]
    _, decided, actions = run(tmp_path, lines)
    assert decided == {
        ("su", 1): ("in_scope", "organisation_logged"),
        ("su", 2): ("unattributed", "signed_off_no_customer"),
    }
    assert len(actions) == 1


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    """The same lines written in another order give the same links, dispositions and actions."""
    lines = [act("su", n, n, uid=f"r{n}") for n in range(6)] + [act("splunk", n, n, uid=f"r{n}") for n in range(3, 9)]
    (tmp_path / "again").mkdir()
    assert run(tmp_path, lines) == run(tmp_path / "again", lines[::-1])


def test_a_line_that_was_forwarded_is_still_matched_with_a_third_source(tmp_path: Path) -> None:
    """One act in SuperUser, in Splunk and in the other console is one action, seen three times."""
    lines = [act("su", 1, uid="r1", content="s"), act("splunk", 4, uid="r1", content="s"), act("console", 2, 1)]
    _, decided, actions = run(tmp_path, lines)
    assert sorted(value[1] for value in decided.values()) == [
        "forwarded_copy",
        "organisation_logged",
        "same_event_elsewhere",
    ]
    assert [len(action.observations) for action in actions] == [3]
