"""A ticket number that stands alone in text is always found, and what is found always stands there."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from shirase.domain.ticket_mentions import MentionIndex

NUMBERS = st.from_regex(r"[A-Z#]{0,3}[- /]?[0-9]{1,5}[件号]?", fullmatch=True)
WORDS = st.text(alphabet="aZ0 9-の件を。/#\n，Ａ", max_size=12)


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=8, unique=True), before=WORDS, after=WORDS, data=st.data())
def test_a_number_between_spaces_is_found(numbers: list[str], before: str, after: str, data: st.DataObject) -> None:
    """Whatever other numbers are registered and whatever words stand around it."""
    number = data.draw(st.sampled_from(numbers))
    index = MentionIndex.build((entry, f"owner of {entry}") for entry in numbers)
    assert f"owner of {number}" in set(index.owners_in(f"{before} {number} {after}"))


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=8, unique=True), text=WORDS)
def test_it_agrees_with_one_search_for_each_number(numbers: list[str], text: str) -> None:
    """The one pass finds what a plain, slow search by regular expression finds, and nothing else."""
    index = MentionIndex.build((entry, entry) for entry in numbers)
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    slow = set()
    for number in numbers:
        plain = unicodedata.normalize("NFKC", number).strip().casefold()
        left = r"(?<![0-9a-z])" if re.match(r"[0-9a-z]", plain) else ""
        right = r"(?![0-9a-z])" if re.search(r"[0-9a-z]$", plain) else ""
        if re.search(left + re.escape(plain) + right, folded):
            slow.add(number)
    assert set(index.owners_in(text)) == slow
