"""Translations: what nobody confirmed is said on every page, and a translator's file comes back whole or not at all."""

import json
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from typer.testing import CliRunner

from case_builder import FILES, TIMELINE, write_case
from shirase.case.folder import read_case
from shirase.cli.app import app
from shirase.domain.errors import CaseError, GateError, UsageError
from shirase.domain.translation import ConfirmedPair, TranslationState
from shirase.pipeline.translate import (
    Signer,
    confirm_translations,
    export_translations,
    import_translations,
    translation_status,
)
from shirase.rendering.worker import WorkerSettings

SIGNER = Signer("Saki Miyoshi", date(2022, 3, 23))
DRAFT_JA, DRAFT_EN = "草案（訳文未確認）", "DRAFT – translation not confirmed"

LISTED = {
    "narrative/measures.ja.md": "次の対応を行いました。\n\n1. 隔離しました。\n2. {{ as_of }}に調査しました。\n",
    "narrative/measures.en.md": "We did the following.\n\n1. We isolated it.\n2. We examined it on {{ as_of }}.\n",
}


def states(case: Path) -> dict[str, TranslationState]:
    """State of each text by its place."""
    return {entry.unit.place: entry.state for entry in translation_status(case).judged}


def snapshot(case: Path) -> dict[str, bytes]:
    """Every file of the case."""
    return {str(path.relative_to(case)): path.read_bytes() for path in sorted(case.rglob("*")) if path.is_file()}


def edit(case: Path, path: str, old: str, new: str) -> None:
    """Replace ``old``, which must be there once."""
    text = (case / path).read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    (case / path).write_text(text.replace(old, new), encoding="utf-8")


def test_every_text_in_both_languages_waits_until_somebody_confirms_it(tmp_path: Path) -> None:
    """Titles, names, table entries and each block of a narrative: nothing that is printed twice is left out."""
    case = write_case(tmp_path, **LISTED)
    found = states(case)
    assert set(found.values()) == {TranslationState.NEW}
    expected = {
        "incident.toml title", "incident.toml sender.name", "incident.toml contact.hours",
        "incident.toml organisations[2].role", "incident.toml sources[1].name", "timeline.toml entries[1].text",
        "permissions.toml cannot[1].text", "actions.toml actions[2].explanation", "facts.toml facts[1].text",
        "narrative/cause, block 1", "narrative/measures, block 1", "narrative/measures, block 3",
    }  # fmt: skip
    assert expected <= found.keys()
    done = confirm_translations(case, SIGNER)
    assert (len(done.confirmed), done.texts, done.waiting) == (len(found), (), ())
    assert set(states(case).values()) == {TranslationState.CONFIRMED}


def test_an_edit_of_either_text_takes_the_confirmation_away(tmp_path: Path) -> None:
    """A changed source makes a stale translation, a changed translation an edited one; moving takes nothing away."""
    second = '[[entries]]\nat = 2022-01-21T00:00:00Z\ntext = { ja = "隔離しました。", en = "Isolated." }\n'
    case = write_case(tmp_path, **LISTED, **{"timeline.toml": TIMELINE + second})
    confirm_translations(case, SIGNER)
    (case / "timeline.toml").write_text(second + TIMELINE, encoding="utf-8")
    assert set(states(case).values()) == {TranslationState.CONFIRMED}
    edit(case, "timeline.toml", "検知しました。", "異常を検知しました。")
    edit(case, "narrative/measures.en.md", "We isolated it.", "It was isolated.")
    assert {place: state for place, state in states(case).items() if state is not TranslationState.CONFIRMED} == {
        "timeline.toml entries[2].text": TranslationState.STALE,
        "narrative/measures, block 2": TranslationState.EDITED,
    }
    edit(case, "timeline.toml", "異常を検知しました。", "検知しました。")
    assert states(case)["timeline.toml entries[2].text"] is TranslationState.CONFIRMED


def test_confirming_some_places_leaves_the_others(tmp_path: Path) -> None:
    """A reviewer signs what they read, by name and day; a place that does not exist is an error."""
    case = write_case(tmp_path)
    done = confirm_translations(case, SIGNER, ("narrative/", "incident.toml title"))
    assert all(place.startswith("narrative/") or place == "incident.toml title" for place in done.confirmed)
    assert "timeline.toml entries[1].text" in done.waiting
    confirm_translations(case, Signer("Ken Ito", date(2022, 3, 24)))
    signed = {entry.place: (entry.confirmed_by, entry.confirmed_on) for entry in confirmations(case)}
    assert signed["incident.toml title"] == ("Saki Miyoshi", date(2022, 3, 23))
    assert signed["timeline.toml entries[1].text"] == ("Ken Ito", date(2022, 3, 24))
    with pytest.raises(UsageError, match="narrative/nothing"):
        confirm_translations(case, SIGNER, ("narrative/nothing",))


