"""How customers can check for themselves: the log they keep, and queries filled with their own times and events."""

import re
from datetime import UTC, datetime, timedelta
from typing import Self

from pydantic import Field, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired

_MARK = re.compile(r"\{(\w+)\}")


class Query(CaseModel):
    """A query that a customer can paste.

    Attributes:
        name: Where it is to be pasted.
        event: One event of it; ``{event}`` stands for the event's name.
        between: What stands between two events.
        query: The whole; ``{events}`` stands for the events, ``{first}`` and ``{last}`` for instants (ISO 8601, UTC).
    """

    name: Paired
    event: NonEmpty
    between: str = Field(min_length=1)
    query: NonEmpty

    @model_validator(mode="after")
    def _known_marks(self) -> Self:
        for text, known in ((self.event, {"event"}), (self.query, {"events", "first", "last"})):
            unknown = sorted(set(_MARK.findall(text)) - known)
            if unknown:
                raise ValueError(f"nothing stands for {{{unknown[0]}}}; write one of: {', '.join(sorted(known))}")
        if "{event}" not in self.event or "{events}" not in self.query:
            raise ValueError("write {event} in event, and {events} in query")
        return self

    def fill(self, events: tuple[str, ...], first: datetime, last: datetime) -> str:
        """The query for ``events`` from ``first`` to ``last``, in whole seconds that hold both."""
        joined = self.between.join(_put(self.event, {"event": event}) for event in events)
        end = last if last.microsecond == 0 else last + timedelta(seconds=1)
        return _put(self.query, {"events": joined, "first": _iso(first), "last": _iso(end)})


class SelfCheck(CaseModel):
    """``checks.toml``: what a customer can look up without us.

    Attributes:
        log: Name of the log that the customer's own environment keeps.
        how: Where it is found.
        retention_days: Days after which its entries are gone; absent when they are kept.
        queries: Ready queries.
    """

    log: Paired
    how: Paired
    retention_days: int | None = Field(default=None, ge=1)
    queries: tuple[Query, ...] = Field(min_length=1)


def _put(text: str, values: dict[str, str]) -> str:
    return _MARK.sub(lambda mark: values.get(mark[1], mark[0]), text)


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
