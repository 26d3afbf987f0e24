"""The pipeline against the answer key of the synthetic incident, which knows the truth of every line by itself."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from shirase.domain.identifiers import report_id
from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import compare_with_key
from shirase.pipeline.run_sheet import run_sheet
from shirase.pipeline.scope import ScopeRun, require_signed_off, run_scope
from shirase.rehearsal.generate import Size, write_incident
from shirase.settings import story
from shirase.wiring import build_engine

SMALL = Size(seed=7, customers=60, affected=20, lines=700)
FULL = Size()

ALSO_SEEN = re.compile(r"[＝→↑≈][^E＝→↑≈.,。、]{0,40}E\d+:\d+")
"""Further log entries of a row, as it prints them."""


def read_key(case: Path) -> dict[str, Any]:
    key: dict[str, Any] = json.loads((case / "answer-key.json").read_bytes())
    return key


def scoped(folder: Path, size: Size, *, jobs: int = 1) -> tuple[Path, ScopeRun]:
    case = folder / "case"
    write_incident(case, story=story(), size=size)
    return case, run_scope(case, folder / "out", Silent(), jobs=jobs)


def agree(case: Path, run: ScopeRun) -> None:
    """Every line, customer, account, edge and flag of the run is that of the key."""
    key = read_key(case)
    comparison = compare_with_key(run, case)
    assert comparison is not None
    assert comparison.differences == ()
    assert comparison.agrees
    sheet = run_sheet(run, {})
    accounts = {name: account for name, account in sheet["accounting"].items() if name != "total"}
    assert {
        name: {d: account[d] for d in account if d not in ("lines_read", "balances")}
        for name, account in accounts.items()
    } == key["counts"]
    assert all(account["balances"] for account in accounts.values())
    assert {file["path"]: file["lines"] for file in sheet["evidence"]} == key["physical"]
    edges = {
        f"{move['end']}{move['hours']:+d}h": {"lines": move["lines"], "customers": move["customers"]}
        for move in sheet["scope"]["edges"]
    }
    assert edges == key["edges"]
    assert {entry["action"] for entry in sheet["scope"]["undescribed_actions"]} == set(key["undescribed"])
    require_signed_off(run)


@pytest.mark.parametrize(
    "size",
    [
        SMALL,
        Size(seed=1, customers=200, affected=30, lines=2_000),
        Size(seed=99, customers=1_500, affected=60, lines=9_000),
    ],
    ids=lambda size: f"{size.lines}-lines-seed-{size.seed}",
)
def test_every_line_and_customer_agrees(tmp_path: Path, size: Size) -> None:
    """At several sizes and seeds, each line has the disposition, rule and customers that the key gives it."""
    case, run = scoped(tmp_path, size)
    agree(case, run)
    assert len(run.result.customers) == size.affected


def test_the_full_incident_agrees(tmp_path: Path) -> None:
    """More than 125,000 lines: all of them as the key has them, and 366 of 14,640 customers, 2.5 %."""
    case, run = scoped(tmp_path, FULL, jobs=2)
    agree(case, run)
    sheet = run_sheet(run, {})
    assert sheet["funnel"]["lines"] == 126_500
    assert sheet["funnel"]["customers_affected"] == 366
    assert sheet["funnel"]["customers_total"] == 14_640
    assert sheet["funnel"]["customers_share_percent"] == 2.5


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Case and output of a small incident, with all its reports."""
    folder = tmp_path_factory.mktemp("drafted")
    write_incident(folder / "case", story=story(), size=SMALL)
    options = DraftOptions(PoolSettings(jobs=2, seconds_per_report=300))
    done = run_draft(folder / "case", folder / "out", options, engine=build_engine(), progress=Silent())
    assert done.drafted.failed == ()
    return folder / "case", done.scope.output.reports