def confirmations(case: Path) -> list[ConfirmedPair]:
    """The pairs on record."""
    return [entry.confirmed for entry in translation_status(case).judged if entry.confirmed is not None]


def test_the_translators_file_shows_what_changed(tmp_path: Path) -> None:
    """PO as translators' tools read it: context, fuzzy marks, and the source that had been translated."""
    case = write_case(tmp_path / "case", **LISTED)
    confirm_translations(case, SIGNER)
    edit(case, "narrative/measures.ja.md", "隔離しました。", "端末を隔離しました。")
    export_translations(case, tmp_path / "work.po", date(2022, 3, 25))
    text = (tmp_path / "work.po").read_text(encoding="utf-8")
    assert (
        "#. the source was changed after this translation had been confirmed\n"
        "#, fuzzy\n"
        '#| msgid "隔離しました。"\n'
        'msgctxt "narrative/measures, block 2"\n'
        'msgid "端末を隔離しました。"\n'
        'msgstr "We isolated it."\n'
    ) in text
    assert text.count("#, fuzzy") == 1
    assert '"Language: en\\n"' in text


def test_what_comes_back_stands_in_its_files(tmp_path: Path) -> None:
    """Texts go to their places, list marks and comments stay, and only entries no longer fuzzy are confirmed."""
    comment = "# kept: the first alert\n"
    case = write_case(tmp_path / "case", **LISTED, **{"timeline.toml": comment + TIMELINE})
    work = tmp_path / "work.po"
    export_translations(case, work, date(2022, 3, 25))
    text = work.read_text(encoding="utf-8")
    text = answer(text, 'msgstr "We isolated it."', 'msgstr "We isolated the workstation\\nat once."', vouch=True)
    text = answer(text, 'msgstr "Detected."', 'msgstr "The alert \\"A\\" was received."', vouch=False)
    work.write_text(text, encoding="utf-8")
    done = import_translations(case, work, SIGNER)
    assert done.texts == ("narrative/measures, block 2", "timeline.toml entries[1].text")
    assert done.confirmed == ("narrative/measures, block 2",)
    assert (case / "narrative/measures.en.md").read_text(encoding="utf-8") == (
        "We did the following.\n\n1. We isolated the workstation\n   at once.\n2. We examined it on {{ as_of }}.\n"
    )
    timeline = (case / "timeline.toml").read_text(encoding="utf-8")
    assert timeline.startswith(comment)
    assert read_case(case).timeline[0].text.en == 'The alert "A" was received.'
    assert import_translations(case, work, SIGNER).texts == ()


def answer(text: str, old: str, new: str, *, vouch: bool) -> str:
    """The PO text with one translation replaced, its fuzzy mark taken away when the translator vouches for it."""
    entries = text.split("\n\n")
    (position,) = [number for number, entry in enumerate(entries) if old in entry]
    entries[position] = entries[position].replace(old, new)
    if vouch:
        entries[position] = entries[position].replace("#, fuzzy\n", "")
    return "\n\n".join(entries)


@pytest.mark.parametrize(
    ("new", "error", "named"),
    [
        ("We examined it.", CaseError, "the values named differ"),
        ("We examined it on {{ today }}.", CaseError, "no value is called 'today'"),
        ("We examined it on {{ as_of }}.\\n\\n# Heading", CaseError, "heading"),
    ],
    ids=["a value lost", "an unknown value", "markup"],
)
def test_a_translation_that_breaks_the_case_changes_nothing(
    tmp_path: Path, new: str, error: type[Exception], named: str
) -> None:
    """The whole case is checked as it would be; the file and the place are named, and no file is touched."""
    case = write_case(tmp_path / "case", **LISTED)
    work = tmp_path / "work.po"
    export_translations(case, work, date(2022, 3, 25))
    old = 'msgstr "We examined it on {{ as_of }}."'
    work.write_text(answer(work.read_text(encoding="utf-8"), old, f'msgstr "{new}"', vouch=True), encoding="utf-8")
    before = snapshot(case)
    with pytest.raises(error, match=named):
        import_translations(case, work, SIGNER)
    assert snapshot(case) == before


