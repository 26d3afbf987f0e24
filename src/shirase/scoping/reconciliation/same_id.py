"""Forwarded copies: lines of different sources with one id of one origin are one event, unless they contradict."""

from collections.abc import Iterator, Sequence

from shirase.domain.sighting import Link, LinkKind, Sighting, link


def join_by_id(group: Sequence[Sighting]) -> Iterator[Link]:
    """Links within ``group``: all sightings of one origin and id, of any number of sources.

    The line of the system itself is primary, or the first carrier's where it is missing. A copy that names another
    actor, employer, tenant or action is never merged: nothing of that kind may get lost. Where one source has several
    lines of the id, which say different things, a copy is joined to the one that says exactly the same, if any.
    """
    ordered = sorted(group, key=lambda one: one.order)
    primaries = [one for one in ordered if one.source_id == ordered[0].source_id]
    taken: set[tuple[str, int, str]] = set()
    for one in ordered:
        if one.source_id != primaries[0].source_id:
            yield _join(one, primaries, taken)


def says_the_same(one: Sighting, other: Sighting) -> bool:
    """Whether merging the two can lose no actor, employer, tenant or action."""
    return (one.actor, one.organisation, one.tenants, one.code) == (
        other.actor, other.organisation, other.tenants, other.code,
    )  # fmt: skip


def _join(one: Sighting, primaries: list[Sighting], taken: set[tuple[str, int, str]]) -> Link:
    free = [
        primary
        for primary in primaries
        if (primary.path, primary.line, one.source_id) not in taken and says_the_same(one, primary)
    ]
    alike = next((primary for primary in free if primary.content == one.content), None)
    if alike is None and len(primaries) == len(free) == 1 and one.via and not free[0].via:
        alike = free[0]
    if alike is None:
        return link(one, primaries[0], LinkKind.POSSIBLE_DUPLICATE_OF)
    taken.add((alike.path, alike.line, one.source_id))
    return link(one, alike, LinkKind.COPY, differs=one.content != alike.content)
