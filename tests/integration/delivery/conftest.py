"""Mail servers for the tests of delivery."""

from collections.abc import Iterator

import pytest

from mail_servers import MailServers, missing_for_mail_servers, running_mail_servers


@pytest.fixture(scope="module")
def mail_servers() -> Iterator[MailServers]:
    """Postfix and Dovecot for the tests of a module; their mailboxes are shared, so each test uses addresses of its own."""
    if missing := missing_for_mail_servers():
        pytest.skip(missing)
    with running_mail_servers() as servers:
        yield servers
