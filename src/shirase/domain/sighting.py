"""Sightings: log lines as they are compared across sources, and what links two of them."""

from dataclasses import dataclass
from enum import StrEnum


class LinkKind(StrEnum):
    """What a line is to another one.

    ``copy``: the same event, by the id of the system that logged first. ``match``: the same event, by who, what, whose
    and when. Both count once. ``effect_of``: the system's own record of what an action brought about; shown, not
    counted. ``possible_duplicate_of``: it may be the same, and both count. ``authorised_by``, ``part_of``: what
    explains an action; neither is changed by it.
    """

    COPY = "copy"
    MATCH = "match"
    EFFECT_OF = "effect_of"
    POSSIBLE_DUPLICATE_OF = "possible_duplicate_of"
    AUTHORISED_BY = "authorised_by"
    PART_OF = "part_of"


ABSORBED = frozenset({LinkKind.COPY, LinkKind.MATCH, LinkKind.EFFECT_OF})
"""Kinds of which the line does not count by itself."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One log line that shows an action and is no repeat within its own source.

    Attributes:
        path: File it stands in.
        line: Where.
        source_id: Source.
        rank: Place of the source: the lower one is primary. A line that a carrier brought ranks after all others.
        via: Whether a carrier brought it.
        uid: The event's own id, by the system that logged first.
        origin: Adapter of that system.
        content: SHA-256 over everything it says.
        time_us: When, microseconds UTC.
        tolerance_us: How far the clock and the resolution of its time carry.
        actor: Identity of the actor, whatever the source calls it.
        organisation: Employer as logged.
        tenants: Tenants, sorted.
        code: Code of the action; where nobody has described it, the source's own.
        target: What was touched, as ids; None where the line does not say.
        ip: Address it came from.
        session: Session.
        copied_by: Sources that have a copy of it already.
    """

    path: str
    line: int
    source_id: str
    rank: int
    via: bool
    uid: str | None
    origin: str
    content: str
    time_us: int
    tolerance_us: int
    actor: str
    organisation: str | None
    tenants: tuple[str, ...]
    code: str
    target: str | None = None
    ip: str | None = None
    session: str | None = None
    copied_by: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[bool, int, str, int]:
        """Order of preference as primary: the same whatever the order of input."""
        return (self.via, self.rank, self.path, self.line)


@dataclass(frozen=True, slots=True)
class Link:
    """``path``:``line`` is ``kind`` of ``to_path``:``to_line``.

    Attributes:
        path: The line that is linked; likewise ``line``.
        to_path: The line it is linked to, the primary one; likewise ``to_line``.
        kind: What it is to that one.
        delta_us: Its time less the primary's.
        source_id: Its source.
        to_source_id: The primary's source.
        differs: Whether the two disagree about something that does not decide whose, who or what.
    """

    path: str
    line: int
    to_path: str
    to_line: int
    kind: LinkKind
    delta_us: int
    source_id: str
    to_source_id: str
    differs: bool = False


def link(one: Sighting, primary: Sighting, kind: LinkKind, *, differs: bool = False) -> Link:
    """``one`` is ``kind`` of ``primary``."""
    return Link(
        one.path, one.line, primary.path, primary.line, kind, one.time_us - primary.time_us, one.source_id,
        primary.source_id, differs,
    )  # fmt: skip
