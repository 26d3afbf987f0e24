"""Clues to whose a record is, found in its values. Pure, and never more than a clue: nothing here decides."""

import re
import string
from collections.abc import Iterable
from functools import partial

from shirase.domain.clues import Clue, ClueKind

# The first characters stand before the boundary that has to be there: only where one of them is, more is tried.
_TICKET = re.compile(r"[A-Z](?<=\b[A-Z])[A-Z0-9_]{1,9}-\d{1,9}\b")
_SALESFORCE_ID = re.compile(r"(?:5(?<=\b5)00|0(?<=\b0)01)[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?\b")
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_CHECKS = {f"{bits:05b}"[::-1]: letter for bits, letter in enumerate(_ALPHABET)}
"""What is written for five characters, by which of them are capitals."""


class _Capitals(dict[int, str]):
    """Turns the capitals of a text into ones and all else into zeros."""

    def __missing__(self, _character: int) -> str:
        return "0"


_CAPITALS = _Capitals({number: "01"[chr(number) in string.ascii_uppercase] for number in range(128)})
_TICKET_KIND, _ACCOUNT_KIND, _TEXT_KIND = ClueKind.TICKET, ClueKind.ACCOUNT, ClueKind.TEXT
MAX_CLUES = 50
_CLUE = partial(tuple.__new__, Clue)
"""Makes a clue of kind and value, as ``Clue._make`` does in twice the time."""


def ticket_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Keys of issues, such as ``SUP-17``, in the order they stand, each once."""
    keys = _each_once(_TICKET, texts, "-")
    return tuple([_CLUE((_TICKET_KIND, key)) for key in keys[:MAX_CLUES]]) if keys else ()


def name_clues(*names: str | None) -> tuple[Clue, ...]:
    """Keys of issues in names of things, and the names themselves as words that somebody typed."""
    return ticket_clues(*names) + text_clues(names)


def salesforce_clues(*texts: str | None) -> tuple[Clue, ...]:
    """Ids of cases (``500…``) and accounts (``001…``), with their eighteen characters, each once."""
    found = _each_once(_SALESFORCE_ID, texts, "00")
    if len(found) == 1:
        return (_of_salesforce(long_id(found[0])),)
    return tuple([_of_salesforce(key) for key in list(dict.fromkeys(map(long_id, found)))[:MAX_CLUES]])


def _of_salesforce(key: str) -> Clue:
    return _CLUE((_TICKET_KIND if key[0] == "5" else _ACCOUNT_KIND, key))


def text_clues(texts: Iterable[str | None]) -> tuple[Clue, ...]:
    """Words that somebody typed, for the resolver only."""
    return tuple([_CLUE((_TEXT_KIND, text)) for text in texts if text][:MAX_CLUES])


def _each_once(pattern: re.Pattern[str], texts: Iterable[str | None], part: str) -> list[str]:
    """What ``pattern`` finds in ``texts``, each once; all of it holds ``part``, and none goes across a line feed."""
    holding = [text for text in texts if text and part in text]
    if not holding:
        return []
    found = pattern.findall(holding[0] if len(holding) == 1 else "\n".join(holding))
    return list(dict.fromkeys(found)) if len(found) > 1 else found


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
