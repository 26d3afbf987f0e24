"""The figures of one customer, each counted from the rows that the report prints."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC

from shirase.domain.action import Effect, Outcome
from shirase.domain.report import CONFIRMED, SHARED, ReportAction, ReportCounts
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
    )
