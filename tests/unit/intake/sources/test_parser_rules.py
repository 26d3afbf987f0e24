"""Rules that hold for every source: how text is decoded, what a number, a time and an address are, what counts."""

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import zstandard

from made_up_exports import ELF, EXPORTS, OKTA, SLACK, array, lines, page
from shirase.domain.action import TimeQuality
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.errors import EvidenceError
from shirase.domain.profile import Fields, Profile, RecordFormat, TimeField
from shirase.intake.sources.conformance import ReadExport, read_export
from shirase.intake.sources.contract import Options
from shirase.intake.sources.registry import find_adapters
from shirase.intake.sources.wrapped import WrappedReader

ADAPTERS = find_adapters().adapters


def okta(content: bytes, **declared: Any) -> ReadExport:
    return read_export(ADAPTERS["okta-system-log"], content, Options(**declared))


def one(**changes: Any) -> dict[str, Any]:
    return {**OKTA[0], **changes}


@pytest.mark.parametrize("wrap", [lines, array, lambda r: array(r, 1), lambda r: b"\n\n" + array(r, 4) + b"\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le-mark", "utf-16-be-mark"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_records_are_the_same_however_the_file_is_written(wrap: Any, encoding: str, ends: str) -> None:
    """UTF-8 with and without mark, UTF-16 with its mark, both line ends, lines or array: the same actions."""
    text = wrap(OKTA).decode().replace("\n", ends)
    content = ("\ufeff" + text).encode(encoding[:9]) if encoding.endswith("mark") else text.encode(encoding)
    found = okta(content)
    assert [row["native_uid"] for row in found.rows] == ["u-1", "u-3"]
    assert not found.rejects


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_an_array_may_be_compressed(compress: Any) -> None:
    """Compression is told by content for every wrapper."""
    assert len(okta(compress(array(OKTA))).rows) == 2


def test_a_nul_byte_is_an_error() -> None:
    """A NUL costs its line among lines, and the file where records are no lines; it is never passed over."""
    good = json.dumps(OKTA[0]).encode()
    found = okta(good + b"\n" + good.replace(b"Support", b"Sup\x00port") + b"\n")
    assert [reject.reason.value for reject in found.rejects] == ["nul_byte"]
    with pytest.raises(EvidenceError, match="broken"):
        okta(array(OKTA, 1).replace(b"Support", b"Sup\x00port"))


@pytest.mark.parametrize(
    "content",
    [
        array(OKTA)[:-1],
        array(OKTA)[:-40],
        array(OKTA) + b"x",
        array(OKTA)[:-1] + b",]",
        b'{"data":{"events":[' + lines(OKTA),
    ],
)
def test_an_array_that_is_not_whole_is_refused(content: bytes) -> None:
    """Half a log never passes for a whole one, and the message says where it breaks."""
    with pytest.raises(EvidenceError, match="byte"):
        okta(content)


def test_a_record_that_is_wrong_inside_costs_only_itself() -> None:
    """A repeated key in one element of an array does not take the others with it."""
    twice = b'{"published":"2022-01-20T23:18:04Z","published":"2022-01-20T23:18:05Z"}'
    found = okta(
        b"[" + json.dumps(OKTA[0]).encode() + b"," + twice + b"," + json.dumps(OKTA[2]).encode() + b', 7, "x"]'
    )
    assert [row["native_uid"] for row in found.rows] == ["u-1", "u-3"]
    assert [reject.reason.value for reject in found.rejects] == ["duplicate_key", "not_an_object", "not_an_object"]


def test_pages_may_follow_each_other() -> None:
    """Several pages put together in one file, arrays or envelopes, are all read."""
    assert len(okta(array(OKTA) + b"\n" + array(OKTA)).rows) == 4
    slack = ADAPTERS["slack-audit"]
    pages = page("entries", SLACK, ok=True) + b"\n" + page("entries", SLACK, ok=True)
    assert len(read_export(slack, pages).rows) == 4


def test_an_empty_array_holds_nothing() -> None:
    """An export of no events is no error of the file."""
    assert okta(b"[]\n").summary.count.records == 0


def test_offsets_and_digests_lead_back_to_the_bytes() -> None:
    """Cutting the file at a record's offset and size gives the bytes whose digest the action carries, also in an array."""
    content = b"\xef\xbb\xbf" + array(OKTA, 2)
    for cut in okta(content).cuts:
        assert content[cut.line.offset : cut.line.offset + cut.line.size] == cut.line.raw


def test_numbers_keep_their_digits() -> None:
    """Whole numbers of any size and decimals with trailing zeros are what was written, in arrays as in lines."""
    record = one(version=Decimal(0), x=0)
    text = json.dumps({**record, "version": 0}).replace('"x": 0', '"x": 1.50, "y": 123456789012345678901')
    for content in (text.encode() + b"\n", f"[{text}]".encode()):
        (cut,) = okta(content).cuts
        assert (str(cut.record["x"]), cut.record["y"]) == ("1.50", 123456789012345678901)


@pytest.mark.parametrize(
    ("text", "at", "quality"),
    [
        ("2022-01-20T23:18:04.645Z", (23, 18, 4, 645_000), TimeQuality.EXACT),
        ("2022-01-20T23:18:04z", (23, 18, 4, 0), TimeQuality.SECOND),
        ("2022-01-21T08:18:04.6+0900", (23, 18, 4, 600_000), TimeQuality.EXACT),
        ("2022-01-21T08:18:04.123456789+09:00", (23, 18, 4, 123_456), TimeQuality.EXACT),
        ("2022-01-20 15:18:04.645 PST", (23, 18, 4, 645_000), TimeQuality.EXACT),
        ("2022-01-20T23:18:60Z", (23, 18, 59, 999_999), TimeQuality.CONFLICT),
    ],
)
def test_times_are_read_as_they_are_printed(text: str, at: tuple[int, ...], quality: TimeQuality) -> None:
    """Offsets with and without colon, small z, one to nine digits, leap seconds, abbreviations that mean one zone."""
    (row,) = okta(lines([one(published=text)])).rows
    hour, minute, second, micros = at
    moment = datetime(2022, 1, 20, hour, minute, second, micros, UTC)
    assert row["time_us"] == int(moment.timestamp()) * 1_000_000 + moment.microsecond
    assert (row["time_text"], row["time_quality"]) == (text, quality)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2022-01-20 23:18:04.645", "no_zone"),
        ("2022-01-20 23:18:04 IST", "no_zone"),
        ("2022-01-20 23:18:04 CST", "no_zone"),
        ("2017-09-31T22:23:07.777Z", "bad_time"),
        ("redacted", "bad_time"),
        ("1642720684", "bad_time"),
    ],
)
def test_no_zone_is_guessed_and_no_date_mended(text: str, reason: str) -> None:
    """A time without a zone, of an ambiguous one, or of no calendar, is quarantined with its text."""
    (reject,) = okta(lines([one(published=text)])).rejects
    assert reject.reason.value == reason
    assert text[:10] in reject.detail or text[-3:] in reject.detail


