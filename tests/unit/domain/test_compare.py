"""Two revisions against each other: words by section and language, rows by their actions, and the whole batch."""

from dataclasses import replace

from shirase.domain.bilingual import Language
from shirase.domain.compare import Mark, compare, compare_batch, word_pieces
from shirase.domain.read_report import ReadBlock, ReadReport
from unit.domain.test_shapes import report


def changed(number: int, text: str, english: str | None = None) -> ReadReport:
    """The report with other words, and other bytes."""
    before = report(number)
    ja, en = before.sections
    sections = (
        replace(ja, blocks=(ReadBlock("P", text, 1),)),
        en if english is None else replace(en, blocks=(ReadBlock("P", english, 2),)),
    )
    return replace(before, sections=sections, pdf_digest="f" * 64)


def test_words_are_marked_and_nothing_is_lost() -> None:
    """Removed and added words are named; what is left of each side is its text."""
    pieces = word_pieces("The account was reset on Monday.", "The account was not reset on Monday.")
    assert "".join(piece.text for piece in pieces if piece.mark is not Mark.ADDED) == "The account was reset on Monday."
    assert (
        "".join(piece.text for piece in pieces if piece.mark is not Mark.REMOVED)
        == "The account was not reset on Monday."
    )
    assert [piece.text.strip() for piece in pieces if piece.mark is Mark.ADDED] == ["not"]
    assert [piece.mark for piece in word_pieces("侵害はありません。", "侵害はありました。")].count(Mark.REMOVED) == 1


def test_a_change_stands_at_its_section_and_language() -> None:
    """A changed Japanese sentence is found in Japanese only, at its section."""
    found = compare(report(1), changed(1, "操作が3件確認されています。"))
    assert [(block.section, block.language) for block in found.blocks] == [("4", Language.JA)]
    assert found.rows.count == 0
    assert not found.same_bytes


def test_rows_are_told_by_their_actions() -> None:
    """A row is added, removed or changed by the identifier of its action, wherever it stands."""
    before = replace(report(1), rows={"a": "1", "b": "1", "c": "1"})
    after = replace(report(1), rows={"c": "1", "b": "2", "d": "1"})
    rows = compare(before, after).rows
    assert (rows.added, rows.removed, rows.changed) == (("d",), ("a",), ("b",))


def test_one_paragraph_in_all_reports_is_one_change() -> None:
    """The same change in 366 reports, each with its own values, is said once, with no data row changed."""
    pairs = [
        (report(number), changed(number, "操作が確認されています。", f"3 actions were found for t-{number}."))
        for number in range(366)
    ]
    batch = compare_batch([compare(*pair) for pair in pairs])
    assert batch.places == 1
    assert [len(change.reports) for change in batch.paragraphs] == [366, 366]
    assert batch.rows_changed == ()
    assert batch.unchanged == ()


def test_approvals_stand_only_where_no_byte_changed() -> None:
    """Reports with the same bytes are unchanged; other bytes with the same words and rows are named apart."""
    same, other = report(1), replace(report(2), pdf_digest="e" * 64)
    batch = compare_batch([compare(report(1), same), compare(report(2), other)])
    assert batch.unchanged == ("R-001",)
    assert batch.only_bytes == ("R-002",)
