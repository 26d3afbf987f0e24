"""A batch is sealed whole or not at all: broken off anywhere, the next run brings it to the same end."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sealed_batch import PASSPHRASE, SENDER, Made, run, run_with_secret, told

KILLS = 8
_WRITES = {"os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
_hooked: list["Breaker"] = []


class BrokenOff(BaseException):
    """What no code of ours catches: the run ends here, as if the power had failed."""


class Breaker:
    """Counts what a run does to files of one folder, and breaks it off before the n-th of these."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder, self.number, self.seen = str(folder), number, 0

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        """See one event of the interpreter (PEP 578)."""
        writes = event in _WRITES or (event == "open" and isinstance(args[2], int) and args[2] & os.O_ACCMODE)
        if writes and str(args[0]).startswith(self.folder):
            self.seen += 1
            if self.seen == self.number:
                raise BrokenOff


def _hook(event: str, args: tuple[object, ...]) -> None:
    for breaker in _hooked:
        breaker(event, args)


sys.addaudithook(_hook)


@contextmanager
def breaking(folder: Path, number: int) -> Iterator[Breaker]:
    """Break off what happens in the block."""
    breaker = Breaker(folder, number)
    _hooked.append(breaker)
    try:
        yield breaker
    finally:
        _hooked.remove(breaker)


def seal(folder: Path, made: Made) -> int:
    return run_with_secret("seal", folder, "--key", made.key, "--as", SENDER).exit_code


def assert_whole(folder: Path, made: Made) -> None:
    """One batch, all of it, which holds in every respect, and of which the journal speaks once."""
    names = sorted(path.name for path in (folder / "sealed").iterdir())
    reports = sorted(path.name for path in (folder / "reports").glob("*.pdf"))
    assert names == sorted([*reports, "check.html", "earlier", "manifest.json", "manifest.json.p7s", "manifests"])
    assert sorted(path.name for path in (folder / "sealed" / "manifests").iterdir()) == ["0001.json", "0001.json.p7s"]
    found = told(run("verify", folder, "--trust", made.authority, "--quick", "--json"))
    assert (found["holds"], len(found["files"])) == (True, len(reports))
    entries = told(run("journal", folder, "--json"))["entries"]
    sealed = [each for each in entries if each["what"] == "sealed"]
    assert sorted(each["subject"] for each in sealed) == [Path(name).stem for name in reports]


def assert_nothing_or_whole(folder: Path) -> None:
    """After the break, before anybody goes on: files count only as a whole batch."""
    manifest = folder / "sealed" / "manifest.json"
    if manifest.exists():
        assert sorted(path.stem for path in (folder / "sealed").glob("*.pdf")) == sorted(
            path.stem for path in (folder / "reports").glob("*.pdf")
        )


def test_broken_off_at_every_write(folder: Path, made: Made, tmp_path: Path) -> None:
    """Before each file that is written, moved or deleted; then run again."""
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept)
    number, broken = 0, 0
    while True:
        number += 1
        with breaking(folder / "sealed", number) as breaker:
            try:
                assert seal(folder, made) == 0
            except BrokenOff:
                broken += 1
        if breaker.seen < number:
            break
        assert_nothing_or_whole(folder)
        assert seal(folder, made) in {0, 2}  # 2: the batch was whole already, nothing is left to seal
        assert_whole(folder, made)
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
    assert broken == number - 1 > 20


def test_killed_at_random_moments(folder: Path, made: Made, tmp_path: Path) -> None:
    """A process killed with SIGKILL, then run again."""
    kept, secret, chance = tmp_path / "kept", tmp_path / "secret", random.Random(20220120)
    secret.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    shutil.copytree(folder, kept)
    words = [sys.executable, "-m", "shirase", "seal", folder, "--key", made.key, "--as", SENDER, "--passphrase-fd"]
    began = time.monotonic()
    with secret.open() as file:
        subprocess.run([str(word) for word in [*words, file.fileno()]], pass_fds=[file.fileno()], check=True)
    whole = time.monotonic() - began
    killed = 0
    for _ in range(KILLS):
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        with secret.open() as file, subprocess.Popen(
            [str(word) for word in [*words, file.fileno()]], pass_fds=[file.fileno()], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                process.wait(timeout=whole * chance.uniform(0.4, 1.0))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
            killed += process.wait() == -signal.SIGKILL
        assert_nothing_or_whole(folder)
        assert seal(folder, made) in {0, 2}
        assert_whole(folder, made)
    assert killed >= KILLS // 2
