"""Derived files of the tests are kept in a folder of their own, once for the whole run."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fonts and characters are looked up once; nothing is written to the home folder."""
    folder = tmp_path_factory.mktemp("cache")
    patch = pytest.MonkeyPatch()
    patch.setenv("SHIRASE_CACHE", str(folder))
    return folder
