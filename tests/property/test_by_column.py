"""Read by column, a file says exactly what it says record by record: rows, digests, rejects, counts."""

import copy
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_up_exports import EXPORTS, OPTIONS, lines
from shirase.domain.action import Basis
from shirase.domain.bilingual import Paired
from shirase.domain.clues import Clue
from shirase.domain.errors import EvidenceError
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Fields, Profile, RecordFormat, TargetFields, TimeField, TimeFormat
from shirase.domain.reject import NoAction, Reject
from shirase.domain.resolution import AMBIGUOUS, Confidence, Resolution
from shirase.evidence.arrays import Column
from shirase.evidence.columns import LINE_SCHEMA
from shirase.intake.by_column import reading as runs
from shirase.intake.framing.json_lines import frame_runs
from shirase.intake.intake_file import arrive
from shirase.intake.json_records import parse_records
from shirase.intake.reading import Reading
from shirase.intake.sources.conformance import ODD_VALUES, ReadExport, read_export
from shirase.intake.sources.contract import Options, Reader, Record, RecordContext
from shirase.intake.sources.registry import find_adapters
from shirase.intake.sources.wrapped import WrappedReader
from shirase.intake.streams import open_lines
from usual_records import USUAL

ADAPTERS = find_adapters().adapters
BY_COLUMN = [
    "atlassian-org-events", "cadf", "cloudtrail", "ecs", "jira-cloud", "jira-dc-rest", "mapped", "ocsf",
    "okta-system-log", "ringcentral-audit", "salesforce-elf", "salesforce-rtem",
    "slack-audit",
]  # fmt: skip
"""Adapters that say where everything stands."""

BUDGET = int(os.environ.get("SHIRASE_FUZZ", "20"))
"""Changed files for each adapter; each is written in three ways. The pages say what was tried once by hand."""

REPEATS = 72
"""Records alike at the beginning of a file: enough for their layout to be learned."""

TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "2022-01-20T23:18:04.645Z", "2022-01-20T24:18:04.645Z", "2022-02-30T23:18:04.645Z", "2022-01-20 23:18:04.645Z",
        "2022-01-20T23:18:60.645Z", "0000-01-20T23:18:04.645Z", "2022-01-20T23:18:04+09:00", "1642720684", "16427206",
        "unknown", "null", "-", " ", "a;b", "x@example.com", "198.51.100.7, 8.8.8.8", "xoxb-123456789-abc",
        "password=hunter22", "user.session.impersonation.initiate", '"', "\\", "}, {", "},\n{", "\u2028", "知", "\x7f",
    ]
)  # fmt: skip
VALUES = (
    TEXTS
    | st.sampled_from(ODD_VALUES)
    | st.integers(-5, 10**19)
    | st.sampled_from([1642720684, 1642720684000, -0.0, 1e400, 0.5, 1e22])
)
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 10_000),
        st.sampled_from(["value", "key", "drop", "drop", "escape", "spaces", "repeat", "bytes", "null"]),
        VALUES,
    ),
    min_size=1,
    max_size=12,
)


def resolve(clues: tuple[Clue, ...]) -> Resolution | None:
    """Finds somebody, hesitates, or finds nobody: by the clues alone."""
    text = "".join(clue.value for clue in clues)
    if "SUP" in text or "500" in text:
        tickets = ("SUP-17", "SUP-99")
        return Resolution(("t1",), Basis.JOIN, frozenset({"found_by_ticket"}), (), Confidence.HIGH, tickets)
    if len(text) % 2:
        return Resolution((), Basis.UNKNOWN, frozenset({AMBIGUOUS, "tenant_disputed"}), ("c1", "c2"))
    return None


