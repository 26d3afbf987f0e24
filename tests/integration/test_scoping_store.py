"""Repeats, conflicts, grouping and edges, over real Parquet files and DuckDB."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

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
from shirase.domain.actor import Roster
from shirase.domain.bilingual import Paired
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.organisation import Organisation, OrganisationRegister
from shirase.domain.reject import NoAction, Reject, RejectReason
from shirase.domain.window import build_window
from shirase.evidence.store import LineWriter, ScopedActions, read_decisions, read_scoped_actions
from shirase.scoping import grouping
from shirase.scoping.decide import decide_lines
from shirase.scoping.edges import edge_report
from shirase.scoping.grouping import CustomerRows, group_by_customer
from shirase.scoping.queries import open_engine
from shirase.scoping.reach import SourceReach, reach_of_sources, with_missing_ids
from shirase.scoping.reconciliation.feed import SourceFacts, reconcile
from shirase.scoping.result import collect_result
from shirase.scoping.rules import Scope

WINDOW = build_window(date(2022, 1, 16), date(2022, 1, 21), "UTC")
NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
WORDS = Paired(ja="あ", en="a")
SCOPE = Scope(
    window=WINDOW,
    organisations=OrganisationRegister.build((Organisation(id="sitel", name=WORDS, in_scope=True, role=WORDS),)),
    roster=Roster({}),
    customers=CustomerRegister.build(
        tuple(Customer(customer_id=name, name_en=name, tenant_ids=(f"t{name}",)) for name in "ABC")
    ),
    by_tenant={},
    by_digest={},
)


def action(path: str, line: int, **changes: object) -> tuple[SupportAction, str]:
    """An action and its content digest; ``content`` and ``uid`` are what repeats are told by."""
    content, uid = changes.pop("content", f"{path}{line}"), changes.pop("uid", None)
    assert isinstance(uid, str | None)
    values = {
        "action_uid": f"uid-{path}-{line}",
        "time": NOON,
        "time_quality": TimeQuality.EXACT,
        "actor_uid": "e1",
        "actor_native": ActorNative("e1", "Ana", None, "sitel"),
        "actor_kind": ActorKind.UNKNOWN,
        "action_code": "tenant.view",
        "action_native": "su.tenant.view",
        "outcome": Outcome.SUCCESS,
        "tenant_ids": ("tA",),
        "tenant_basis": Basis.LOGGED,
        "observations": (Observation("su", "f" * 64, EvidenceRef(path, line, line * 10), uid, "12:00", "0" * 64),),
        **changes,
    }
    return SupportAction(**values), str(content)  # type: ignore[arg-type]


def decide(tmp_path: Path, *actions: tuple[SupportAction, str]) -> dict[tuple[str, int], str]:
    """Run the scope over ``actions`` and give the disposition of each line."""
    with LineWriter(tmp_path / "lines.parquet") as writer:
        for entry, content in actions:
            writer.write_action(entry, content)
    with open_engine(tmp_path) as engine:
        reconcile(engine, tmp_path / "lines.parquet", (SourceFacts("su", 2_000_000, None),), {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
    return {(line.path, line.line): line.disposition for line in read_decisions(tmp_path / "actions.parquet")}


def test_the_same_event_counts_once(tmp_path: Path) -> None:
    """Of lines with one id and one content the first by path and line is kept, in whatever order they were written."""
    found = decide(
        tmp_path,
        action("b", 1, uid="r1", content="x"),
        action("a", 7, uid="r1", content="x"),
        action("a", 9, uid="r1", content="x"),
    )
    assert found == {("a", 7): "in_scope", ("a", 9): "duplicate", ("b", 1): "duplicate"}


def test_one_id_with_different_content_is_kept_and_flagged(tmp_path: Path) -> None:
    """Neither line of a conflict is dropped; both are flagged and have an identifier of their own."""
    found = decide(tmp_path, action("a", 1, uid="r1", content="x"), action("a", 2, uid="r1", content="y"))
    assert set(found.values()) == {"in_scope"}
    with open_engine(tmp_path) as engine:
        rows = group_by_customer(engine, tmp_path / "actions.parquet", tmp_path / "grouped.parquet")
    kept = read_scoped_actions(tmp_path / "grouped.parquet", rows[0].row_groups)
    assert [item.action.flags for item in kept] == [frozenset({"id_conflict"})] * 2
    assert len({item.action.action_uid for item in kept}) == 2


def test_lines_without_an_id_repeat_for_real_within_a_file(tmp_path: Path) -> None:
    """Two equal clicks in one file are two actions; a second file that holds both adds none, a third click adds one."""
    found = decide(
        tmp_path,
        *(action("a", line, content="click") for line in (1, 2)),
        *(action("b", line, content="click") for line in (1, 2, 3)),
    )
    assert [place for place, disposition in found.items() if disposition == "in_scope"] == [
        ("a", 1),
        ("a", 2),
        ("b", 3),
    ]


def test_each_customer_reads_its_own_rows_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row groups never hold two customers, keep report order, and together hold every action, also beyond one group."""
    monkeypatch.setattr(grouping, "MAX_GROUP_ROWS", 3)
    minutes = [timedelta(minutes=number) for number in (5, 1, 3, 2, 4, 0, 6)]
    lines = [action("a", n, time=NOON + late, tenant_ids=("tA",)) for n, late in enumerate(minutes, start=1)]
    lines += [action("b", n, tenant_ids=("tB", "tA") if n == 2 else ("tB",)) for n in (1, 2)]
    decide(tmp_path, *lines)
    with open_engine(tmp_path) as engine:
        rows = group_by_customer(engine, tmp_path / "actions.parquet", tmp_path / "grouped.parquet")
    assert [(entry.customer_id, entry.action_count, len(entry.row_groups)) for entry in rows] == [
        ("A", 8, 3),
        ("B", 2, 1),
    ]
    read = {entry.customer_id: read_scoped_actions(tmp_path / "grouped.parquet", entry.row_groups) for entry in rows}
    places = {
        name: [(i.action.primary.ref.path, i.action.primary.ref.line) for i in items] for name, items in read.items()
    }
    assert places["A"] == [("a", 6), ("b", 2), ("a", 2), ("a", 4), ("a", 3), ("a", 5), ("a", 1), ("a", 7)]
    assert places["B"] == [("b", 1), ("b", 2)]
    assert [item.customer_count for item in read["B"]] == [1, 2]
    with ScopedActions(tmp_path / "grouped.parquet") as file:
        assert {entry.customer_id: file.read(entry.row_groups) for entry in reversed(rows)} == read


