"""The wording lint objects to what it must, and to nothing else: every expectation by hand."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from case_builder import write_case
from shirase.case.folder import read_case
from shirase.case.scaffold import write_scaffold
from shirase.domain.bilingual import Language, Paired
from shirase.pipeline.wording import wording_of
from shirase.text.catalogues import catalogue_path, texts_of
from shirase.text.wording import lint_pair, lint_wording, sentences, wording_rules

STARTER = Path(__file__).parents[3] / "templates" / "case"
JA, EN = Language.JA, Language.EN

OBJECTED = [
    (JA, "お客様への影響はありません。", "absolute-claim"),
    (JA, "情報の漏えいは一切ありません。", "absolute-claim"),
    (JA, "対策は万全です。", "absolute-claim"),
    (JA, "サービスの利用に問題はございません。", "absolute-claim"),
    (JA, "約24時間前に判明しました。", "relative-time"),
    (JA, "昨日、脅威アクターを特定しました。", "relative-time"),
    (JA, "先日、当社は不正なアクセスを検知しました。", "relative-time"),
    (JA, "最近の調査で判明しました。", "relative-time"),
    (JA, "本件を厳粛に受け止めております。", "stock-phrase"),
    (JA, "誠に遺憾に存じます。", "stock-phrase"),
    (JA, "平素よりご愛顧いただきありがとうございます。", "stock-phrase"),
    (JA, "どうぞご安心ください。", "stock-phrase"),
    (JA, "二次被害は確認されておりません。", "bare-none-found"),
    (JA, "不正な操作は認められていません。", "bare-none-found"),
    (JA, "弊社は調査を進めています。", "self-and-reader"),
    (JA, "午前0時に検知しました。", "twelve-hour-time"),
    (JA, "攻撃者が端末に接続しました。", "term"),
    (JA, "フォレンジック企業の報告によります。", "term"),
    (JA, "数件の操作がありました。", "vague-amount"),
    (JA, "全角の数字（３）が混じっています。", "typography"),
    (EN, "There was no impact on you.", "absolute-claim"),
    (EN, "The service is fully secure.", "absolute-claim"),
    (EN, "We guarantee that this cannot happen.", "absolute-claim"),
    (EN, "Passwords were never visible.", "absolute-claim"),
    (EN, "We learned of it 24 hours ago.", "relative-time"),
    (EN, "Yesterday we identified the account.", "relative-time"),
    (EN, "We recently detected an alert.", "relative-time"),
    (EN, "Out of an abundance of caution we reset it.", "stock-phrase"),
    (EN, "We take your security very seriously.", "stock-phrase"),
    (EN, "We apologise for any inconvenience.", "stock-phrase"),
    (EN, "It was a sophisticated attack.", "stock-phrase"),
    (EN, "We have no evidence of misuse.", "bare-none-found"),
    (EN, "We found no secondary harm.", "bare-none-found"),
    (EN, "The attacker used the account.", "term"),
    (EN, "It is recorded in the log lines.", "term"),
    (EN, "It ended at 3 pm.", "twelve-hour-time"),
    (EN, "Several accounts were used.", "vague-amount"),
    (EN, 'The tool called "SuperUser" was used.', "typography"),
]
"""Language, sentence, rule."""

INNOCENT = [
    (JA, "影響を受けた可能性があります。"),
    (JA, "設定は変更されません。"),
    (JA, "パスワードは表示されません。"),
    (JA, "{{ as_of }}時点で、調査した範囲では、二次被害は確認されていません。"),
    (JA, "内容を確認できなかったログエントリーは{{ lines_unusable }}件です。"),
    (JA, "最悪の場合を想定して調査しました。"),
    (JA, "今後の調査により、記載内容が変わる可能性があります。"),
    (JA, "次回のご報告は{{ next_update_on }}を予定しています。"),
    (JA, "ハッシュ値（SHA-256）により確認できます。"),
    (JA, "契約の種別を表示する画面を開く操作です。"),
    (JA, "深くお詫び申し上げます。"),
    (JA, "当社は復処理者の監督について責任を負う立場にあります。"),
    (JA, "貴社にお願いする事項はありません。"),
    (JA, "お客様のデータベースをダウンロードすることはできません。"),
    (JA, "脅威アクターが業務用端末を遠隔操作しました。"),
    (JA, "対象の期間は{{ window_start }}から{{ window_end }}までです。"),
    (EN, "You may be affected."),
    (EN, "Nothing is changed by this."),
    (EN, "Passwords are not displayed."),
    (EN, "As of {{ as_of }}, none was found within what was examined."),
    (EN, "Within the investigation, no evidence of a takeover was found."),
    (EN, "On the basis of a worst-case scenario, we examined all actions."),
    (EN, "Its content may change as the investigation proceeds."),
    (EN, "We will report again by {{ next_update_on }}."),
    (EN, "Their SHA-256 values allow this to be checked."),
    (EN, "Leaves a note about a support ticket on the tenant."),
    (EN, "We sincerely apologise for the trouble and concern that this causes you."),
    (EN, "There is nothing that we ask you to do."),
    (EN, "The threat actor controlled the workstation."),
    (EN, "New passwords can be neither seen nor chosen."),
    (EN, "Please ask the contact point if anything is unclear."),
    (EN, "We are responsible for the oversight of our sub-processors."),
]


@pytest.mark.parametrize(("language", "sentence", "rule"), OBJECTED, ids=lambda value: str(value)[:40])
def test_it_objects(language: Language, sentence: str, rule: str) -> None:
    """Exactly the rule that is meant, with the words, the reason and what to do."""
    found = list(lint_wording(sentence, language, "here"))
    assert [finding.rule for finding in found] == [rule]
    assert found[0].found in sentence
    assert found[0].reason
    assert found[0].mend


@pytest.mark.parametrize(("language", "sentence"), INNOCENT, ids=lambda value: str(value)[:40])
def test_it_lets_pass(language: Language, sentence: str) -> None:
    """Careful sentences are left alone, even where figures must be values."""
    assert list(lint_wording(sentence, language, "here", figures=True)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("366社が対象です。", "366"),
        ("約2.5%です。", "2.5"),
        ("５件です。", "５"),
        ("1. {{ your_actions }}件です。", ""),
        ("別紙A-1とOAuth2、SHA-256をご覧ください。", ""),
        ("「{{ lines_read }}」件です。", ""),
    ],
)
def test_figures_are_values(text: str, found: str) -> None:
    """A number by hand is named; list marks, identifiers and values are none."""
    findings = [each for each in lint_wording(text, JA, "here", figures=True) if each.rule == "bare-figure"]
    assert [each.found for each in findings] == ([found] if found else [])


@pytest.mark.parametrize(
    ("ja", "en", "rules"),
    [
        ("影響を受けた可能性があります。", "You are affected.", ["hedge"]),
        ("影響を受けました。", "You may be affected.", ["hedge"]),
        ("影響を受けたおそれがあります。", "You are potentially affected.", []),
        ("最大で{{ x }}社です。", "{{ x }} customers.", ["hedge"]),
        ("最大で{{ x }}社です。", "At most {{ x }} customers.", []),
        ("約{{ x }}件です。", "{{ x }} entries.", ["hedge"]),
        ("契約の種別です。", "A note about the contract.", []),
    ],
)
def test_hedges_stand_in_both_languages(ja: str, en: str, rules: list[str]) -> None:
    """What is weakened in one language is weakened in the other."""
    assert [finding.rule for finding in lint_pair(Paired(ja=ja, en=en), "here")] == rules


def test_sentences_are_cut_in_both_languages() -> None:
    """Full stops end sentences, list items are their own, abbreviations inside a word are no end."""
    assert sentences("一文目です。二文目です。\n- 三つ目", JA) == ["一文目です。", "二文目です。", "三つ目"]
    assert sentences("First e.g.this one. Second?\n\n1. Third", EN) == ["First e.g.this one.", "Second?", "Third"]


def test_what_the_project_says_itself_passes(tmp_path: Path) -> None:
    """No sentence of the catalogues, of the starter case or of the rules' own decided terms is objected to."""
    write_scaffold(tmp_path / "case", starter=STARTER)
    findings = list(wording_of(read_case(tmp_path / "case")))
    for language in Language:
        with catalogue_path(language).open("rb") as stream:
            for message in read_po(stream, locale=language):
                original = message.id if isinstance(message.id, str) else message.id[0]
                texts = texts_of(message) if language is JA else (original,)
                findings += [each for text in texts for each in lint_wording(text, language, original)]
    findings += [each for term in wording_rules().terms for each in lint_wording(term.ja, JA, term.id)]
    findings += [each for term in wording_rules().terms for each in lint_wording(term.en, EN, term.id)]
    assert [(each.rule, each.found, each.sentence) for each in findings if each.blocker] == []


def test_a_waiver_stands_for_its_sentence_only(tmp_path: Path) -> None:
    """A signed waiver silences the finding it names; one that names nothing is a remark."""
    waiver = """
[[wording]]
text = "{text}"
reason = "a quotation"
decided_by = "Legal"
decided_at = 2022-03-24T00:00:00Z
"""
    narrative = {"narrative/cause.ja.md": "影響はありません。{{ your_actions }}件。\n"}
    loud = wording_of(read_case(write_case(tmp_path / "a", **narrative)))
    assert [each.rule for each in loud] == ["absolute-claim"]
    waived = write_case(tmp_path / "b", **narrative, **{"decisions.toml": waiver.format(text="影響はありません")})
    assert wording_of(read_case(waived)) == ()
    unused = write_case(tmp_path / "c", **{"decisions.toml": waiver.format(text="そのような文はない")})
    assert [(each.rule, each.blocker) for each in wording_of(read_case(unused))] == [("unused-waiver", False)]
