"""Whatever the register holds, a name is found as a whole and never as a part of another."""

from hypothesis import given
from hypothesis import strategies as st

from shirase.attribution.names import NameIndex

WORDS = st.lists(st.sampled_from(["kita", "hama", "acme", "japan", "works", "shin"]), min_size=1, max_size=4).map(
    " ".join
)
NAMES = st.lists(WORDS, min_size=1, max_size=6, unique=True)


@given(NAMES, st.lists(WORDS, max_size=3))
def test_the_longest_name_at_a_place_is_found_and_nothing_inside_it(names: list[str], around: list[str]) -> None:
    """For each name alone in brackets of strange words exactly its bearer is found, whatever it contains."""
    index = NameIndex.of_names((name, name) for name in names)
    for name in names:
        text = f"{'zz '.join(around)} qq ({name.upper()}) qq"
        hits = [hit.customer_ids for hit in index.find(f"qq {name.upper()} qq")]
        assert hits == [(name,)], text


@given(NAMES, st.text(alphabet="abcdefghij", min_size=1, max_size=3))
def test_a_longer_word_is_no_name(names: list[str], more: str) -> None:
    """A name with letters grown onto its last word is not found where no other name is in it."""
    index = NameIndex.of_names((name, name) for name in names)
    for name in names:
        found = {owner for hit in index.find(name + more) for owner in hit.customer_ids}
        assert name not in found
