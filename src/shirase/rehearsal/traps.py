"""What a reader of logs can get wrong about who, when and whose: planted by hand, each with its truth."""

from dataclasses import replace
from hashlib import sha256

from shirase.rehearsal.instants import SECOND, micros
from shirase.rehearsal.lines import Deed
from shirase.rehearsal.people import NOBODY_KNOWS, Person
from shirase.rehearsal.setting import TRAINING_TENANT, Setting
from shirase.rehearsal.things import Thing
from shirase.rehearsal.truth import Owners

VIEW = "su.tenant.overview"


def write_window_traps(setting: Setting) -> None:
    """Lines on and beside both ends of the window, in several spellings of time."""
    book, person = setting.book, setting.people.sitel[0]
    for when in (
        "2022-01-15T23:59:59.999999Z",
        "2022-01-16T00:00:00Z",
        "2022-01-21T23:59:59.999999Z",
        "2022-01-21T23:59:59.9999999Z",
        "2022-01-22T00:00:00Z",
    ):
        book.log(setting.deed("kitahama", person, when, VIEW), {"ts": when})
    for utc, tokyo in (
        ("2022-01-15T23:59:59Z", "2022-01-16T08:59:59+09:00"),
        ("2022-01-21T23:59:59Z", "2022-01-22T08:59:59+09:00"),
    ):
        book.log(setting.deed("kitahama", person, utc, "su.user.get"), {"ts": tokyo})
    for when in ("2022-01-15T23:59:59Z", "2022-01-16T00:00:00Z", "2022-01-21T23:59:59Z", "2022-01-22T00:00:00Z"):
        # By somebody else: the same act of one person in both consoles would be one action.
        book.log_csv(setting.deed("kitahama", setting.people.sitel[20], when, "TENANT_OVERVIEW"))
    for part, when in (
        ("before_only", "2022-01-15T23:30:00.250Z"),
        ("after_only", "2022-01-22T00:00:00.000Z"),
        ("long_before_only", "2022-01-14T12:00:00.000Z"),
    ):
        book.log(setting.deed(part, person, when, "su.user.get"))


def write_workstation_traps(setting: Setting) -> None:
    """The night of the incident: one account, 00:03 to 00:28 UTC on 21 January, on two customers."""
    book, person = setting.book, setting.people.workstation
    for when, part, native in (
        ("2022-01-18T15:12:04.120Z", "kitahama", VIEW),
        ("2022-01-20T16:40:31.007Z", "kitahama", "su.log.query"),
        ("2022-01-21T00:03:11.482Z", "workstation_only", VIEW),
        ("2022-01-21T00:04:02.019Z", "workstation_only", "su.tenant.admins.list"),
        ("2022-01-21T00:06:47.730Z", "workstation_only", "su.user.find"),
        ("2022-01-21T00:09:15.001Z", "workstation_only", "su.user.get"),
        ("2022-01-21T00:13:58.664Z", "kitahama", VIEW),
        ("2022-01-21T00:16:20.315Z", "kitahama", "su.app.get"),
        ("2022-01-21T00:21:44.908Z", "workstation_only", "su.log.query"),
        ("2022-01-21T00:28:00.000Z", "workstation_only", "su.user.factor.list"),
    ):
        book.log(setting.deed(part, person, when, native))


