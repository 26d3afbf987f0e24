"""How strictly JSON lines are read."""

from decimal import Decimal

import pytest

from shirase.domain.reject import RejectReason
from shirase.intake.json_records import parse_object
from shirase.intake.records import RecordError


def reason_for(text: str, *, terminated: bool = True) -> RejectReason:
    with pytest.raises(RecordError) as caught:
        parse_object(text, terminated=terminated)
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1', RejectReason.BROKEN_JSON),
        ('{"a": 1} {"b": 2}', RejectReason.BROKEN_JSON),
        ('{"a": 1, "a": 2}', RejectReason.DUPLICATE_KEY),
        ('{"a": {"b": 1, "b": 1}}', RejectReason.DUPLICATE_KEY),
        ('{"a": NaN}', RejectReason.NOT_A_NUMBER),
        ('{"a": -Infinity}', RejectReason.NOT_A_NUMBER),
        ("[1, 2]", RejectReason.NOT_AN_OBJECT),
        ('"text"', RejectReason.NOT_AN_OBJECT),
        ('{"a": "\\ud83d"}', RejectReason.LONE_SURROGATE),
        ('{"a": "line\nbreak"}', RejectReason.BROKEN_JSON),
        ("[" * 100_000, RejectReason.BROKEN_JSON),
        ('{"a": ' + "9" * 5_000 + "}", RejectReason.BROKEN_JSON),
    ],
)
def test_what_json_leaves_open_is_refused(text: str, reason: RejectReason) -> None:
    """Each kind of doubtful JSON is refused with its own reason."""
    assert reason_for(text) is reason


def test_a_broken_last_line_without_an_end_is_called_truncated() -> None:
    """A log that was cut off while being written is told apart from a broken line."""
    assert reason_for('{"a": "unfin', terminated=False) is RejectReason.TRUNCATED


def test_numbers_keep_their_digits() -> None:
    """Integers of any size and decimals with trailing zeros survive as written."""
    assert parse_object('{"id": 12345678901234567890, "rate": 1.50, "e": 1e999}') == {
        "id": 12345678901234567890,
        "rate": Decimal("1.50"),
        "e": Decimal("1e999"),
    }
    assert str(parse_object('{"rate": 1.50}')["rate"]) == "1.50"


def test_escaped_controls_and_pairs_are_data() -> None:
    """An escaped NUL, bidi controls and full surrogate pairs are text like any other."""
    assert parse_object('{"a": "\\u0000\\u202e\\ud83c\\udf63"}') == {"a": "\x00\u202e🍣"}
