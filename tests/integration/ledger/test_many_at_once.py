"""Twenty people and a draft at once, and processes killed in the middle: nothing is lost and nothing is half."""

import subprocess
import sys
from pathlib import Path

import pytest

import ledger_writers
from ledger_kit import KEIKO, NOW, RIKU, drafted, in_review, ledger_in
from shirase.domain.errors import GateError, TamperedError
from shirase.domain.review import Operator
from shirase.ledger.open import Ledger

PEOPLE = 20
REPORTS = 40


def start(name: str, folder: Path, url: str | None, *more: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, ledger_writers.__file__, name, str(folder), url or "", *map(str, more)],
        env={"PYTHONPATH": str(Path(ledger_writers.__file__).parent), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_twenty_people_and_a_draft_at_once_lose_nothing(ledger: Ledger, folder: Path, url: str | None) -> None:
    for number in range(PEOPLE):
        ledger.people.put(RIKU, Operator(f"legal-{number}", ("legal",)))
    in_review(ledger, drafted(1))
    running = [start("say_things", folder, url, number) for number in range(PEOPLE)]
    running.append(start("register_many", folder, url, 2, REPORTS))
    for process in running:
        _, errors = process.communicate(timeout=400)
        assert (process.returncode, errors) == (0, "")
    said = {remark.text for remark in ledger.overview.remarks("R-00001")}
    assert said == {f"{number}/{turn}" for number in range(PEOPLE) for turn in range(ledger_writers.TEXTS)}
    assert len(ledger.overview.standings()) == REPORTS + 1
    assert ledger.find_breaks() == []


def test_killed_in_the_middle_leaves_a_sound_ledger_that_kept_all_that_was_acknowledged(
    ledger: Ledger, folder: Path, url: str | None
) -> None:
    in_review(ledger, drafted(1))
    for number in range(8):
        process = start("write_until_killed", folder, url, number, 0.9 + number * 0.07)
        printed, _ = process.communicate(timeout=100)
        assert process.returncode == -9
        known = {revision.pdf_digest for revision in ledger.overview.revisions("R-00001")}
        assert set(printed.split()) <= known
        assert ledger.find_breaks() == []
    assert len(ledger.overview.revisions("R-00001")) > 8
    counts = {len(ledger.overview.revisions(f"R-0000{report}")) for report in range(2, 6)}
    assert len(counts) == 1, "a registration is whole or absent"


def test_one_step_at_a_time_and_a_killed_one_frees_the_lock(ledger: Ledger, folder: Path, url: str | None) -> None:
    process = start("hold_step", folder, url)
    assert process.stdout is not None
    assert process.stdout.readline() == "running\n"
    with pytest.raises(GateError, match="Riku runs draft since 2022-03-24"), ledger.steps.run(KEIKO, "draft"):
        pass
    assert ledger.overview.running_step() == ("Riku", "draft", NOW)
    process.kill()
    process.communicate(timeout=60)
    while True:  # the server needs a moment to notice that its client is gone
        try:
            with ledger.steps.run(KEIKO, "draft"):
                kinds = [entry.what for entry in ledger.overview.entries(limit=2)]
        except GateError:
            continue
        break
    assert kinds == ["step_begun", "step_recovered"]
    assert ledger.overview.running_step() is None
    assert ledger.find_breaks() == []


def test_a_step_that_lost_its_lock_registers_nothing(ledger: Ledger) -> None:
    with ledger.steps.run(RIKU, "draft") as token:
        pass
    with pytest.raises(TamperedError, match="lost its lock"):
        ledger.drafts.register(RIKU, [drafted(1)], None, token=token)
    assert ledger.overview.standings() == ()


def test_two_that_begin_a_ledger_at_once_begin_one(folder: Path, url: str | None) -> None:
    folder.mkdir()
    running = [start("hold_step", folder, url) for _ in range(3)]
    for process in running:
        process.communicate("", timeout=100)
    with ledger_in(folder, url) as ledger:
        assert ledger.find_breaks() == []
        assert "step_begun" in {entry.what for entry in ledger.overview.entries()}
