"""What tests share: derived files in a folder of their own, one prepared renderer, and the switch that accepts pages."""

import gc
import os
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest

from shirase.rendering import worker
from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import WorkerSettings, initialise


def pytest_addoption(parser: pytest.Parser) -> None:
    """``./run golden`` accepts what the code now draws."""
    parser.addoption("--update-golden", action="store_true", help="accept the pages drawn now as the expected ones")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fonts and characters are looked up once; nothing is written to the home folder."""
    folder = tmp_path_factory.mktemp("cache")
    patch = pytest.MonkeyPatch()
    patch.setenv("SHIRASE_CACHE", str(folder))
    return folder


@pytest.fixture(scope="session")
def settings(cache_folder: Path) -> WorkerSettings:
    """What workers of a run are given."""
    return prepare_worker(cache_folder)


@pytest.fixture(scope="session")
def renderer(settings: WorkerSettings) -> Iterator[WorkerSettings]:
    """This process, ready to render; afterwards it is as it was found."""
    before = dict(os.environ)
    initialise(settings)
    yield settings
    gc.enable()
    gc.unfreeze()
    os.environ.clear()
    os.environ.update(before)
    zoneinfo.reset_tzpath()
    zoneinfo.ZoneInfo.clear_cache()


@pytest.fixture(autouse=True)
def tools_as_found() -> Iterator[None]:
    """A command run in this process makes it ready its own way: the next test finds the tools it asked for."""
    before = list(worker._TOOLS)
    yield
    worker._TOOLS[:] = before