def test_a_translation_of_another_source_is_refused(tmp_path: Path) -> None:
    """The source was edited while the translator worked: their text translates something that no longer stands."""
    case = write_case(tmp_path / "case")
    work = tmp_path / "work.po"
    export_translations(case, work, date(2022, 3, 25))
    edit(case, "timeline.toml", "検知しました。", "異常を検知しました。")
    before = snapshot(case)
    with pytest.raises(GateError, match=r"changed after the export") as caught:
        import_translations(case, work, SIGNER)
    assert [problem.where for problem in caught.value.problems] == ["work.po, timeline.toml entries[1].text"]
    assert snapshot(case) == before


def test_texts_divided_differently_travel_as_a_whole(tmp_path: Path) -> None:
    """A new paragraph in the source only: the case cannot be drafted, but it can be translated."""
    case = write_case(tmp_path / "case", **LISTED)
    confirm_translations(case, SIGNER)
    path = case / "narrative/cause.ja.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n追って報告します。\n", encoding="utf-8")
    with pytest.raises(CaseError, match="Japanese has 2 paragraphs"):
        read_case(case)
    work = tmp_path / "work.po"
    export_translations(case, work, date(2022, 3, 25))
    old = 'msgstr "Text of cause: {{ your_actions }}."'
    new = 'msgstr "Text of cause: {{ your_actions }}.\\n\\nWe will report later."'
    work.write_text(answer(work.read_text(encoding="utf-8"), old, new, vouch=True), encoding="utf-8")
    done = import_translations(case, work, SIGNER)
    assert done.confirmed == ("narrative/cause, block 1", "narrative/cause, block 2")
    assert done.waiting == ()
    assert read_case(case).narrative


def test_a_broken_record_of_confirmations_is_named(tmp_path: Path) -> None:
    """Without a name and a day a pair counts for nothing, and is not passed over in silence."""
    case = write_case(tmp_path)
    confirm_translations(case, SIGNER)
    text = (case / "translations.po").read_text(encoding="utf-8")
    (case / "translations.po").write_text(text.replace('on 2022-03-23\nmsgctxt "timeline', '\nmsgctxt "timeline'))
    with pytest.raises(CaseError, match=r"translations\.po, timeline\.toml entries\[1\]\.text"):
        read_case(case)
    (case / "translations.po").write_text("msgid nonsense\n")
    with pytest.raises(CaseError, match="not a PO file"):
        translation_status(case)


@pytest.mark.parametrize("name", ["", " ", "A\nB"])
def test_a_signature_needs_a_name(name: str) -> None:
    """An empty name vouches for nothing; a line break would write another line into the record."""
    with pytest.raises(UsageError, match="a name is needed"):
        Signer(name, date(2022, 3, 23))


def test_every_page_says_that_a_translation_is_not_confirmed(tmp_path: Path, renderer: WorkerSettings) -> None:
    """A draft can be made and read; what it is cannot be overlooked. Once confirmed, the words are gone."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    for confirmed in (False, True):
        if confirmed:
            confirm_translations(case, SIGNER)
        result = CliRunner().invoke(app, ["draft", str(case), "--out", str(out), "--jobs", "1", "--customer", "C-1"])
        assert result.exit_code == 0, result.output
        (report,) = out.glob("*/reports/*.pdf")
        for page in pages(report):
            assert (DRAFT_JA in page and DRAFT_EN in page) is not confirmed
        sheet = json.loads((out / "EX-2022-01/run.json").read_text(encoding="utf-8"))
        count = len(states(case))
        counted = {"confirmed": count if confirmed else 0, "new": 0 if confirmed else count, "stale": 0, "edited": 0}
        assert sheet["translations"] == counted


def pages(path: Path) -> list[str]:
    """Text of each page by pdfium."""
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_the_commands_tell_machines_and_people(tmp_path: Path) -> None:
    """Status is a gate (5) while something waits; export, import and confirm say what they did."""
    case, work = write_case(tmp_path / "case"), str(tmp_path / "work.po")
    run = CliRunner().invoke
    status = run(app, ["translate", "status", str(case), "--json"])
    assert status.exit_code == 5
    listed = json.loads(status.stdout)
    assert listed["counts"]["new"] == len(listed["texts"]) > 0
    assert run(app, ["translate", "export", str(case), work]).exit_code == 0
    imported = run(app, ["translate", "import", str(case), work, "--by", "Saki Miyoshi", "--json"])
    assert (imported.exit_code, json.loads(imported.stdout)["confirmed"]) == (0, [])
    confirmed = run(app, ["translate", "confirm", str(case), "--by", "Saki Miyoshi"])
    assert confirmed.exit_code == 0
    assert f"{len(listed['texts'])} confirmed" in confirmed.stdout
    assert run(app, ["translate", "status", str(case)]).exit_code == 0
    assert len(FILES) < len(listed["texts"])
