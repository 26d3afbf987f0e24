"""Every trap stands in the bytes of the smallest case, with the truth that was decided by hand."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
import zstandard

from rehearsal_reader import STORY, WrittenCase
from shirase.rehearsal.generate import Size, write_incident

IN, OUT, OTHER = "in_scope", "outside_window", "other_organisation"
CSV = "evidence/superuser-csv/regional-console.csv"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> WrittenCase:
    folder = tmp_path_factory.mktemp("rehearsal") / "case"
    write_incident(folder, story=STORY, size=Size(seed=11, customers=40, affected=8, lines=500))
    return WrittenCase(folder)


def csv_rows(case: WrittenCase) -> list[list[str]]:
    text = case.content(CSV).decode("utf-8-sig", errors="replace").replace("\x00", "")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    ("ts", "verdict"),
    [
        ("2022-01-15T23:59:59.999999Z", (OUT, "before_window")),
        ("2022-01-16T00:00:00Z", (IN, "organisation_logged")),
        ("2022-01-21T23:59:59.999999Z", (IN, "organisation_logged")),
        ("2022-01-21T23:59:59.9999999Z", (IN, "organisation_logged")),
        ("2022-01-22T00:00:00Z", (OUT, "after_window")),
        ("2022-01-16T08:59:59+09:00", (OUT, "before_window")),
        ("2022-01-22T08:59:59+09:00", (IN, "organisation_logged")),
        ("2022-01-21T00:03:11.482Z", (IN, "organisation_logged")),
        ("2022-01-21T00:28:00.000Z", (IN, "organisation_logged")),
        ("2022-01-18T23:59:50.000Z", (IN, "organisation_by_roster")),
        ("2022-01-19T00:00:10.000Z", (OTHER, "organisation_not_in_scope")),
        ("2022-01-19T04:10:00.500Z", (IN, "organisation_unknown")),
        ("2022-01-20T04:02:09.875Z", (IN, "organisation_unknown")),
        ("2022-01-17T03:20:11.000Z", (IN, "organisation_by_roster")),
        ("2022-01-17T08:45:00.700Z", (IN, "organisation_in_conflict")),
        ("2022-01-18T09:00:30.330Z", (IN, "organisation_in_conflict")),
        ("2022-01-18T10:15:00.010Z", (OTHER, "organisation_not_in_scope")),
        ("2022-01-17T14:00:00.100Z", (IN, "organisation_logged")),
        ("2022-01-19T16:00:00.000Z", ("unattributed", "signed_off_no_customer")),
        ("2022-01-19T16:10:00.000Z", (IN, "organisation_logged")),
    ],
)
def test_truth_of_a_hand_placed_line(case: WrittenCase, ts: str, verdict: tuple[str, str]) -> None:
    """A line at this time has this disposition, by this rule."""
    assert case.verdicts_at(ts) - {("duplicate", "same_event_again")} == {verdict}


def test_organisation_names_are_written_in_several_ways(case: WrittenCase) -> None:
    """The logs know the sub-processor by each of its names, by none, and know a firm that only sounds like it."""
    names = {record["engineer"].get("org") for _, _, record in case.sound_records() if record.get("engineer")}

    expected = {"Sitel", "Sitel Group", "Sykes", "SYKES (legacy)", "ＳＹＫＥＳ", "Sykes Marlow Translations", None}
    assert expected | {"Northgate Staffing", "MNL Site 2 Operations"} <= names


@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("株式会社髙﨑製作所", 6),
        ("𠮷\ufa19酒造有限会社", 3),
        ("葛\U000e0100城ﾃｸﾉｻｰﾋﾞｽ株式会社", 3),
        ("株式会社ＳＵＳＨＩ🍣ラボ", 3),
        ("한빛东方云计算有限公司", 1),
    ],
)
def test_customers_told_of_a_trap_only(case: WrittenCase, name: str, actions: int) -> None:
    """A customer reached by traps only is told of exactly the actions of those traps."""
    assert len(case.rows_of(name)) == actions


def test_names_that_break_programs(case: WrittenCase) -> None:
    """Affected customers include names in each other, of 200 characters, right to left, with markup and an emoji."""
    names = [row["name_ja"] for row in case.table("customers.csv")] + [
        row["name_en"] for row in case.table("customers.csv")
    ]

    assert {"北浜商事株式会社", "新北浜商事株式会社", "Acme", "Acme Japan", "شركة النور للتجارة"} <= set(names)
    assert "<b>Takasaki</b> & {{ 7*7 }} Works Co., Ltd." in names
    assert 200 in {len(name) for name in names}
    for character in "髙\ufa11\U00020bb7\ufa19\U000e0100ＳﾃＳ🍣한东":
        assert any(character in name for name in names), f"U+{ord(character):04X}"


def test_left_customer_is_told(case: WrittenCase) -> None:
    """A customer that has left is told like any other."""
    row = case.customer_named("\ufa19楽坂見本市合同会社")

    assert row["status"] == "left"
    assert row["customer_id"] in case.key["customers"]


def test_shared_line_names_two_customers(case: WrittenCase) -> None:
    """Two lines touch two customers each, one with a ticket, and count for both."""
    places = [place for place in case.rows_of("株式会社ＳＵＳＨＩ🍣ラボ") if ".ndjson" in place[0]]
    both = {case.customer_named(name)["customer_id"] for name in ("株式会社ＳＵＳＨＩ🍣ラボ", "北浜商事株式会社")}

    assert [set(case.verdict(path, line)[2]) for path, line in places] == [both, both]
    lines = [json.loads(case.raw_line(path, line)) for path, line in places]
    assert [(len(line["tenants"]), bool(line["ticket"])) for line in lines] == [(2, False), (2, True)]


def test_renamed_tenant_is_in_no_register(case: WrittenCase) -> None:
    """A customer is told only because a person decided whose the tenant of its actions was."""
    path, line = case.rows_of("葛\U000e0100城ﾃｸﾉｻｰﾋﾞｽ株式会社")[0]
    [tenant] = json.loads(case.raw_line(path, line))["tenants"]

    assert not any(tenant in row["tenant_ids"].split(";") for row in case.table("customers.csv"))
    decided = [entry for entry in case.toml("decisions.toml")["attributions"] if entry.get("tenant_id") == tenant]
    assert [entry["decision"] for entry in decided] == ["customer"]


def test_line_without_tenant_is_signed_off_by_its_digest(case: WrittenCase) -> None:
    """One line of SuperUser names no tenant; ``decisions.toml`` knows the SHA-256 of exactly that line."""
    digests = {e["line_digest"] for e in case.toml("decisions.toml")["attributions"] if "line_digest" in e}

    matching = [
        (path, number)
        for path, number, record in case.sound_records()
        if hashlib.sha256(case.raw_line(path, number)).hexdigest() in digests and record["tenants"] == []
    ]
    assert [case.verdict(*place)[:2] for place in matching] == [("unattributed", "signed_off_no_customer")]


@pytest.mark.parametrize(
    "part",
    [
        b"<script>", b"<style>", b"{{ 7*7 }}", b"{% for", b"file:///etc/passwd", b"javascript:", b"=HYPERLINK",
        "\u202e".encode(), "\u2066".encode(), "\u200b".encode(), b"\\u0000", "\u2028".encode(), b"W" * 60,
        "\u036b".encode(),
    ],
)  # fmt: skip
def test_hostile_text_is_in_scope(case: WrittenCase, part: bytes) -> None:
    """Hostile text stands in lines that customers must be told of."""
    found = [
        (path, int(line))
        for path, lines in case.key["dispositions"].items()
        if ".ndjson" in path
        for line, (disposition, _, _) in lines.items()
        if disposition == IN and part in case.raw_line(path, int(line))
    ]
    assert found


def test_longest_field_is_over_a_megabyte(case: WrittenCase) -> None:
    """One reason in scope is longer than a megabyte."""
    assert (
        max(len((record.get("reason") or "").encode(errors="replace")) for _, _, record in case.sound_records())
        > 1_000_000
    )


@pytest.mark.parametrize(
    "broken",
    [
        b"=== export resumed", b':"Mar\xeda"', "利用者のご依頼".encode("cp932"), b'"a\x00b"', b'"id":NaN',
        b"-Infinity", b'"ts":"2022-01-18T09:12:33.120"', b'"ts":"2022-02-30T', b'"ts":"2022-01-18T25:00:00Z"',
        b'"ts":null', b'"ts":"never"', b"\\ud83d alone", b'{"id":"su-000000","id":',
    ],
)  # fmt: skip
def test_broken_line_is_quarantined(case: WrittenCase, broken: bytes) -> None:
    """Each kind of broken line stands in the logs and is unusable, while sound lines stand around it."""
    verdicts = {
        case.key["dispositions"][path][str(number)][0]
        for path in case.evidence()
        if ".ndjson" in path
        for number, raw in enumerate(case.content(path).split(b"\n"), start=1)
        if broken in raw
    }
    assert verdicts == {"quarantined"}


def test_files_are_exported_in_different_ways(case: WrittenCase) -> None:
    """Plain, gzip and Zstandard; a byte order mark, Windows line ends, a last line without an end, and one cut off."""
    ours = [path for path in case.evidence() if "/superuser" in path]
    contents = {path.split("/")[-1].split(".")[0]: case.content(path) for path in ours}
    suffixes = {Path(path).suffix for path in case.evidence()}

    assert suffixes == {".ndjson", ".gz", ".zst", ".csv", ".json", ".zip"}
    assert contents["2022-01-16"].startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in contents["2022-01-19"]
    assert json.loads(contents["2022-01-20"].split(b"\n")[-1])["action"]
    with pytest.raises(json.JSONDecodeError):
        json.loads(contents["2022-01-23"].split(b"\n")[-1])
    assert contents["regional-console"].startswith(b"\xef\xbb\xbf")
    assert contents["regional-console"].endswith(b"\r\n")


def test_zstandard_file_has_several_frames(case: WrittenCase) -> None:
    """A Zstandard file is two frames one after the other, so that a reader of one frame loses half of it."""
    path = "evidence/superuser/2022-01-17.ndjson.zst"
    first = zstandard.ZstdDecompressor().decompressobj().decompress((case.folder / path).read_bytes())

    assert 0 < len(first) < len(case.content(path))


def test_repeats_count_once(case: WrittenCase) -> None:
    """An event exported again counts once: verbatim, with other formatting, and without an id the k-th for the k-th."""
    formatted = [
        (path, line)
        for path, line, record in case.sound_records()
        if record.get("ts") in ("2022-01-20T13:00:00.250Z", "2022-01-20T13:00:00.250+00:00")
    ]
    assert sorted(case.verdict(*place)[0] for place in formatted) == ["duplicate", "duplicate", IN]

    without_id = case.find(ts="2022-01-19T23:59:30.000Z")
    assert [case.verdict(*place)[0] for place in without_id] == [IN, IN, IN, "duplicate", "duplicate"]
    assert not any("request_id" in json.loads(case.raw_line(*place)) for place in without_id)


def test_one_id_for_two_things_keeps_both(case: WrittenCase) -> None:
    """Two pairs of lines share an id and differ; all four are in scope and flagged."""
    flagged = [tuple(place) for place in case.key["flags"]["id_conflict"]]

    assert flagged == case.find(ts="2022-01-20T14:00:00.500Z")
    assert len(flagged) == 4
    assert {case.verdict(*place)[0] for place in flagged} == {IN}


def test_csv_has_its_own_traps(case: WrittenCase) -> None:
    """The CSV has quoted line breaks, which are data, and broken rows, which cost only themselves."""
    content, key = case.content(CSV), case.key["dispositions"][CSV]

    assert b'first line\nsecond line, with a comma and a ""quote""\r\nthird line' in content
    lines = content.split(b"\r\n")
    unterminated = next(line for line in lines if b"never closed" in line)
    number = content[: content.index(unterminated)].count(b"\n") + 1
    assert key[str(number)] == ["quarantined", "unusable_line", []]
    assert str(number + 1) in key
    assert sum(1 for disposition, _, _ in key.values() if disposition == "quarantined") == 10
    assert {13, 15} <= {len(row) for row in csv_rows(case)}


@pytest.mark.parametrize(
    ("local", "disposition"),
    [
        ("2022-01-15 15:59:59", OUT),
        ("2022-01-15 16:00:00", IN),
        ("2022-01-21 15:59:59", IN),
        ("2022-01-21 16:00:00", OUT),
    ],
)
def test_window_ends_in_pacific_time(case: WrittenCase, local: str, disposition: str) -> None:
    """A time of the older console without offset is Pacific time: eight hours behind UTC in January."""
    content = case.content(CSV)
    place = content.index(f'"{local}"'.encode())
    number = content[:place].count(b"\n") + 1

    assert case.key["dispositions"][CSV][str(number)][0] == disposition


def test_undescribed_code_is_in_no_profile(case: WrittenCase) -> None:
    """One native code occurs in scope and is mapped by no profile."""
    assert case.key["undescribed"] == ["su.diag.op_7731"]
    assert len(case.find(action="su.diag.op_7731")) == 2
    assert "su.diag.op_7731" not in case.toml("profiles/superuser.toml")["action_codes"]


def test_window_edges_lose_what_was_planted_there(case: WrittenCase) -> None:
    """Moving an end inwards by an hour loses at least the lines planted on it; 24 hours loses the night's customer."""
    edges = case.key["edges"]

    assert edges["start+1h"]["lines"] <= -2
    assert edges["end-1h"]["lines"] <= -4
    assert edges["end-24h"]["customers"] <= -1
    assert edges["start-1h"]["customers"] == edges["end+1h"]["customers"] == 1
    assert edges["start-1h"]["lines"] >= 4
    assert edges["end+1h"]["lines"] >= 3


def test_customers_touched_elsewhere_are_not_told(case: WrittenCase) -> None:
    """Customers touched only before or after the window, or only by other people, are not in the key."""
    tenants = {
        tenant
        for ts in ("2022-01-15T23:30:00.250Z", "2022-01-22T00:00:00.000Z", "2022-01-14T12:00:00.000Z",
                   "2022-01-20T18:00:00.000Z")
        for path, line in case.find(ts=ts)
        for tenant in json.loads(case.raw_line(path, line))["tenants"]
    }  # fmt: skip
    quiet = [row for row in case.table("customers.csv") if tenants & set(row["tenant_ids"].split(";"))]

    assert len(quiet) == 4
    assert not {row["customer_id"] for row in quiet} & set(case.key["customers"])
