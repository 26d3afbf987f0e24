"""Registers out of entries: the domain's rules about entries that contradict each other, with the entry named."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import TypeVar

from shirase.case.problems import Reading
from shirase.domain.errors import Problem

E = TypeVar("E")
R = TypeVar("R")

_MOST_PROBLEMS = 20
"""Contradictions named for each register: beyond that, a column is wrong, not a row."""


def build_register(
    build: Callable[[tuple[E, ...]], R], entries: Sequence[E], *, where: Callable[[int], str]
) -> Reading[R]:
    """Build a register, or name each entry that contradicts an earlier one.

    ``build`` knows the rules and stops at the first contradiction. The entry that brings it in is found by halving,
    put aside, and the rest is tried again.

    Args:
        build: Raises ValueError when entries contradict each other; a subset of good entries is good.
        entries: In the order people wrote them.
        where: The place of the entry at an index.
    """
    kept = list(enumerate(entries))
    problems: list[Problem] = []
    while (message := _refusal(build, kept)) is not None:
        if len(problems) == _MOST_PROBLEMS:
            what = "further entries contradict those above"
            problems.append(Problem(what, problems[-1].where, "mend those named first"))
            break
        length = bisect_left(range(1, len(kept)), 1, key=lambda size: _refusal(build, kept[:size]) is not None) + 1
        message = _refusal(build, kept[:length]) or message
        index, _ = kept.pop(length - 1)
        problems.append(Problem(message, where(index)))
    return Reading(None, tuple(problems)) if problems else Reading(build(tuple(entries)))


def _refusal(build: Callable[[tuple[E, ...]], R], entries: Sequence[tuple[int, E]]) -> str | None:
    try:
        build(tuple(entry for _, entry in entries))
    except ValueError as error:
        return str(error)
    return None
