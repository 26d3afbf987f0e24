"""What is particular about each export: shapes and traps that its vendor, or public reports, tell of."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from made_up_exports import (
    CALLS,
    CASE_HISTORY,
    ELF,
    EXPORTS,
    JIRA_CLOUD,
    JIRA_DC,
    JIRA_DC_FILE,
    OCSF,
    OKTA,
    OPTIONS,
    PLAIN,
    PLAIN_PROFILE,
    RINGCENTRAL_AUDIT,
    SETUP_CSV,
    SLACK,
    SPLUNK,
    SPLUNK_RESULT,
    lines,
    page,
    splunk_csv,
    splunk_xml,
)
from shirase.domain.errors import EvidenceError
from shirase.intake.sources.conformance import ReadExport, read_export
from shirase.intake.sources.contract import Options
from shirase.intake.sources.hints import long_id
from shirase.intake.sources.registry import find_adapters

ADAPTERS = find_adapters().adapters


def read(name: str, content: bytes, **declared: Any) -> ReadExport:
    return read_export(ADAPTERS[name], content, Options(**declared) if declared else OPTIONS.get(name, Options()))


# --- Splunk ----------------------------------------------------------------------------------------------------------


def test_previews_are_dropped_and_counted() -> None:
    """Snapshots of a search that goes on are no events; lastrow does not end the file; the rest is read."""
    found = read("splunk", EXPORTS["splunk"]["export"])
    assert (found.summary.count.previews, len(found.rows), found.summary.count.records) == (1, 2, 2)


@pytest.mark.parametrize("content", [lines(SPLUNK[:1] * 3), splunk_xml([SPLUNK_RESULT], preview=True)])
def test_an_export_of_previews_only_is_refused(content: bytes) -> None:
    """Without a final result nothing was exported, and that is an error, not an empty log."""
    with pytest.raises(EvidenceError, match="no final result"):
        read("splunk", content)


def test_what_is_carried_keeps_its_own_id_and_time() -> None:
    """The origin's id and time are those of the action; the carrier's id and time of arrival stand beside them."""
    row = read("splunk", EXPORTS["splunk"]["export"]).rows[0]
    assert (row["native_uid"], row["time_text"]) == ("u-1", "2022-01-20T23:18:04.645Z")
    assert (row["via"], row["carrier_uid"], row["origin"]) == ("splunk", "main|main~1~A|1:77", "okta-system-log")
    assert row["received_us"] == 1_642_720_700_000_000


def test_raw_is_a_world_of_its_own() -> None:
    """Fields beside _raw never stand in for those inside: the actor is the one that the origin logged."""
    row = read("splunk", EXPORTS["splunk"]["array"]).rows[0]
    assert row["actor_uid"] == "00s1"
    pairs = {
        **SPLUNK_RESULT,
        "_raw": 'ts="2022-01-20T23:18:04Z" who=e1 what=view tag=a tag=b _time="1"',
        "who": "outer",
    }
    found = read("splunk", lines([pairs]), origin="mapped", profile=PLAIN_PROFILE)
    assert (found.rows[0]["actor_uid"], found.rows[0]["time_text"]) == ("e1", "2022-01-20T23:18:04Z")


def test_superuser_in_splunk_is_read_by_its_profile() -> None:
    """A log without a public format may be carried as well: its profile gives the meaning, and the origin says so."""
    result = {**SPLUNK_RESULT, "_raw": json.dumps(PLAIN[0])}
    (row,) = read("splunk", lines([{"preview": False, "result": result}]), origin="mapped", profile=PLAIN_PROFILE).rows
    assert (row["tenant_ids"], row["origin"]) == (("t-9",), "mapped:profiles/given.toml")


def test_a_record_without_time_gets_that_of_splunk_and_says_so() -> None:
    """_time stands in only where the record itself has none: as printed there, and marked. Never for a broken one."""
    without = {name: value for name, value in OKTA[0].items() if name != "published"}
    result = {**SPLUNK_RESULT, "_time": "2022-01-20T15:18:04.208-08:00", "_raw": json.dumps(without)}
    (row,) = read("splunk", lines([result])).rows
    assert (row["time_text"], row["time_us"]) == ("2022-01-20T15:18:04.208-08:00", 1_642_720_684_208_000)
    assert (row["flags"], row["native_uid"]) == (["time_of_carrier"], "u-1")
    (own,) = read("splunk", lines([SPLUNK_RESULT])).rows
    assert own["flags"] == []
    broken = {**result, "_raw": json.dumps({**without, "published": "yesterday"})}
    untold = {name: value for name, value in result.items() if name != "_time"}
    local = {**result, "_time": "2022-01-20 15:18:04.208"}
    reasons = [reject.reason.value for reject in read("splunk", lines([broken, untold, local])).rejects]
    assert reasons == ["bad_time", "missing_value", "no_zone"]


@pytest.mark.parametrize(
    ("origin", "record", "at"),
    [
        ("slack-audit", {**SLACK[0], "date_create": None}, 1_642_720_684_208_000),
        ("jira-cloud", {**JIRA_CLOUD[0], "created": ""}, 1_642_720_684_208_000),
        ("mapped", {name: value for name, value in PLAIN[0].items() if name != "ts"}, 1_642_720_684_208_000),
    ],
)
def test_the_time_of_splunk_serves_any_origin(origin: str, record: dict[str, Any], at: int) -> None:
    """However the origin writes its time."""
    result = {**SPLUNK_RESULT, "_time": "2022-01-20T15:18:04.208-08:00", "_raw": json.dumps(record)}
    profile = PLAIN_PROFILE if origin == "mapped" else None
    (row,) = read("splunk", lines([result]), origin=origin, profile=profile).rows
    assert (row["time_us"], row["flags"]) == (at, ["time_of_carrier"])


def test_unknown_fields_of_what_splunk_carries_are_counted() -> None:
    """At any depth of _raw, under its name; what Splunk extracted of _raw is not counted again."""
    record = {**OKTA[0], "brandNew": 1, "client": {**OKTA[0]["client"], "fresh": 2}}
    found = read("splunk", lines([{**SPLUNK_RESULT, "brandNew": "1", "_raw": json.dumps(record)}]))
    assert dict(found.summary.unknown_columns) == {"_raw.brandNew": 1, "_raw.client.fresh": 1}


def test_an_unknown_origin_is_not_guessed() -> None:
    """An event whose sourcetype nobody knows is rejected with what to declare."""
    (reject,) = read("splunk", lines([{**SPLUNK_RESULT, "sourcetype": "own:log"}])).rejects
    assert "declare origin" in reject.detail


def test_a_table_of_a_search_shows_no_events() -> None:
    """Counts by host are no actions: each row is rejected with that reason."""
    (reject,) = read("splunk", page("results", [{"host": "x", "count": "62"}], preview=False)).rejects
    assert "no _raw" in reject.detail


def test_several_documents_in_one_stream() -> None:
    """XML documents follow each other, with and without declaration; each has its own preview mark."""
    final = splunk_xml([SPLUNK_RESULT], preview=False)
    bare = final.partition(b"\n")[2]
    found = read("splunk", splunk_xml([SPLUNK_RESULT], preview=True) + final + bare)
    assert (found.summary.count.previews, len(found.rows)) == (1, 2)


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE r [<!ENTITY a "aaaa">]><results preview="0"><result>&a;</result></results>',
        b"<results preview='0'><result>",
        b"<results preview='0'><result></results>",
    ],
)
def test_xml_that_is_broken_or_declares_entities_is_refused(content: bytes) -> None:
    """A document type is never read: no entity can grow, and no file be fetched."""
    with pytest.raises(EvidenceError, match="XML"):
        read("splunk", content)


def test_a_field_may_have_several_values() -> None:
    """Values in XML elements, in a JSON list, or in a column __mv_ with doubled dollars are the same list."""
    adapter = ADAPTERS["splunk"]
    cut = read_export(adapter, splunk_csv([SPLUNK_RESULT])).cuts[0]
    assert cut.record["__mv_tag"] == "$a$;$b$$c$"
    from shirase.intake.sources.adapters.splunk import _with_values  # noqa: PLC0415

    assert _with_values(cut.record)["tag"] == ["a", "b$c"]
    xml = splunk_xml([SPLUNK_RESULT], preview=False).replace(
        b"</text></value></field>", b"</text></value><value><text>2</text></value></field>"
    )
    assert read_export(adapter, xml).cuts[0].record["_cd"] == ["1:77", "2"]


def test_the_same_place_with_other_content_is_not_the_same() -> None:
    """One _bkt and _cd with two events gives two actions: the carrier's id never decides."""
    other = {**SPLUNK_RESULT, "_raw": json.dumps(OKTA[2])}
    rows = read("splunk", lines([SPLUNK_RESULT, other])).rows
    assert {row["native_uid"] for row in rows} == {"u-1", "u-3"}
    assert len({row["carrier_uid"] for row in rows}) == 1