def superuser() -> tuple[Profile, dict[str, Any]]:
    """A profile that uses all that a profile can say of one record, and a record for it."""
    fields = Fields(
        time=TimeField(columns=("ts", "at"), zone="Asia/Tokyo"),
        actor_id=("who.id", "by"),
        action=("what",),
        tenant_ids=("tenants", "org"),
        event_id=("id",),
        actor_name=("who.name",),
        outcome=("result",),
        target=TargetFields(each="objects", type=("t",), id=("i", "j.k"), name=("n",), tenant_id=("of",)),
        ticket_id=("ticket",),
        src_ip=("ip",),
        reason_text=("why",),
    )
    record: dict[str, Any] = {
        "ts": "2022-01-20T23:18:04.645Z", "who": {"id": "e1", "name": "E"}, "what": "su.view", "tenants": ["t1", "t2"],
        "org": None, "id": 7, "result": "OK", "objects": [{"t": "user", "i": "u1", "n": "U"}, {"t": "app", "j": {"k": 1}}],
        "ticket": "CS-1", "ip": "198.51.100.1", "why": "asked", "extra": {"a": [1, 2.5, True, None, {}, []]},
    }  # fmt: skip
    profile = Profile(
        format=RecordFormat.NDJSON,
        fields=fields,
        absent={"ticket_id": ("null",), "src_ip": ("-",)},
        action_codes={"su.view": "tenant.view"},
        not_actions=("ping",),
    )
    return profile, record


def records_of(name: str) -> list[dict[str, Any]]:
    found = []
    for content in EXPORTS[name].values():
        found += [cut.record for cut in read_export(ADAPTERS[name], content, OPTIONS.get(name, Options())).cuts]
    return [*USUAL.get(name, ()), *found]


def paths(value: Any, prefix: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path for key, inner in entries for path in ((*prefix, key), *paths(inner, (*prefix, key)))]


def changed(record: dict[str, Any], place: int, how: str, value: Any) -> bytes:
    """``record`` with one thing changed, as one line."""
    record = copy.deepcopy(record)
    ways = paths(record)
    *before, last = ways[place % len(ways)]
    inner: Any = record
    for step in before:
        inner = inner[step]
    if how in ("value", "null"):
        inner[last] = value if how == "value" else None
    elif how == "drop":
        del inner[last]
    elif how == "key" and isinstance(inner, dict):
        inner[str(value)[:9]] = inner.pop(last)
    text = json.dumps(
        record, ensure_ascii=how == "escape", separators=(",", ":") if how == "spaces" else None, default=str
    )
    if how == "repeat":
        text = f"{{{json.dumps(str(last))}: 1, {text.removeprefix('{')}"
    raw = text.encode("utf-8", "replace")
    if how == "bytes":
        at = place % len(raw)
        raw = raw[:at] + (b"\xff" if isinstance(value, int) else b"\x00") + raw[at + 1 :]
    return raw.replace(b"\n", b" ")


def read(name: str, content: bytes, options: Options, *, in_runs: bool) -> object:
    try:
        found = read_export(ADAPTERS[name], content, options, in_runs=in_runs, resolver=resolve)
    except EvidenceError as error:
        return error.problems
    return said(found)


def said(found: ReadExport) -> object:
    return found.summary, found.rows, found.rejects, found.others


def compare(name: str, raws: list[bytes], options: Options) -> None:
    for content in (b"\n".join(raws), b"\r\n".join(raws) + b"\r\n", b"[" + b",\n".join(raws) + b"]"):
        one_by_one = read(name, content, options, in_runs=False)
        assert read(name, content, options, in_runs=True) == one_by_one


@pytest.mark.parametrize("name", BY_COLUMN)
@settings(deadline=None, max_examples=BUDGET)
@given(pick=st.integers(0, 50), changes=CHANGES)
def test_by_column_is_record_by_record(name: str, pick: int, changes: list[tuple[int, str, Any]]) -> None:
    """Whatever happens to some records of a file whose layout is known."""
    known = records_of(name)
    record = known[pick % len(known)]
    alike = [json.dumps(record, ensure_ascii=False, default=str).encode()] * REPEATS
    odd = [changed(record, *change) for change in changes]
    compare(name, [*alike, *odd, *alike[:2], *odd], OPTIONS.get(name, Options()))


