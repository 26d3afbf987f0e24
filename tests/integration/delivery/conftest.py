"""Mail servers, and a sealed batch that can be sent, for the tests of delivery."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from delivery_batch import approve_list, write_sendable
from mail_servers import MailServers, missing_for_mail_servers, running_mail_servers
from sealed_batch import Made, make_key


@pytest.fixture(scope="module")
def mail_servers() -> Iterator[MailServers]:
    """Postfix and Dovecot for the tests of a module; their mailboxes are shared, so each test uses addresses of its own."""
    if missing := missing_for_mail_servers():
        pytest.skip(missing)
    with running_mail_servers() as servers:
        yield servers


@pytest.fixture(scope="session")
def seal_key(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """What the batch is sealed with."""
    return make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def sendable(tmp_path_factory: pytest.TempPathFactory, seal_key: Made) -> Path:
    """Two reports, sealed, and the list of their recipients approved. To be copied, not changed."""
    root = tmp_path_factory.mktemp("sendable") / "all"
    write_sendable(root, seal_key)
    approve_list(root)
    return root


@pytest.fixture
def root(sendable: Path, tmp_path: Path) -> Path:
    """A copy of it: ``case`` and ``out``."""
    shutil.copytree(sendable, tmp_path / "all")
    return tmp_path / "all"