def test_splunks_own_audit_is_local_time_with_the_month_first() -> None:
    """Who searched is an action; without a declared zone it has no time; what was searched for never passes."""
    (row,) = read("splunk-audit", EXPORTS["splunk-audit"]["lines"]).rows
    assert (row["actor_uid"], row["time_us"], row["outcome"]) == ("e", 1_642_720_684_818_000, "success")
    assert "acme" not in repr(row)
    with pytest.raises(ValueError, match="zone"):
        ADAPTERS["splunk-audit"].reader(Options())


# --- Jira and Atlassian ----------------------------------------------------------------------------------------------


def test_a_record_without_author_was_made_by_the_system() -> None:
    """Self-service and system actions have no author; they are kept, and no person is named."""
    rows = read("jira-cloud", EXPORTS["jira-cloud"]["page"]).rows
    assert [(row["actor_uid"], row["actor_kind"]) for row in rows] == [("5b10:aa", "unknown"), ("system", "system")]


def test_a_total_without_records_is_said_loudly() -> None:
    """A query without a zone returns none of the records it counts: that is no silence."""
    (remark,) = read("jira-cloud", page("records", [], offset=0, limit=1000, total=812)).summary.remarks
    assert "812" in remark.what
    assert read("jira-cloud", EXPORTS["jira-cloud"]["page"]).summary.remarks == ()