@pytest.mark.parametrize("name", BY_COLUMN)
@pytest.mark.parametrize("declared", [Options(tenant_id="t9"), Options(site="s"), Options(zone="Asia/Tokyo")])
def test_by_column_whatever_is_declared(name: str, declared: Options) -> None:
    """With a tenant of the whole file nobody looks for one; a site stands before ids; a zone is that of bare times."""
    options = replace(
        OPTIONS.get(name, Options()), tenant_id=declared.tenant_id, site=declared.site, zone=declared.zone
    )
    for record in records_of(name):
        raw = json.dumps(record, ensure_ascii=False, default=str).encode()
        local = raw.replace(b"+0000", b"").replace(b'04.645Z"', b'04.645"')
        compare(name, [raw] * REPEATS + [local] * REPEATS, options)


@settings(deadline=None, max_examples=2 * BUDGET)
@given(changes=CHANGES, site=st.booleans(), tenant=st.booleans())
def test_by_a_profile_with_everything(changes: list[tuple[int, str, Any]], site: bool, tenant: bool) -> None:
    """Lists of objects, several tenants, a choice of columns, a zone, a site."""
    profile, record = superuser()
    options = Options(profile=profile, site="s" if site else None, tenant_id="t9" if tenant else None)
    alike = [json.dumps(record, ensure_ascii=False).encode()] * REPEATS
    odd = [changed(record, *change) for change in changes]
    compare("mapped", [*alike, *odd, *odd, *alike], options)


class Wrapping:
    """An adapter of records that a collector wrapped."""

    def __init__(self, name: str) -> None:
        self._inner = ADAPTERS[name]
        self.card, self.framing = self._inner.card, self._inner.framing

    def knows(self, record: Record, context: RecordContext) -> bool:
        """Never asked."""
        raise NotImplementedError

    def reader(self, options: Options) -> Reader:
        """The reader of what is inside."""
        return WrappedReader(self._inner.reader(options), "event.body")


@pytest.mark.parametrize("name", BY_COLUMN)
@settings(deadline=None, max_examples=BUDGET)
@given(pick=st.integers(0, 50), changes=CHANGES)
def test_wrapped_records_by_column(name: str, pick: int, changes: list[tuple[int, str, Any]]) -> None:
    """Whatever happens inside wrappers, to them and beside them."""
    known = records_of(name)
    wrapped = {"host": "h", "event": {"body": known[pick % len(known)], "seq": 1}}
    alike = [json.dumps(wrapped, ensure_ascii=False, default=str).encode()] * 16
    content = b"\n".join([*alike, *(changed(wrapped, *change) for change in changes), *alike])
    options = OPTIONS.get(name, Options())
    one_by_one = said(read_export(Wrapping(name), content, options))
    assert said(read_export(Wrapping(name), content, options, in_runs=True)) == one_by_one


@pytest.mark.parametrize("name", BY_COLUMN)
@settings(deadline=None, max_examples=BUDGET)
@given(pick=st.integers(0, 50), inner=CHANGES, outer=CHANGES)
def test_carried_records_by_column(
    name: str, pick: int, inner: list[tuple[int, str, Any]], outer: list[tuple[int, str, Any]]
) -> None:
    """Whatever happens to what Splunk carries, and to the result around it."""
    known = records_of(name)
    record = known[pick % len(known)]
    options = replace(OPTIONS.get(name, Options()), origin=name)

    def result(raw: str) -> dict[str, Any]:
        marks = {"_time": "2022-01-20T23:18:04.645+00:00", "_indextime": "1642720690", "_bkt": "main~1~A", "_cd": "1:2"}
        return {"preview": False, "offset": 0, "result": {**marks, "_raw": raw, "sourcetype": "x", "index": "main"}}

    plain = result(json.dumps(record, ensure_ascii=False, default=str))
    alike = [json.dumps(plain, ensure_ascii=False).encode()] * REPEATS
    texts = [changed(record, *change).decode(errors="replace") for change in inner]
    damaged = [json.dumps(result(text), ensure_ascii=bool(at % 2)).encode() for at, text in enumerate(texts)]
    compare("splunk", [*alike, *damaged, *(changed(plain, *change) for change in outer), *alike], options)


