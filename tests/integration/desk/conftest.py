"""A batch drafted once, a copy of it for each test, and a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from desk_batch import INCIDENT, drafted_batch
from desk_server import Running, running

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with two customers, one of whom was touched by hostile text, and its reports."""
    return drafted_batch(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def desk(drafted: Path, tmp_path: Path) -> Iterator[Running]:
    """A running desk over a batch of its own."""
    shutil.copytree(drafted, tmp_path / "all")
    with running(tmp_path / "all" / "out" / INCIDENT, tmp_path / "all" / "case") as opened:
        yield opened


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("Chromium is not installed; ./run setup dev installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield opened
        opened.close()
