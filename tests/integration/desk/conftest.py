"""A batch drafted once, a copy of it for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_batch import INCIDENT, drafted_batch
from desk_server import Running, running


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
