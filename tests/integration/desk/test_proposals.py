"""Words that reviewers propose: accepted into the case only while it is still the one that was read."""

import shutil
from pathlib import Path

import pytest

from desk_batch import INCIDENT
from desk_book import NOW
from shirase.domain.bilingual import Language
from shirase.domain.errors import CaseError, GateError, UsageError
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.proposals import Proposed, accept, decline, propose, read_proposals


@pytest.fixture
def places(drafted: Path, tmp_path: Path) -> tuple[OutputFolder, Path]:
    shutil.copytree(drafted / "case", tmp_path / "case")
    (tmp_path / INCIDENT).mkdir()
    return OutputFolder(tmp_path / INCIDENT), tmp_path / "case"


def wanted(text: str, language: Language = Language.EN) -> Proposed:
    return Proposed("summary", language, text, "Dana Reyes", "clearer")


def test_an_accepted_text_is_the_one_proposed(places: tuple[OutputFolder, Path]) -> None:
    """What stands in the case afterwards is what the reviewer wrote; the patch is put away, never deleted."""
    output, case = places
    text = "First line: {{ your_actions }}.\n\nSecond line, with a “quote” and 日本語.\n"
    propose(output, case, wanted(text.replace("\n", "\r\n")), NOW)
    (waiting,) = read_proposals(output)
    assert (waiting.by, waiting.reason, waiting.path) == ("Dana Reyes", "clearer", "narrative/summary.en.md")
    accept(output, case, "0001")
    assert (case / "narrative/summary.en.md").read_text(encoding="utf-8") == text
    assert not list(read_proposals(output))
    assert len(list((output.root / "proposals" / "accepted").iterdir())) == 1


def test_a_file_that_was_changed_since_is_not_overwritten(places: tuple[OutputFolder, Path]) -> None:
    """Somebody's later edit is never lost to an earlier proposal."""
    output, case = places
    propose(output, case, wanted("Other words: {{ your_actions }}."), NOW)
    path = case / "narrative/summary.en.md"
    path.write_text("Edited since: {{ your_actions }}.\n", encoding="utf-8")
    with pytest.raises(GateError, match="changed since"):
        accept(output, case, "0001-summary.en")
    assert path.read_text(encoding="utf-8") == "Edited since: {{ your_actions }}.\n"


def test_what_no_narrative_may_hold_is_refused_at_once(places: tuple[OutputFolder, Path]) -> None:
    """A value that does not exist, a template, a picture, an unchanged text and a path are refused when they are proposed."""
    output, case = places
    for text in ("{{ nonsense }}", "{% raw %}", "![x](https://evil.example/x.png)"):
        with pytest.raises(CaseError):
            propose(output, case, wanted(text), NOW)
    with pytest.raises(UsageError):
        propose(output, case, wanted((case / "narrative/summary.en.md").read_text(encoding="utf-8")), NOW)
    with pytest.raises(UsageError):
        propose(output, case, Proposed("../incident", Language.EN, "x", "Mallory", "x"), NOW)
    assert not list(read_proposals(output))


def test_declining_changes_nothing(places: tuple[OutputFolder, Path]) -> None:
    """A declined proposal is put away, and the case is as it was."""
    output, case = places
    before = (case / "narrative/summary.en.md").read_bytes()
    propose(output, case, wanted("Other: {{ your_actions }}."), NOW)
    decline(output, "0001")
    assert (case / "narrative/summary.en.md").read_bytes() == before
    assert [path.name for path in (output.root / "proposals" / "declined").iterdir()] == ["0001-summary.en.patch"]
