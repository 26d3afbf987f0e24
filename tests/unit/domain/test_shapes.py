"""Review by shape: what counts as alike, what stands out, and how much was read."""

from dataclasses import replace

from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadBlock, ReadReport, ReadSection, wording_of
from shirase.domain.shapes import Standout, cover, find_shapes


def report(
    number: int,
    *,
    text: str = "操作が3件記録されています。",
    effect: str = "view",
    code: str = "tenant.view",
    rows: int = 1,
) -> ReadReport:
    """A report with one sentence in each language."""
    own = (f"R-{number:03d}", f"株式会社{number}号", f"t-{number}")
    sections = (
        ReadSection("4", "影響", Language.JA, (ReadBlock("P", text, 1),)),
        ReadSection("4", "Impact", Language.EN, (ReadBlock("P", f"3 actions are recorded for t-{number}.", 2),)),
    )
    return ReadReport(
        report_id=own[0], customer_id=f"C-{number}", name_ja=own[1], name_en="", pdf_digest=f"{number:064x}",
        data_digest=f"{number:064x}", page_count=2, impact="potentially_affected", first=Language.JA, own=own,
        sections=sections, by_code={code: rows}, by_effect={effect: rows}, flagged={},
        rows={f"{number}-{row}": "d" for row in range(rows)},
    )  # fmt: skip


def batch(*others: ReadReport) -> list[ReadReport]:
    return [*(report(number) for number in range(1, 51)), *others]


def test_values_make_no_shape_of_their_own() -> None:
    """Fifty reports that differ in names, tenants and numbers are one shape."""
    shapes = find_shapes(batch())
    assert [len(shape.reports) for shape in shapes.shapes] == [50]


def test_another_sentence_is_another_shape() -> None:
    """A sentence that no other report has makes a shape, and so does an action of another weight."""
    shapes = find_shapes(
        batch(report(60, text="操作は記録されていません。"), report(61, effect="reset", code="user.reset"))
    )
    assert sorted(len(shape.reports) for shape in shapes.shapes) == [1, 1, 50]


def test_the_order_of_the_reports_means_nothing() -> None:
    """The same reports in another order are the same shapes with the same names."""
    reports = batch(report(60, text="別の文です。"))
    assert find_shapes(reports) == find_shapes(reports[::-1])


def test_what_stands_out_is_said_with_its_reason() -> None:
    """The one with most actions, a rare code and an unusual effect are outliers; an ordinary report is none."""
    shapes = find_shapes(batch(report(60, rows=900), report(61, effect="reset", code="user.reset")))
    reasons = {outlier.report_id: set(outlier.reasons) for outlier in shapes.outliers}
    assert Standout.MOST_ACTIONS in reasons["R-060"]
    assert reasons["R-061"] == {Standout.RARE_ACTION, Standout.UNUSUAL_EFFECT}
    assert shapes.outliers[0].report_id == "R-061"
    assert len(reasons) <= 3


def test_a_confirmed_intrusion_always_stands_out() -> None:
    """A report with actions of the intruder is an outlier however many there are."""
    reports = [replace(each, flagged={"confirmed": 1}) for each in batch()]
    assert all(Standout.CONFIRMED in outlier.reasons for outlier in find_shapes(reports).outliers)
    assert len(find_shapes(reports).outliers) == 50


def test_coverage_says_what_was_not_opened() -> None:
    """One of each shape and every outlier is enough; one outlier short is not, and the sentence gives every figure."""
    shapes = find_shapes(
        batch(report(60, rows=900), report(61, effect="reset", code="user.reset", text="別の文です。"))
    )
    everything = list(shapes.texts)
    outliers = [outlier.report_id for outlier in shapes.outliers]
    opened = {shape.example for shape in shapes.shapes} | set(outliers)
    assert cover(shapes, everything, opened).is_enough
    short = cover(shapes, everything, opened - {"R-060"})
    assert not short.is_enough
    assert short.statement().startswith(f"{len(opened) - 1} of 52 reports opened: 2 of 2 shapes")
    assert "The others were not opened" in short.statement()
    assert not cover(shapes, [], everything).is_enough


def test_a_text_that_nobody_opened_is_counted() -> None:
    """Distinct texts and kinds of action that stand only in unread reports are missing from the count."""
    shapes = find_shapes([report(1), report(2, text="まれな文です。", code="rare.code")])
    coverage = cover(shapes, ["R-001", "R-002"], ["R-001"])
    assert (coverage.texts, coverage.texts_read) == (3, 2)
    assert (coverage.codes, coverage.codes_read) == (2, 1)


def test_wording_is_what_is_left_without_values() -> None:
    """The same sentence about another customer, number, day or clock is the same wording."""
    one = wording_of("2022年1月16日 00:00（UTC）／09:00（JST）から甲に対する3件の操作", ("甲",))
    other = wording_of("2022年1月21日 23:59（UTC）／1月22日 08:59（JST）から乙社に対する1,204件の操作", ("乙社",))
    assert one == other == "#から‹›に対する#件の操作"
    assert wording_of("From 3 May 2022, 1 action", ()) == wording_of("From 12 June 2022, 7 action", ())
