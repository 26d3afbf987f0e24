"""Both engines give the same pages: for every variant, for hard contents, and for contents drawn by chance.

This is the gate before the fast engine. What is found to differ becomes a case here.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sample_report as sample
from both_engines import REPORT, Engines
from same_pages import differences
from shirase.domain.bilingual import Language, Paired
from shirase.domain.customer import DataCopyPolicy, Paper
from shirase.domain.report import Report, ReportObject
from shirase.rendering.refusal import RefusedError
from shirase.rendering.worker import Drawing, Rendered, WorkerSettings, initialise, render_report
from variant_reports import VARIANTS

pytestmark = pytest.mark.usefixtures("renderer")


@pytest.fixture(scope="module")
def engines(renderer: object) -> Engines:
    """One pair for all reports, so that each is drawn with what the engine remembers of the others."""
    return Engines()


def customer(**changes: object) -> Report:
    return sample.sample_report(customer=sample.CUSTOMER.model_copy(update=changes))


def objects(*values: tuple[str, str, str]) -> Report:
    """A report whose rows hold these objects, one each."""
    rows = [
        replace(row, objects=(ReportObject(*value),))
        for row, value in zip(sample.many_actions(len(values)).actions, values, strict=True)
    ]
    return replace(sample.many_actions(len(values)), actions=tuple(rows))


def narrated(english: str, japanese: str) -> Report:
    """A report with these texts about the cause."""
    return sample.sample_report(batch=sample.sample_batch(narratives={"cause": Paired(ja=japanese, en=english)}))


HARD: dict[str, Callable[[], Report]] = {
    "english first, A4": lambda: customer(languages=(Language.EN, Language.JA)),
    "letter paper": lambda: customer(paper=Paper.LETTER),
    "no data": lambda: customer(data_copy=DataCopyPolicy.NONE),
    "data beside": lambda: customer(data_copy=DataCopyPolicy.BESIDE),
    "same clock": lambda: customer(time_zone="UTC"),
    "preview": lambda: replace(sample.many_actions(40), preview_rows=20),
    "exercise": lambda: sample.sample_report(batch=sample.sample_batch(exercise=True)),
    "long values": lambda: objects(("user", "u" * 90, "n" * 300), ("query", "", "a b " * 80), ("x", "-" * 200, "é" * 90)),
    "letters of many kinds": lambda: objects(
        ("user", "ﬁ → ﬂ", "Zoë Łukasz Čapek"), ("利用者", "全角　空白", "ｶﾀｶﾅ ﾊﾝｶｸ"), ("user", "👍🏽", "emoji ☎ ✓"),
        ("user", "עברית", "العربية"), ("user", "한국어", "简体字"), ("user", "e\u0301 o\u0308", "a\u00a0b"),
    ),
    "markup as text": lambda: objects(("<b>", "&amp; <i>x</i>", '"quoted" \'single\''), ("a]]>", "<!-- c -->", "{{ x }}")),
    "spaces": lambda: objects(("user", "two  spaces", " leading"), ("user", "trailing ", "tab\there"), ("user", "a\nb", "")),
    "lists within lists": lambda: narrated("- one\n  - two\n    1. three\n- four\n\n  with a paragraph\n", "- 一\n  - 二\n- 三\n"),
    "two reasons": lambda: replace(
        sample.many_actions(2),
        actions=tuple(replace(row, reason="設定の確認 please " * 4) for row in sample.many_actions(2).actions),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(VARIANTS))
def test_variants(name: str, engines: Engines) -> None:
    """Variant by variant, nothing differs."""
    assert engines.differences(VARIANTS[name]()) == []


@pytest.mark.parametrize("name", list(HARD))
def test_hard_cases(name: str, engines: Engines) -> None:
    """Nor with other papers, orders and policies, nor with values of every kind."""
    assert engines.differences(HARD[name]()) == []


@pytest.mark.parametrize("count", [2, 11, 12, 13, 14, 15, 16, 17, 61])
def test_tables_that_end_near_the_foot_of_a_page(count: int, engines: Engines) -> None:
    """One row more, and the table goes on on the next page."""
    rows = sample.many_actions(count)
    at_once = tuple(replace(row, at=rows.actions[0].at) for row in rows.actions)
    assert engines.differences(replace(rows, actions=at_once)) == []


names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs"), max_codepoint=0x9FFF), max_size=60)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.tuples(st.sampled_from(["user", "group", "利用者"]), names, names), min_size=1, max_size=6))
def test_contents_drawn_by_chance(values: list[tuple[str, str, str]], engines: Engines) -> None:
    """Whatever the names of objects are, as far as a font has glyphs for them."""
    assert engines.differences(printable(objects(*values))) == []


def printable(report: Report) -> Report:
    """``report`` without the characters that no font of every machine has."""
    blocks = ((0x20, 0x7F), (0xA1, 0x180), (0x3041, 0x3094), (0x30A1, 0x30F7))
    keep = {chr(point) for block in blocks for point in range(*block)}

    def clean(text: str | None) -> str:
        return "".join(letter for letter in text or "" if letter in keep)

    rows = [
        replace(
            row, objects=tuple(ReportObject(thing.type, clean(thing.id), clean(thing.name)) for thing in row.objects)
        )
        for row in report.actions
    ]
    return replace(report, actions=tuple(rows))


def test_what_was_drawn_before_changes_no_byte(engines: Engines) -> None:
    """The engine of this module has drawn many reports; a new one that knows nothing makes the same file."""
    report = VARIANTS["checked_tickets"]()
    assert engines.draw_fast(VARIANTS["arabic_name"]()) != engines.draw_fast(report)
    assert Engines().draw_fast(report) == engines.draw_fast(report)


def test_a_report_of_one_language_order_does_not_lend_its_lines_to_the_other(renderer: object) -> None:
    """A Japanese letter has other line heights in an English document, and page references lead elsewhere."""
    fresh = Engines()
    for order in ((Language.EN, Language.JA), (Language.JA, Language.EN), (Language.EN, Language.JA)):
        assert fresh.differences(customer(languages=order)) == []


# --- refusing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("h2 + p { color: red }", "looks at neighbours"),
        ("tr:nth-child(odd) td { background: #eee }", "looks at neighbours"),
        ("#ja-4 { color: red }", "looks at neighbours"),
        (".x::after { content: target-counter(attr(href), page) }", "prints a page number"),
        (".actions td { border-left: 1pt solid #000 }", "a line between columns"),
        (".list tbody tr > td { border-bottom: 1pt dashed #000 }", "a dashed border"),
        (".narrative p { opacity: .5 }", "transparent"),
        (".narrative p { text-decoration: underline }", "under, over or through"),
        (".narrative p { transform: rotate(1deg) }", "turned"),
        (".narrative p { border-radius: 2pt }", "rounded"),
        (".legend { position: relative; top: 1mm }", "out of its place"),
        (".actions td { vertical-align: middle }", "aligned to the middle"),
        (".actions tr { height: 2cm }", "given height"),
        (".narrative p { color: rgb(0 0 0 / 50%) }", "not opaque"),
        (".narrative { break-after: left }", "more than one page"),
    ],
)
def test_rules_that_cannot_be_followed_are_refused(rule: str, words: str, tmp_path: Path, renderer: object) -> None:
    """A stylesheet that asks for more than the engine can promise is left to the reference, with the reason."""
    for path in REPORT.glob("*.css"):
        extra = rule if path.name == "report.css" else ""
        (tmp_path / path.name).write_text(f"{path.read_text(encoding='utf-8')}\n{extra}\n", encoding="utf-8")
    with pytest.raises(RefusedError, match=words):
        Engines(tmp_path).draw_fast(sample.sample_report())


def test_a_designer_changes_the_stylesheet_and_both_follow(tmp_path: Path, renderer: object) -> None:
    """Sizes, colours, margins, columns and headers come from the stylesheet alone."""
    rules = """
        html { font-size: 11pt; color: #222 } h2 { margin: 6mm 0 4mm; border-bottom: 1.5pt solid #060 }
        .actions .label { width: 30mm } .actions td { padding: 1.2mm 1.4mm } .list tbody tr > * { border-bottom: .7pt solid #999 }
        @page { margin: 31mm 28mm 24mm } @page annex { margin: 27mm 12mm 19mm } td.number { text-align: center }
    """
    for path in REPORT.glob("*.css"):
        extra = rules if path.name == "report.css" else ""
        (tmp_path / path.name).write_text(f"{path.read_text(encoding='utf-8')}\n{extra}\n", encoding="utf-8")
    changed = Engines(tmp_path)
    report = sample.many_actions(30)
    assert changed.differences(report) == []
    assert differences(Engines().draw_fast(report), changed.draw_fast(report)) != []


def test_the_reference_draws_what_is_refused_and_says_so(settings: WorkerSettings, renderer: WorkerSettings) -> None:
    """A query longer than a page stands on a coloured ground that would have to be cut: the reference draws that report."""
    batch = sample.sample_batch()
    assert batch.self_check is not None
    text = "\n".join(["{events}", *(f"line {number}" for number in range(600)), "{first} {last}"])
    query = batch.self_check.queries[0].model_copy(update={"query": text})
    checks = batch.self_check.model_copy(update={"queries": (query,)})
    report = sample.sample_report(batch=replace(batch, self_check=checks))
    plain = render_report(report)
    initialise(replace(settings, drawing=Drawing.FAST))
    try:
        refused, drawn = render_report(report), render_report(sample.sample_report())
    finally:
        initialise(settings)
    assert isinstance(plain, Rendered)
    assert isinstance(refused, Rendered)
    assert isinstance(drawn, Rendered)
    assert refused.refused is not None
    assert "background" in refused.refused
    assert refused.pdf == plain.pdf
    assert drawn.refused is None
    assert plain.refused is None
