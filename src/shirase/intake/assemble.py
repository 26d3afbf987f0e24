"""Assemble a row of the evidence store from what a record means and where it stands."""

import hashlib
import re
from datetime import datetime
from typing import Any

import msgspec

from shirase.domain.action import Basis
from shirase.domain.clues import FLEETING, Clue, ClueKind
from shirase.domain.identifiers import action_uid, action_uid_seed
from shirase.domain.incident import MAPPED, SourceSection
from shirase.domain.resolution import Resolution, TenantResolver
from shirase.evidence.columns import EPOCH, MICROSECOND, to_micros
from shirase.intake.meaning import Meaning
from shirase.intake.records import PhysicalLine

_BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}(\d+)")
_NONE: list[Any] = []
LONGEST_WITH_MICROSECONDS = len("2022-01-20T23:18:04.645123")
_ENCODE = msgspec.json.Encoder().encode
_LOGGED, _FILE, _UNKNOWN = Basis.LOGGED, Basis.FILE, Basis.UNKNOWN


class Assembler:
    """Makes the rows of one file.

    Attributes:
        source_id: The source.
        instance: SHA-256 of the file.
        site: What stands before the ids of events, where they repeat from site to site.
        tenant_id: The tenant of all records, where the source declares one.
        origin: The adapter that gives the meaning.
        uid_seed: What the ids of all its actions are derived from, besides their own ids.
    """

    def __init__(self, source: SourceSection, source_instance: str, resolver: TenantResolver | None) -> None:
        self.source_id = source.id
        self._kind = source.kind if source.adapter == MAPPED else source.adapter
        self.origin = source.adapter if source.adapter != MAPPED else f"{MAPPED}:{source.profile}"
        self.site = source.site
        self.tenant_id = source.tenant_id
        self.instance = source_instance
        self._resolver = resolver
        self.uid_seed = action_uid_seed(self._kind, source.id)
        self._carried = f"{MAPPED}:{source.profile}"

    @property
    def looks_for_tenants(self) -> bool:
        """Whether clues are weighed."""
        return self._resolver is not None

    def row(self, meaning: Meaning, line: PhysicalLine, path: str) -> tuple[Any, ...]:
        """The row, in the order of :data:`shirase.evidence.columns.LINE_SCHEMA`."""
        tenant_ids, basis, flags, found = self.whose(meaning.tenant_ids, meaning.clues, meaning.flags)
        event_id = meaning.event_id
        if event_id is not None and self.site is not None:
            event_id = f"{self.site}/{event_id}"
        at, quality, time_text = meaning.time
        time_us = (at - EPOCH) // MICROSECOND
        targets = [(target.type, target.id, target.name, target.tenant_id) for target in meaning.targets]
        changes = (
            [(change.field, change.old, change.new, change.truncated) for change in meaning.changes]
            if meaning.changes
            else _NONE
        )
        return (
            self.source_id,
            path,
            line.number,
            line.offset,
            line.digest,
            "action",
            None,
            _content_digest(meaning, (time_us, tenant_ids, targets, changes)),
            event_id,
            action_uid(self._kind, self.source_id, event_id if event_id is not None else f"{path}\x00{line.number}"),
            self.instance,
            time_us,
            time_text,
            quality,
            meaning.actor_id,
            meaning.actor_name,
            meaning.actor_email,
            meaning.actor_organisation,
            meaning.actor_kind,
            meaning.code,
            meaning.action,
            meaning.outcome,
            tenant_ids,
            basis,
            targets,
            meaning.acting_as,
            meaning.reason_type,
            meaning.reason_text,
            meaning.ticket_id,
            meaning.src_ip,
            meaning.src_text,
            meaning.user_agent,
            meaning.session_id,
            meaning.transaction_id,
            flags,
            self.origin_of(meaning.origin),
            meaning.via,
            meaning.carrier_uid,
            _micros(meaning.received_at),
            _micros(meaning.end),
            changes,
            kept_clues(meaning.clues, found) if meaning.clues else _NONE,
            *judged(found),
        )

    def origin_of(self, origin: str | None) -> str:
        """The adapter that gave a meaning, with its profile; ``origin`` is None where it read the file itself."""
        if origin is None:
            return self.origin
        return self._carried if origin == MAPPED else origin

    def whose(
        self, tenant_ids: tuple[str, ...], clues: tuple[Clue, ...], marks: tuple[str, ...] = ()
    ) -> tuple[tuple[str, ...], str, list[str], Resolution | None]:
        """Tenants, the ground on which they are known, and marks: what the record says first, then the file."""
        flags = list(marks)
        if tenant_ids:
            return tenant_ids, _LOGGED, flags, None
        if self.tenant_id is not None:
            return (self.tenant_id,), _FILE, flags, None
        if self._resolver is not None and clues:
            found = self._resolver(clues)
            if found is not None:
                flags = sorted({*flags, *found.flags})
                return found.tenant_ids, found.basis if found.tenant_ids else _UNKNOWN, flags, found
        return (), _UNKNOWN, flags, None


def kept_clues(clues: tuple[Clue, ...], found: Resolution | None) -> list[tuple[str, str]]:
    """Clues that may be written, and the support tickets that were found in words that may not."""
    kept: list[tuple[str, str]] = [(kind, value) for kind, value in clues if kind not in FLEETING]
    if found is None:
        return kept
    tickets = ((ClueKind.TICKET, number) for number in found.ticket_ids)
    return [*kept, *(ticket for ticket in tickets if ticket not in kept)]


def judged(found: Resolution | None) -> tuple[Any, str | None]:
    """Customers among whom a person has to choose, and how far a finding carries."""
    if found is None:
        return _NONE, None
    return found.candidates, found.confidence.value if found.tenant_ids else None


def _content_digest(meaning: Meaning, rest: tuple[Any, ...]) -> str:
    """SHA-256 over everything an action says, leaving out where and how the record stands."""
    if meaning.same_as is not None:
        return hashlib.sha256(f"same\x00{meaning.same_as}".encode()).hexdigest()
    said = (
        rest, finer_digits(meaning.time.text), meaning.actor_id, meaning.actor_name, meaning.actor_email,
        meaning.actor_organisation, meaning.action, meaning.outcome, meaning.outcome_unmapped, meaning.acting_as,
        meaning.reason_type, meaning.reason_text, meaning.ticket_id, meaning.src_ip, meaning.src_text,
        meaning.user_agent, meaning.session_id, meaning.transaction_id, meaning.event_id, meaning.clues,
    )  # fmt: skip
    return hashlib.sha256(_ENCODE(said)).hexdigest()


def finer_digits(time_text: str) -> str:
    """Digits of a second beyond the microseconds that an action keeps."""
    if len(time_text) <= LONGEST_WITH_MICROSECONDS:
        return ""
    finer = _BEYOND_MICROSECONDS.search(time_text)
    return finer[1].rstrip("0") if finer is not None else ""


def has_finer_digits(time_texts: str) -> bool:
    """Whether any of many times may have such digits."""
    return _BEYOND_MICROSECONDS.search(time_texts) is not None


def _micros(instant: datetime | None) -> int | None:
    return to_micros(instant) if instant is not None else None
