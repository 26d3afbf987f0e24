"""Inspection of finished bytes: faults planted in a report are found, each by its rule; a clean one has none."""

import json
from dataclasses import replace

import pytest

import sample_report as sample
from shirase.domain.bilingual import Paired
from shirase.domain.finding import Finding
from shirase.domain.incident import NarrativeSection
from shirase.domain.report import Report
from shirase.inspection.inspect_report import inspect_report
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.subject import Expected, ReportFiles
from shirase.rendering.worker import Rendered, WorkerSettings, render_report

OTHERS = (
    Identifier("C-9", "name", "株式会社ヒヤシンス物産"),
    Identifier("C-9", "name", "Hyacinth Trading Co., Ltd."),
    Identifier("C-9", "domain", "hyacinth.example"),
    Identifier("C-9", "tenant", "tn-hyacinth-7"),
    Identifier("C-9", "ticket", "CS-7654321"),
    Identifier("C-9", "mail", "iris@hyacinth.example"),
)
GATE = LeakGate.build(OTHERS, common=())


def inspect(report: Report, shown: Report | None = None) -> list[Finding]:
    """Objections to the pages of ``shown`` beside the data of ``report``."""
    made = render_report(shown or report)
    own = render_report(report) if shown is not None else made
    assert isinstance(made, Rendered), made
    assert isinstance(own, Rendered), own
    uids = tuple(action.action_uid for action in report.actions)
    return look(report, made.pdf, own.data.json, own.data.csv, uids)


def look(report: Report, pdf: bytes, data: bytes, table: bytes | None, uids: tuple[str, ...]) -> list[Finding]:
    """Objections to these very files."""
    expected = Expected(report.report_id, report.customer, report.canary, uids)
    return list(inspect_report(expected, ReportFiles(pdf, data, table), GATE).findings)


def rules(findings: list[Finding]) -> set[str]:
    """The rules with a blocker."""
    return {finding.rule for finding in findings if finding.blocker}


def with_text(name: str, ja: str, en: str) -> Report:
    """The sample report with another narrative section."""
    report = sample.sample_report()
    narrative = tuple(
        NarrativeSection(name=name, text=Paired(ja=ja, en=en)) if section.name == name else section
        for section in report.batch.narrative
    )
    return replace(report, batch=replace(report.batch, narrative=narrative))


def test_a_clean_report_has_nothing_to_object_to(renderer: WorkerSettings) -> None:
    """Without this, finding faults would mean nothing."""
    assert inspect(sample.sample_report()) == []


@pytest.mark.parametrize("entry", OTHERS, ids=lambda entry: f"{entry.kind} {entry.value}")
def test_each_identifier_of_another_customer_is_found_on_a_page(renderer: WorkerSettings, entry: Identifier) -> None:
    """In running text, in full width and capitals."""
    wide = "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in entry.value.upper())
    report = with_text("cause", f"原因は{entry.value}の端末でした。", f"The cause was a workstation of {wide} there.")
    found = [finding for finding in inspect(report) if finding.rule == "leak"]
    assert any("C-9" in finding.what and finding.place.startswith("page") for finding in found)


@pytest.mark.parametrize(
    ("ja", "en", "rule"),
    [
        ("端末は12台でした。", "There were 13 workstations.", "values-differ"),
        ("2022年1月16日に隔離しました。", "It was isolated on 17 January 2022.", "values-differ"),
        ("閲覧されたおそれがあります。", "It was viewed.", "hedge-differs"),
        ("- 一\n- 二\n- 三", "- one\n- two", "list-length"),
    ],
    ids=["a figure", "a date", "a hedge", "a list item"],
)
def test_languages_that_differ_are_found(renderer: WorkerSettings, ja: str, en: str, rule: str) -> None:
    """One digit, one day, one hedge, one item: with both sentences quoted."""
    assert rule in rules(inspect(with_text("cause", ja, en)))


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("drop", "row-count"),
        ("swap", "row-differs"),
        ("outcome", "row-differs"),
        ("second", "row-differs"),
        ("other report", "no-number"),
    ],
)
def test_pages_that_are_not_the_data_are_found(renderer: WorkerSettings, change: str, rule: str) -> None:
    """A row lost, two swapped, one value or one second changed, or the report of somebody else."""
    report = sample.sample_report()
    rows = list(report.actions)
    first, second = rows[0], rows[1]
    if change == "drop":
        rows.pop()
    elif change == "swap":
        rows[:2] = [replace(second, number=1, at=first.at), replace(first, number=2, at=second.at)]
    elif change == "outcome":
        rows[0] = replace(first, outcome=rows[2].outcome)
    elif change == "second":
        rows[0] = replace(first, at=first.at.replace(second=(first.at.second + 1) % 60))
    shown = replace(report, actions=tuple(rows))
    if change == "other report":
        shown = replace(report, report_id="INC-2022-0120-0000-0000")
    assert rule in rules(inspect(report, shown))


def test_data_that_is_not_the_scope_is_found(renderer: WorkerSettings) -> None:
    """An action in scope that neither the data nor the pages have."""
    report = sample.sample_report()
    made = render_report(report)
    assert isinstance(made, Rendered)
    uids = (*(action.action_uid for action in report.actions), "f" * 64)
    found = look(report, made.pdf, made.data.json, made.data.csv, uids)
    assert rules(found) == {"scope-differs"}


def test_files_inside_are_those_beside(renderer: WorkerSettings) -> None:
    """A data copy that was edited afterwards is not the one inside; bytes that are no PDF are said to be none."""
    report = sample.sample_report()
    made = render_report(report)
    assert isinstance(made, Rendered)
    uids = tuple(action.action_uid for action in report.actions)
    data = json.loads(made.data.json)
    data["counts"]["operators"] += 1
    edited = json.dumps(data).encode()
    assert rules(look(report, made.pdf, edited, made.data.csv, uids)) == {"file-differs"}
    assert rules(look(report, b"none", made.data.json, made.data.csv, uids)) == {"unreadable"}
