"""The figures of one customer, each counted from the rows that the report prints."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC

from shirase.domain.action import Effect, Outcome
from shirase.domain.report import CONFIRMED, SHARED, ReportAction, ReportCounts
from shirase.domain.sighting import LinkKind
from shirase.domain.tickets import TicketMatch
from shirase.domain.window import Window


def count_actions(actions: Sequence[ReportAction], window: Window) -> ReportCounts:
    """Count ``actions``; ``by_day`` has each UTC day that the window touches, zero included."""
    effects = Counter(action.effect for action in actions)
    codes = Counter(action.action_code for action in actions)
    tickets = Counter(action.ticket_match for action in actions)
    days = Counter(action.at.astimezone(UTC).date() for action in actions)
    return ReportCounts(
        actions=len(actions),
        without_ticket=tickets[TicketMatch.NONE],
        not_successful=sum(1 for action in actions if action.outcome in (Outcome.FAILURE, Outcome.DENIED)),
        shared_with_others=sum(1 for action in actions if SHARED in action.flags),
        confirmed=sum(1 for action in actions if CONFIRMED in action.flags),
        operators=len({action.operator.pseudonym for action in actions}),
        by_effect=tuple((effect, effects[effect]) for effect in Effect if effects[effect]),
        by_code=tuple(sorted(codes.items(), key=lambda item: (-item[1], item[0]))),
        by_day=tuple((day, days[day]) for day in window.utc_days()),
        by_ticket=tuple((match, tickets[match]) for match in TicketMatch if tickets[match]),
        possibly_same=count_possibly_same(actions),
    )


def count_possibly_same(actions: Sequence[ReportAction]) -> int:
    """How many of ``actions`` may be another one, seen in another tool.

    Actions that may be the same hang together in groups. Two entries of one tool are two actions, so of a group at
    least as many are left as the tool with most of them shows.
    """
    by_place = {(action.evidence_file, action.evidence_line): action for action in actions}
    groups = {action.number: {action.number: action.source_id} for action in actions}
    for action in actions:
        for seen in action.also_seen:
            other = by_place.get((seen.evidence_file, seen.evidence_line))
            if seen.kind != LinkKind.POSSIBLE_DUPLICATE_OF or other is None:
                continue
            group = groups[action.number]
            group.update(groups[other.number])
            groups.update(dict.fromkeys(group, group))
    distinct = {id(group): group for group in groups.values()}.values()
    return sum(len(group) - max(Counter(group.values()).values()) for group in distinct)
