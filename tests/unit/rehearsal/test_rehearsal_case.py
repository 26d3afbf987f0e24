"""What people would have written in the synthetic case is what the case format asks for, and says what it should."""

import re
import string
from pathlib import Path

import pytest

from rehearsal_reader import STORY, WrittenCase
from shirase.case.translations import read_translations
from shirase.domain.action import Effect
from shirase.domain.actor import ActorEntry, Roster
from shirase.domain.bilingual import Language
from shirase.domain.catalogue import ActionKind, Catalogue, Permissions
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.decisions import Decisions
from shirase.domain.incident import Incident, TimelineEntry
from shirase.domain.narrative import NARRATIVE_SECTIONS, PLACEHOLDERS
from shirase.domain.organisation import OrganisationRegister
from shirase.domain.profile import Profile
from shirase.domain.tickets import Ticket, TicketRegister
from shirase.domain.translation import waiting
from shirase.rehearsal.generate import Size, write_incident
from shirase.rehearsal.work import LEGACY_NOISE, LEGACY_WORKS, WORKS

OTHER_TOOLS = {
    "case.view", "call", "message.post", "admin.change", "session.impersonate_start", "user.password_reset",
}  # fmt: skip
"""Codes of what other systems log, of which the support tool's permissions do not speak."""

LIST_CELLS = ("tenant_ids", "domains", "languages", "recipients")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> WrittenCase:
    folder = tmp_path_factory.mktemp("rehearsal") / "case"
    write_incident(folder, story=STORY, size=Size(seed=3, customers=300, affected=40, lines=1_500))
    return WrittenCase(folder)


def test_incident_file(case: WrittenCase) -> None:
    """``incident.toml`` is an exercise about six whole UTC days, its population the customers listed."""
    incident = Incident.model_validate(case.toml("incident.toml"))
    window = incident.window.build()

    assert incident.exercise
    assert incident.id == "INC-2022-0120"
    assert (str(window.start_at), str(window.end_at)) == (
        "2022-01-16 00:00:00+00:00",
        "2022-01-21 23:59:59.999999+00:00",
    )
    assert incident.customer_total == 300
    assert [
        entry.id for entry in OrganisationRegister.build(incident.organisations).organisations if entry.in_scope
    ] == ["sitel"]


def test_customers_file(case: WrittenCase) -> None:
    """``customers.csv`` is a register without double ids, tenants or names."""
    rows: list[dict[str, object]] = [dict(row) for row in case.table("customers.csv")]
    for row in rows:
        row |= {name: [cell for cell in str(row[name]).split(";") if cell] for name in LIST_CELLS}
    customers = tuple(Customer.model_validate(row) for row in rows)
    register = CustomerRegister.build(customers)

    assert len(register.by_id) == 300
    for language in ("name_ja", "name_en"):
        names = [getattr(customer, language) for customer in customers if getattr(customer, language)]
        assert len(names) == len(set(names))
    assert all(domain.endswith(".example") for customer in customers for domain in customer.domains)
    assert {len(customer.tenant_ids) for customer in customers} >= {1, 2, 4}


def test_actors_file(case: WrittenCase) -> None:
    """``actors.csv`` is a roster; one person changes employer on 19 January 2022 and keeps the pseudonym."""
    entries = tuple(
        ActorEntry.model_validate(
            {name: cell.split(";") if name == "other_ids" else cell for name, cell in row.items() if cell}
        )
        for row in case.table("actors.csv")
    )
    roster = Roster.build(entries)

    moved = [rows for rows in roster.by_id.values() if len(rows) > 1]
    assert [[(row.organisation, str(row.valid_from), str(row.valid_to)) for row in rows] for rows in moved] == [
        [("sitel", "None", "2022-01-18"), ("kagimori", "2022-01-19", "None")]
    ]
    employed = [entry.organisation for entry in entries]
    assert employed.count("sitel") >= 40
    assert {"kagimori", "northlake", "sykes-marlow"} <= set(employed)


def test_tickets_file(case: WrittenCase) -> None:
    """``tickets.csv`` is a register of known customers; the key's kinds are those that its rows and the logs say."""
    tickets = [
        Ticket.model_validate({name: cell for name, cell in row.items() if cell}) for row in case.table("tickets.csv")
    ]
    register = TicketRegister.build(tuple(tickets))
    customers = {row["customer_id"] for row in case.table("customers.csv")}
    logged = {(path, line): record.get("ticket") for path, line, record in case.sound_records()}
    owners = {ticket.ticket_id: (ticket.customer_id, ticket.opened_by.value) for ticket in tickets}
    seen = set()

    assert {owner for owner, _ in owners.values()} <= customers
    assert len(register.by_id) > len({number for number in logged.values() if number in owners}) > 50
    for customer_id, entry in case.key["customers"].items():
        for (path, line), kind in zip(entry["actions"], entry["tickets"]["by_action"], strict=True):
            if ".ndjson" not in path or kind == "withheld":
                continue
            number = logged[path, line]
            owner, opener = owners.get(number or "", ("", ""))
            said = "opened_by_us" if opener == "sender" else "opened_by_you"
            absent = "none" if number is None else "not_on_record"
            assert kind == (absent if not owner else said if owner == customer_id else "not_yours"), (path, line)
            seen.add(kind)
    assert seen == {"opened_by_you", "opened_by_us", "not_on_record", "not_yours", "none"}


