"""Clues to whose a record is, found in its values. Pure, and never more than a clue: nothing here decides."""

import re
from collections.abc import Iterable

from shirase.domain.clues import Clue, ClueKind

_TICKET = re.compile(r"\b[A-Z][A-Z0-9_]{1,9}-\d{1,9}\b")
_SALESFORCE_ID = re.compile(r"\b(?:500|001)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
MAX_CLUES = 50


def ticket_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Keys of issues, such as ``SUP-17``, in the order they stand, each once."""
    keys = (key for text in texts if text is not None for key in _TICKET.findall(text))
    return tuple(Clue(ClueKind.TICKET, key) for key in list(dict.fromkeys(keys))[:MAX_CLUES])


def name_clues(*names: str | None) -> tuple[Clue, ...]:
    """Keys of issues in names of things, and the names themselves as words that somebody typed."""
    return ticket_clues(*names) + text_clues(names)


def salesforce_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Ids of cases (``500…``) and accounts (``001…``), with their eighteen characters, each once."""
    ids = (found for text in texts if text is not None for found in _SALESFORCE_ID.findall(text))
    return tuple(
        Clue(ClueKind.TICKET if found.startswith("500") else ClueKind.ACCOUNT, found)
        for found in list(dict.fromkeys(map(long_id, ids)))[:MAX_CLUES]
    )


def text_clues(texts: Iterable[str | None]) -> tuple[Clue, ...]:
    """Words that somebody typed, for the resolver only."""
    return tuple(Clue(ClueKind.TEXT, text) for text in texts if text)[:MAX_CLUES]


def long_id(found: str) -> str:
    """A Salesforce id with its eighteen characters: the last three say which of the fifteen are capitals.

    Two ids are the same when their first fifteen characters are, capitals included.
    """
    if len(found) != 15:
        return found
    check = ""
    for block in range(0, 15, 5):
        bits = sum(1 << place for place, letter in enumerate(found[block : block + 5]) if "A" <= letter <= "Z")
        check += _ALPHABET[bits]
    return found + check


def long_id_of(found: str | None) -> str | None:
    """As :func:`long_id`; None for nothing."""
    return long_id(found) if found is not None else None
