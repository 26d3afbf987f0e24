"""Lines without a common id: one event, if who, whose and what agree and the times lie within what clocks allow.

Never within one source: two clicks a second apart are two actions. Never through chains: each pair is judged by itself.
Whatever could be paired in more than one way stays apart, and says that it may be the same.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby

from shirase.domain.sighting import Link, LinkKind, Sighting, link


def match_by_time(group: Sequence[Sighting]) -> Iterator[Link]:
    """Links within ``group``: sightings of one actor, one set of tenants and one action, of several sources."""
    by_source: dict[str, list[Sighting]] = {}
    for one in sorted(group, key=lambda one: (one.order, one.time_us)):
        by_source.setdefault(one.source_id, []).append(one)
    absorbed: set[tuple[str, int]] = set()
    for first, second in combinations(by_source, 2):
        ours = [one for one in by_source[first] if _is_free(one, second, absorbed)]
        theirs = [one for one in by_source[second] if _is_free(one, first, absorbed)]
        for found in match_sources(ours, theirs) if ours and theirs else ():
            if found.kind is LinkKind.MATCH:
                absorbed.add((found.path, found.line))
            yield found


def match_sources(ours: Sequence[Sighting], theirs: Sequence[Sighting]) -> Iterator[Link]:
    """Links between two sources, ``ours`` being primary. One to one, in order of time, cluster by cluster."""
    for cluster in clusters(ours, theirs):
        left = [one for one in cluster if one.source_id == ours[0].source_id]
        right = [one for one in cluster if one.source_id != ours[0].source_id]
        if left and right:
            yield from _match_cluster(left, right)


def clusters(ours: Sequence[Sighting], theirs: Sequence[Sighting]) -> Iterator[list[Sighting]]:
    """Runs of sightings of both sources in which each may touch the next, as far as clocks allow."""
    run: list[Sighting] = []
    for one in sorted((*ours, *theirs), key=_in_time):
        if run and one.time_us - run[-1].time_us > max(one.tolerance_us, run[-1].tolerance_us):
            yield run
            run = []
        run.append(one)
    if run:
        yield run


def compatible(one: Sighting, other: Sighting) -> bool:
    """Whether two sightings of one key may be one event: nothing that both say differs, and no id tells them apart."""
    if one.uid is not None and other.uid is not None and one.origin == other.origin:
        return False
    return (
        abs(one.time_us - other.time_us) <= max(one.tolerance_us, other.tolerance_us)
        and _agree(one.target, other.target)
        and _agree(one.ip, other.ip)
        and _agree(one.organisation, other.organisation)
    )


def _is_free(one: Sighting, other: str, absorbed: set[tuple[str, int]]) -> bool:
    return (one.path, one.line) not in absorbed and other not in one.copied_by


def _match_cluster(left: list[Sighting], right: list[Sighting]) -> Iterator[Link]:
    pairs = _pairs_by_target(left, right)
    if pairs is not None:
        for ours, theirs in pairs:
            yield link(theirs, ours, LinkKind.MATCH, differs=theirs.ip != ours.ip or theirs.target != ours.target)
        return
    for theirs in right:
        nearest = min(left, key=lambda ours: (abs(ours.time_us - theirs.time_us), ours.order))
        if any(compatible(ours, theirs) for ours in left):
            yield link(theirs, nearest, LinkKind.POSSIBLE_DUPLICATE_OF)


def _pairs_by_target(left: list[Sighting], right: list[Sighting]) -> list[tuple[Sighting, Sighting]] | None:
    """Pairs in order of time for each target by itself; None where that is not the only way to pair."""
    targets = {one.target for one in (*left, *right)}
    if None in targets and len(targets) > 2:
        return None
    if None in targets:
        return _pairs_in_order(left, right)
    pairs: list[tuple[Sighting, Sighting]] = []
    rest = sorted((*left, *right), key=lambda one: (one.target or "", *_in_time(one)))
    for _, alike in groupby(rest, key=lambda one: one.target):
        members = list(alike)
        ours = [one for one in members if one.source_id == left[0].source_id]
        theirs = [one for one in members if one.source_id != left[0].source_id]
        if ours and theirs:
            found = _pairs_in_order(ours, theirs)
            if found is None:
                return None
            pairs += found
    return pairs


def _pairs_in_order(ours: list[Sighting], theirs: list[Sighting]) -> list[tuple[Sighting, Sighting]] | None:
    if len(ours) != len(theirs):
        return None
    pairs = list(zip(sorted(ours, key=_in_time), sorted(theirs, key=_in_time), strict=True))
    return pairs if all(compatible(one, other) for one, other in pairs) else None


def _agree(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _in_time(one: Sighting) -> tuple[int, tuple[bool, int, str, int]]:
    return (one.time_us, one.order)
