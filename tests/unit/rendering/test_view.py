from dataclasses import replace
from datetime import UTC, date, datetime

import sample_report as sample
from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language
from shirase.domain.report import ReportObject
from shirase.rendering.rows import FIELD_LIMIT, ROW_LIMIT
from shirase.rendering.view import ROWS_PER_TABLE, build_view


def test_every_action_is_in_exactly_one_table_of_its_utc_day() -> None:
    """Tables follow the UTC days that have actions, and together hold every row once, in order."""
    view = build_view(sample.sample_report())
    assert [(table.number, table.day, [row.number for row in table.rows]) for table in view.tables] == [
        (1, date(2022, 1, 16), [1, 2]),
        (2, date(2022, 1, 20), [3, 4]),
        (3, date(2022, 1, 21), [5, 6, 7]),
    ]


def test_the_local_date_is_said_exactly_where_it_differs() -> None:
    """20:05 UTC is the next morning in Tokyo, 09:12 UTC is the same day."""
    rows = build_view(sample.sample_report()).tables[0].rows
    assert [(row.utc, row.local_date, row.local) for row in rows] == [
        ("09:12:33", "", "18:12:33"),
        ("20:05:01.645", "2022-01-17", "05:05:01"),
    ]


def test_outcomes_are_counted_from_the_rows() -> None:
    """Each outcome has its count, zero included."""
    view = build_view(sample.sample_report(actions=sample.sample_actions()[:2]))
    assert view.outcomes == (
        (Outcome.SUCCESS, 2),
        (Outcome.FAILURE, 0),
        (Outcome.DENIED, 0),
        (Outcome.UNKNOWN, 0),
    )


def test_a_day_with_very_many_actions_fills_several_tables() -> None:
    """No table is longer than what the layout bears, and no row is lost."""
    rows = [sample.sample_action(number, datetime(2022, 1, 17, tzinfo=UTC)) for number in range(1, 1002)]
    tables = build_view(sample.sample_report(actions=rows)).tables
    assert [(table.part, table.parts, len(table.rows)) for table in tables] == [(1, 3, 500), (2, 3, 500), (3, 3, 1)]
    assert ROWS_PER_TABLE == 500


def test_a_long_value_is_cut_and_the_row_says_how_much() -> None:
    """A name beyond the limit is cut, and the characters left out are counted in the notes."""
    row = sample.sample_action(
        1, datetime(2022, 1, 17, tzinfo=UTC), objects=(ReportObject(None, None, "x" * (FIELD_LIMIT + 7)),)
    )
    shown = build_view(sample.sample_report(actions=[row])).tables[0].rows[0]
    assert shown.objects[0].name == "x" * FIELD_LIMIT
    assert shown.notes.cut_count == 7


def test_a_row_with_many_objects_still_fits_on_a_page() -> None:
    """However many and long the objects of one action, the row stays short, and says how many it leaves out."""
    objects = tuple(ReportObject("type" * 100, "id" * 100, "name" * 100) for _ in range(40))
    row = sample.sample_action(1, datetime(2022, 1, 17, tzinfo=UTC), objects=objects)
    shown = build_view(sample.sample_report(actions=[row])).tables[0].rows[0]
    assert sum(len(line.type + line.name + line.id) for line in shown.objects) <= ROW_LIMIT
    assert len(shown.objects) + shown.notes.more_objects == 40


def test_a_ticket_that_may_not_be_shown_is_not_a_missing_one() -> None:
    """Where an action touched other customers, its ticket is withheld; that is not the same as none."""
    rows = {row.number: row for table in build_view(sample.sample_report()).tables for row in table.rows}
    assert (rows[6].ticket_match, rows[6].unexplained) == ("withheld", False)
    assert (rows[3].ticket_match, rows[3].unexplained, rows[3].ticket) == ("none", True, "")


def test_undescribed_codes_stand_last_with_their_counts() -> None:
    """Kinds come in the order of their counts; a code nobody has described is listed as logged."""
    kinds = build_view(sample.sample_report()).kinds
    assert [(line.native, line.kind is not None, line.count) for line in kinds] == [
        ("user.view", True, 3),
        ("user.mfa.reset", True, 1),
        ("org.search", True, 1),
        ("session.impersonate", True, 1),
        ("su.beta.inspect_v2", False, 1),
    ]


def test_a_preview_shows_the_first_rows_only() -> None:
    """A preview prints as many rows as asked for; figures stay those of the whole report."""
    view = build_view(replace(sample.sample_report(), preview_rows=3))
    assert [row.number for table in view.tables for row in table.rows] == [1, 2, 3]
    assert view.shown_count == 3
    assert dict(view.outcomes)[Outcome.SUCCESS] == 4


def test_the_issue_date_is_the_senders() -> None:
    """Nine in the morning of 23 March in Tokyo is 23 March, though it is still midnight in UTC."""
    assert build_view(sample.sample_report()).issued_on == date(2022, 3, 23)


def test_a_very_long_name_is_shortened_in_the_running_header_only() -> None:
    """The running header has room for part of a name; the dots say so."""
    customer = sample.CUSTOMER.model_copy(update={"name_en": "N" * 200})
    view = build_view(sample.sample_report(customer=customer))
    assert view.header_names[Language.EN] == "N" * 48 + "…"
    assert view.header_names[Language.JA] == "株式会社髙橋商事"
