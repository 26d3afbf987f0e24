"""What a carrier says of the records that it forwarded, by column."""

from collections.abc import Sequence
from typing import NamedTuple


class Carried(NamedTuple):
    """What a carrier says of the records it forwarded, one entry each.

    Attributes:
        via: The carrier.
        origin: The adapter that reads what it carries.
        uids: The carrier's own ids.
        received_us: When it took them in, in microseconds since 1970; None where it does not say.
    """

    via: str
    origin: str
    uids: Sequence[str | None]
    received_us: Sequence[int | None]

    def at(self, places: Sequence[int]) -> "Carried":
        """The same of some of them."""
        uids, received = self.uids, self.received_us
        return self._replace(uids=[uids[place] for place in places], received_us=[received[place] for place in places])