def test_a_sentence_means_something_with_its_category_only() -> None:
    """Cloud has no key for its actions: sentence and category together are known, or the action is listed."""
    found = read("jira-cloud", lines(JIRA_CLOUD))
    assert [row["action_code"] for row in found.rows] == ["user.password_reset", "other"]
    assert dict(found.summary.unmapped_actions) == {"Something new": 1}


def test_ids_are_unique_within_their_site() -> None:
    """Two sites may have a record 7001 each: the declared site is part of the id."""
    assert read("jira-cloud", lines(JIRA_CLOUD), site="acme.example").rows[0]["native_uid"] == "acme.example/7001"


def test_nanoseconds_are_padded() -> None:
    """Five million nanoseconds are five thousandths of a second, not a half."""
    (row,) = read("jira-dc-file", lines(JIRA_DC_FILE)).rows
    assert (row["time_us"], row["time_text"]) == (1_642_720_684_005_000, "1642720684.005000000")
    assert (row["actor_uid"], row["actor_kind"]) == ("-2", "system")


def test_the_key_of_an_action_is_stable_in_every_language() -> None:
    """The text of the action is French, its key is not; fields with search text never pass."""
    (row,) = read("jira-dc-rest", EXPORTS["jira-dc-rest"]["page"]).rows
    assert (row["action_native"], row["action_code"]) == ("jira.auditing.user.password.changed", "user.password_reset")
    assert row["native_uid"] is None
    assert "SECRETPROJECT" not in repr(row)


def test_equal_rows_without_an_id_are_two_events() -> None:
    """Two clicks are two rows: nothing is taken together within a file where there is no id."""
    assert len(read("jira-dc-rest", page("entities", JIRA_DC * 2, pagingInfo={})).rows) == 2


def test_organisation_events_say_as_whom_and_on_which_site() -> None:
    """Who logged in as another is the actor, the other stands beside, and the site is a clue to the customer."""
    (row,) = read("atlassian-org-events", EXPORTS["atlassian-org-events"]["lines"]).rows
    assert (row["actor_email"], row["acting_as"]) == ("e@vendor.example", "boss@acme.example")
    assert row["clues"] == [("site", "https://acme.atlassian.example")]


# --- Slack -----------------------------------------------------------------------------------------------------------


def test_ids_are_not_parsed_and_sessions_not_cut() -> None:
    """An id with letters beyond hexadecimal and a session beyond 32 bits are kept as printed; entity may be absent."""
    first, second = read("slack-audit", lines(SLACK)).rows
    assert (first["native_uid"], first["session_uid"]) == ("0123zzzz-not-hexadecimal", "99999999999")
    assert second["targets"] == []