def read_customers(case: Path) -> list[list[str]]:
    with (case / "customers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def read_tickets(case: Path) -> dict[str, str]:
    """Customer by ticket number, as registered."""
    with (case / "tickets.csv").open(encoding="utf-8", newline="") as file:
        return {ticket_id: customer_id for ticket_id, customer_id, *_ in list(csv.reader(file))[1:]}


def pages_of(path: Path) -> Iterator[str]:
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            yield page.get_textpage().get_text_range()
    finally:
        document.close()


def test_each_report_shows_exactly_the_actions_of_the_key(drafted: tuple[Path, Path]) -> None:
    """From the finished PDF, by another library: every action of that customer by file and line, in order, and no other."""
    case, reports = drafted
    key = read_key(case)
    incident = json.loads((reports.parent / "run.json").read_bytes())["incident"]["id"]
    assert len(list(reports.glob("*.pdf"))) == len(key["customers"]) == SMALL.affected
    for customer_id, entry in key["customers"].items():
        identifier = report_id(incident, customer_id)
        data = json.loads((reports / f"{identifier}.json").read_bytes())
        files = [file["path"] for file in data["evidence_files"]]
        # Members of an archive are not named in a report: a channel may bear the name of another customer.
        expected = [[path.partition("!")[0], line] for path, line in entry["actions"]]
        assert [[files[row["evidence"]["file"] - 1], row["evidence"]["line"]] for row in data["actions"]] == expected
        text = ALSO_SEEN.sub("", "\n".join(pages_of(reports / f"{identifier}.pdf")))
        printed = re.findall(r"\bE(\d+):(\d+)\b", text)
        assert [[files[int(file) - 1], int(line)] for file, line in printed] == expected, customer_id


def test_each_ticket_is_judged_as_the_key_has_it(drafted: tuple[Path, Path]) -> None:
    """Action by action: whose the ticket is; with the figures, the tickets opened late and the reasons left out."""
    case, reports = drafted
    key = read_key(case)
    incident = json.loads((reports.parent / "run.json").read_bytes())["incident"]["id"]
    seen: Counter[str] = Counter()
    for customer_id, entry in key["customers"].items():
        data = json.loads((reports / f"{report_id(incident, customer_id)}.json").read_bytes())
        rows, expected = data["actions"], entry["tickets"]
        assert [row["ticket_match"] for row in rows] == expected["by_action"], customer_id
        assert data["counts"]["by_ticket"] == expected["counts"]
        assert data["counts"]["without_ticket"] == expected["counts"].get("none", 0)
        assert sum(row["ticket_opened_after_action"] for row in rows) == expected["opened_after_action"]
        assert sum(row["reason_withheld"] for row in rows) == expected["reasons_withheld"]
        seen.update(expected["counts"], late=expected["opened_after_action"], cut=expected["reasons_withheld"])
    kinds = {"opened_by_you", "opened_by_us", "not_on_record", "not_yours", "none", "withheld", "late", "cut"}
    assert {kind for kind, count in seen.items() if count} == kinds


def test_no_report_names_a_ticket_of_another_customer(drafted: tuple[Path, Path]) -> None:
    """Neither the number itself nor a reason that mentions it is in a page or data copy, though the logs have both."""
    case, reports = drafted
    owners = read_tickets(case)
    incident = json.loads((reports.parent / "run.json").read_bytes())["incident"]["id"]
    named_somewhere = 0
    for customer_id in read_key(case)["customers"]:
        identifier = report_id(incident, customer_id)
        everything = "".join(pages_of(reports / f"{identifier}.pdf"))
        everything += (reports / f"{identifier}.json").read_text(encoding="utf-8")
        tickets = set(re.findall(r"CS-\d+", everything))
        assert {ticket for ticket in tickets if owners.get(ticket, customer_id) != customer_id} == set()
        named_somewhere += len(tickets)
    assert named_somewhere > 20


def test_every_report_says_how_far_the_logs_reach(drafted: tuple[Path, Path]) -> None:
    """Files and lines of each source are those of the key, and the logs of this incident have no silent day."""
    case, reports = drafted
    key = read_key(case)
    files = Counter(path.split("/")[1] for path in key["physical"])
    for path in reports.glob("*.json"):
        coverage = json.loads(path.read_bytes())["coverage"]
        assert {entry["source"]: (entry["files"], entry["lines"]) for entry in coverage} == {
            source: (files[source], sum(counts.values()))
            for source, counts in key["counts"].items()
            if source != "okta"
        }, "the export of one customer's own log is nobody else's business"
        modern = next(entry for entry in coverage if entry["source"] == "superuser")
        assert (modern["first_at"][:10], modern["last_at"][:10]) == ("2022-01-14", "2022-01-23")
        assert modern["silent_days"] == []


def test_no_report_names_another_customer(drafted: tuple[Path, Path]) -> None:
    """Names, domains and tenants of other affected customers are in no page, data copy or file name of a report."""
    case, reports = drafted
    key = read_key(case)
    owned: dict[str, set[str]] = {}
    for customer_id, name_ja, name_en, tenants, domains, *_ in read_customers(case):
        if customer_id in key["customers"]:
            owned[customer_id] = {name_ja, name_en, *tenants.split(";"), *domains.split(";")} - {""}
    incident = json.loads((reports.parent / "run.json").read_bytes())["incident"]["id"]
    for customer_id, own_needles in owned.items():
        identifier = report_id(incident, customer_id)
        everything = "".join("".join(pages_of(reports / f"{identifier}.pdf")).split())
        everything += (reports / f"{identifier}.json").read_text(encoding="utf-8")
        own = "".join("".join(own_needles).split())
        for other, needles in owned.items():
            if other != customer_id:
                found = [
                    needle
                    for needle in needles
                    if "".join(needle.split()) in everything and "".join(needle.split()) not in own
                ]
                assert found == [], f"{customer_id} shows {found} of {other}"


def test_every_page_is_numbered_and_says_that_it_is_an_exercise(drafted: tuple[Path, Path]) -> None:
    """A page that gets lost still says which report it is from, which page, and that its data is made up."""
    _, reports = drafted
    for path in sorted(reports.glob("*.pdf"))[:5]:
        texts = list(pages_of(path))
        for number, text in enumerate(texts, start=1):
            assert path.stem in text
            assert f"{number} / {len(texts)}" in " ".join(text.split())
            assert "訓練" in text
            assert "EXERCISE" in text


def test_rows_stand_in_order_of_time(drafted: tuple[Path, Path]) -> None:
    """Within a data copy no action comes before an earlier one, and numbers have no gap."""
    _, reports = drafted
    for path in reports.glob("*.json"):
        rows = json.loads(path.read_bytes())["actions"]
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        times = [datetime.fromisoformat(row["at"]) for row in rows]
        assert all(first <= second for first, second in pairwise(times))


def test_a_thread_about_two_customers_is_in_both_reports_without_the_other(drafted: tuple[Path, Path]) -> None:
    """On the finished pages and in the data copy each report tells the message, that it was shared, and names nobody."""
    case, reports = drafted
    key = read_key(case)
    incident = json.loads((reports.parent / "run.json").read_bytes())["incident"]["id"]
    shared = [
        (path.partition("!")[0], int(line), customers)
        for path, lines in key["dispositions"].items()
        for line, (_, _, customers) in lines.items()
        if "/slack/" in path and len(customers) == 2
    ]
    assert len(shared) == 1
    path, line, customers = shared[0]
    domains = {row[0]: row[4] for row in read_customers(case)}
    for customer_id, other in (customers, customers[::-1]):
        identifier = report_id(incident, customer_id)
        content = (reports / f"{identifier}.json").read_text(encoding="utf-8")
        data = json.loads(content)
        place = [file["path"] for file in data["evidence_files"]].index(path) + 1
        (row,) = [row for row in data["actions"] if row["evidence"] == {"file": place, "line": line}]
        assert row["objects"] == []
        assert row["objects_not_shown"] == 1
        assert {"shared", "found_by_domain"} <= set(row["flags"])
        text = "\n".join(pages_of(reports / f"{identifier}.pdf"))
        for leaked in (f"@{domains[other]}", "support-desk/", "Same error"):
            assert leaked not in content
            assert leaked not in text
