"""One prepared renderer for all tests of this folder; the process is left as it was found."""

import gc
import os
import zoneinfo
from collections.abc import Iterator
from pathlib import Path

import pytest

from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import WorkerSettings, initialise


@pytest.fixture(scope="session")
def settings(cache_folder: Path) -> WorkerSettings:
    """What workers of a run are given."""
    return prepare_worker(cache_folder)


@pytest.fixture(scope="session")
def renderer(settings: WorkerSettings) -> Iterator[WorkerSettings]:
    """This process, ready to render."""
    before = dict(os.environ)
    initialise(settings)
    yield settings
    gc.enable()
    gc.unfreeze()
    os.environ.clear()
    os.environ.update(before)
    zoneinfo.reset_tzpath()
