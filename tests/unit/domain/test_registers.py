"""Registers of organisations, actors and customers, and derived identifiers."""

from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from sample_report import sample_report
from shirase.domain.actor import ActorEntry, Roster
from shirase.domain.bilingual import Paired
from shirase.domain.catalogue import ActionKind, Catalogue
from shirase.domain.customer import Customer, CustomerRegister
from shirase.domain.identifiers import action_uid, report_id
from shirase.domain.narrative import PLACEHOLDERS, narrative_facts
from shirase.domain.organisation import Alias, Organisation, OrganisationRegister

P = Paired(ja="あ", en="a")
DAY = datetime(2022, 1, 18, 12, tzinfo=UTC)


def organisation(key: str, *aliases: Alias) -> Organisation:
    return Organisation(id=key, name=Paired(ja=key, en=key), in_scope=True, role=P, aliases=aliases)


def test_one_name_for_two_organisations_at_once_is_refused() -> None:
    """A name that could mean two employers on one day cannot decide a scope."""
    with pytest.raises(ValueError, match="means both"):
        OrganisationRegister.build((organisation("x", Alias(name="Sykes")), organisation("y", Alias(name="SYKES"))))


def test_one_name_may_pass_from_one_organisation_to_another() -> None:
    """Dates that do not overlap let a name change hands."""
    register = OrganisationRegister.build(
        (
            organisation("x", Alias(name="Sykes", valid_to=date(2021, 8, 26))),
            organisation("y", Alias(name="Sykes", valid_from=date(2021, 8, 27))),
        )
    )
    before, after = datetime(2021, 8, 26, 23, tzinfo=UTC), datetime(2021, 8, 27, tzinfo=UTC)
    found = [register.find("sykes", before), register.find("sykes", after)]
    assert [entry.id for entry in found if entry] == ["x", "y"]


def entry(actor_id: str, pseudonym: str, **dates: date) -> ActorEntry:
    return ActorEntry(
        actor_id=actor_id, pseudonym=pseudonym, organisation="x", job_title_ja="担当", job_title_en="E", country="PH",
        **dates,
    )  # fmt: skip


def test_a_pseudonym_stands_for_one_person() -> None:
    """Two people under one pseudonym would be one person to the reader."""
    with pytest.raises(ValueError, match="stands for two actors"):
        Roster.build((entry("a", "SE-01"), entry("b", "SE-01")))


def test_two_rows_of_an_actor_may_not_overlap() -> None:
    """On any day an actor has one employer."""
    with pytest.raises(ValueError, match="same day"):
        Roster.build(
            (entry("a", "SE-01", valid_to=date(2022, 1, 18)), entry("a", "SE-01", valid_from=date(2022, 1, 18)))
        )


def test_a_tenant_belongs_to_one_customer() -> None:
    """A tenant of two customers would put one's actions into the other's report."""
    with pytest.raises(ValueError, match="belongs to 'A' and to 'B'"):
        CustomerRegister.build(
            (
                Customer(customer_id="A", name_en="A", tenant_ids=("t",)),
                Customer(customer_id="B", name_en="B", tenant_ids=("t",)),
            )
        )


@pytest.mark.parametrize("zone", ["Asia", "Mars/Base", "", "../etc/passwd"])
def test_a_zone_that_does_not_exist_is_refused_in_words(zone: str) -> None:
    """A folder of zones, an unknown name or a path is no zone."""
    with pytest.raises(ValidationError):
        Customer(customer_id="A", name_en="A", tenant_ids=("t",), time_zone=zone)


def test_the_code_other_is_reserved() -> None:
    """Nobody can describe what is by definition undescribed."""
    with pytest.raises(ValueError, match="reserved"):
        Catalogue.build((ActionKind(code="other", effect="view", label=P, explanation=P),))


def test_report_ids_are_stable_and_apart() -> None:
    """An id is the same for ever, differs between customers and incidents, and can be read aloud."""
    first = report_id("INC-2022-0120", "C-00001")
    assert first == "INC-2022-0120-" + first[-9:]
    assert len(first) == len("INC-2022-0120-XXXX-XXXX")
    assert not set(first[-9:]) & set("ILOU")
    assert len({report_id("INC-2022-0120", f"C-{number:05}") for number in range(15_000)}) == 15_000
    assert report_id("INC-2022-0121", "C-00001")[-9:] != first[-9:]


def test_action_uids_do_not_run_together() -> None:
    """Moving a character from one part to the next gives another identifier."""
    assert action_uid("superuser", "a", "bc") != action_uid("superuser", "ab", "c")


def test_placeholders_are_exactly_the_facts_a_narrative_gets() -> None:
    """What the case check allows is what the report can fill in."""
    assert set(narrative_facts(sample_report())) == PLACEHOLDERS
