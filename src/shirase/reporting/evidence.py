"""The evidence behind rows: which files, and which other entries of them show the same or explain it."""

from collections.abc import Iterable, Iterator

from shirase.domain.action import Observation, SupportAction
from shirase.domain.report import AlsoSeen
from shirase.domain.sighting import LinkKind


def shown_path(path: str) -> str:
    """The file as a report names it. Members of an archive are not named: a channel may bear a customer's name."""
    return path.partition("!")[0]


def evidence_of(actions: Iterable[SupportAction]) -> dict[str, str]:
    """SHA-256 of every file that shows one of ``actions`` or an entry that hangs together with it, by shown path."""
    files: dict[str, str] = {}
    for action in actions:
        for _, seen in _seen(action):
            if seen.source_instance:
                files[shown_path(seen.ref.path)] = seen.source_instance
    return files


def also_seen(action: SupportAction, positions: dict[str, int]) -> tuple[AlsoSeen, ...]:
    """The other entries; those in files of which nobody took a digest are left out."""
    return tuple(
        AlsoSeen(kind, seen.source_id, positions[shown_path(seen.ref.path)], seen.ref.line)
        for kind, seen in list(_seen(action))[1:]
        if shown_path(seen.ref.path) in positions
    )


def _seen(action: SupportAction) -> Iterator[tuple[str, Observation]]:
    for seen in action.observations:
        yield (LinkKind.COPY if seen.via is not None else LinkKind.MATCH), seen
    for relation in action.relations:
        if relation.seen is not None:
            yield relation.kind, relation.seen
