"""Faults planted in the bytes of a finished report are found: leaks in each carrier, hidden text, strange pages."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

import planted_faults as planted
import sample_report as sample
from shirase.domain.bilingual import Language, Paired
from shirase.domain.finding import Finding
from shirase.domain.incident import NarrativeSection
from shirase.domain.report import Report
from shirase.inspection.inspect_report import Inspected, inspect_report
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.stated import Told
from shirase.inspection.subject import Expected, ReportFiles
from shirase.rendering.worker import Rendered, WorkerSettings, render_report
from shirase.text.regimes import regimes

OTHERS = (
    Identifier("C-9", "name", "株式会社ヒヤシンス物産"),
    Identifier("C-9", "name", "Hyacinth Trading"),
    Identifier("C-9", "domain", "hyacinth.example"),
    Identifier("C-9", "tenant", "tn-hyacinth-7"),
    Identifier("C-9", "mail", "iris@hyacinth.example"),
    Identifier("C-9", "phone", "81355550199"),
    Identifier("C-9", "person", "日向 恵美子"),
    Identifier("C-9", "user", "kana.hinata@corp.example"),
    Identifier("C-9", "ticket", "CS-7654321"),
    Identifier("C-9", "code", "HYAC-1NTH-C0DE"),
    Identifier("C-9", "report", "INC-2022-0120-9XZ4-77QP"),
)
WORDS = " / ".join(entry.value for entry in OTHERS)
GATE = LeakGate.build(OTHERS, common=())
CHOSEN = ("gdpr-33-2", "gdpr-33-3")


@cache
def files_of(report: Report) -> ReportFiles:
    made = render_report(report)
    assert isinstance(made, Rendered), made
    return ReportFiles(made.pdf, made.data.json, made.data.csv)


REPORT = sample.sample_report()


def inspect(files: ReportFiles, report: Report = REPORT, chosen: tuple[str, ...] = ()) -> Inspected:
    incident = report.batch.incident
    told = Told(
        names={language: report.customer.name(language) for language in Language},
        letterhead={language: (incident.sender.address.of(language),) for language in Language},
        issued_on=incident.issued_at.date(), as_of=incident.as_of, next_update_on=incident.next_update_on,
        contact=(incident.contact.email, incident.contact.phone), regimes=regimes(), chosen=chosen,
    )  # fmt: skip
    uids = tuple(action.action_uid for action in report.actions)
    expected = Expected(report.report_id, report.customer, report.canary, uids, told if chosen else None)
    return inspect_report(expected, files, GATE)


def blockers(inspected: Inspected) -> list[Finding]:
    return [finding for finding in inspected.findings if finding.blocker]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (planted.in_metadata(WORDS), "metadata"),
        (planted.in_packet(WORDS), "metadata"),
        (planted.in_bookmark(WORDS), "bookmarks"),
        (planted.in_alternative(WORDS), "alternative text"),
        (planted.in_alternative(WORDS, "/ActualText"), "alternative text"),
        (planted.in_link(WORDS, "/Contents"), "links"),
        (planted.in_file(WORDS), "file notes.txt inside"),
    ],
    ids=["metadata", "XMP", "bookmark", "alternative", "replacement", "link", "file inside"],
)
def test_every_identifier_is_found_in_every_carrier(
    renderer: WorkerSettings, change: planted.Change, place: str
) -> None:
    """Eleven kinds of identifiers of another customer, in a place that no page shows: none is missed."""
    found = [
        finding for finding in blockers(inspect(planted.changed(files_of(REPORT), change))) if finding.rule == "leak"
    ]
    missed = [entry.value for entry in OTHERS if not any(repr(entry.value) in finding.what for finding in found)]
    assert missed == []
    assert {finding.place.startswith(place) for finding in found} == {True}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (planted.before_text(0, 12, ([1, 1, 1], "rg"), inside=True), "hidden-text"),
        (planted.before_text(0, 12, ([3], "Tr"), inside=True), "hidden-text"),
        (planted.covered(4), "hidden-text"),
        (planted.before_text(0, 12, ([1, 0, 0, 1, 2000, 0], "cm")), "off-page"),
        (planted.with_script, "script"),
        (planted.in_link("somewhere", "/URI"), "link"),
        (planted.in_file("harmless"), "file-strange"),
    ],
    ids=["white", "invisible", "covered", "off the page", "script", "link", "strange file"],
)
def test_what_nobody_could_see_is_found(renderer: WorkerSettings, change: planted.Change, rule: str) -> None:
    """Text without ink, under a sheet or beside the paper; what a reader would start, follow or unpack."""
    assert rule in {finding.rule for finding in blockers(inspect(planted.changed(files_of(REPORT), change)))}


def test_a_page_of_another_report_is_found_by_its_code(renderer: WorkerSettings) -> None:
    """The same report number on it, but another customer's code."""
    other = replace(REPORT, canary="HYAC-1NTH-C0DE")
    mixed = planted.changed(files_of(REPORT), planted.with_pages_of(files_of(other).pdf))
    assert {"no-code", "leak"} <= {finding.rule for finding in blockers(inspect(mixed))}


