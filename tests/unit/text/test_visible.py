import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shirase.text.visible import Capped, cap, is_hidden, make_visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\u202egnp.exe\u202c", "⟦U+202E⟧gnp.exe⟦U+202C⟧"),
        ("a\x00b\x1b[31m", "a⟦U+0000⟧b⟦U+001B⟧[31m"),
        ("line\nnext\tcell", "line⟦U+000A⟧next⟦U+0009⟧cell"),
        ("ad\u200b\u200b\u200bmin", "ad⟦U+200B×3⟧min"),
        ("soft\u00adhyphen", "soft⟦U+00AD⟧hyphen"),
        ("\U000e0041", "⟦U+E0041⟧"),
        ("\ue000\ufdd0", "⟦U+E000⟧⟦U+FDD0⟧"),
        ("\ud800", "⟦U+D800⟧"),
        ("x\u2028y", "x⟦U+2028⟧y"),
        ("\u3164name", "⟦U+3164⟧name"),
        ("e" + "\u0301" * 9, "e" + "\u0301" * 4 + "⟦U+0301×5⟧"),
        ("a\u200db", "a⟦U+200D⟧b"),
    ],
)
def test_hidden_characters_are_shown(text: str, expected: str) -> None:
    """Every character that hides or changes its neighbours is printed as a token with its number."""
    assert make_visible(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "yamada.taro@example.com",
        "髙橋 﨑 神 𠮷野家",
        "葛\U000e0100城",
        "❤\ufe0f",
        "👩\u200d💻",
        "محمد علي",
        "می\u200cخواهم",
        "שלום",
        "が ぱ",
        "　全角　",
        "Zürich – “quoted”",
    ],
)
def test_what_writing_needs_stays(text: str) -> None:
    """Names and texts of living scripts are printed exactly as given, joiners and selectors included."""
    assert make_visible(text) == text


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    """After it was made visible, a text holds no hidden character, and making it visible again changes nothing."""
    shown = make_visible(text)
    assert not any(is_hidden(shown, position) for position in range(len(shown)))
    assert make_visible(shown) == shown


def test_a_long_text_is_cut_and_the_rest_is_counted() -> None:
    """The length cut off is the length missing, and a text within the limit is not touched."""
    assert cap("abcdef", 4) == Capped("abcd", 2)
    assert cap("abcd", 4) == Capped("abcd", 0)


def test_a_cut_does_not_separate_a_base_from_its_marks() -> None:
    """A cut never falls between a letter and its accent."""
    assert cap("abe\u0301x", 3) == Capped("ab", 3)


def test_a_hundred_thousand_marks_cost_nothing() -> None:
    """Marks that would stop the layout for minutes become one token at once."""
    started = time.perf_counter()
    assert make_visible("e" + "\u0301" * 100_000) == "e" + "\u0301" * 4 + "⟦U+0301×99996⟧"
    assert time.perf_counter() - started < 5
