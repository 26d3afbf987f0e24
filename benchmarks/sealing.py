"""What sealing and verifying cost a file, beside drafting the same files; and what the pool of workers brings."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from typer.testing import CliRunner

from shirase.cli.app import app
from shirase.pipeline.draft import DraftOptions, run_draft
from shirase.pipeline.inspect import InspectOptions, run_inspect
from shirase.pipeline.pool import PoolSettings
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.rehearsal.generate import Size
from shirase.settings import default_jobs, story
from shirase.wiring import build_engine

SIZE = Size(customers=2_000, affected=40, lines=14_000)
PEOPLE = {"Riku": "responder", "Keiko": "legal", "Dana": "comms", "Sora": "sender"}


def run() -> None:
    """Draft, approve, seal with one process and with all, and verify both ways."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        run_rehearse(root / "case", story(), SIZE)
        options = DraftOptions(PoolSettings(default_jobs(), 900))
        engine = build_engine()
        drafted = run_draft(root / "case", root / "out", options, engine=engine, progress=Silent())
        run_inspect(drafted.scope, InspectOptions(default_jobs(), reproduce=0), engine=engine, progress=Silent())
        [folder] = (root / "out").iterdir()
        count, drafting = len(drafted.drafted.written), drafted.timings.total - drafted.timings.scope
        _approve(folder)
        (root / "passphrase").write_text("correct horse battery\n", encoding="utf-8")
        _timed(root, "keys", "init", root / "key.p12")
        opening = _timed(root, "keys", "show", "--key", root / "key.p12")
        shutil.copytree(folder, root / "one" / folder.name)
        key = ("--key", root / "key.p12", "--as", "Sora")
        alone = _timed(root, "seal", root / "one" / folder.name, *key, "--jobs", 1)
        sealing = _timed(root, "seal", folder, *key, "--jobs", default_jobs())
        quick = _timed(None, "verify", folder, "--quick", "--trust", root / "key.authority.pem")
        whole = _timed(None, "verify", folder, "--trust", root / "key.authority.pem")
    print(f"{count} reports, {drafted.timings.pages} pages, drafted in {drafting:.1f} s on {default_jobs()} workers")
    for what, seconds in (
        ("open the key, once", opening), ("seal, one process", alone), ("seal, all workers", sealing),
        ("verify --quick", quick), ("verify", whole),
    ):  # fmt: skip
        cost = f"{1000 * seconds / count:6.0f} ms a file, {seconds / drafting:.1%} of drafting"
        print(f"{what:>20}: {seconds:6.1f} s, {cost}")


def _approve(folder: Path) -> None:
    for name, role in PEOPLE.items():
        _timed(None, "operators", "add", folder, name, "--role", role, "--as", "Riku")
    _timed(None, "submit", folder, "--as", "Riku")
    for name in ("Keiko", "Dana"):
        _timed(None, "approve", folder, "--all", "--role", PEOPLE[name], "--as", name)


def _timed(secrets: Path | None, *words: object) -> float:
    """Seconds that a command takes; with ``secrets``, it reads the passphrase that lies there."""
    begun = time.perf_counter()
    if secrets is None:
        done = CliRunner().invoke(app, [str(word) for word in words])
    else:
        with (secrets / "passphrase").open("rb") as file:
            done = CliRunner().invoke(app, [str(word) for word in (*words, "--passphrase-fd", os.dup(file.fileno()))])
    assert done.exit_code == 0, done.output + done.stderr
    return time.perf_counter() - begun