def test_a_declared_zone_is_used_and_said() -> None:
    """Where the case declares the zone, the time is read in it and marked as resting on that."""
    (row,) = okta(lines([one(published="2022-01-21 08:18:04.645")]), zone="Asia/Tokyo").rows
    assert row["time_us"] == 1_642_720_684_645_000
    assert row["time_quality"] == TimeQuality.ASSUMED_ZONE


@pytest.mark.parametrize("text", ["2021-11-07 01:30:00", "2022-03-13 02:30:00"])
def test_local_times_that_clocks_ran_through_twice_or_never_are_refused(text: str) -> None:
    """In the hour that summer time repeats or skips, a local time names no instant."""
    (reject,) = okta(lines([one(published=text)]), zone="America/Los_Angeles").rejects
    assert reject.reason.value == "local_time_ambiguous"


@pytest.mark.parametrize(
    ("adapter", "record", "key"),
    [
        ("slack-audit", SLACK[0], "date_create"),
        ("ocsf", json.loads(EXPORTS["ocsf"]["lines"]), "time"),
    ],
)
def test_the_unit_of_a_number_is_declared(adapter: str, record: dict[str, Any], key: str) -> None:
    """Seconds, milliseconds and microseconds are told apart: a number of the wrong length is refused, not moved."""
    right = {"date_create": 10, "time": 13}[key]
    for digits in (10, 13, 16, 19):
        changed = {**record, key: int("1642720684000000000"[:digits]), "time_dt": None}
        found = read_export(ADAPTERS[adapter], lines([changed]))
        assert (len(found.rows), len(found.rejects)) == ((1, 0) if digits == right else (0, 1)), digits


