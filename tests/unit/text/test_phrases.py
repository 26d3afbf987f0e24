"""Headings break between phrases."""

import re

import pytest

from shirase.domain.bilingual import Language
from shirase.text.phrases import phrased, phrases_of


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2022年1月16日（UTC）の操作", "2022年1月16日"),
        ("復処理者のサポートエンジニアによるアクセスに関するご報告", "復処理者の"),
        ("当局への報告、公表およびご本人への対応の状況", "ご本人への"),
        ("合計1,234件の操作", "1,234件"),
        ("別紙A　貴社テナントに対する操作一覧", "操作一覧"),
        ("「システムログ」の確認", "「システムログ」"),
        ("SHA-256によるハッシュ値", "SHA-256"),
    ],
)
def test_phrases_stay_whole(text: str, whole: str) -> None:
    """No cut lies inside a date, a figure with its counter, a word or a phrase; nothing is added or lost."""
    phrases = phrases_of(text)
    assert "".join(phrases) == text
    assert len(phrases) > 1
    assert any(whole in phrase for phrase in phrases)


def test_text_is_unchanged_but_for_the_spans() -> None:
    """Without its tags, the markup is the escaped text; English has no spans."""
    text = "脅威アクターによる<b>不正アクセス</b>のご報告"
    markup = str(phrased(text, Language.JA))
    assert re.sub(r'<span class="kept">|</span>', "", markup) == text.replace("<", "&lt;").replace(">", "&gt;")
    assert markup.count('<span class="kept">') > 2
    assert str(phrased("A <b>report</b>", Language.EN)) == "A &lt;b&gt;report&lt;/b&gt;"


def test_a_long_run_may_be_broken() -> None:
    """A phrase that would not fit is not kept on one line."""
    assert "<span" not in str(phrased("リモートデスクトッププロトコルサーバー", Language.JA))


def test_english_words_are_not_divided_at_their_hyphens() -> None:
    """ "sub-" at the end of a line is half a word; a very long compound may still be divided."""
    marked = phrased("Access by a sub-processor", Language.EN)
    assert str(marked) == 'Access by a <span class="kept">sub-processor</span>'
    assert "<span" not in str(phrased("a " + "very-" * 6 + "long-word", Language.EN))
