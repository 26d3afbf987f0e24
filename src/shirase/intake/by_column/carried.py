"""What a carrier says of the records that it forwarded, by column, and where in its own records that stands."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from shirase.intake.by_column.columns import Steps


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


class Carriage(NamedTuple):
    """Where in the records of a carrier that are laid out alike everything stands.

    Attributes:
        raw: The way to the carried record, which stands there as a text.
        ways: The ways to what the carrier says of it.
        pinned: The ways to values that decide how it is read: another value there is another layout.
        say: What the carrier says of some records, of which it gets the values at a way; None where it has to look at
            them one by one.
    """

    raw: Steps
    ways: tuple[Steps, ...]
    pinned: tuple[Steps, ...]
    say: Callable[[Callable[[Steps], Sequence[str | None]]], Carried | None]
