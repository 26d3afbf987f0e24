"""Clues to whose a record is, found in its values. Pure, and never more than a clue: nothing here decides."""

import re
import string
from collections.abc import Iterable

from shirase.domain.clues import Clue, ClueKind

_TICKET = re.compile(r"\b[A-Z][A-Z0-9_]{1,9}-\d{1,9}\b")
_SALESFORCE_ID = re.compile(r"\b(?:500|001)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CHECKS = {f"{bits:05b}"[::-1]: letter for bits, letter in enumerate(_ALPHABET)}
"""What is written for five characters, by which of them are capitals."""


class _Capitals(dict[int, str]):
    """Turns the capitals of a text into ones and all else into zeros."""

    def __missing__(self, _character: int) -> str:
        return "0"


_CAPITALS = _Capitals({ord(letter): "1" for letter in string.ascii_uppercase})
MAX_CLUES = 50


def ticket_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Keys of issues, such as ``SUP-17``, in the order they stand, each once."""
    # No key goes across a line feed.
    together = "\n".join(filter(None, texts))
    keys = _TICKET.findall(together) if "-" in together else []
    return tuple([Clue(ClueKind.TICKET, key) for key in list(dict.fromkeys(keys))[:MAX_CLUES]])


def name_clues(*names: str | None) -> tuple[Clue, ...]:
    """Keys of issues in names of things, and the names themselves as words that somebody typed."""
    return ticket_clues(*names) + text_clues(names)


def salesforce_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Ids of cases (``500…``) and accounts (``001…``), with their eighteen characters, each once."""
    ids = dict.fromkeys(map(long_id, _SALESFORCE_ID.findall("\n".join(filter(None, texts)))))
    return tuple(
        [
            Clue(ClueKind.TICKET if found.startswith("500") else ClueKind.ACCOUNT, found)
            for found in list(ids)[:MAX_CLUES]
        ]
    )


def text_clues(texts: Iterable[str | None]) -> tuple[Clue, ...]:
    """Words that somebody typed, for the resolver only."""
    return tuple([Clue(ClueKind.TEXT, text) for text in texts if text][:MAX_CLUES])


def long_id(found: str) -> str:
    """A Salesforce id with its eighteen characters: the last three say which of the fifteen are capitals.

    Two ids are the same when their first fifteen characters are, capitals included.
    """
    if len(found) != 15:
        return found
    capitals = found.translate(_CAPITALS)
    return found + _CHECKS[capitals[:5]] + _CHECKS[capitals[5:10]] + _CHECKS[capitals[10:]]


def long_id_of(found: str | None) -> str | None:
    """As :func:`long_id`; None for nothing."""
    return long_id(found) if found is not None else None
