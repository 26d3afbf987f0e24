"""The same tests on both databases: a file, and a real PostgreSQL server that is started for them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger_kit import Clock, ledger_in, with_people
from postgres import running_server, server_programs
from shirase.ledger.open import Ledger


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of the server."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL IS NOT TESTED: no server here; Debian's package is called postgresql")
    with running_server(programs) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """Where a ledger is kept: None is the default, a file in the incident's folder."""
    return str(request.getfixturevalue("postgresql")) if request.param == "postgresql" else None


@pytest.fixture
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """An output folder with a name of its own, which is that of the schema as well."""
    return tmp_path / f"INC-{abs(hash(request.node.nodeid)) % 10**9}-{tmp_path.name[-12:]}"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(folder: Path, url: str | None, clock: Clock) -> Iterator[Ledger]:
    """A ledger in which everybody may act."""
    with ledger_in(folder, url, clock=clock) as opened:
        yield with_people(opened)