def test_the_rows_of_many_customers_are_read_from_a_file_opened_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the file says of its row groups grows with the customers: read again for each it would grow by the square."""
    decide(tmp_path, *(action("a", n, tenant_ids=("tA" if n % 2 else "tB",)) for n in range(1, 9)))
    with open_engine(tmp_path) as engine:
        rows = group_by_customer(engine, tmp_path / "actions.parquet", tmp_path / "grouped.parquet")
    opened: list[Path] = []
    original = pq.ParquetFile

    def counting(path: Path) -> object:
        opened.append(path)
        return original(path)

    monkeypatch.setattr(pq, "ParquetFile", counting)
    with ScopedActions(tmp_path / "grouped.parquet") as file:
        assert [len(file.read(entry.row_groups)) for entry in rows] == [4, 4]
    assert opened == [tmp_path / "grouped.parquet"]


def test_an_action_survives_the_store_unchanged(tmp_path: Path) -> None:
    """Every value of an action is read back as it was written."""
    full, content = action(
        "a",
        1,
        uid="r1",
        targets=(Target("user", "u1", "髙橋\u0000\u202e", "tA"), Target(None, None, "x", None)),
        justification=Justification("ticket", "CS-1", "=HYPERLINK()"),
        src_ip="192.0.2.1",
        src_text="192.0.2.1, 10.0.0.1",
        user_agent="ua",
        session_uid="s",
        transaction_uid="t",
        acting_as="root",
    )
    decide(tmp_path, (full, content))
    with open_engine(tmp_path) as engine:
        rows = group_by_customer(engine, tmp_path / "actions.parquet", tmp_path / "grouped.parquet")
    assert read_scoped_actions(tmp_path / "grouped.parquet", rows[0].row_groups)[0].action == full


def test_edges_say_what_each_end_moves(tmp_path: Path) -> None:
    """Lines just outside or inside an end show up in the right move, and a customer counts only when it changes sides."""
    second = timedelta(seconds=1)
    decide(
        tmp_path,
        action("a", 1, tenant_ids=("tA",)),
        action("a", 2, time=WINDOW.start_at - second, tenant_ids=("tA",)),
        action("a", 3, time=WINDOW.start_at - timedelta(hours=5), tenant_ids=("tB",)),
        action("a", 4, time=WINDOW.end_at, tenant_ids=("tC",)),
        action("a", 5, time=WINDOW.end_at + second, tenant_ids=("tB",)),
    )
    with open_engine(tmp_path) as engine:
        moves = {
            (m.end, m.hours): (m.lines, m.customers) for m in edge_report(engine, tmp_path / "actions.parquet", WINDOW)
        }
    assert moves == {
        ("start", -24): (2, 1),
        ("start", -1): (1, 0),
        ("start", 1): (0, 0),
        ("start", 24): (0, 0),
        ("end", -24): (-1, -1),
        ("end", -1): (-1, -1),
        ("end", 1): (1, 1),
        ("end", 24): (1, 1),
    }


def test_accounts_set_lines_read_against_lines_decided(tmp_path: Path) -> None:
    """The identity fails when intake counted one line more than the store holds."""
    entry, content = action("a", 1)
    with LineWriter(tmp_path / "lines.parquet") as writer:
        writer.write_action(entry, content)
        writer.write_other(NoAction("su", EvidenceRef("a", 2, 20), "su.ping", "1" * 64))
        writer.write_other(
            Reject("su", EvidenceRef("a", 3, 30), RejectReason.BROKEN_JSON, "x", "2" * 64, raw=b"{", raw_size=1)
        )
    with open_engine(tmp_path) as engine:
        reconcile(engine, tmp_path / "lines.parquet", (SourceFacts("su", 2_000_000, None),), {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
        balances = {
            read: collect_result(
                engine, tmp_path / "actions.parquet", window=WINDOW, lines_read={"su": read}, customers=(CustomerRows("A", 1, (0,)),)
            ).accounts[0].balances()
            for read in (3, 4)
        }  # fmt: skip
    assert balances == {3: True, 4: False}


def test_reach_says_how_far_each_source_logs_and_where_it_is_silent(tmp_path: Path) -> None:
    """Ends outside the window count for the ends only; a heartbeat breaks a silence, an unusable line does not."""
    day = timedelta(days=1)
    with LineWriter(tmp_path / "lines.parquet") as writer:
        for number, late in enumerate((-3 * day, -day, timedelta(0), 20 * day), start=1):
            writer.write_action(*action("a", number, time=NOON + late))
        beat = NOON + day
        writer.write_other(NoAction("su", EvidenceRef("a", 5, 0), "su.ping", "1" * 64, beat))
        writer.write_other(
            Reject("su", EvidenceRef("a", 6, 0), RejectReason.BROKEN_JSON, "x", "2" * 64, raw=b"{", raw_size=1)
        )
        writer.write_other(
            Reject("broken", EvidenceRef("b", 1, 0), RejectReason.BAD_TIME, "x", "3" * 64, raw=b"{", raw_size=1)
        )
    with open_engine(tmp_path) as engine:
        reconcile(engine, tmp_path / "lines.parquet", (SourceFacts("su", 2_000_000, None),), {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
        reach = reach_of_sources(engine, tmp_path / "actions.parquet", WINDOW, ["su", "broken"])
    window_days = tuple(date(2022, 1, number) for number in range(16, 22))
    assert reach == (
        SourceReach(
            "su",
            datetime(2022, 1, 15, 12, tzinfo=UTC),
            datetime(2022, 2, 7, 12, tzinfo=UTC),
            (date(2022, 1, 16), date(2022, 1, 20), date(2022, 1, 21)),
        ),
        SourceReach("broken", None, None, window_days),
    )


def test_missing_numbers_are_listed_by_site(tmp_path: Path) -> None:
    """Ids that count up, with or without a site before them; other ids, and other sources, have no gaps."""
    uids = ("7", "9", "12", "13", "13", "a/1", "a/3", "b/8", "u-5", None)
    with LineWriter(tmp_path / "lines.parquet") as writer:
        for number, uid in enumerate(uids, start=1):
            writer.write_action(*action("a", number, uid=uid, time=NOON + timedelta(seconds=number)))
    with open_engine(tmp_path) as engine:
        reconcile(engine, tmp_path / "lines.parquet", (SourceFacts("su", 2_000_000, None),), {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
        reach = reach_of_sources(engine, tmp_path / "actions.parquet", WINDOW, ["su"])
        (numbered,) = with_missing_ids(engine, tmp_path / "actions.parquet", reach, ["su"])
        (plain,) = with_missing_ids(engine, tmp_path / "actions.parquet", reach, [])
    assert sorted(numbered.missing_ids) == [(2, 2), (8, 8), (10, 11)]
    assert plain == reach[0]


def test_silence_is_measured_inside_the_window(tmp_path: Path) -> None:
    """A window of days in Tokyo begins in the middle of a UTC day: a line before it does not make that day busy."""
    window = build_window(date(2022, 1, 18), date(2022, 1, 18), "Asia/Tokyo")
    with LineWriter(tmp_path / "lines.parquet") as writer:
        writer.write_action(*action("a", 1, time=datetime(2022, 1, 17, 14, 59, 59, 999999, tzinfo=UTC)))
        writer.write_action(*action("a", 2, time=datetime(2022, 1, 18, 14, 59, 59, 999999, tzinfo=UTC)))
    with open_engine(tmp_path) as engine:
        reconcile(engine, tmp_path / "lines.parquet", (SourceFacts("su", 2_000_000, None),), {})
        decide_lines(
            engine, tmp_path / "lines.parquet", tmp_path / "actions.parquet", scope=SCOPE, decided=lambda _: None
        )
        (reach,) = reach_of_sources(engine, tmp_path / "actions.parquet", window, ["su"])
    assert reach.silent_days == (date(2022, 1, 17),)
