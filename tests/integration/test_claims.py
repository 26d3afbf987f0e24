"""Claims: every figure of the texts is asked of the log once more, and what does not hold stops the run."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from case_builder import write_case

CLAIMS = """
[[claims]]
id = "views"
label = { ja = "閲覧", en = "Views" }
query = "SELECT count(*) FROM lines WHERE disposition = 'in_scope' AND action_code = 'tenant.view'"
public = true

[[claims]]
id = "share_of_views"
label = { ja = "閲覧の割合", en = "Share of views" }
query = "SELECT count_if(effect = 'view') / count(*) FROM lines LEFT JOIN effects USING (action_code) WHERE disposition = 'in_scope'"
public = true
"""
RESTING = """
[[claims]]
id = "resets"
label = { ja = "再設定", en = "Resets" }
query = "SELECT count(*) FROM lines WHERE action_code = 'user.reset'"
expect = %d
sentences = [{ ja = "再設定は確認されていません", en = "no reset has been found" }]
"""


def shirase(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shirase", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def claims(case: Path, *options: str) -> tuple[subprocess.CompletedProcess[str], Any]:
    done = shirase("claims", case, "--out", case.parent / "out", "--json", *options)
    return done, json.loads(done.stdout) if done.stdout else None


def with_measures(case: Path, ja: str, en: str) -> None:
    (case / "narrative/measures.ja.md").write_text(f"{ja}\n", encoding="utf-8")
    (case / "narrative/measures.en.md").write_text(f"{en}\n", encoding="utf-8")


def test_every_value_is_printed_with_its_query_and_result(tmp_path: Path) -> None:
    """Two lines, one action for each of two customers, by hand; each value once, and all agree."""
    case = write_case(tmp_path / "case", **{"claims.toml": CLAIMS})
    with_measures(case, "閲覧は{{ views }}件です。", "There were {{ views }} views.")
    done, sheet = claims(case)
    assert done.returncode == 0, done.stderr
    results = {entry["name"]: entry["result"] for entry in sheet["figures"] if entry["result"] is not None}
    assert results == {
        "lines_read": 2, "lines_unusable": 0, "actions_in_scope": 2, "customers_affected": 2, "tenants_affected": 2,
        "customers_share": 1.0, "views": 2, "share_of_views": 1.0,
    }  # fmt: skip
    assert all(entry["agrees"] for entry in sheet["figures"])
    used = {entry["name"]: entry["used_in"] for entry in sheet["figures"]}
    assert used["views"] == ["narrative/measures"]
    (yours, _) = sheet["each_customer"]
    assert (yours["customers"], yours["total"], yours["differing"]) == (2, 2, [])


def test_a_value_of_the_case_is_printed_in_the_report(tmp_path: Path) -> None:
    """A narrative names the result of a claim like any other value."""
    case = write_case(tmp_path / "case", **{"claims.toml": CLAIMS})
    with_measures(case, "閲覧は{{ views }}件です。", "There were {{ views }} views.")
    assert shirase("draft", case, "--out", tmp_path / "out").returncode == 0
    sheet = json.loads((tmp_path / "out/EX-2022-01/run.json").read_text(encoding="utf-8"))
    assert sheet["reports"]["written"] == 2
    _, ledger = claims(case)
    assert {entry["name"]: entry["differing"] for entry in ledger["each_customer"]} == {
        "your_actions": [], "your_confirmed_actions": [],
    }  # fmt: skip


@pytest.mark.parametrize(("expected", "code"), [(0, 0), (3, 5)])
def test_a_text_whose_claim_does_not_hold_stops_the_draft(tmp_path: Path, expected: int, code: int) -> None:
    """No line resets anything: a text that rests on none may go out, one that rests on three may not."""
    case = write_case(tmp_path / "case", **{"claims.toml": RESTING % expected})
    with_measures(case, "再設定は確認されていません。", "So far, no reset has been found.")
    drafted = shirase("draft", case, "--out", tmp_path / "out", "--no-inspect")
    assert drafted.returncode == code, drafted.stderr
    assert len(list((tmp_path / "out/EX-2022-01/reports").glob("*.pdf"))) == (2 if code == 0 else 0)
    done, sheet = claims(case)
    assert done.returncode == code
    (claim,) = (each for each in sheet["claims"] if each["name"] == "resets")
    assert (claim["expected"], claim["result"], claim["holds"]) == (expected, 0, code == 0)


def test_sentences_that_rest_on_nothing_are_listed_until_a_claim_bears_them(tmp_path: Path) -> None:
    """Numbers in words and words for everything, in both languages."""
    case = write_case(tmp_path / "case")
    with_measures(case, "すべての端末を三台ずつ調べました。", "We examined all workstations, three at a time.")
    _, sheet = claims(case)
    found = {(each["place"], each["language"], each["found"]) for each in sheet["untraced"]}
    assert found == {
        ("narrative/measures", "ja", "すべて"), ("narrative/measures", "ja", "三台"),
        ("narrative/measures", "en", "all"), ("narrative/measures", "en", "three"),
    }  # fmt: skip
    borne = RESTING.replace("再設定は確認されていません", "すべての端末").replace(
        "no reset has been found", "all workstations"
    )
    (case / "claims.toml").write_text(borne % 0, encoding="utf-8")
    _, sheet = claims(case)
    assert sheet["untraced"] == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("DELETE FROM effects", "not one SELECT"),
        ("SELECT 1; SELECT 2", "not one SELECT"),
        ("SELECT * FROM lines", "several rows"),
        ("SELECT 'many'", "gives 'many'"),
        ("SELECT 1.5::DOUBLE", "between 0 and 1"),
        ("SELECT count(*) FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        ("SELECT count(*) FROM '/etc/passwd'", "does not exist"),
        ("SELECT nothing FROM lines", "nothing"),
    ],
)
def test_a_query_that_is_none_is_refused_by_name(tmp_path: Path, query: str, words: str) -> None:
    """One SELECT with one figure, of the log and of nothing else."""
    case = write_case(tmp_path / "case", **{"claims.toml": CLAIMS.partition('[[claims]]\nid = "share')[0].replace(
        "SELECT count(*) FROM lines WHERE disposition = 'in_scope' AND action_code = 'tenant.view'", query
    )})  # fmt: skip
    done, _ = claims(case)
    assert done.returncode == 4, done.stderr
    assert "claims.toml, claims[0].query (views)" in done.stderr
    assert words in " ".join(done.stderr.split())


def test_a_claim_without_its_sentence_is_objected_to(tmp_path: Path) -> None:
    """A sentence that was edited rests on nothing any more; `check` says so, as a blocker."""
    case = write_case(tmp_path / "case", **{"claims.toml": RESTING % 0})
    checked = shirase("check", case, "--json")
    assert checked.returncode == 5
    assert [each["rule"] for each in json.loads(checked.stdout)["wording"] if each["blocker"]] == ["claim-without-text"]


def test_names_of_other_values_are_taken(tmp_path: Path) -> None:
    """A claim cannot give lines_read another meaning; and two claims need two names."""
    case = write_case(tmp_path / "case", **{"claims.toml": CLAIMS.replace('"views"', '"lines_read"')})
    done = shirase("check", case)
    assert done.returncode == 4
    assert "is a value that every report has" in " ".join(done.stderr.split())
    (case / "claims.toml").write_text(CLAIMS.replace('"share_of_views"', '"views"'), encoding="utf-8")
    done = shirase("check", case)
    assert done.returncode == 4
    assert "two claims have the id views" in " ".join(done.stderr.split())


PUBLIC = {"narrative/statement.ja.md": "ご報告いたします。\n", "narrative/statement.en.md": "This is our statement.\n"}


def test_the_statement_has_the_figures_of_the_run_in_both_languages(tmp_path: Path) -> None:
    """Pages, tables and JSON; the same values in the same places."""
    case = write_case(tmp_path / "case", **{"claims.toml": CLAIMS, **PUBLIC})
    done, sheet = claims(case, "--statement")
    assert done.returncode == 0, done.stderr
    assert (sheet["statement"]["written"], sheet["statement"]["findings"]) == (True, [])
    folder = tmp_path / "out/EX-2022-01/statement"
    table = list(csv.DictReader(io.StringIO((folder / "figures.csv").read_text(encoding="utf-8-sig"))))
    assert {row["figure"]: row["printed"] for row in table} == {
        "lines_read": "2", "lines_unusable": "0", "actions_in_scope": "2", "tenants_affected": "2",
        "customers_affected": "2", "customers_total": "2", "customers_share": "100.0%", "views": "2",
        "share_of_views": "100.0%",
    }  # fmt: skip
    assert [(row["label_ja"], row["label_en"]) for row in table][-2:] == [
        ("閲覧", "Views"),
        ("閲覧の割合", "Share of views"),
    ]
    pages = {language: (folder / f"statement.{language}.html").read_text(encoding="utf-8") for language in ("ja", "en")}
    assert "2022年1月20日 23:18（UTC）" in pages["ja"].replace("\u2060", "").replace("<span>", "")
    assert '>Views</th><td class="number">2</td>' in pages["en"]
    content = json.loads((folder / "statement.json").read_text(encoding="utf-8"))
    assert [(each["effect"], each["actions"], each["customers"]) for each in content["effects"]] == [("view", 2, 2)]


def test_a_statement_that_names_a_customer_is_not_written(tmp_path: Path) -> None:
    """To the public every customer is another customer; and what is one customer's own cannot be said at all."""
    case = write_case(tmp_path / "case")
    (case / "narrative/statement.ja.md").write_text("Otsu Inc.のテナントでした。\n", encoding="utf-8")
    (case / "narrative/statement.en.md").write_text("It was the tenant of Otsu Inc.\n", encoding="utf-8")
    done, sheet = claims(case, "--statement")
    assert done.returncode == 5
    assert {each["rule"] for each in sheet["statement"]["findings"]} == {"leak"}
    assert not (tmp_path / "out/EX-2022-01/statement").exists()
    for language, text in (("ja", "{{ your_actions }}件です。"), ("en", "There are {{ your_actions }}.")):
        (case / f"narrative/statement.{language}.md").write_text(f"{text}\n", encoding="utf-8")
    done, _ = claims(case, "--statement")
    assert done.returncode == 4
    assert "your_actions is a single customer's" in " ".join(done.stderr.split())


def test_a_statement_that_differs_between_the_languages_is_not_written(tmp_path: Path) -> None:
    """A timeline entry with another figure in one language."""
    timeline = (
        '[[entries]]\nat = 2022-01-20T23:18:00Z\ntext = { ja = "3台を検知しました。", en = "Detected 4 devices." }\n'
    )
    case = write_case(tmp_path / "case", **{"timeline.toml": timeline, **PUBLIC})
    done, sheet = claims(case, "--statement")
    assert done.returncode == 5
    (finding,) = sheet["statement"]["findings"]
    assert finding["rule"] == "values-differ"
    assert "only in Japanese: 3; only in English: 4" in finding["what"]