def test_each_item_is_judged_on_the_pages_in_each_language(renderer: WorkerSettings) -> None:
    """By hand from the sample's facts: the number of records is open, so item 4 is stated in part; b-2 is the recipient's."""
    found = {(item.regime, item.item, item.language.value): item.standing.value for item in inspect(
        files_of(REPORT), chosen=CHOSEN
    ).items}  # fmt: skip
    assert len(found) == 2 * (10 + 9)
    for language in Language:
        assert found["gdpr-33-2", "3", language] == "present"
        assert found["gdpr-33-2", "4", language] == "partial"
        assert found["gdpr-33-3", "b-2", language] == "yours"


def without_measures(report: Report, language: Language) -> Report:
    texts = {each: "" if each is language else "- Text" for each in Language}
    narrative = tuple(
        NarrativeSection.model_construct(name=each.name, text=Paired.model_construct(ja=texts[Language.JA], en=texts[Language.EN]))
        if each.name == "measures" else each
        for each in report.batch.narrative
    )  # fmt: skip
    return replace(report, batch=replace(report.batch, narrative=narrative))


def overdue(report: Report, _: Language) -> Report:
    past = report.batch.incident.model_copy(update={"next_update_on": report.batch.incident.issued_at.date()})
    return replace(report, batch=replace(report.batch, incident=past))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("change", "item"), [(without_measures, "d"), (overdue, "a-3")], ids=["a section", "a day"])
def test_what_is_missing_in_one_language_blocks(
    renderer: WorkerSettings, change: Callable[[Report, Language], Report], item: str, language: Language
) -> None:
    """A section that is empty in one language; a point under investigation without a later day of the next report."""
    report = change(REPORT, language)
    found = blockers(inspect(files_of(report), report, CHOSEN))
    wanted = [each for each in found if each.rule == "incomplete" and each.place == f"gdpr-33-3, item {item}"]
    assert any(each.what.startswith(f"{language}: ") for each in wanted)


def test_annex_e_that_says_something_else_than_the_pages_is_found(renderer: WorkerSettings) -> None:
    """The sample's hand-made table is not that of the pages."""
    report = replace(REPORT, completeness=sample.CHECKLISTS)
    assert "annex-e-differs" in {finding.rule for finding in blockers(inspect(files_of(report), report, CHOSEN))}


def test_an_annex_that_says_another_figure_in_one_language_is_found(renderer: WorkerSettings) -> None:
    """One explanation of Annex A names three users in Japanese and four in English."""
    explanation = Paired(ja="利用者3名を表示しました。", en="4 users were shown.")
    kinds = (REPORT.kinds[0].model_copy(update={"explanation": explanation}), *REPORT.kinds[1:])
    report = replace(REPORT, kinds=kinds)
    found = [finding for finding in blockers(inspect(files_of(report), report)) if finding.rule == "values-differ"]
    assert ["Annex A" in finding.place for finding in found] == [True]


def test_a_word_that_is_not_used_is_found_on_the_page(renderer: WorkerSettings) -> None:
    """The decided term is threat actor."""
    text = Paired(ja="脅威アクターが操作しました。", en="The hacker used it.")
    narrative = tuple(
        NarrativeSection(name=each.name, text=text) if each.name == "cause" else each for each in REPORT.batch.narrative
    )
    report = replace(REPORT, batch=replace(REPORT.batch, narrative=narrative))
    assert {finding.rule for finding in blockers(inspect(files_of(report), report))} == {"term"}