@pytest.mark.parametrize("first", ["", '"init_offset": 0, ', '"preview": false, '])
def test_previews_stay_previews(first: str) -> None:
    """What was learnt of one page of results does not hold for a page of another kind in the same file."""
    record = json.dumps(records_of("slack-audit")[0], ensure_ascii=False)
    result = json.dumps({"_raw": record, "_cd": "1:2", "_bkt": "b", "sourcetype": "slack:audit"}, ensure_ascii=False)
    results = ",\n".join([result] * 300)
    pages = [f'{{{first}"results": [{results}]}}', f'{{"preview": true, "results": [{results}]}}']
    content = "\n".join([*pages, *pages]).encode()
    found = read_export(ADAPTERS["splunk"], content, in_runs=True)
    assert said(found) == said(read_export(ADAPTERS["splunk"], content))
    assert (len(found.rows), found.summary.count.previews) == (600, 600)


@pytest.mark.parametrize("name", BY_COLUMN)
def test_forms_that_come_and_go(name: str) -> None:
    """Records of many forms in one file, some odd ones between them, with and without escapes."""
    records = [
        {**record, "fresh": "利用者 \U0001f600" if at % 3 else "é"} for at, record in enumerate(records_of(name) * 20)
    ]
    for ascii_only in (True, False):
        raws = [json.dumps(record, ensure_ascii=ascii_only, default=str).encode() for record in records]
        compare(name, [*raws, b"{", *raws, b'{"a": 1, "a": 2}', *raws], OPTIONS.get(name, Options()))


class Counting:
    """Takes rows, and counts those that came by column."""

    def __init__(self) -> None:
        self.by_column = 0

    def write_row(self, row: tuple[Any, ...]) -> None:
        """Not counted."""

    def write_columns(self, columns: Sequence[Column], count: int) -> None:
        """A whole run."""
        assert len(columns) == len(LINE_SCHEMA)
        self.by_column += count

    def write_other(self, line: Reject | NoAction) -> None:
        """Not counted."""

    def write(self, reject: Reject) -> None:
        """Not counted."""