def test_the_vendors_own_workspace_is_no_tenant() -> None:
    """Location is where the vendor works: no tenant is taken from it, only the channel's name is a clue."""
    (row, _) = read("slack-audit", lines(SLACK)).rows
    assert (row["tenant_ids"], row["clues"]) == ((), [("channel", "ext-acme")])


@pytest.mark.parametrize("value", ["2022-01-20 23:18:04", "2022-01-20 23:18:04.000000000"])
def test_copies_print_times_without_a_zone(value: str) -> None:
    """A copy's time as text is read in the declared zone, and rejected without one."""
    record = {**SLACK[0], "date_create": value}
    assert read("slack-audit", lines([record])).rejects[0].reason.value == "no_zone"
    assert read("slack-audit", lines([record]), zone="UTC").rows[0]["time_us"] == 1_642_720_684_000_000


def test_a_stamp_is_an_id_and_its_whole_seconds_the_time() -> None:
    """The fraction of ts is a counter: the time is the second, the whole text the id; the file's name is no date."""
    rows = read("slack-export", EXPORTS["slack-export"]["zip"]).rows
    assert [(row["native_uid"], row["time_us"]) for row in rows] == [
        ("ext-acme/1642720684.000002", 1_642_720_684_000_000),
        ("ext-acme/1642720684.000003", 1_642_720_684_000_000),
    ]
    assert (rows[0]["actor_email"], rows[1]["actor_uid"], rows[1]["actor_kind"]) == (
        "e@vendor.example",
        "B1",
        "service",
    )
    assert rows[0]["path"] == "export!ext-acme/2022-01-21.json"


def test_what_is_not_read_inside_a_zip_is_told() -> None:
    """Files that hold no messages are named to a person, and not passed over in silence."""
    (remark,) = read("slack-export", EXPORTS["slack-export"]["zip"]).summary.remarks
    assert "integration_logs.json" in remark.what


def test_a_stamp_that_is_a_number_is_refused() -> None:
    """As a number a stamp has lost digits: it must be text."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as folder:
        folder.writestr("c/2022-01-21.json", json.dumps([{"type": "message", "user": "U1", "ts": 1642720684.000002}]))
    assert read("slack-export", stored.getvalue()).rejects[0].reason.value == "missing_value"


def test_a_member_that_unpacks_to_absurdly_much_is_refused() -> None:
    """A zip bomb costs no memory: the sizes it states are looked at before anything is unpacked."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as folder:
        folder.writestr("c/2022-01-21.json", b" " * (40 << 20))
    with pytest.raises(EvidenceError, match="unpack"):
        read("slack-export", stored.getvalue())


# --- RingCentral -----------------------------------------------------------------------------------------------------


def test_exactly_ten_thousand_records_are_probably_cut_off() -> None:
    """The trail ends at ten thousand: an export of that many is said to be cut off, one of fewer is not."""
    records = [{**RINGCENTRAL_AUDIT[0], "id": f"r-{number}"} for number in range(10_000)]
    (remark,) = read("ringcentral-audit", lines(records)).summary.remarks
    assert "10,000" in remark.what
    assert read("ringcentral-audit", lines(records[1:])).summary.remarks == ()


def test_pages_that_speak_of_more_than_they_hold_are_told() -> None:
    """A page of a longer list is not the list."""
    content = page("records", RINGCENTRAL_AUDIT, paging={"page": 1, "perPage": 1, "totalFound": 77})
    assert "77" in read("ringcentral-audit", content).summary.remarks[0].what


def test_values_of_changed_secrets_and_extensions_never_pass() -> None:
    """What was changed is named; the PIN it was changed to, and comments, are not."""
    (row,) = read("ringcentral-audit", lines(RINGCENTRAL_AUDIT)).rows
    assert row["changes"] == [("PIN", None, None, False)]
    assert "4711" not in repr(row)


def test_legs_of_a_call_are_one_event() -> None:
    """Two records of one session and extension have one id and one content: counted once, and two extensions twice."""
    first, second = read("ringcentral-call-log", page("records", CALLS)).rows
    assert (first["native_uid"], first["content_digest"]) == (second["native_uid"], second["content_digest"])
    other = {**CALLS[0], "from": {"extensionId": "902"}}
    assert read("ringcentral-call-log", lines([other])).rows[0]["native_uid"] != first["native_uid"]
    assert first["time_end_us"] - first["time_us"] == 61_234_000


