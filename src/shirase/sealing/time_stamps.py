"""Time stamps (RFC 3161): an authority that the signer does not control says that the seal was there by then."""

from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper

from shirase.domain.errors import Problem, UsageError

__all__ = ["TimeStamper", "timestamper_at"]

_TIMEOUT = 30


def timestamper_at(url: str) -> TimeStamper:
    """The time-stamp authority at ``url``.

    Raises:
        UsageError: When that is no address of one.
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(Problem("is no address of a time-stamp authority", url, "give its http or https address"))
    return HTTPTimeStamper(url, timeout=_TIMEOUT)