def write_people_traps(setting: Setting) -> None:
    """People whose employer is unknown, has changed, or is written differently in two places."""
    book, people = setting.book, setting.people
    stranger = replace(people.unknown, org="Northgate Staffing", standing=NOBODY_KNOWS)
    for part, person, when in (
        ("unknown_actor_only", people.unknown, "2022-01-19T04:10:00.500Z"),
        ("unknown_actor_only", people.unknown, "2022-01-19T04:11:37.250Z"),
        ("unknown_actor_only", stranger, "2022-01-20T04:02:09.875Z"),
        ("kitahama", people.unknown, "2022-01-20T04:30:00.125Z"),
        ("kitahama", people.transferred, "2022-01-18T23:59:50.000Z"),
        ("kitahama", people.transferred, "2022-01-19T00:00:10.000Z"),
        ("shin_kitahama", people.unlisted_name, "2022-01-17T03:20:11.000Z"),
        ("shin_kitahama", people.claimed, "2022-01-17T08:45:00.700Z"),
        ("shin_kitahama", people.disowned, "2022-01-18T09:00:30.330Z"),
        ("shin_kitahama", people.translator, "2022-01-18T10:15:00.010Z"),
        ("kitahama", people.service, "2022-01-19T18:00:00.000Z"),
        ("vendor_only", people.translator, "2022-01-19T11:00:00.000Z"),
        ("vendor_only", people.staff[0], "2022-01-20T02:00:00.000Z"),
        ("vendor_only", people.service, "2022-01-20T18:00:00.000Z"),
    ):
        book.log(setting.deed(part, person, when, "su.user.get"))
    book.log(setting.deed("one_action", people.sitel[1], "2022-01-19T15:45:12.345Z", VIEW))


def write_tenant_traps(setting: Setting) -> str:
    """Lines of several tenants, of a renamed one, of the sender's own, and of none.

    Returns:
        SHA-256 of the line without a tenant, by which a person signs it off.
    """
    book, people = setting.book, setting.people
    person = people.sitel[2]
    retired = Owners((setting.cast.parts["decided_only"].customer_id,))
    for when in ("2022-01-17T14:00:00.100Z", "2022-01-18T14:30:00.200Z", "2022-01-20T19:05:00.300Z"):
        book.log(Deed(micros(when), person, "su.user.get", (setting.cast.retired_tenant,), retired))
    shared = _shared_deed(setting, person)
    book.log(shared)
    book.log(replace(shared, at=shared.at + 30 * SECOND, ticket="CS-909090", reason="Second look, see CS-909090"))
    for minute in range(5):
        when = f"2022-01-19T16:{minute:02d}:00.000Z"
        book.log(Deed(micros(when), person, VIEW, (TRAINING_TENANT,), Owners(())))
    own = setting.deed("kitahama", person, "2022-01-19T16:10:00.000Z", "su.user.get")
    book.log(replace(own, tenant_ids=(TRAINING_TENANT, *own.tenant_ids)))
    colleague = replace(own, person=people.sitel[21], native="USER_VIEW")
    book.log_csv(replace(colleague, tenant_ids=(*own.tenant_ids, TRAINING_TENANT)))
    book.log(replace(own, at=own.at + SECOND, tenant_ids=own.tenant_ids * 2))
    unsigned = Owners((), unsigned=True)
    nowhere = Deed(micros("2022-01-18T17:20:00.000Z"), person, "su.log.query", (), unsigned)
    book.log(replace(nowhere, person=people.staff[1]))
    book.log(replace(nowhere, at=micros("2022-01-23T09:00:00.000Z")))
    signed_off = book.log(replace(nowhere, owners=Owners(())))
    return sha256(signed_off.raw).hexdigest()


def _shared_deed(setting: Setting, person: Person) -> Deed:
    """One search over two customers at once, with a result that says of neither whose it is."""
    one, other = setting.cast.parts["shared_only"], setting.cast.parts["kitahama"]
    things = (
        Thing("user", "usr-0001", setting.inventory.users_of(one)[0].name, one.tenant_ids[0]),
        Thing("user", "usr-0002", setting.inventory.users_of(other)[0].name, other.tenant_ids[0]),
        Thing("query", "qry-000001", "sign-in failures, both tenants"),
    )
    return Deed(
        micros("2022-01-18T18:30:45.600Z"),
        person,
        "su.log.query",
        (one.tenant_ids[0], other.tenant_ids[0]),
        Owners((one.customer_id, other.customer_id)),
        things,
        reason="Comparing two tenants after the same error",
    )
