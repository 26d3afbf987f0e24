import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

import sample_report as sample
from shirase.domain.report import Report, ReportObject
from shirase.rendering.data_csv import COLUMNS, data_csv, formula_safe

PAGE = Path(__file__).resolve().parents[3] / "docs/reference/data-copy.md"


def rows(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data_csv(report).decode("utf-8-sig"), newline="")))


def of_one(**changes: object) -> Report:
    return sample.sample_report(actions=[sample.sample_action(1, datetime(2022, 1, 17, tzinfo=UTC), **changes)])


def test_every_action_is_one_line() -> None:
    """Byte order mark, header, one line an action ended by CR LF, in the order of Annex A."""
    content = data_csv(sample.sample_report())
    assert content.startswith(b"\xef\xbb\xbfnumber,uid,at,")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert [line.partition(",")[0] for line in lines] == ["number", "1", "2", "3", "4", "5", "6", "7", ""]
    assert "\n" not in "".join(lines)


def test_a_row_says_what_the_json_says() -> None:
    """Nested values have columns of their own; absent ones are empty; objects are a list in one cell."""
    _, search, _, impersonation, unknown, *_ = rows(sample.sample_report())
    assert search == {
        "number": "2",
        "uid": "0" * 63 + "2",
        "at": "2022-01-16T20:05:01.645000Z",
        "time_as_logged": "2022-01-16T20:05:01.645000+00:00",
        "time_quality": "exact",
        "code": "org.search",
        "native_code": "su.org.search",
        "effect": "search",
        "outcome": "success",
        "tenants": "takahashi-prod",
        "objects": "",
        "objects_not_shown": "0",
        "operator_pseudonym": "SE-07",
        "operator_organisation_ja": "シテル社",
        "operator_organisation_en": "Sitel",
        "operator_job_title_ja": "上級サポートエンジニア",
        "operator_job_title_en": "Senior support engineer",
        "operator_country": "US",
        "source": "superuser",
        "ticket": "",
        "reason": "login problem",
        "evidence_file": "1",
        "evidence_line": "102",
        "flags": "",
        "ticket_match": "none",
        "document_code": "SAMP-1E00-C0DE",
        "tenant_basis": "logged",
        "also_seen": "",
    }
    assert impersonation["objects"] == (
        '[{"type": "user", "id": "00uffffffffffffffff0", "name": "鈴木一郎"}, '
        '{"type": "group", "id": "00gaaaaaaaaaaaaaaaa0", "name": "情報システム部"}]'
    )
    assert (unknown["operator_pseudonym"], unknown["operator_organisation_ja"], unknown["flags"]) == (
        "SE-X9K2M", "", "id_conflict",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81 3",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "  =1",
        "\u3000=1",
        "\xa0@x",
        "＝1+1",
        "＋1",
        "－1",
        "＠x",
        " ＝1",
    ],
)
def test_what_a_spreadsheet_would_calculate_is_text(text: str) -> None:
    """An apostrophe in front makes it text, wherever the formula begins and however wide it is written."""
    assert formula_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", " ", "a=1", "1-2", "user@takahashi.example", "長音ー", "'=1", "–", "株式会社＋"])
def test_other_text_is_left_alone(text: str) -> None:
    """What no spreadsheet calculates stays what it is."""
    assert formula_safe(text) == text


def test_logged_values_attack_nobody() -> None:
    """Formulas, hidden characters and line ends of a log stay on their line, visible, and text."""
    row = of_one(
        ticket_id="=HYPERLINK(1)",
        reason='a "quoted", b\r\n=2\u202e',
        action_native="\u200b=3",
        objects=(ReportObject(None, None, "=4\ud800"),),
    )
    content = data_csv(row)
    (only,) = rows(row)
    assert only["ticket"] == "'=HYPERLINK(1)"
    assert only["reason"] == 'a "quoted", b⟦U+000D⟧⟦U+000A⟧=2⟦U+202E⟧'
    assert only["native_code"] == "⟦U+200B⟧=3"
    assert only["objects"] == '[{"type": null, "id": null, "name": "=4⟦U+D800⟧"}]'
    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_our_numbers_stay_numbers() -> None:
    """Cells that hold numbers of ours have no apostrophe, whatever they are."""
    (only,) = rows(of_one(masked_count=12, evidence_line=1000))
    assert (only["number"], only["objects_not_shown"], only["evidence_line"]) == ("1", "12", "1000")


def test_the_reference_explains_every_column() -> None:
    """The page has each column in its order, and says what the apostrophe means."""
    table = PAGE.read_text(encoding="utf-8").partition("## CSV")[2]
    named = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert named == list(COLUMNS)
    assert "apostrophe" in table
