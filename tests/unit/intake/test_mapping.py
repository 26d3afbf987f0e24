"""How a profile turns a record into an action."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mapped_source import SOURCE, profile
from read_records import stored_action, stored_row
from shirase.domain.action import Basis, EvidenceRef, Outcome, SupportAction, Target
from shirase.domain.profile import Fields, Profile, RecordFormat, TargetFields, TimeField, TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.mapping import ProfileReader
from shirase.intake.meaning import Aside, AsideKind, Meaning
from shirase.intake.records import RecordError

RECORD: dict[str, Any] = {
    "ts": "2022-01-20T23:18:04.645Z",
    "who": "e1",
    "what": "su.view",
    "tenants": ["t1"],
    "id": "r1",
    "result": "OK",
}


def read(record: dict[str, Any], with_profile: Profile | None = None) -> Meaning | Aside:
    return ProfileReader(with_profile or profile()).read(record)


def meaning(record: dict[str, Any], with_profile: Profile | None = None) -> Meaning:
    found = read(record, with_profile)
    assert isinstance(found, Meaning)
    return found


def action(record: dict[str, Any], with_profile: Profile | None = None) -> SupportAction:
    return stored_action(meaning(record, with_profile), SOURCE)


def digest(record: dict[str, Any]) -> object:
    return stored_row(meaning(record), SOURCE)["content_digest"]


def refused(record: dict[str, Any], with_profile: Profile | None = None) -> RejectReason:
    with pytest.raises(RecordError) as caught:
        read(record, with_profile)
    return caught.value.reason


def test_a_record_becomes_an_action_with_its_evidence() -> None:
    """Time, actor, code, tenant, outcome and the place of the line are those of the record."""
    found = action(RECORD)
    assert found.time == datetime(2022, 1, 20, 23, 18, 4, 645_000, UTC)
    assert (found.actor_uid, found.action_code, found.action_native) == ("e1", "tenant.view", "su.view")
    assert (found.tenant_ids, found.tenant_basis, found.outcome) == (("t1",), Basis.LOGGED, Outcome.SUCCESS)
    assert found.primary.ref == EvidenceRef("evidence/a", 7, 70)
    assert (found.primary.native_uid, found.primary.native_time_text) == ("r1", "2022-01-20T23:18:04.645Z")


@pytest.mark.parametrize("missing", ["ts", "who", "what"])
@pytest.mark.parametrize("value", [None, ""])
def test_time_actor_and_action_are_required(missing: str, value: object) -> None:
    """A record without one of the three cannot be used."""
    assert refused({**RECORD, missing: value}) is RejectReason.MISSING_VALUE
    assert refused({key: kept for key, kept in RECORD.items() if key != missing}) is RejectReason.MISSING_VALUE


def test_a_missing_tenant_is_no_reason_to_reject() -> None:
    """A line without a tenant stays an action, for a person to attribute."""
    found = action({**RECORD, "tenants": []})
    assert (found.tenant_ids, found.tenant_basis) == ((), Basis.UNKNOWN)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (["t1", "t2", "t1"], ("t1", "t2")),
        ("t1; t2 ;", ("t1", "t2")),
        ("t1", ("t1",)),
        (12345678901, ("12345678901",)),
    ],
)
def test_tenants_may_be_a_list_or_a_text(value: object, expected: tuple[str, ...]) -> None:
    """Several tenants are told apart, each once, in the order they stand."""
    assert action({**RECORD, "tenants": value}).tenant_ids == expected


@pytest.mark.parametrize("unnamed", ["", " ", "None"])
def test_a_column_nobody_named_says_nothing(unnamed: str) -> None:
    """What spreadsheets and data frames number their rows with is no object, and no tenant."""
    found = meaning({**RECORD, unnamed: "t9", "tenants": None})
    assert (found.tenant_ids, found.targets) == ((), ())


def test_structures_where_a_text_must_stand_are_refused() -> None:
    """An actor that is an object means that the profile does not fit; nothing is made of it."""
    assert refused({**RECORD, "who": {"id": "e1"}}) is RejectReason.NOT_TEXT


def test_codes_nobody_mapped_are_kept_raw() -> None:
    """An unknown code is an action all the same, under the code 'other'."""
    found = action({**RECORD, "what": "su.new.thing"})
    assert (found.action_code, found.action_native) == ("other", "su.new.thing")


def test_codes_listed_as_no_action_are_none() -> None:
    """A heartbeat is well-formed and is no action."""
    found = read({**RECORD, "what": "su.ping"})
    assert isinstance(found, Aside)
    assert (found.kind, found.action) == (AsideKind.LISTED, "su.ping")


def test_an_unknown_outcome_is_never_success() -> None:
    """A word the profile does not know means unknown, and is told."""
    found = meaning({**RECORD, "result": "ALLOW"})
    assert (found.outcome, found.outcome_unmapped) == (Outcome.UNKNOWN, "ALLOW")
    assert action({key: value for key, value in RECORD.items() if key != "result"}).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("text", "ip", "kept"),
    [
        ("203.0.113.9", "203.0.113.9", None),
        ("10.0.0.1, 8.8.8.8", "8.8.8.8", "10.0.0.1, 8.8.8.8"),
        ("Salesforce.com IP", None, "Salesforce.com IP"),
        ("2001:4860:4860::8888", "2001:4860:4860::8888", None),
    ],
)
def test_addresses_are_read_and_other_text_kept(text: str, ip: str | None, kept: str | None) -> None:
    """The first public address of a list counts; what is no address is kept as text."""
    found = action({**RECORD, "ip": text})
    assert (found.src_ip, found.src_text) == (ip, kept)


def test_placeholders_mean_nothing_only_in_the_fields_named() -> None:
    """'null' is no address, but may well be the name of an object."""
    with_absent = profile(absent={"src_ip": ("null",)})
    found = action({**RECORD, "ip": "null", "object_type": "user", "object_id": "null"}, with_absent)
    assert (found.src_ip, found.src_text) == (None, None)
    assert found.targets == (Target("user", "null", None),)


def test_what_a_line_says_decides_whether_it_is_the_same() -> None:
    """Key order, the way a time is written and unmapped columns do not make another event; any mapped value does."""
    base = digest(RECORD)
    assert digest(dict(reversed(RECORD.items()))) == base
    assert digest({**RECORD, "ts": "2022-01-20T23:18:04.645+00:00"}) == base
    assert digest({**RECORD, "extra": 1}) == base
    assert digest({**RECORD, "result": "FAILED"}) != base
    assert digest({**RECORD, "ticket": "CS-1"}) != base


NESTED = Profile(
    format=RecordFormat.NDJSON,
    record="log",
    fields=Fields(
        time=TimeField(columns=("published", "when.ms"), format=TimeFormat.RFC3339),
        actor_id=("actor.id",),
        action=("eventType",),
        actor_email=("actor.alternateId",),
        target=TargetFields(each="target", type=("type",), id=("id",), name=("displayName",)),
        tenant_ids=("debug.list[1].org",),
    ),
)


def test_nested_records_are_reached_by_paths() -> None:
    """Paths go through objects and lists, wrappers are taken off, and a null list of targets is an empty one."""
    record = {
        "published": "2022-01-20T23:18:04Z",
        "actor": {"id": "00u", "alternateId": "x@example.com"},
        "eventType": "user.session.start",
        "target": [{"type": "User", "id": "1", "displayName": "A"}, {"type": "App", "id": "2"}],
        "debug": {"list": [{"org": "no"}, {"org": "t9"}]},
    }
    found = action({"log": record, "rule": "x"}, NESTED)
    assert (found.actor_uid, found.actor_native.email, found.tenant_ids) == ("00u", "x@example.com", ("t9",))
    assert found.targets == (Target("User", "1", "A"), Target("App", "2", None))
    assert action({"log": {**record, "target": None}}, NESTED).targets == ()


def test_a_record_that_is_not_in_its_wrapper_is_refused() -> None:
    """A line of another shape is quarantined, not read as an empty record."""
    assert refused({"alert": {}}, NESTED) is RejectReason.MISSING_VALUE


def test_a_path_of_punctuation_only_is_a_column_name() -> None:
    """A CSV may have a column named '[..]'; it is looked up as it is."""
    odd = profile(fields=profile().fields.model_copy(update={"actor_id": ("[..]",)}))
    assert action({**RECORD, "[..]": "e2"}, odd).actor_uid == "e2"


def test_columns_nobody_mentioned_are_told() -> None:
    """Unknown columns are named, known ones are not."""
    reader = ProfileReader(profile(known_columns=("note",)))
    assert {**RECORD, "note": 1, "new": 2}.keys() - reader.known == {"new"}


def test_the_tenant_of_an_export_of_one_tenant_is_that_of_the_file() -> None:
    """A log that names no tenant belongs to the tenant it was exported from, and says that this is the basis."""
    source = SOURCE.model_copy(update={"tenant_id": "own"})
    found = stored_action(meaning({**RECORD, "tenants": []}), source)
    assert (found.tenant_ids, found.tenant_basis) == (("own",), Basis.FILE)


@pytest.mark.parametrize("target", [TargetFields(), TargetFields(type=("kind",), id=("key",))])
def test_row_numbers_are_no_tenants(target: TargetFields) -> None:
    """A data frame written as CSV begins with a column without a name; also where the object is mapped in part."""
    fields = Fields(time=TimeField(columns=("ts",)), actor_id=("who",), action=("what",), target=target)
    record = {"": "7", "ts": "2022-01-20T23:18:04.645Z", "who": "e1", "what": "su.view", "kind": "user", "key": "u1"}
    found = meaning(record, Profile(format=RecordFormat.CSV, fields=fields))
    assert found.tenant_ids == ()
    assert all(each.tenant_id is None for each in found.targets)
