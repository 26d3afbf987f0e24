"""Time stamps (RFC 3161): an authority that the signer does not control says that the seal was there by then."""

from asn1crypto import tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from shirase.domain.errors import PlatformError, Problem, UsageError

__all__ = ["TimeStamper", "timestamper_at"]

_TIMEOUT = 30


class _Named(HTTPTimeStamper):
    """Says which authority did not answer."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The authority's answer.

        Raises:
            PlatformError: When there is none.
        """
        try:
            return await super().async_request_tsa_response(req)
        except (TimestampRequestError, OSError) as error:
            reason = error.__cause__ or error
            what = f"the time-stamp authority gave no stamp: {str(reason) or type(reason).__name__}"
            mend = "run it again: nothing is sealed yet, and files that have their stamp are kept"
            raise PlatformError(Problem(what, self.url, mend)) from error


def timestamper_at(url: str) -> TimeStamper:
    """The time-stamp authority at ``url``.

    Raises:
        UsageError: When that is no address of one.
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(Problem("is no address of a time-stamp authority", url, "give its http or https address"))
    return _Named(url, timeout=_TIMEOUT)
