"""Records in DNS are written by people: whatever they hold is read, or refused in words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirase.domain.preflight import is_dmarc, parse_dkim_key, parse_spf, parse_tags, spf_records

PIECES = st.sampled_from(
    [
        "v=spf1",
        " ",
        "-all",
        "ip4:",
        "include:",
        "a/24//64",
        "redirect=",
        "%{i}",
        "=",
        ";",
        "p=",
        "k=rsa",
        "A" * 9,
        "ü",
        "\0",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=12).map("".join)


@given(TEXTS)
def test_any_record_is_read_or_refused(text: str) -> None:
    """No text makes anything but a ValueError, and only SPF records are SPF records."""
    for record in spf_records([text, "v=spf1 " + text]):
        with suppress(ValueError):
            assert all(term.name for term in parse_spf(record))
    assert all(name == name.lower() for name in parse_tags(text))
    is_dmarc(text)
    with suppress(ValueError):
        assert parse_dkim_key(text).bits >= 0


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("v=DMARC1", True), ("v = DMARC1 ; p=none", True), ("v=DMARC10; p=none", False), ("p=none; v=DMARC1", False)],
)
def test_the_version_of_dmarc_comes_first(text: str, is_one: bool) -> None:
    """RFC 7489, 6.3: anything else is another record."""
    assert is_dmarc(text) is is_one
