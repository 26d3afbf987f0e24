"""Causes and effects: what an action brought about is no further action, and what allowed it explains it."""

from collections.abc import Iterator, Sequence

from shirase.domain.sighting import Link, LinkKind, Sighting, link

EFFECT_WITHIN_US = 60_000_000
"""A system carries out a reset within a minute."""

GRANTED_FOR_US = 8 * 3600 * 1_000_000
"""A grant of support access holds eight hours unless the customer says otherwise (Okta, Granting Access to Support)."""


def effects_of(actions: Sequence[Sighting], records: Sequence[Sighting]) -> Iterator[Link]:
    """Each of ``records`` (the system's own, of no person) with the action that brought it about, one to one.

    All are of one tenant, one target and one code. The latest action before a record, at most a minute earlier, that
    has no effect yet; where two actions are equally late nobody can tell, and the record stands by itself.
    """
    free = sorted(actions, key=lambda one: (one.time_us, one.order))
    for record in sorted(records, key=lambda one: (one.time_us, one.order)):
        before = [cause for cause in free if 0 <= record.time_us - cause.time_us <= EFFECT_WITHIN_US]
        if not before or (len(before) > 1 and before[-1].time_us == before[-2].time_us):
            continue
        free.remove(before[-1])
        yield link(record, before[-1], LinkKind.EFFECT_OF)


def authorisations_of(starts: Sequence[Sighting], grants: Sequence[Sighting]) -> Iterator[Link]:
    """Each impersonation with the customer's latest grant before it that still held; all are of one tenant."""
    for start in starts:
        held = [grant for grant in grants if 0 <= start.time_us - grant.time_us <= GRANTED_FOR_US]
        if held:
            yield link(start, max(held, key=lambda one: (one.time_us, one.order)), LinkKind.AUTHORISED_BY)


def parts_of(starts: Sequence[Sighting], ends: Sequence[Sighting], actions: Sequence[Sighting]) -> Iterator[Link]:
    """Each of ``actions`` with the impersonation it took place in; all are of one tenant and one session."""
    opened = sorted(starts, key=lambda one: (one.time_us, one.order))
    closed = sorted(end.time_us for end in ends)
    for one in actions:
        before = [start for start in opened if start.time_us <= one.time_us]
        if before and not any(before[-1].time_us <= end < one.time_us for end in closed):
            yield link(one, before[-1], LinkKind.PART_OF)
