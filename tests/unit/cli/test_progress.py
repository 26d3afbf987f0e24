"""What long steps tell where no terminal draws a bar."""

import pytest

from shirase.cli.progress import DrawnProgress


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_short_steps_say_nothing_and_long_ones_how_much_is_left(capsys: pytest.CaptureFixture[str]) -> None:
    """Below two seconds no line; then one per tenth, with the time left by the pace so far."""
    clock = Clock()
    progress = DrawnProgress(clock=clock)
    progress.begin("reading", 100)
    progress.advance(50)
    clock.now = 4.0
    progress.advance(10, "C-1")
    progress.advance(1)
    clock.now = 10.0
    progress.advance(39, "C-2")
    progress.end()
    assert capsys.readouterr().err.splitlines() == ["reading: 60 %, about 3 s left, C-1", "reading: 100 %, C-2"]


def test_quiet_means_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json nothing is told on the way."""
    clock = Clock()
    progress = DrawnProgress(quiet=True, clock=clock)
    progress.begin("reading", 10)
    clock.now = 9.0
    progress.advance(10)
    assert capsys.readouterr().err == ""
