"""The figures of one customer."""

from datetime import UTC, datetime, timedelta

import pytest

from sample_report import sample_action
from shirase.domain.report import AlsoSeen, ReportAction
from shirase.reporting.counts import count_possibly_same

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)


def seen_in(number: int, source: str, *others: int, kind: str = "possible_duplicate_of") -> ReportAction:
    """Row ``number`` at line ``number``, which may be the same as the rows ``others``."""
    also = tuple(AlsoSeen(kind, "elsewhere", 1, other) for other in others)
    at = NOON + timedelta(seconds=number)
    return sample_action(number, at, source_id=source, evidence_file=1, evidence_line=number, also_seen=also)


@pytest.mark.parametrize(
    ("actions", "fewer"),
    [
        ((seen_in(1, "su"), seen_in(2, "console")), 0),
        ((seen_in(1, "su", 2), seen_in(2, "console", 1)), 1),
        ((seen_in(1, "su", 2), seen_in(2, "console", 1, 3), seen_in(3, "su", 2)), 1),
        ((seen_in(1, "su", 2, 3), seen_in(2, "console", 1), seen_in(3, "jira", 1)), 2),
        ((seen_in(1, "su", 3), seen_in(2, "su", 4), seen_in(3, "console", 1), seen_in(4, "console", 2)), 2),
        ((seen_in(1, "su", 9), seen_in(2, "console", 8)), 0),
        ((seen_in(1, "su", 2, kind="part_of"), seen_in(2, "console")), 0),
    ],
    ids=["nothing", "a pair", "two beside one", "three tools", "two pairs", "in no row here", "another link"],
)
def test_the_lower_end_of_the_count(actions: tuple[ReportAction, ...], fewer: int) -> None:
    """Entries that may be the same are one at the least, but two entries of one tool are always two actions."""
    assert count_possibly_same(actions) == fewer