def test_a_spreadsheet_is_read_by_a_profile() -> None:
    """The columns of the sheet mean what the profile says; without one it is not guessed."""
    found = read("ringcentral-audit-sheet", EXPORTS["ringcentral-audit-sheet"]["xlsx"])
    assert [row["actor_uid"] for row in found.rows] == ["901", "902"]
    assert found.summary.count.header_lines == 1
    with pytest.raises(ValueError, match="profile"):
        ADAPTERS["ringcentral-audit-sheet"].reader(Options())


# --- Salesforce ------------------------------------------------------------------------------------------------------


def test_of_login_as_the_delegated_user_is_the_actor() -> None:
    """The user named in the row is the one impersonated: they did nothing."""
    row = read("salesforce-elf", ELF).rows[0]
    assert (row["actor_uid"], row["acting_as"]) == ("005000000000009AAA", "005000000000002AAA")
    assert (row["actor_email"], row["action_code"]) == ("e@vendor.example", "session.impersonate_start")


def test_login_as_without_a_delegated_user_is_rejected() -> None:
    """Nobody is put in the place of an actor who is not named."""
    record = {"EVENT_TYPE": "LoginAs", "TIMESTAMP_DERIVED": "2022-01-20T23:18:04.128Z", "USER_ID": "005000000000002"}
    assert "DELEGATED" in read("salesforce-elf", lines([record])).rejects[0].detail


def test_a_header_between_rows_is_dropped_and_counted() -> None:
    """Files put together leave their headers among the rows: no action, no reject, but counted."""
    found = read("salesforce-elf", ELF)
    assert (len(found.rows), found.summary.count.header_lines, len(found.rejects)) == (3, 2, 0)


def test_the_derived_time_is_preferred_and_conflicts_are_marked() -> None:
    """TIMESTAMP has lost digits; when the seconds of the two differ the action says so."""
    assert read("salesforce-elf", ELF).rows[0]["time_text"] == "2022-01-20T23:18:04.128Z"
    user = {"EVENT_TYPE": "URI", "USER_ID": "005000000000009"}
    alone = read("salesforce-elf", lines([{**user, "TIMESTAMP": "20220120231804.13"}])).rows[0]
    assert alone["time_us"] == 1_642_720_684_130_000
    both = {**user, "TIMESTAMP": "20220120231809", "TIMESTAMP_DERIVED": "2022-01-20T23:18:04.128Z"}
    assert read("salesforce-elf", lines([both])).rows[0]["flags"] == ["time_conflict"]


def test_a_request_id_is_no_id_of_an_event() -> None:
    """Two rows of one request are two events: the id of the request is kept as that of a transaction."""
    row = read("salesforce-elf", ELF).rows[0]
    assert (row["native_uid"], row["transaction_uid"]) == (None, "R1")


def test_quotes_inside_quotes_are_taken_off_and_cases_found() -> None:
    """A value with quotes of its own is read without them; the case in its path is a clue and tells the action."""
    row = read("salesforce-elf", ELF).rows[1]
    assert row["clues"] == [("ticket", "500000000000077AAA")]
    assert row["action_code"] == "case.view"


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("0054x000001L78a", "0054x000001L78aAAC"),
        ("500000000000077", "500000000000077AAA"),
        ("001D000000IRFma", "001D000000IRFmaIAH"),
    ],
)
def test_ids_of_fifteen_characters_get_their_checksum(short: str, long: str) -> None:
    """Both forms of an id are one: the last three characters say which of the fifteen are capitals."""
    assert (long_id(short), long_id(long)) == (long, long)


def test_real_time_events_are_read_streamed_and_stored() -> None:
    """The constant Id names nothing, Records is a text that holds JSON, and a delegate is the actor."""
    streamed, stored = read("salesforce-rtem", EXPORTS["salesforce-rtem"]["lines"]).rows
    assert [target[1] for target in streamed["targets"]] == [None, None, "500000000000077AAA"]
    assert (stored["native_uid"], stored["actor_uid"], stored["acting_as"]) == (
        "e-2",
        "005000000000009AAA",
        "005000000000002AAA",
    )


def test_who_logged_in_as_another_did_it_in_setup() -> None:
    """DelegateUser is the actor; what a customer grants is an authorisation, no action of the vendor."""
    found = read("salesforce-setup-audit", EXPORTS["salesforce-setup-audit"]["query"])
    assert (found.rows[0]["actor_uid"], found.rows[0]["acting_as"]) == ("e@vendor.example", "005000000000002AAA")
    assert dict(found.summary.asides) == {"authorisation": 1}


