"""What the leak gate finds, what it lets pass by a stated rule, and how far each rule reaches."""

from collections.abc import Sequence

import pytest

from shirase.inspection.leaks import Carrier, Identifier, LeakGate

OTHER = Identifier("C-9", "name", "Hyacinth Trading")
OWN = Identifier("C-1", "name", "Royal Hyacinth Trading House")


def rules(text: str, *, waived: Sequence[str] = (), own_values: Sequence[str] = (), seam: int = 0) -> list[str]:
    """The rules by which the gate speaks of a piece of text in the report of C-1."""
    gate = LeakGate.build((OTHER, OWN), common=(), waived=waived)
    return [finding.rule for finding in gate.findings("C-1", [Carrier("page 1", text, seam)], own_values)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a letter to Hyacinth Trading of Osaka", ["leak"]),
        ("a letter to ＨＹＡＣＩＮＴＨ\nTRADING.", ["leak"]),
        ("the Royal Hyacinth Trading House", []),
        ("the Royal Hyacinth Trading House, and Hyacinth Trading", ["leak"]),
        ("xHyacinth Tradingx", []),
        ("nothing of it", []),
    ],
)
def test_an_identifier_is_found_unless_it_is_part_of_another_word(text: str, found: list[str]) -> None:
    """In any form; not inside a longer word or an own name, and those hide no other place."""
    assert rules(text) == found


@pytest.mark.parametrize(
    ("text", "waived", "found"),
    [
        ("the Hyacinth Trading Street office", "Hyacinth Trading Street", ["leak-waived"]),
        ("the Hyacinth Trading Street office of Hyacinth Trading", "Hyacinth Trading Street", ["leak-waived", "leak"]),
        ("an office in Osaka, where Hyacinth Trading is", "Osaka", ["leak"]),
    ],
    ids=["the words signed for", "the same name elsewhere", "words nearby"],
)
def test_a_waiver_covers_its_own_words_only(text: str, waived: str, found: list[str]) -> None:
    """What stands near the waived words, or once more somewhere else, is still found."""
    assert rules(text, waived=[waived]) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("group Friends of Hyacinth Trading (Tokyo)", ["leak-own-data"]),
        ("group Friends of Hyacinth Trading (To… cut", ["leak"]),
        ("group Friends of Hyacinth Trading (Tokyo) was shown to Hyacinth Trading", ["leak-own-data", "leak"]),
    ],
    ids=["as logged", "cut too near to be known", "also in the letter"],
)
def test_an_own_object_explains_only_where_it_stands(text: str, found: list[str]) -> None:
    """An object logged on the own tenant does not excuse the same name in a sentence."""
    assert rules(text, own_values=["Friends of Hyacinth Trading (Tokyo)"]) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [("sent to Hyacinth ", "Trading of Osaka", ["leak"]), ("sent to Hyacinth Trading", "of Osaka", [])],
    ids=["divided by the page", "whole on the first page, where it is found anyway"],
)
def test_a_name_that_a_page_divides_is_found_once(before: str, after: str, found: list[str]) -> None:
    """At a change of page only what lies on both is new."""
    assert rules(before + after, seam=len(before)) == found


def test_a_user_called_like_a_kind_of_thing_is_listed_and_a_customer_is_not() -> None:
    """Somebody has a user named Admin; a customer whose name stands in such a text is found there all the same."""
    others = (Identifier("C-9", "user", "Admin"), Identifier("C-9", "name", "Console Works"))
    gate = LeakGate.build(others, common=(), general=("Opens the admin console.", "Made by Console Works."))
    assert [(entry.value, entry.reason) for entry in gate.not_searched] == [("Admin", "a word for a kind of thing")]
    found = gate.findings("C-1", [Carrier("page 1", "Opens the admin console of Console Works.")], ())
    assert [finding.what.partition(":")[0] for finding in found] == ["name of another customer (C-9)"]
