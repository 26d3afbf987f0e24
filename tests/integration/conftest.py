"""A browser, for tests of pages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from open_browser import open_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for the tests of a module; closed after them."""
    with open_browser() as opened:
        yield opened
