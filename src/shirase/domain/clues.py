"""Clues: what a record says from which the tenant can be found when it names none."""

from enum import StrEnum
from typing import NamedTuple


class ClueKind(StrEnum):
    """What a clue is.

    ``ticket``: number or key of a support ticket or case. ``account``: the vendor's own record of a customer.
    ``site``: host name of a customer's site. ``channel``: name of a chat channel. ``domain``: an internet domain.
    ``phone``: a telephone number as printed. ``text``: words somebody typed: a message, a search, a subject.
    """

    TICKET = "ticket"
    ACCOUNT = "account"
    SITE = "site"
    CHANNEL = "channel"
    DOMAIN = "domain"
    PHONE = "phone"
    TEXT = "text"

    # As the text it equals: an enumeration hashes its names, in Python, a hundred thousand times a second here.
    __hash__ = str.__hash__


FLEETING = frozenset({ClueKind.PHONE, ClueKind.TEXT})
"""Clues that are shown to the resolver and never written anywhere."""


class Clue(NamedTuple):
    """One clue, as logged."""

    kind: ClueKind
    value: str
