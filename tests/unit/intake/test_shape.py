"""How a file is cut is told from its first bytes."""

import pytest

from shirase.intake.framing.shape import choose_delimiter, detect_shape, has_records_by_line
from shirase.intake.sources.contract import Shape


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b"", None),
        (b"\xef\xbb\xbf \n", None),
        (b"\xef\xbb\xbf[{}]", Shape.JSON),
        (b"  {", Shape.JSON),
        (b"<?xml?>", Shape.XML),
        (b"PK\x03\x04...[Content_Types].xml...xl/workbook.xml", Shape.XLSX),
        (b"PK\x03\x04...users.json", Shape.ZIP),
        (b"a,b\n", Shape.CSV),
    ],
)
def test_the_shape_is_told_by_content(head: bytes, shape: Shape | None) -> None:
    """A name says nothing."""
    assert detect_shape(head) is shape


@pytest.mark.parametrize(
    ("text", "by_line"),
    [
        ('{"a":1}\n{"a":2}\n', True),
        ('{"a":1}', True),
        ('{"records":[{"a":1}]}', False),
        ('{"records":[{"a":1}]}\n{"records":[]}', False),
        ('{"records":7}\n{"a":1}', True),
        ('{"records":[\n{"a":1}\n]}', False),
        ('{"records":[\n{"a":1},\n{"a":2}\n]}', False),
        ('{"x":{"y":[\n{"a":1}\n]}}', False),
        ('{"records":[{"a":1},{"a"', False),
        ('{\n "a": 1\n}\n{\n "a": 2\n}', False),
        ("{\n", True),
        ('{"a":\n{"a":1}\n{"a":2}\n', True),
        ("[\n", False),
        ('[\n{"a":1},\n{"a":2}\n]', False),
        ('[\n{"a":1}\n]', False),
        ('[{"a":1}]\n[{"a":2}]\n', False),
        ('[1, 2]\n{"a":1}\n', True),
        ("[]", False),
        ('[]\n{"a":1}\n', True),
        ('[INFO] export begins\n{"a":1}\n', True),
        ('garbage\n{"a":1}\n', True),
    ],
)
def test_lines_are_told_from_arrays_and_envelopes(text: str, by_line: bool) -> None:
    """Where records stand on lines of their own, a broken one costs no other; elsewhere they are read as a stream."""
    assert has_records_by_line(text.encode(), ("records",), whole=True) is by_line


def test_an_endless_first_value_is_no_line() -> None:
    """A first line that goes on beyond what was looked at is read as a stream."""
    assert not has_records_by_line(b'{"x": [' + b'{"a": 1},' * 1000, (), whole=False)


@pytest.mark.parametrize(("header", "delimiter"), [("a,b;c,d", ","), ('"a;b;c";d', ";"), ("a\tb", "\t"), ("a", ",")])
def test_a_delimiter_is_counted_outside_quotes(header: str, delimiter: str) -> None:
    """What stands inside quotes separates nothing."""
    assert choose_delimiter(header) == delimiter