@pytest.mark.parametrize("word", ["", "null", "-", "N/A", "unknown", "Unknown", "none"])
def test_placeholders_mean_nothing_in_addresses_and_agents_only(word: str) -> None:
    """'null' is no address and no agent; somebody may be called Null."""
    actor = {"id": "00u", "type": "User", "alternateId": word, "displayName": "Null"}
    record = one(client={"ipAddress": word, "userAgent": {"rawUserAgent": word}}, actor=actor)
    (row,) = okta(lines([record])).rows
    assert (row["src_ip"], row["src_text"], row["user_agent"], row["actor_email"]) == (None, None, None, None)
    assert row["actor_name"] == "Null"


def test_the_first_public_address_of_a_list_counts() -> None:
    """A proxy chain keeps all of itself as text; what is no address is kept as text."""
    (row,) = read_export(ADAPTERS["jira-dc-rest"], EXPORTS["jira-dc-rest"]["page"]).rows
    assert (row["src_ip"], row["src_text"]) == ("8.8.4.4", "10.0.0.3,8.8.4.4")
    first = read_export(ADAPTERS["salesforce-elf"], ELF).rows[0]
    assert (first["src_ip"], first["src_text"]) == (None, "Salesforce.com IP")


def test_unknown_fields_are_counted_and_do_not_pass() -> None:
    """A field nobody has heard of is named with its count, and its value is nowhere in the row."""
    found = okta(lines([one(newField="zz-new-value"), one(newField="zz-new-value", uuid="u-9")]))
    assert dict(found.summary.unknown_columns) == {"newField": 2}
    assert "zz-new-value" not in repr(found.rows)


def test_unknown_fields_are_counted_at_any_depth() -> None:
    """Inside the parts of a record, and inside the objects of its lists, under their paths; each record once."""
    actor, target = {**OKTA[0]["actor"], "badge": "zz-1"}, {"id": "x", "type": "User", "mood": "zz-2"}
    odd = one(actor=actor, target=[target, target], client={"geographicalContext": {"planet": "zz-3"}})
    found = okta(lines([odd, {**odd, "uuid": "u-9"}]))
    expected = {"actor.badge": 2, "client.geographicalContext.planet": 2, "target.mood": 2}
    assert dict(found.summary.unknown_columns) == expected
    assert "zz-" not in repr(found.rows)


def test_unknown_fields_beside_a_wrapped_record_are_counted() -> None:
    """What a collector writes beside the record, and what is new inside it."""
    reader = WrappedReader(ADAPTERS["okta-system-log"].reader(Options()), "log")
    assert sorted(reader.unknown({"log": {**OKTA[0], "newField": 1}, "collected_by": "x"})) == [
        "collected_by",
        "newField",
    ]


def test_unknown_fields_inside_mapped_parts_are_counted() -> None:
    """A profile that maps a part of an object has looked into it; one that lists it whole has not."""
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who.id",), action=("what",))
    record = {"ts": "2022-01-20T23:18:04Z", "who": {"id": "e1", "shoe": 9}, "what": "view", "more": {"a": 1}}
    for listed, unknown in (((), {"more": 1, "who.shoe": 1}), (("who", "more"), {})):
        profile = Profile(format=RecordFormat.NDJSON, fields=fields, known_columns=listed)
        found = read_export(ADAPTERS["mapped"], lines([record]), Options(profile=profile))
        assert dict(found.summary.unknown_columns) == unknown


def test_unknown_actions_are_kept_raw_and_listed() -> None:
    """A code nobody has heard of is an action all the same, under its own name, and listed."""
    found = okta(lines([one(eventType="brand.new.thing")]))
    assert (found.rows[0]["action_native"], found.rows[0]["action_code"]) == ("brand.new.thing", "other")
    assert dict(found.summary.unmapped_actions) == {"brand.new.thing": 1}


