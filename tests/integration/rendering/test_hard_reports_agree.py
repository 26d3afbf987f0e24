"""Both engines give the same pages of what is hard to lay out: the rehearsal's hard reports, edges of pages, odd cells.

The second half of the gate before the fast engine; the first is ``test_engines_agree.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sample_report as sample
from both_engines import Engines
from case_builder import write_case
from shirase.case.folder import read_case
from shirase.domain.action import Basis, Outcome, TimeQuality
from shirase.domain.bilingual import Language, Paired
from shirase.domain.customer import DataCopyPolicy, Paper
from shirase.domain.incident import Case
from shirase.domain.report import AlsoSeen, Report, ReportAction, ReportCounts, ReportObject
from shirase.domain.tickets import TicketMatch
from shirase.rehearsal.hard_reports import hard_reports
from shirase.rendering.glyphs import Glyphs, read_glyphs
from shirase.rendering.html import report_parts
from shirase.rendering.worker import WorkerSettings
from shirase.reporting.build import build_batch, build_report

pytestmark = pytest.mark.usefixtures("renderer")

REFUSED: dict[str, str] = {}
"""Cases that the fast engine may leave to the reference, by name, with its reason. Each one more is a decision."""

ROWS = 400
"""Actions of the largest hard report."""

EN_FIRST = (Language.EN, Language.JA)


@pytest.fixture(scope="module")
def engines(renderer: object) -> Engines:
    """One pair for all reports, so that each is drawn with what the engine remembers of the others."""
    return Engines()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """A small case, read from its folder."""
    return read_case(write_case(tmp_path_factory.mktemp("hard") / "case"))


def agree(name: str, report: Report, engines: Engines) -> None:
    """Nothing differs; or the report is one that may be refused, and is, for that reason."""
    assert engines.compared(report) == REFUSED.get(name, [])


# --- the rehearsal's ---------------------------------------------------------------------------------------------

REHEARSED = (
    "no rows", "no rows, English first, Letter", "one row", "one row, English first, Letter", "every kind of row",
    "hostile values", "longest names", "nothing to break at", f"{ROWS:,} rows",
)  # fmt: skip


@pytest.mark.parametrize("name", REHEARSED)
def test_hard_reports_of_the_rehearsal(name: str, case: Case, engines: Engines) -> None:
    """What ``shirase lint`` draws: none, one, very many, the longest, the most hostile."""
    found = {hard.name: hard for hard in hard_reports(case.catalogue, case.window, case.incident.sources[0].id, ROWS)}
    assert set(found) == set(REHEARSED)
    method = sample.sample_batch().method
    batch = build_batch(case, method, own_figures=tuple((claim.id, 12_345) for claim in case.claims))
    agree(name, build_report(case, batch, found[name].customer, found[name].actions), engines)


# --- odd cells ---------------------------------------------------------------------------------------------------


def rows(*changes: Mapping[str, object]) -> Report:
    """A report with one row for each of ``changes``."""
    made = sample.many_actions(len(changes))
    changed = tuple(replace(row, **change) for row, change in zip(made.actions, changes, strict=True))  # type: ignore[arg-type]
    return replace(made, actions=changed)


def object_named(name: str, identifier: str = "00u1") -> dict[str, object]:
    return {"objects": (ReportObject("user", identifier, name),)}


def several_tenants() -> Report:
    tenants = ("takahashi-prod", "takahashi-test", "takahashi-" + "x" * 60)
    customer = sample.CUSTOMER.model_copy(update={"tenant_ids": tenants})
    made = rows({"tenant_ids": tenants[:1]}, {"tenant_ids": tenants}, {"tenant_ids": tenants[2:]})
    return replace(made, customer=customer, tenant_counts=tuple(zip(tenants, (2, 1, 2), strict=True)))


def everything_at_once() -> Report:
    """An exercise, a preview, translations nobody has confirmed, Letter, English first: every line that warns."""
    batch = replace(sample.sample_batch(exercise=True), unconfirmed_texts=3)
    customer = sample.CUSTOMER.model_copy(
        update={
            "languages": EN_FIRST,
            "paper": Paper.LETTER,
            "time_zone": "America/St_Johns",
            "data_copy": DataCopyPolicy.NONE,
        }
    )
    return replace(sample.many_actions(30), batch=batch, customer=customer, preview_rows=12)


def every_mark() -> Report:
    """Rows with everything that a row can say beside its object."""
    also = tuple(
        AlsoSeen(kind, "superuser", 1, 900 + number) for number, kind in enumerate(("copy", "match", "effect_of"))
    )
    return rows(
        *({"outcome": outcome, "time_quality": quality} for outcome in Outcome for quality in TimeQuality),
        *({"ticket_match": match, "reason": f"{match}"} for match in TicketMatch),
        *({"tenant_basis": basis} for basis in Basis),
        {"also_seen": also}, {"flags": ("id_conflict", "shared"), "masked_count": 12},
        {"opened_after_action": True, "ticket_match": TicketMatch.OPENED_BY_YOU}, {"objects": (), "reason": None},
    )  # fmt: skip


ODD: dict[str, Callable[[], Report]] = {
    "a name that is cut": lambda: rows({}, object_named("very long name " * 400), {}),
    "a name that is cut, without a space": lambda: rows({}, object_named("x" * 9_000), {}),
    "more objects than a row prints": lambda: rows(
        {}, {"objects": tuple(ReportObject("user", f"00u{number}", f"利用者 {number}") for number in range(120))}, {}
    ),
    "a reason that is cut": lambda: rows({"reason": "調査のため。" * 120}, {"reason": "because " * 200}),
    "right to left": lambda: rows(object_named("עברית 123 abc"), object_named("العربية ١٢٣ (abc)"), object_named("abc עברית")),
    "combining marks": lambda: rows(object_named("e\u0301a\u0300\u0316z\u0335" * 20), object_named("か\u3099は\u309a"), object_named("\u0301")),
    "emoji": lambda: rows(object_named("👍🏽 ☎\ufe0f ✓"), object_named("🎌🗾" * 30)),
    "joiners and hyphens": lambda: rows(
        object_named("a\u200db\u200cc"), object_named("soft\u00adhyphen " * 12), object_named("no\u2011break\u00a0space " * 9)
    ),
    "a value of spaces": lambda: rows(object_named(" " * 90), object_named("\u3000" * 40), object_named("")),
    "lines in a value": lambda: rows(object_named("one\ntwo\n\nthree\n"), object_named("\n\n"), object_named("a\r\nb\tc")),
    "kinsoku": lambda: rows(object_named("「あ」、（い）。" * 40), object_named("ー" * 80), object_named("…―！？" * 25)),
    "several tenants": several_tenants,
    "everything at once": everything_at_once,
    "every mark": every_mark,
}  # fmt: skip


@pytest.mark.parametrize("name", list(ODD))
def test_odd_cells(name: str, engines: Engines) -> None:
    """Cells that no ordinary report has."""
    agree(name, ODD[name](), engines)


# --- edges of pages ----------------------------------------------------------------------------------------------


def in_days(*lengths: int, **changes: object) -> Report:
    """A report whose first days have so many rows each."""
    made = sample.many_actions(sum(lengths))
    days = [day for day, length in enumerate(lengths) for _ in range(length)]
    start = datetime(2022, 1, 16, 3, 0, tzinfo=UTC)
    actions: tuple[ReportAction, ...] = tuple(
        replace(row, at=start + timedelta(days=day, seconds=row.number))
        for row, day in zip(made.actions, days, strict=True)
    )
    per_day = {16 + day: length for day, length in enumerate(lengths)}
    counts: ReportCounts = replace(
        made.counts, by_day=tuple((day, per_day.get(day.day, 0)) for day, _ in made.counts.by_day)
    )
    customer = sample.CUSTOMER.model_copy(update=changes)
    return replace(made, actions=actions, counts=counts, customer=customer)


def last_that_fits(pages: Callable[[int], int], least: int, most: int) -> int:
    """The number of rows after which a page is full: one more, and there is one page more. By halving."""
    low, high = least, most
    assert pages(low) < pages(high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if pages(middle) == pages(least) else (low, middle)
    return low


@pytest.mark.parametrize(
    "changes",
    [{}, {"languages": EN_FIRST, "paper": Paper.LETTER}],
    ids=["Japanese first, A4", "English first, Letter"],
)
def test_a_day_that_ends_exactly_at_the_foot_of_a_page(changes: dict[str, object], engines: Engines) -> None:
    """The last row that fits, alone and with another day after it; and one row more."""
    full = last_that_fits(lambda count: engines.pages(in_days(count, **changes)), 2, 60)
    for lengths in ((full,), (full, 3), (full + 1,), (full - 1, 1, 1)):
        assert (lengths, engines.compared(in_days(*lengths, **changes))) == (lengths, [])


# --- by chance ---------------------------------------------------------------------------------------------------

LETTERS = st.one_of(
    st.characters(min_codepoint=0x20, max_codepoint=0x7E),
    st.characters(min_codepoint=0xA0, max_codepoint=0x24F, exclude_characters="\u00ad"),
    st.characters(min_codepoint=0x300, max_codepoint=0x36F),
    st.characters(min_codepoint=0x370, max_codepoint=0x4FF),
    st.characters(min_codepoint=0x5D0, max_codepoint=0x5EA),
    st.characters(min_codepoint=0x620, max_codepoint=0x64A),
    st.characters(min_codepoint=0x2010, max_codepoint=0x2027),
    st.characters(min_codepoint=0x2190, max_codepoint=0x22FF),
    st.characters(min_codepoint=0x3000, max_codepoint=0x30FF),
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
    st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
    st.characters(min_codepoint=0xFF01, max_codepoint=0xFF9F),
    st.characters(min_codepoint=0x1F300, max_codepoint=0x1F5FF),
    st.sampled_from(["\n", "\t", "  ", "\u200d", "fi", "ffl", "<b>", "&amp;", "{{ x }}", "-" * 70, "x" * 70]),
)
TEXTS = st.lists(LETTERS, max_size=30).map("".join)
ROW = st.fixed_dictionaries(
    {
        "objects": st.lists(st.builds(ReportObject, st.sampled_from(["user", None]), TEXTS, TEXTS), max_size=3).map(
            tuple
        ),
        "reason": st.one_of(st.none(), TEXTS),
        "ticket_id": st.one_of(st.none(), TEXTS.filter(bool)),
        "outcome": st.sampled_from(Outcome),
        "time_quality": st.sampled_from(TimeQuality),
        "operator": st.sampled_from(sample.OPERATORS),
        "masked_count": st.integers(0, 3),
        "evidence_line": st.integers(1, 10**7),
    }
)
CUSTOMERS = st.fixed_dictionaries(
    {
        "languages": st.sampled_from([EN_FIRST, EN_FIRST[::-1]]),
        "paper": st.sampled_from(Paper),
        "time_zone": st.sampled_from(["Asia/Tokyo", "UTC", "America/St_Johns"]),
        "data_copy": st.sampled_from(DataCopyPolicy),
        "name_en": st.text(st.sampled_from("ABCdefgh éü&.,-'"), min_size=1, max_size=90),
    }
)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=st.lists(ROW, min_size=1, max_size=25), customer=CUSTOMERS, cause=TEXTS)
def test_whole_reports_drawn_by_chance(
    changes: list[dict[str, object]], customer: dict[str, object], cause: str, engines: Engines, glyphs: Glyphs
) -> None:
    """Whatever names, reasons, tickets, papers, orders, clocks and texts, as far as the fonts have glyphs for them."""
    narratives = {"cause": Paired(ja="原因 " + cause, en="Cause " + cause)}
    report = replace(
        rows(*changes),
        customer=sample.CUSTOMER.model_copy(update=customer),
        batch=sample.sample_batch(narratives=narratives),
    )
    missing = glyphs.missing_characters(report_parts(report).whole)
    if missing:
        lost = str.maketrans(dict.fromkeys(missing, "〓"))
        report = translated(report, lost)
    assert engines.compared(report) == []


@pytest.fixture(scope="module")
def glyphs(renderer: WorkerSettings) -> Glyphs:
    """Of the fonts of this machine."""
    return read_glyphs(renderer.characters_file)


def translated(report: Report, table: dict[int, str]) -> Report:
    """``report`` with other characters in rows and narrative."""

    def row(action: ReportAction) -> ReportAction:
        objects = tuple(
            ReportObject(thing.type, (thing.id or "").translate(table), (thing.name or "").translate(table))
            for thing in action.objects
        )
        ticket, reason = (None if text is None else text.translate(table) for text in (action.ticket_id, action.reason))
        return replace(action, objects=objects, ticket_id=ticket, reason=reason)

    def text(paired: Paired) -> Paired:
        return Paired(ja=paired.ja.translate(table), en=paired.en.translate(table))

    narrative = tuple(section.model_copy(update={"text": text(section.text)}) for section in report.batch.narrative)
    return replace(report, actions=tuple(map(row, report.actions)), batch=replace(report.batch, narrative=narrative))
