"""What reviewers read of a finished report is all that stands in it, in whatever language."""

import pytest

from shirase.domain.bilingual import Language
from shirase.inspection.words_read import read_words
from shirase.rendering.worker import Rendered, render_report
from variant_reports import VARIANTS

pytestmark = pytest.mark.usefixtures("renderer")


@pytest.mark.parametrize(
    ("variant", "name"), [("arabic_name", "شركة النور للتجارة"), ("korean_and_chinese_name", "한빛东方云计算有限公司")]
)
def test_a_name_in_another_language_is_read_in_both_letters(variant: str, name: str) -> None:
    """The addressee stands in the Japanese letter before 御中, and in the English one."""
    made = render_report(VARIANTS[variant]())
    assert isinstance(made, Rendered)
    heads = {section.language: section for section in read_words(made.pdf) if section.number == "0"}
    for language, words in ((Language.JA, f"{name}御中"), (Language.EN, name)):
        texts = ["".join(block.text.split()) for block in heads[language].blocks]
        assert [text for text in texts if "".join(words.split()) in text] != [], texts