@pytest.fixture(name="parsed")
def parsed_of_runs(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The records of runs that were parsed."""
    seen: list[bytes] = []

    def parse(raws: Sequence[bytes]) -> list[Record | None]:
        seen.extend(raws)
        return parse_records(raws)

    monkeypatch.setattr(runs, "parse_records", parse)
    return seen


@pytest.mark.parametrize("way", ["plain", "wrapped", "carried", "escaped"])
@pytest.mark.parametrize("name", BY_COLUMN)
def test_records_are_read_by_column(name: str, way: str, tmp_path: Path, parsed: list[bytes]) -> None:
    """The tests above would hold if nothing were ever read by column: nearly all of a file is, and is not parsed."""
    options, record = OPTIONS.get(name, Options()), records_of(name)[0]
    text = json.dumps({**record, "fresh": "知"}, ensure_ascii=way == "escaped", default=str)
    adapter, reader = name, ADAPTERS[name].reader(options)
    if way == "wrapped":
        text, reader = f'{{"at": 1, "event": {text}}}', WrappedReader(reader, "event")
    elif way == "carried":
        result = {"result": {"_raw": text, "_time": "2022-01-20T00:00:00Z"}}
        text, adapter = json.dumps(result, ensure_ascii=False), "splunk"
        reader = ADAPTERS["splunk"].reader(replace(options, origin=name))
    (tmp_path / "export").write_bytes(b"\n".join([text.encode()] * 500))
    profile = "profiles/given.toml" if options.profile is not None else None
    source = SourceSection(
        id="x", name=Paired(ja="x", en="x"), adapter=adapter, profile=profile, files=("export",),
        origin=name if adapter == "splunk" else None,
    )  # fmt: skip
    sink = Counting()
    reading = Reading(arrive(tmp_path, "export", source, options.profile), reader, sink, sink)
    with open_lines(tmp_path, "export") as opened:
        for item in frame_runs(opened, reading.units):
            reading.take(item)
    assert reading.tally.actions == 500
    # The last line has no end, and is read by itself.
    assert sink.by_column == 499
    assert len(parsed) < 100


ODD_ESCAPES = [
    r"\"", r"\\", r"\\\"", r"\\\\", r"a\\", r"\/", r"\n", r"\t\r\b\f", r"\u0041", r"\u005c", r"\u0022", r"\u0000", r"\u000a",
    r"\ud83d\ude00", r"\ud83d", r"\ude00\ud83d", r"\uD83D\uDE00", r"\u00e9", r"\u5229", r"\u5229\\u5229", r"\\u0041", r"\"\\",
    r"\U0001F600", r"\x41", r"\101", r"\N{DIGIT ONE}", r"\'", r"\u12", r"\u+123", "\\", "\\\\\\", r"\a", "\x01", "\t", "利 \x7f",
    r"\",\"who\":\"x", r'","what":"x', "\x03", "\ufffe",
]  # fmt: skip
"""What may stand between two quotes, or breaks them."""


@pytest.mark.parametrize("carried", [False, True])
@pytest.mark.parametrize("usual", ["e", "利用者", r"\u5229", r"a \"b\""])
def test_escapes_of_all_kinds(usual: str, carried: bool) -> None:
    """In a text that is read, in one that is not, in a key and outside of texts; beside others, and inside Splunk's."""
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",), reason_text=("why",))
    profile = Profile(format=RecordFormat.NDJSON, fields=fields)
    name, options = (
        ("splunk", Options(profile=profile, origin="mapped")) if carried else ("mapped", Options(profile=profile))
    )

    def line(who: str = "e", note: str = "n", key: str = "k", between: str = " ") -> bytes:
        text = (
            f'{{"ts": "2022-01-20T23:18:04.645Z", "who": "{who}", "what":{between}"view", "note": "{note}", '
            f'"{key}": 1, "why": "{usual}"}}'
        )
        if carried:
            text = f'{{"result": {{"_raw": {json.dumps(text, ensure_ascii=False)}, "_time": "2022-01-20T23:18:04Z"}}}}'
        return text.encode()

    alike = [line()] * REPEATS
    odd = [line(**{part: odd}) for odd in ODD_ESCAPES for part in ("who", "note", "key", "between")]
    for some in [[each] for each in odd] if usual == "e" else [odd, odd[::2], odd[1::2]]:
        content = b"\n".join([*alike, *some, *alike])
        assert read(name, content, options, in_runs=True) == read(name, content, options, in_runs=False)


@pytest.mark.parametrize("way", ["plain", "wrapped", "carried", "escaped", "pretty"])
def test_what_is_laid_out_alike_is_not_parsed(way: str, parsed: list[bytes]) -> None:
    """A few records teach the layout, and one of each run is held against it; texts of all kinds in it may differ."""
    profile, record = superuser()
    options = Options(profile=profile)
    records = [{**record, "id": at, "why": f'{"利用者" if at % 3 else "é"} "{at}"'} for at in range(1_000)]
    raws = [json.dumps(each, ensure_ascii=way == "escaped").encode() for each in records]
    adapter: Any = ADAPTERS["mapped"]
    if way == "wrapped":
        adapter, raws = Wrapping("mapped"), [b'{"event": {"body": ' + raw + b"}}" for raw in raws]
    elif way == "carried":
        adapter, options = ADAPTERS["splunk"], replace(options, origin="mapped")
        plain = [json.dumps({**each, "why": "利用者"}, ensure_ascii=False) for each in records]
        raws = [json.dumps({"result": {"_raw": raw, "_cd": "1:2"}}, ensure_ascii=False).encode() for raw in plain]
    elif way == "pretty":
        raws = [json.dumps({**each, "why": "利用者"}, ensure_ascii=False, indent=1).encode() for each in records]
    content = b"[" + b",\n".join(raws) + b"]" if way == "pretty" else b"\n".join(raws)
    found = read_export(adapter, content, options, in_runs=True)
    assert len(found.rows) == 1_000
    assert len(parsed) < 100


def test_deep_and_long_records_make_no_layout() -> None:
    """Records that a pattern should not be made of are read all the same."""
    record = records_of("okta-system-log")[0]
    deep: Any = []
    for _ in range(400):
        deep = [deep]
    for odd in ({**record, "device": deep}, {**record, "device": "x" * 70_000}):
        content = lines([odd] * REPEATS)
        found = read_export(ADAPTERS["okta-system-log"], content, in_runs=True)
        assert said(found) == said(read_export(ADAPTERS["okta-system-log"], content))
        assert len(found.rows) == REPEATS


def test_a_wrapper_whose_name_looks_like_a_way() -> None:
    """A key with a dot comes before the way that it looks like, also where both are there."""
    plain = {"ts": "2022-01-20T23:18:04.645Z", "who": "e", "what": "view"}
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",))
    options = Options(profile=Profile(format=RecordFormat.NDJSON, fields=fields, record="a.b"))
    for records in (
        [{"a": {"b": plain}, "seq": 1}],
        [{"a.b": plain, "a": {"b": {**plain, "who": "somebody else"}}}],
        [{"a": {"b": plain}}, {"a.b": plain, "a": {"b": {**plain, "who": "somebody else"}}}],
        [{"a": {"b": plain}}, {"a": {"b": [plain]}}, {"a": {"b": "x"}}, {"a": 1}],
    ):
        compare("mapped", [json.dumps(record).encode() for record in records] * REPEATS, options)


def test_milliseconds_are_read_by_column() -> None:
    """Numbers and texts of an epoch in milliseconds."""
    fields = Fields(time=TimeField(columns=("t",), format=TimeFormat.EPOCH_MS), actor_id=("w",), action=("a",))
    options = Options(profile=Profile(format=RecordFormat.NDJSON, fields=fields))
    times: list[Any] = [
        "1642720684645",
        1642720684645.5,
        164272068464,
        16427206846451,
        -5,
        0,
        "x",
        None,
        "١642720684645",
    ]
    raws = [json.dumps({"t": time, "w": "e", "a": "view"}).encode() for time in [1642720684645] * REPEATS + times]
    compare("mapped", raws, options)
    found = read_export(ADAPTERS["mapped"], b"\n".join(raws), options, in_runs=True)
    assert {row["time_us"] for row in found.rows} == {1642720684_645000, 1642720684_645500, 164272068_464000}


@pytest.mark.parametrize("zone", ["+0000", "+00:00", "+0900", "", "Z"])
def test_offsets_are_read_by_column(zone: str) -> None:
    """The same offset in all times, or another one in some, or a line feed in them."""
    fields = Fields(time=TimeField(columns=("t",), zone="Asia/Tokyo"), actor_id=("w",), action=("a",))
    options = Options(profile=Profile(format=RecordFormat.NDJSON, fields=fields))
    odd = [
        "2022-01-20T23:18:60.645+0000", "2022-02-30T23:18:04.645+0000", "0000-01-20T23:18:04.645+0000",
        "2022-01-20T23:18:04.645+0000\n2022-01-20T23:18:04.645+0000", "+0000", "2022-01-20T23:18:04.6451234+0000", "",
    ]  # fmt: skip
    for times in ([], odd, odd[:1], odd[3:4], odd[3:5], odd[6:]):
        written = [f"2022-01-20T23:18:04.645{zone}"] * REPEATS + times
        compare("mapped", [json.dumps({"t": time, "w": "e", "a": "view"}).encode() for time in written], options)


def test_seconds_of_a_profile_are_read_by_column() -> None:
    """Numbers and texts of an epoch, whole and with fractions."""
    fields = Fields(time=TimeField(columns=("t",), format=TimeFormat.EPOCH_S), actor_id=("w",), action=("a",))
    options = Options(profile=Profile(format=RecordFormat.NDJSON, fields=fields))
    times: list[Any] = [1642720684] * REPEATS + ["1642720684", 1642720684.5, 164272068, 16427206840, -5, 0, "x", None]
    content = lines([{"t": time, "w": "e", "a": "view"} for time in times])
    found = read_export(ADAPTERS["mapped"], content, options, in_runs=True)
    assert said(found) == said(read_export(ADAPTERS["mapped"], content, options))
    assert {row["time_us"] for row in found.rows} == {1642720684_000000, 1642720684_500000, 164272068_000000}


@pytest.mark.parametrize("alike", [1, 300])
def test_what_is_stripped_inside_splunk_is_counted(alike: int) -> None:
    """By kind, as in the log itself: whether records are parsed or found by their layout."""
    entry = {
        **records_of("slack-audit")[0],
        "details": {"new_value": "words", "previous_value": {"a": 1}, "access_token": "", "url_private": "u"},
    }
    plain = json.dumps({**entry, "actor": {"type": "user", "user": {"id": "W1", "name": "N"}}})
    result = json.dumps({"_raw": plain, "_cd": "1:2", "_bkt": "b", "sourcetype": "slack:audit"})
    expected = {"message_body": 2 * alike, "personal": alike, "token": alike}
    for name, line in (("slack-audit", plain), ("splunk", result)):
        content = f"{line}\n".encode() * alike
        for in_runs in (True, False):
            found = read_export(ADAPTERS[name], content, in_runs=in_runs)
            assert (len(found.rows), found.summary.stripped) == (alike, expected)


@pytest.mark.parametrize("way", ["lines", "pretty", "carried"])
@pytest.mark.parametrize("part", ["who", "note", "key", "between"])
def test_a_pattern_made_of_an_odd_record(part: str, way: str) -> None:
    """All records of a file are odd in the same way, so that the pattern is made of one of them."""
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",), reason_text=("note",))
    profile = Profile(format=RecordFormat.NDJSON, fields=fields)
    name, options = "mapped", Options(profile=profile)
    if way == "carried":
        name, options = "splunk", replace(options, origin="mapped")
    for odd in ODD_ESCAPES:
        given = {"who": "e", "note": "n", "key": "k", "between": " ", part: odd}
        text = (
            f'{{"ts": "2022-01-20T23:18:04.645Z", "who": "{given["who"]}", "what":{given["between"]}"view", '
            f'"note": "{given["note"]}", "{given["key"]}": 1}}'
        )
        if way == "carried":
            text = (
                f'{{"result": {{"_raw": {json.dumps(text, ensure_ascii=False)}, "{given["key"]}": "{given["who"]}"}}}}'
            )
        separator = ",\n" if way == "pretty" else "\n"
        content = separator.join([text.replace(", ", ",\n") if way == "pretty" else text] * REPEATS).encode()
        content = b"[" + content + b"]" if way == "pretty" else content
        assert read(name, content, options, in_runs=True) == read(name, content, options, in_runs=False), odd


@pytest.mark.parametrize("written", ["wh\\u0061t", "what"])
@pytest.mark.parametrize("kind", ["URI", "\\u0055RI", "利\\u5229"])
def test_names_and_kinds_that_are_escaped(written: str, kind: str) -> None:
    """What decides how a record is read may be written in escapes, in all records of a file that is set in lines."""
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",))
    record = f'{{"ts": "2022-01-20T23:18:04.645Z",\n"who": "e",\n"{written}": "{kind}"}}'
    row = f'{{"EVENT_TYPE": "{kind}",\n"TIMESTAMP": "20220120231804.645",\n"USER_ID": "005000000000009",\n"URI": "/a"}}'
    marks = f'"{written.replace("wh", "ind").replace("t", "t")}": "main", "_bkt": "b", "_c\\u0064": "1:2"'
    carried = f'{{"result": {{"_raw": {json.dumps(record.replace(chr(10), "").replace(written, "what"))}, {marks}}}}}'
    by_profile = Options(profile=Profile(format=RecordFormat.NDJSON, fields=fields))
    for name, text, options in (
        ("mapped", record, by_profile),
        ("salesforce-elf", row, Options()),
        ("splunk", carried, replace(by_profile, origin="mapped")),
    ):
        content = b"[" + ",\n".join([text] * REPEATS).encode() + b"]"
        assert read(name, content, options, in_runs=True) == read(name, content, options, in_runs=False)