@pytest.mark.parametrize(("text", "locale"), [("03/04/2022 10:00:00", "mdy"), ("04.03.2022 10:00:00", "dmy")])
def test_the_order_of_a_date_is_declared(text: str, locale: str) -> None:
    """03/04/2022 is two days; the declared order decides, and without one the file is not read."""
    content = f'"Date","User","Action","Section"\n"{text}","u","a b","s"\n'.encode()
    (row,) = read("salesforce-setup-audit-csv", content, zone="UTC", locale=locale).rows
    assert row["time_us"] == 1_646_388_000_000_000
    for missing in (Options(zone="UTC"), Options(locale="mdy")):
        with pytest.raises(ValueError, match="declare"):
            ADAPTERS["salesforce-setup-audit-csv"].reader(missing)


def test_a_printed_abbreviation_of_a_zone_is_believed() -> None:
    """PST is what the row says; the row without one is read in the declared zone."""
    rows = read("salesforce-setup-audit-csv", SETUP_CSV).rows
    assert [row["time_us"] for row in rows] == [1_642_720_684_000_000, 1_642_720_800_000_000]


def test_what_stands_below_a_blank_row_of_a_report_is_a_footer() -> None:
    """A report's footer is counted and read as nothing."""
    content = SETUP_CSV + b'\r\n"Setup Audit Trail"\r\n"Copyright"\r\n'
    found = read("salesforce-setup-audit-csv", content)
    assert (len(found.rows), found.summary.count.footer_lines, len(found.rejects)) == (2, 3, 0)


def test_a_change_written_twice_is_one_action() -> None:
    """Names and ids of one change of a lookup field are one action, in either order; the second row is counted."""
    for records in (CASE_HISTORY, [CASE_HISTORY[1], CASE_HISTORY[0], CASE_HISTORY[2]]):
        found = read("salesforce-case-history", page("records", records))
        assert dict(found.summary.asides) == {"twin": 1}
        assert len(found.rows) == 2


def test_a_row_of_ids_without_its_twin_is_an_action() -> None:
    """A row is never dropped for what it looks like: alone, or twice in names, it counts."""
    assert len(read("salesforce-case-history", lines([CASE_HISTORY[1]])).rows) == 1
    again = {**CASE_HISTORY[0], "Id": "017000000000009", "OldValue": "E", "NewValue": "F"}
    assert len(read("salesforce-case-history", lines([CASE_HISTORY[0], again])).rows) == 2


def test_a_value_of_255_characters_is_possibly_cut() -> None:
    """Values end at 255 characters; one of that length is marked."""
    row = read("salesforce-case-history", lines([CASE_HISTORY[2]])).rows[0]
    assert (row["changes"][0][3], row["flags"]) == (True, ["truncated"])


# --- Okta ------------------------------------------------------------------------------------------------------------


def test_what_a_customer_grants_is_no_action_of_support() -> None:
    """A grant explains an access; who granted did not access."""
    found = read("okta-system-log", EXPORTS["okta-system-log"]["array"])
    assert dict(found.summary.asides) == {"authorisation": 1}
    assert [row["acting_as"] for row in found.rows] == [None, "00u1"]


@pytest.mark.parametrize("form", ["text", "object", "words", "absent"])
def test_the_reason_of_support_is_a_text_that_holds_json_or_not(form: str) -> None:
    """supportAction is published as a text with JSON in it; an object, plain words and nothing are read as well."""
    why: Any = {"type": "VIEW", "reason": {"type": "CASE", "detail": "0042"}}
    told = {"text": json.dumps(why), "object": why, "words": "because", "absent": None}[form]
    (row,) = read("okta-system-log", lines([{**OKTA[0], "debugContext": {"debugData": {"supportAction": told}}}])).rows
    expected = {
        "text": ("CASE", "0042"),
        "object": ("CASE", "0042"),
        "words": (None, "because"),
        "absent": (None, None),
    }
    assert (row["reason_type"], row["reason_text"]) == expected[form]


@pytest.mark.parametrize("target", [None, [], "absent", [{}], [{"id": "1"}] * 5])
def test_targets_are_null_absent_or_any_number(target: Any) -> None:
    """A missing or null list of targets is an empty one."""
    record = {name: value for name, value in {**OKTA[0], "target": target}.items() if value != "absent"}
    assert len(read("okta-system-log", lines([record])).rows[0]["targets"]) == len(target or []) * (target != "absent")


