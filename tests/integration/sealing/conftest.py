"""A batch that is approved, and one that is sealed; a copy for each test."""

import shutil
from pathlib import Path

import pytest

from case_builder import write_case
from sealed_batch import SENDER, Made, approve_all, make_key, run, run_with_secret

INCIDENT = "EX-2022-01"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A key."""
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def approved_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("approved")
    case = write_case(root / "case")
    assert run("translate", "confirm", case, "--by", "Keiko").exit_code == 0
    done = run("draft", case, "--out", root / "out", "--jobs", 1)
    assert done.exit_code == 0, done.stderr
    approve_all(root / "out" / INCIDENT)
    return root


@pytest.fixture(scope="session")
def sealed_once(approved_once: Path, made: Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sealed") / "all"
    shutil.copytree(approved_once, root)
    done = run_with_secret("seal", root / "out" / INCIDENT, "--key", made.key, "--as", SENDER)
    assert done.exit_code == 0, done.stderr
    return root


@pytest.fixture
def root(approved_once: Path, tmp_path: Path) -> Path:
    """Case and output, approved by both roles."""
    shutil.copytree(approved_once, tmp_path / "all")
    return tmp_path / "all"


@pytest.fixture
def folder(root: Path) -> Path:
    return root / "out" / INCIDENT


@pytest.fixture
def sealed_root(sealed_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(sealed_once, tmp_path / "all")
    return tmp_path / "all"


@pytest.fixture
def sealed(sealed_root: Path) -> Path:
    """The incident's folder after its first batch."""
    return sealed_root / "out" / INCIDENT