SECRETS = {
    "Bearer abcdefgh12345678": "abcdefgh12345678",
    "xoxb-1234567890-abcdefgh": "1234567890",
    "https://x.example/?sid=00D5f000000abcd!AQEAQF1abcdefgh12345": "AQEAQF1abcdefgh12345",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc": "eyJzdWIiOiIxIn0",
    "AKIAABCDEFGHIJKLMNOP": "ABCDEFGHIJKLMNOP",
    "login password=hunter2hunter2": "hunter2",
    "SSWS 00abcdefghijklmnop": "00abcdefghijklmnop",
    "-----BEGIN PRIVATE KEY-----\nabcdef\n-----END PRIVATE KEY-----": "abcdef",
    "ghp_abcdefghijklmnopqrstuvwx": "abcdefghijklmnopqrstuvwx",
}


@pytest.mark.parametrize(("text", "secret"), SECRETS.items())
def test_secrets_in_free_text_are_taken_out_and_counted(text: str, secret: str) -> None:
    """A token in an agent or a name is replaced by what it was; nothing of it is written."""
    record = one(client={"userAgent": {"rawUserAgent": f"Agent {text}"}}, target=[{"id": "1", "displayName": text}])
    found = okta(lines([record]))
    assert secret not in repr(found.rows)
    assert sum(found.summary.stripped.values()) >= 2
    assert "[removed: " in repr(found.rows)


def test_a_reject_keeps_no_body_in_clear() -> None:
    """Of a record that cannot be used only known plain values are kept; bodies and unknown fields are named only."""
    slack = ADAPTERS["slack-audit"]
    record = {**SLACK[0], "date_create": "no time", "details": {"new_value": "qq-body"}, "surprise": "qq-surprise"}
    (reject,) = read_export(slack, lines([record])).rejects
    assert reject.redacted
    assert b"qq-" not in reject.raw
    assert b"file_downloaded" in reject.raw
    (broken,) = read_export(slack, b'{"id": "x", "details": "qq-body"\n' + lines(SLACK)).rejects
    assert b"qq-" not in broken.raw
    assert b"qq-" not in broken.detail.encode()


def test_a_reject_keeps_no_whole_record_in_clear() -> None:
    """What a carrier forwarded and nobody could read is not written out as text: it may hold anything."""
    result = {
        "_raw": json.dumps({"text": "qq-body"}),
        "sourcetype": "slack:audit",
        "_cd": "1:1",
        "_bkt": "b",
        "index": "i",
    }
    (reject,) = read_export(ADAPTERS["splunk"], lines([result])).rejects
    assert b"qq-" not in reject.raw
    assert b"slack:audit" in reject.raw


@pytest.mark.parametrize(("name", "key"), [("ecs", "@timestamp"), ("cadf", "eventTime"), ("cloudtrail", "eventTime")])
def test_adapters_that_are_data_only_know_a_declared_zone(name: str, key: str) -> None:
    """A copy's local times are read in the declared zone, and refused without one, there as well."""
    content = next(iter(EXPORTS[name].values()))
    (cut, *_) = read_export(ADAPTERS[name], content).cuts
    local = lines([{**cut.record, key: "2022-01-21 08:18:04"}])
    assert read_export(ADAPTERS[name], local).rejects[0].reason.value == "no_zone"
    (row,) = read_export(ADAPTERS[name], local, Options(zone="Asia/Tokyo")).rows
    assert row["time_us"] == 1_642_720_684_000_000


def test_words_and_numbers_of_telephones_are_shown_to_the_resolver_only() -> None:
    """What a message says and the other side's number are clues in memory; neither is in a row."""
    (row, _) = read_export(ADAPTERS["ringcentral-call-log"], EXPORTS["ringcentral-call-log"]["page"]).rows
    assert "+8131234" not in repr(row)
    adapter = ADAPTERS["slack-export"]
    found = read_export(adapter, EXPORTS["slack-export"]["zip"])
    assert "the plan" not in repr(found.rows)
    said = adapter.reader(Options()).read(found.cuts[0].record, found.cuts[0].context)
    assert Clue(ClueKind.TEXT, "the plan of Acme") in said.clues  # type: ignore[union-attr]
    assert found.summary.stripped["message_body"] == 2