def test_allow_is_no_success() -> None:
    """ALLOW is the outcome of a policy: the action's own outcome is unknown, and the word is told."""
    found = read("okta-system-log", lines([{**OKTA[0], "outcome": {"result": "ALLOW"}}]))
    assert found.rows[0]["outcome"] == "unknown"
    assert dict(found.summary.unmapped_outcomes) == {"ALLOW": 1}


def test_collectors_write_names_small() -> None:
    """eventtype and authenticationcontext are eventType and authenticationContext."""
    small = {name.lower(): value for name, value in OKTA[0].items()}
    (row,) = read("okta-system-log", lines([small])).rows
    assert (row["native_uid"], row["session_uid"]) == ("u-1", "s-1")


# --- OCSF and the others ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("time_dt", ["2023-01-20T23:18:04.645Z", "2022-01-20T23:18:06.645Z"])
def test_two_times_that_disagree_are_refused(time_dt: str) -> None:
    """time against time_dt, to a second; seconds in a field of milliseconds are refused by their length."""
    assert read("ocsf", lines([{**OCSF[0], "time_dt": time_dt}])).rejects[0].reason.value == "bad_time"
    assert read("ocsf", lines([{**OCSF[0], "time": 1642720684}])).rejects[0].reason.value == "bad_time"


def test_the_original_id_of_an_event_goes_before_the_carriers() -> None:
    """metadata.original_event_uid is the event's own id."""
    (row,) = read("ocsf", lines(OCSF)).rows
    assert (row["native_uid"], row["tenant_ids"]) == ("u-1", ("t-9",))


def test_nine_digits_of_a_second_stay_as_printed() -> None:
    """Nanoseconds are cut to microseconds in the instant and kept in the text; two that differ there are two events."""
    (row,) = read("google-access-transparency", EXPORTS["google-access-transparency"]["lines"]).rows
    assert (row["time_us"] % 1_000_000, row["time_text"]) == (645_123, "2022-01-20T23:18:04.645123456Z")
    assert (row["clues"], row["reason_type"]) == ([("ticket", "SUP-99")], "CUSTOMER_INITIATED_SUPPORT")


def test_workspace_names_an_office_and_never_the_owner() -> None:
    """events may be a list or the one event, a value one or several; another event than an access is no action."""
    for content in EXPORTS["google-workspace-access"].values():
        found = read("google-workspace-access", content)
        first, second = found.rows
        assert (first["actor_uid"], second["actor_uid"]) == ("Google/EUR", "unnamed staff")
        assert first["native_uid"] == "C0made1up/2022-01-20T23:18:04.645Z/-4563210987654321098"
        assert (first["tenant_ids"], first["targets"]) == (("C0made1up",), [("DRIVE", "log-1", "A plan", None)])
        assert first["reason_text"] == "Customer Initiated Support - Case number: SUP-99"
        assert first["clues"] == [("ticket", "SUP-99")]
        assert "owner@" not in repr(found.rows)
        assert found.summary.no_actions == 1


def test_whom_somebody_acts_as_is_not_who_acts() -> None:
    """user.effective is the assumed identity, user the actor; dotted names are read like nested ones."""
    nested, dotted = read("ecs", EXPORTS["ecs"]["lines"]).rows
    assert (nested["actor_uid"], nested["acting_as"]) == ("e1", "boss")
    assert (dotted["actor_uid"], dotted["native_uid"]) == ("e", "ev-2")


def test_keys_of_access_never_pass() -> None:
    """Parameters, answers and key ids of cloud events are counted and left out; a service's name is no address."""
    found = read("cloudtrail", EXPORTS["cloudtrail"]["page"])
    assert "KEY" not in repr(found.rows)
    assert (found.rows[0]["src_ip"], found.rows[0]["src_text"]) == (None, "cloudformation.amazonaws.com")
    assert dict(found.summary.stripped) == {"personal": 1, "secret": 1, "token": 1}


def test_semicolons_and_tabs_separate_cells_as_well() -> None:
    """A table is read whatever separates its cells, as its header tells."""
    rows = list(csv.reader(io.StringIO(SETUP_CSV.decode())))
    for delimiter in (";", "\t"):
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        assert len(read("salesforce-setup-audit-csv", text.getvalue().encode()).rows) == 2
