"""Whatever is done to an export, no adapter crashes and no record is lost: it is refused whole, or adds up."""

import json
import os
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made_up_exports import EXPORTS, OPTIONS, array, lines
from shirase.domain.errors import EvidenceError, Problem
from shirase.intake.json_records import parse_object, parse_record
from shirase.intake.records import RecordError, decode_bytes
from shirase.intake.sources.conformance import ReadExport, read_export
from shirase.intake.sources.contract import Options
from shirase.intake.sources.registry import find_adapters

ADAPTERS = find_adapters().adapters
BUDGET = int(os.environ.get("SHIRASE_FUZZ", "60"))
"""Damaged exports that are tried for each adapter; the pages say how many in every run, and how many once by hand."""

BYTES = st.one_of(
    st.sampled_from(
        [b"", b"\x00", b"\xff", b'"', b"{", b"}", b"[", b"]", b",", b"\n", b"\\", b"<", b"&x;", b"\xef\xbb\xbf"]
    ),
    st.binary(max_size=8),
)
CUTS = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 40), BYTES), min_size=1, max_size=4)


def damage(content: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, instead in cuts:
        at = place % (len(content) + 1)
        content = content[:at] + instead + content[at + length :]
    return content


def read_or_refuse(name: str, content: bytes, options: Options, *, in_runs: bool) -> ReadExport | tuple[Problem, ...]:
    try:
        return read_export(ADAPTERS[name], content, options, in_runs=in_runs)
    except EvidenceError as error:
        return error.problems


@pytest.mark.parametrize("name", ADAPTERS)
@settings(deadline=None, max_examples=BUDGET)
@given(choice=st.integers(0, 9), cuts=CUTS)
def test_a_damaged_export_is_refused_or_adds_up(name: str, choice: int, cuts: list[tuple[int, int, bytes]]) -> None:
    """Records in = actions + no actions + rejects, or the file is refused with its name: nothing in between."""
    contents = list(EXPORTS[name].values())
    content = damage(contents[choice % len(contents)], cuts)
    options = OPTIONS.get(name, Options())
    found = read_or_refuse(name, content, options, in_runs=False)
    in_runs = read_or_refuse(name, content, options, in_runs=True)
    if isinstance(found, tuple) or isinstance(in_runs, tuple):
        assert in_runs == found
        return
    assert (in_runs.summary, in_runs.rows, in_runs.rejects) == (found.summary, found.rows, found.rejects)
    count = found.summary.count
    assert count.balances()
    assert count.records == len(found.rows) + len(found.others)
    assert len(found.rejects) == found.summary.reject_count
    assert found.summary.actions == len(found.rows)


TEXTS = st.text(max_size=12) | st.sampled_from([":", '":', "a:b", '\\":', "\u2028", "é", "知", "\\u003a"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**25), 10**25)
    | TEXTS
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(TEXTS, VALUES, max_size=5)
SPACES = st.sampled_from(["", " ", "\n", "\t "])


def written(value: Any, space: str, *, ascii_only: bool) -> str:
    return json.dumps(value, ensure_ascii=ascii_only, separators=(f"{space},", f"{space}:{space}"))


@settings(deadline=None, max_examples=400)
@given(RECORDS, SPACES, st.booleans())
def test_both_parsers_read_the_same(record: dict[str, Any], space: str, ascii_only: bool) -> None:
    """The fast parser gives what the strict one gives, to the type of every number."""
    text = written(record, space, ascii_only=ascii_only)
    assert repr(parse_record(text.encode())) == repr(parse_object(text))


@settings(deadline=None, max_examples=400)
@given(st.lists(st.tuples(TEXTS, VALUES), max_size=5), SPACES, st.booleans())
def test_a_repeated_key_is_never_missed(pairs: list[tuple[str, Any]], space: str, ascii_only: bool) -> None:
    """With any keys, repeated or not, and any texts, the fast parser refuses exactly what the strict one refuses."""
    members = (
        f"{json.dumps(k, ensure_ascii=ascii_only)}{space}:{written(v, space, ascii_only=ascii_only)}" for k, v in pairs
    )
    same_outcome(("{" + ",".join(members) + "}").encode())


@settings(deadline=None, max_examples=400)
@given(RECORDS, CUTS)
def test_both_parsers_refuse_the_same(record: dict[str, Any], cuts: list[tuple[int, int, bytes]]) -> None:
    """Whatever bytes a line holds, it is read or refused as the strict parser would, for the same reason."""
    same_outcome(damage(json.dumps(record).encode(), cuts))


def same_outcome(raw: bytes) -> None:
    def outcome(parse: Any) -> object:
        try:
            return repr(parse())
        except RecordError as error:
            return error.reason

    assert outcome(lambda: parse_record(raw)) == outcome(lambda: parse_object(decode_bytes(raw)))


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from([None, 0, 2]),
)
def test_an_array_holds_the_records_of_its_lines(records: list[dict[str, Any]], indent: int | None) -> None:
    """However records follow each other, they are the same records, in the same order."""
    adapter = ADAPTERS["okta-system-log"]
    marked = [{"published": "x", **record} for record in records]
    by_line = [cut.record for cut in read_export(adapter, lines(marked)).cuts]
    in_array = [cut.record for cut in read_export(adapter, array(marked, indent)).cuts]
    one_after_the_other = b" ".join(json.dumps(record, indent=1).encode() for record in marked)
    assert in_array == by_line
    assert [cut.record for cut in read_export(adapter, one_after_the_other).cuts] == by_line
    assert by_line == [json.loads(json.dumps(record), parse_float=Decimal) for record in marked]