def test_decisions_file(case: WrittenCase) -> None:
    """``decisions.toml`` signs off a tenant of nobody's, a renamed tenant, four lines, and a channel for small talk."""
    decisions = Decisions.model_validate(case.toml("decisions.toml"))

    assert [entry.decision.value for entry in decisions.attributions] == [
        "no_customer", "customer", "no_customer", "no_customer", "customer", "customer",
    ]  # fmt: skip
    assert [(entry.kind.value, entry.value, entry.customer_ids) for entry in decisions.resolutions] == [
        ("channel", "support-random", ())
    ]


def test_catalogue_and_permissions(case: WrittenCase) -> None:
    """Every action is described; what the tool cannot do is described too, mapped, and never logged."""
    catalogue = Catalogue.build(tuple(map(ActionKind.model_validate, case.toml("actions.toml")["actions"])))
    permissions = Permissions.model_validate(case.toml("permissions.toml"))
    profile = Profile.model_validate(case.toml("profiles/superuser.toml"))
    forbidden = {code for entry in permissions.cannot for code in entry.action_codes}
    forbidden_natives = {native for native, code in profile.action_codes.items() if code in forbidden}

    assert forbidden == {"user.create", "user.delete", "customer_db.export", "source.read"}
    assert len(forbidden_natives) == 4
    assert not forbidden_natives & {record.get("action") for _, _, record in case.sound_records()}
    assert all(catalogue.find(code) for code in profile.action_codes.values())
    allowed = {code for entry in permissions.can for code in entry.action_codes}
    assert allowed | forbidden | OTHER_TOOLS == set(catalogue.by_code)
    assert len({catalogue.by_code[code].effect for code in allowed}) >= len(Effect) - 3


def test_profiles_know_what_engineers_do() -> None:
    """Every kind of work the story draws is mapped by the profile of its console, noise as no action."""
    case = WrittenCase(STORY)
    modern, legacy = (
        Profile.model_validate(case.toml(f"profiles/{name}.toml")) for name in ("superuser", "superuser-csv")
    )

    assert {work.native for work in WORKS} <= set(modern.action_codes)
    assert {work.legacy for work in LEGACY_WORKS} <= set(legacy.action_codes)
    assert set(LEGACY_NOISE) <= set(legacy.not_actions)


def test_timeline_has_ten_entries(case: WrittenCase) -> None:
    """The timeline has its ten entries in order, with the alert at 23:18 and the end of the sessions at 00:28 UTC."""
    entries = [TimelineEntry.model_validate(entry) for entry in case.toml("timeline.toml")["entries"]]

    assert len(entries) == 10
    assert entries == sorted(entries, key=TimelineEntry.sort_key)
    assert [f"{entry.at:%d %H:%M}" for entry in entries if entry.at][:4] == [
        "20 23:18", "20 23:46", "21 00:18", "21 00:28",
    ]  # fmt: skip


@pytest.mark.parametrize("section", NARRATIVE_SECTIONS)
def test_narrative_pairs(section: str) -> None:
    """Both languages name the same known values, have as many blocks, and hold no figure of their own."""
    texts = [(STORY / "narrative" / f"{section}.{language}.md").read_text(encoding="utf-8") for language in Language]
    named = [set(re.findall(r"\{\{ (\w+) \}\}", text)) for text in texts]
    prose = [re.sub(r"^\d+\. |\{\{ \w+ \}\}", "", text, flags=re.MULTILINE) for text in texts]
    blocks = [len([line for line in text.splitlines() if line.strip()]) for text in texts]

    assert named[0] == named[1]
    assert named[0] <= PLACEHOLDERS
    assert blocks[0] == blocks[1]
    assert not any(character in string.digits for text in prose for character in text)


def test_japanese_names_are_companies_and_public_bodies(case: WrittenCase) -> None:
    """Japanese names carry their legal form before or after the name, or are public bodies."""
    names = [row["name_ja"] for row in case.table("customers.csv") if row["name_ja"]]

    assert any(name.startswith("株式会社") for name in names)
    assert any(name.endswith("株式会社") for name in names)
    assert any(name.endswith(("市役所", "町役場", "委員会", "水道局")) for name in names)
    assert len(names) > 150


def test_story_files_are_taken_over(case: WrittenCase) -> None:
    """Texts of the story stand in the case as they are, to the byte."""
    kept = [path for path in STORY.rglob("*") if path.is_file() and path.parent.name in ("narrative", "profiles")]

    assert len(kept) == 20
    for path in kept:
        assert (case.folder / path.relative_to(STORY)).read_bytes() == path.read_bytes()


def test_nothing_of_the_words_is_in_the_case(case: WrittenCase) -> None:
    """The word lists stay with the story; the case holds what the case format names and the key."""
    top = {path.name for path in case.folder.iterdir()}

    assert top == {
        "incident.toml", "timeline.toml", "permissions.toml", "actions.toml", "decisions.toml", "customers.csv",
        "actors.csv", "tickets.csv", "facts.toml", "checks.toml", "terms.toml", "translations.po", "contract.toml",
        "canary.key", "claims.toml", "accounts.csv", "contacts.csv",
        "profiles", "narrative", "evidence", "answer-key.json",
    }  # fmt: skip
    assert Path(case.folder / "evidence").is_dir()


def test_every_translation_of_the_story_is_confirmed(case: WrittenCase) -> None:
    """Its reports must not say that they wait for a translator; after an edit: `shirase translate confirm`."""
    assert waiting(read_translations(case.folder).judged) == ()
