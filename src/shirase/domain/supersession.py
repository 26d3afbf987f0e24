"""An earlier version of a report, and what the present one changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from shirase.domain.impact import Impact


@dataclass(frozen=True, slots=True)
class PreviousAction:
    """A row of an earlier version.

    Attributes:
        uid: Stable identifier of the action over runs.
        number: Its number then.
        at: When, UTC.
        native: The source's own code.
    """

    uid: str
    number: int
    at: datetime
    native: str


@dataclass(frozen=True, slots=True)
class PreviousReport:
    """What a customer was told before, as the data copy of that version has it."""

    report_id: str
    customer_id: str
    version: int
    issued_at: datetime
    impact: Impact
    actions: tuple[PreviousAction, ...]


@dataclass(frozen=True, slots=True)
class Supersession:
    """What this version replaces.

    Attributes:
        version: Version replaced.
        issued_at: When that was issued.
        previous: What the customer was told then; None when that version told this customer nothing.
        added: Actions listed now and not then, by their identifiers.
        removed: Actions listed then and not now, in order of their numbers.
    """

    version: int
    issued_at: datetime
    previous: PreviousReport | None
    added: frozenset[str]
    removed: tuple[PreviousAction, ...]


def compare(version: int, issued_at: datetime, previous: PreviousReport | None, now: Iterable[str]) -> Supersession:
    """What changed for one customer, by the identifiers of the actions listed ``now``."""
    if previous is None:
        return Supersession(version, issued_at, None, frozenset(), ())
    before = {action.uid for action in previous.actions}
    present = frozenset(now)
    return Supersession(
        version=version,
        issued_at=issued_at,
        previous=previous,
        added=present - before,
        removed=tuple(action for action in previous.actions if action.uid not in present),
    )
