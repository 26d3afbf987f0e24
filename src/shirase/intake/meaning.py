"""What one record means, before it is known where it stands: the value every adapter gives back for a record.

Made for every record of a log, hence structs of msgspec: a third of the cost of a frozen dataclass (ADR 0019).
"""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from shirase.domain.action import ActorKind, Change, Outcome, Target, TimeQuality
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.clues import Clue


class Instant(NamedTuple):
    """A time as logged: when it was, how far that can be trusted, and the original text."""

    at: datetime
    quality: TimeQuality
    text: str


class Meaning(msgspec.Struct, kw_only=True, frozen=True, gc=False):
    """One action as a record tells it. Required: when, who, what; everything else may be absent.

    Attributes:
        time: When it happened.
        actor_id: The acting person or service, by the source's own id. Never the person acted on or impersonated.
        action: The source's own code, verbatim.
        code: Code of ``actions.toml``; ``other`` when the adapter does not know ``action``.
        outcome: Whether it took place; ``unknown`` unless the record says so.
        outcome_unmapped: The source's word for the outcome, when the adapter does not know it.
        event_id: The source's own id of the event; None when it has none. Never the id of a transaction or request.
        same_as: What two records with one ``event_id`` must share to be the same event; everything they say, if None.
        tenant_ids: Customers' tenants that the record itself names.
        clues: From what else the tenant may be found.
        acting_as: Whom the actor impersonated.
        end: When it ended, for sessions and calls.
        received_at: When the source or a carrier took the record in.
        via: The system that carried the record, if it came through another one.
        carrier_uid: The carrier's own id of the record.
        origin: Adapter that gave the meaning, when it is not the one that read the file.
        flags: Marks for people, for example ``time_conflict``.
    """

    time: Instant
    actor_id: str
    action: str
    code: str = OTHER_CODE
    actor_name: str | None = None
    actor_email: str | None = None
    actor_organisation: str | None = None
    actor_kind: ActorKind = ActorKind.UNKNOWN
    outcome: Outcome = Outcome.UNKNOWN
    outcome_unmapped: str | None = None
    event_id: str | None = None
    same_as: str | None = None
    tenant_ids: tuple[str, ...] = ()
    clues: tuple[Clue, ...] = ()
    targets: tuple[Target, ...] = ()
    changes: tuple[Change, ...] = ()
    acting_as: str | None = None
    reason_type: str | None = None
    reason_text: str | None = None
    ticket_id: str | None = None
    src_ip: str | None = None
    src_text: str | None = None
    user_agent: str | None = None
    session_id: str | None = None
    transaction_id: str | None = None
    end: datetime | None = None
    received_at: datetime | None = None
    via: str | None = None
    carrier_uid: str | None = None
    origin: str | None = None
    flags: tuple[str, ...] = ()


class AsideKind(StrEnum):
    """Why a well-formed record is no action. Each is counted apart; none is dropped silently.

    ``listed``: its code is listed as no action on a customer's tenant. ``authorisation``: the customer allowed
    something. ``preview``: a snapshot that the final result repeats. ``header``: column names standing as a row.
    ``footer``: a line of an export that holds no record. ``twin``: the second row that one change is written as.
    """

    LISTED = "listed"
    AUTHORISATION = "authorisation"
    PREVIEW = "preview"
    HEADER = "header"
    FOOTER = "footer"
    TWIN = "twin"


class Aside(NamedTuple):
    """A well-formed record that is no action, and why. ``at`` (UTC) says only that the source was logging then."""

    kind: AsideKind
    action: str
    at: datetime | None = None


WRITTEN_BY_OTHERS = ("actor_name", "acting_as", "reason_text", "user_agent")
"""Plain parts of a meaning among :func:`texts_of`; besides them come ``src_text``, names of targets and changes."""


def texts_of(meaning: Meaning) -> list[str | None]:
    """The words of a meaning that somebody other than the source may have written."""
    texts = [meaning.actor_name, meaning.acting_as, meaning.reason_text, meaning.src_text, meaning.user_agent]
    for target in meaning.targets:
        texts.append(target.name)  # noqa: PERF401  twice as fast as a comprehension for one target, the usual number
    for change in meaning.changes:
        texts += (change.old, change.new)
    return texts
