"""customers.csv and actors.csv: names survive byte for byte, and every way a row can be wrong is named with its line."""

from pathlib import Path

import pytest

from case_builder import ACTORS, CUSTOMERS, csv_text, edited, write_case
from shirase.case.file_models import CUSTOMER_COLUMNS
from shirase.case.folder import read_case
from shirase.domain.bilingual import Language
from shirase.domain.customer import CustomerStatus, DataCopyPolicy, DeliveryPolicy
from shirase.domain.errors import CaseError

NAMES = {
    "ladder taka": "髙橋商事",
    "tatsu saki": "﨑陽軒",
    "beyond the BMP": "𠮷野家",
    "ideographic variation sequence": "葛\U000e0100飾区",
    "compatibility ideograph": "\ufa19田神\ufa19社",
    "decomposed": "か\u3099の株式会社",
    "wide space within and around": "　株式会社　甲 ",
    "newer than this interpreter": "\U000323b0\U0002ebf0商会",
    "half-width kana": "ﾄﾖﾀ",
    "quotes and comma": 'He said "hello", Inc.',
    "joined emoji": "👩\u200d💻 Inc.",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_are_kept_exactly(tmp_path: Path, name: str) -> None:
    """A registered name is printed as it was given: not normalised, not trimmed, not mapped to a commoner form."""
    row = ["C-1", name, name, "t-1", "", "ja;en", "UTC", "active", "", "attach"]
    text = csv_text(CUSTOMER_COLUMNS, [row, ["C-2", "乙", "", "t-2", "", "", "", "", "", ""]])
    customer = read_case(write_case(tmp_path, **{"customers.csv": text})).customers.by_id["C-1"]
    assert customer.name_ja.encode() == name.encode()
    assert customer.name_en.encode() == name.encode()


def test_cells_become_lists_and_empty_cells_what_is_usual(tmp_path: Path) -> None:
    """Lists are divided at semicolons; an empty cell means the value that the reference page names."""
    rows = [
        [
            "C-1",
            "甲",
            "",
            "t-1; t-11",
            "a.example;b.example",
            "en;ja",
            "Asia/Tokyo",
            "left",
            "x@a.example;y@a.example",
            "by_hand",
        ],
        ["C-2", "", "Otsu", "", "", "", "", "", "", ""],
    ]
    case = read_case(write_case(tmp_path, **{"customers.csv": csv_text(CUSTOMER_COLUMNS, rows)}))
    first, second = case.customers.by_id["C-1"], case.customers.by_id["C-2"]
    assert (first.tenant_ids, first.domains) == (("t-1", "t-11"), ("a.example", "b.example"))
    assert first.languages == (Language.EN, Language.JA)
    assert (first.status, first.delivery_policy) == (CustomerStatus.LEFT, DeliveryPolicy.BY_HAND)
    assert first.recipients == ("x@a.example", "y@a.example")
    assert (second.tenant_ids, second.domains, second.recipients) == ((), (), ())
    assert second.languages == (Language.JA, Language.EN)
    assert (second.time_zone, second.status, second.delivery_policy) == (
        "UTC",
        CustomerStatus.ACTIVE,
        DeliveryPolicy.ATTACH,
    )


@pytest.mark.parametrize(
    ("overrides", "where", "what"),
    [
        pytest.param({"customers.csv": ""}, "customers.csv, line 1", "missing: customer_id", id="empty file"),
        pytest.param(
            edited("customers.csv", "tenant_ids", "tenants"), "customers.csv, line 1",
            "missing: tenant_ids; unknown: tenants (for tenant_ids?)", id="other column",
        ),
        pytest.param(
            edited("customers.csv", "name_ja,name_en", "name_en,name_ja"), "customers.csv, line 1", "another order",
            id="order of columns",
        ),
        pytest.param(
            edited("actors.csv", "valid_to", "country"), "actors.csv, line 1", "repeated: country", id="column twice"
        ),
        pytest.param(
            edited("customers.csv", "Otsu Inc.", "Otsu, Inc."), "customers.csv, line 3", "11 cells, the header 10",
            id="extra cell",
        ),
        pytest.param({"customers.csv": CUSTOMERS + "C-3,丙\n"}, "customers.csv, line 4", "2 cells", id="cells missing"),
        pytest.param(
            edited("customers.csv", "Otsu Inc.", '"Otsu" Inc.'), "customers.csv, line 3", "not CSV", id="broken quote"
        ),
        pytest.param(
            edited("customers.csv", "Otsu Inc.", '"Otsu Inc.'), "customers.csv, line 3", "not CSV", id="open quote"
        ),
        pytest.param(
            edited("customers.csv", "Kou K.K.", '"Kou\nK.K."'), "customers.csv, line 2, name_en", "U+000A",
            id="line break in a name",
        ),
        pytest.param(
            edited("customers.csv", "株式会社甲", "株式会社\u2f2f"), "customers.csv, line 2, name_ja", "U+2F2F KANGXI RADICAL WORK",
            id="Kangxi radical",
        ),
        pytest.param(
            edited("customers.csv", "株式会社甲", "\ue000商店"), "customers.csv, line 2, name_ja", "U+E000 a private-use",
            id="gaiji",
        ),
        pytest.param(
            edited("customers.csv", "株式会社甲", "\U000f0000商店"), "customers.csv, line 2, name_ja", "U+F0000 a private-use",
            id="gaiji of plane 15",
        ),
        pytest.param(
            edited("customers.csv", "Kou K.K.", "Kou\u0378"), "customers.csv, line 2, name_en", "U+0378 an unassigned",
            id="unassigned",
        ),
        pytest.param(
            edited("customers.csv", "Kou K.K.", "Kou\t"), "customers.csv, line 2, name_en", "U+0009 a control", id="C0"
        ),
        pytest.param(
            edited("customers.csv", "Kou K.K.", "Kou\x85"), "customers.csv, line 2, name_en", "U+0085 a control", id="C1"
        ),
        pytest.param(
            edited("customers.csv", "Kou K.K.", "K\ufffdu"), "customers.csv, line 2, name_en", "U+FFFD", id="lost character"
        ),
        pytest.param(
            edited("actors.csv", "eng-2,SE-02,sub,担当", "eng-2,SE-02,sub,\u2f92当"), "actors.csv, line 3, job_title_ja",
            "U+2F92 KANGXI RADICAL SEE", id="Kangxi radical in actors",
        ),
        pytest.param(edited("customers.csv", "C-2,", ","), "customers.csv, line 3, customer_id", "missing", id="no id"),
        pytest.param(edited("customers.csv", "C-2", "C-1"), "customers.csv, line 3", "'C-1' is listed twice", id="id twice"),
        pytest.param(
            edited("customers.csv", "t-2", "t-1"), "customers.csv, line 3", "'t-1' belongs to 'C-1' and to 'C-2'",
            id="tenant of two",
        ),
        pytest.param(
            edited("customers.csv", "t-2", "t-2;"), "customers.csv, line 3, tenant_ids[2]", "empty", id="nothing after ;"
        ),
        pytest.param(edited("customers.csv", "Otsu Inc.", ""), "customers.csv, line 3", "no name", id="no name"),
        pytest.param(
            edited("customers.csv", "Otsu Inc.", "\u3000"), "customers.csv, line 3, name", "nothing but spaces",
            id="name of spaces",
        ),
        pytest.param(
            edited("customers.csv", "ja;en", "ja;ja"), "customers.csv, line 2, languages", "both languages", id="one language"
        ),
        pytest.param(
            edited("customers.csv", "b@otsu.example,attach", "b@otsu.example,post"), "customers.csv, line 3, delivery_policy",
            "'notify_only'", id="unknown policy",
        ),
        pytest.param(
            {"actors.csv": ACTORS + "eng-1,SE-01,sub,担当,Engineer,PH,2022-01-01,\n"}, "actors.csv, line 5",
            "two rows of actor 'eng-1'", id="actor twice",
        ),
        pytest.param(
            edited("actors.csv", "SE-02", "SE-01"), "actors.csv, line 3", "stands for two actors", id="pseudonym of two"
        ),
        pytest.param(
            {"actors.csv": ACTORS.replace("PH,,\neng-2", "PH,,2021-12-31\neng-1,SE-09,sub,担当,Engineer,PH,2022-01-01,\neng-2")},
            "actors.csv, line 3, pseudonym", "'SE-09' here and 'SE-01' above", id="two pseudonyms",
        ),
        pytest.param(
            edited("actors.csv", "担当,Engineer,JP,,", "担当,Engineer,JP,2022-02-01,2022-01-01"),
            "actors.csv, line 4, valid_to", "ends (2022-01-01) before", id="ends before it begins",
        ),
        pytest.param(
            edited("actors.csv", "担当,Engineer,JP,,", "担当,Engineer,JP,01/02/2022,"), "actors.csv, line 4, valid_from",
            "valid date", id="not a date",
        ),
    ],
)  # fmt: skip
def test_a_problem_names_line_and_column(
    tmp_path: Path, overrides: dict[str, str | bytes | None], where: str, what: str
) -> None:
    """The one thing wrong is reported once, with the line it stands on."""
    with pytest.raises(CaseError) as caught:
        read_case(write_case(tmp_path, **overrides))
    (problem,) = caught.value.diagnostics()
    assert problem.where.startswith(where)
    assert what in problem.what


def test_the_mend_of_a_radical_is_the_kanji_meant(tmp_path: Path) -> None:
    """Nobody sees the difference, so the message says which kanji to write."""
    with pytest.raises(CaseError) as caught:
        read_case(write_case(tmp_path, **edited("customers.csv", "株式会社甲", "大\u2f2f")))
    assert "工 (U+5DE5)" in caught.value.diagnostics()[0].mend


def test_every_wrong_row_is_named_in_one_run(tmp_path: Path) -> None:
    """Wrong rows do not hide each other, rows that span lines do not shift the count, and empty lines are no rows."""
    rows = ['C-3,"丙\n店",,t-3,,,,,,', "", "C-4,丁,,t-4,,,Nowhere,,,", "C-5,戊", "C-6,己,,t-6,,,,gone,,"]
    with pytest.raises(CaseError) as caught:
        read_case(write_case(tmp_path, **{"customers.csv": CUSTOMERS + "\n".join(rows)}))
    assert [problem.where for problem in caught.value.diagnostics()] == [
        "customers.csv, line 4, name_ja",
        "customers.csv, line 7, time_zone",
        "customers.csv, line 8",
        "customers.csv, line 9, status",
    ]


def test_every_contradiction_between_rows_is_named(tmp_path: Path) -> None:
    """Each row that contradicts an earlier one is named; one that agrees with all others is not."""
    rows = "C-1,丙,,t-3,,,,,,\nC-4,丁,,t-4,,,,,,\nC-5,,,t-5,,,,,,\nC-6,己,,t-4,,,,,,\n"
    with pytest.raises(CaseError) as caught:
        read_case(write_case(tmp_path, **{"customers.csv": CUSTOMERS + rows}))
    assert sorted(problem.where for problem in caught.value.diagnostics()) == [
        "customers.csv, line 4",
        "customers.csv, line 6",
        "customers.csv, line 7",
    ]


def test_beyond_twenty_contradictions_the_rest_is_said_to_be_there(tmp_path: Path) -> None:
    """A whole column gone wrong does not fill the screen, and what is not named is not passed over in silence."""
    rows = "".join(f"C-{number},丙,,t-1,,,,,,\n" for number in range(3, 33))
    with pytest.raises(CaseError) as caught:
        read_case(write_case(tmp_path, **{"customers.csv": CUSTOMERS + rows}))
    found = caught.value.diagnostics()
    assert [problem.where for problem in found[:20]] == [f"customers.csv, line {line}" for line in range(4, 24)]
    assert [problem.what for problem in found[20:]] == ["further entries contradict those above"]


@pytest.mark.parametrize(
    ("cell", "policy"),
    [("beside", DataCopyPolicy.BESIDE), ("none", DataCopyPolicy.NONE), ("", DataCopyPolicy.EMBED)],
)
def test_where_the_data_goes_may_be_said(tmp_path: Path, cell: str, policy: DataCopyPolicy) -> None:
    """The last column may be there or not; without it, or empty, the data go into the PDF."""
    header, *rows = CUSTOMERS.splitlines()
    text = "".join(f"{line}\n" for line in (f"{header},data_copy", *(f"{row},{cell}" for row in rows)))
    said = read_case(write_case(tmp_path / "said", **{"customers.csv": text})).customers
    assert {customer.data_copy for customer in said.by_id.values()} == {policy}
    left_out = read_case(write_case(tmp_path / "left out")).customers
    assert {customer.data_copy for customer in left_out.by_id.values()} == {DataCopyPolicy.EMBED}


def test_the_last_column_has_its_place_and_its_values(tmp_path: Path) -> None:
    """In another place, or with another word, it is refused like any other column."""
    header, *rows = CUSTOMERS.splitlines()
    turned = "".join(f"{line}\n" for line in (f"data_copy,{header}", *(f"embed,{row}" for row in rows)))
    with pytest.raises(CaseError, match="another order"):
        read_case(write_case(tmp_path / "turned", **{"customers.csv": turned}))
    wrong = "".join(f"{line}\n" for line in (f"{header},data_copy", *(f"{row},inside" for row in rows)))
    with pytest.raises(CaseError, match="line 2, data_copy"):
        read_case(write_case(tmp_path / "wrong", **{"customers.csv": wrong}))
