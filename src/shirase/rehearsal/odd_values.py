"""Records that are sound, and whose values a careless program would obey, cut, refuse or misread."""

from dataclasses import replace
from typing import Any

from shirase.rehearsal.hostile import HOSTILE_NAMES, MEGABYTE
from shirase.rehearsal.instants import MINUTE, micros
from shirase.rehearsal.lines import day_of, encode, ndjson_record
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.things import Thing
from shirase.rehearsal.work import UNDESCRIBED_NATIVE


def write_value_traps(setting: Setting) -> None:
    """Hostile text in every field that is printed, absent fields, codes and outcomes that nobody has described."""
    _write_hostile(setting)
    _write_absent(setting)
    _write_undescribed(setting)
    _write_csv_values(setting)


def _write_hostile(setting: Setting) -> None:
    person = setting.people.sitel[3]
    base = setting.deed("shin_kitahama", person, "2022-01-17T15:00:00.000Z", "su.user.get")
    for number, text in enumerate(HOSTILE_NAMES):
        thing = Thing("user", f"usr-{text[:24]}", text, base.tenant_ids[0])
        ticket = text[:60] if number % 4 == 3 else None
        deed = replace(base, at=base.at + number * MINUTE, things=(thing,), ticket=ticket)
        setting.book.log(deed, _also(text, number % 4))
    long_reason = replace(base, at=micros("2022-01-17T16:00:00.000Z"), reason=MEGABYTE)
    setting.book.log(long_reason)


def _also(text: str, turn: int) -> dict[str, Any]:
    """Further fields of the record that hold ``text``, in turn; at the last turn it is the ticket."""
    return ({}, {"reason": text}, {"ua": text, "session": text}, {})[turn]


def _write_absent(setting: Setting) -> None:
    person = setting.people.sitel[4]
    deed = setting.deed("kitahama", person, "2022-01-18T20:00:00.000Z", "su.group.get")
    full = ndjson_record(deed, setting.book.request_id())
    bare = {key: full[key] for key in ("request_id", "ts", "action", "tenants")}
    org = {} if person.org is None else {"org": person.org}
    raw = encode(bare | {"engineer": {"id": person.actor_id} | org})
    setting.book.plant(day_of(deed.at), deed.at, raw, deed.verdict())


def _write_undescribed(setting: Setting) -> None:
    person = setting.people.sitel[5]
    for when in ("2022-01-18T21:00:00.000Z", "2022-01-20T21:00:00.000Z"):
        deed = setting.deed("kitahama", person, when, UNDESCRIBED_NATIVE)
        raw = encode(ndjson_record(deed, setting.book.request_id()))
        verdict = replace(deed.verdict(), undescribed=UNDESCRIBED_NATIVE)
        setting.book.plant(day_of(deed.at), deed.at, raw, verdict)
    for result in ("?", "PARTIAL"):
        setting.book.log(
            replace(setting.deed("kitahama", person, "2022-01-18T21:05:00.000Z", "su.app.get"), result=result)
        )


def _write_csv_values(setting: Setting) -> None:
    person = setting.people.sitel[6]
    base = setting.deed("shin_kitahama", person, "2022-01-19T17:00:00.000Z", "NOTE_ADD")
    for number, text in enumerate(
        (
            'first line\nsecond line, with a comma and a "quote"\r\nthird line',
            '=HYPERLINK("http://203.0.113.66/","click")',
            "tab\there; semicolon; 'single'",
            "<b>&amp;</b> {{ 7*7 }}",
        )
    ):
        setting.book.log_csv(replace(base, at=base.at + number * MINUTE, reason=text))
