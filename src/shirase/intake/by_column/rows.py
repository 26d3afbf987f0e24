"""Rows by column: what :mod:`shirase.intake.assemble` makes of one meaning, made of many at once."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from shirase.domain.action import Basis
from shirase.domain.clues import Clue
from shirase.evidence.arrays import Column, Repeated
from shirase.intake.assemble import (
    LONGEST_WITH_MICROSECONDS,
    Assembler,
    finer_digits,
    has_finer_digits,
    judged,
    kept_clues,
)
from shirase.intake.by_column.carried import Carried
from shirase.intake.by_column.values import Values

_ENCODE = msgspec.json.Encoder().encode
_sha256 = hashlib.sha256


class Where:
    """Where some records stand: their numbers, offsets and digests."""

    __slots__ = ("digests", "numbers", "offsets")

    def __init__(self, numbers: Sequence[int], offsets: Sequence[int], digests: Sequence[str]) -> None:
        self.numbers = numbers
        self.offsets = offsets
        self.digests = digests


class Made(NamedTuple):
    """Rows, by column of :data:`shirase.evidence.columns.LINE_SCHEMA`."""

    size: int
    columns: tuple[Column, ...]

    def row(self, place: int) -> tuple[Any, ...]:
        """One of them."""
        return tuple(column.value if isinstance(column, Repeated) else column[place] for column in self.columns)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Each of them."""
        return zip(*(_listed(column, self.size) for column in self.columns), strict=True)


def _listed(column: Column, size: int) -> Sequence[Any]:
    return [column.value] * size if isinstance(column, Repeated) else column


def columns_of(
    said: Values, where: Where, assembler: Assembler, path: str, carried: Carried | None = None
) -> tuple[Column, ...]:
    """The columns of the store, in the order of :data:`shirase.evidence.columns.LINE_SCHEMA`."""
    nothing = Repeated(None)
    empty = Repeated([])
    texts: dict[str, Column] = {name: said.texts.get(name) or nothing for name in _IN_ROWS}
    event_ids = said.texts.get("event_id") or [None] * said.count
    owned = _whose(said, assembler)
    contents = _content_digests(said, event_ids, owned.tenant_ids)
    if assembler.site is not None:
        event_ids = [f"{assembler.site}/{event}" if event is not None else None for event in event_ids]
    return (
        Repeated(assembler.source_id), Repeated(path), where.numbers, where.offsets, where.digests, Repeated("action"),
        nothing, contents, event_ids, _uids(event_ids, where, assembler, path), Repeated(assembler.instance),
        said.times_us, said.time_texts, said.qualities, said.actor_ids, texts["actor_name"], texts["actor_email"],
        texts["actor_organisation"], said.actor_kinds, said.codes, said.actions, said.outcomes, owned.tenant_ids,
        owned.bases,
        said.targets, texts["acting_as"], texts["reason_type"], texts["reason_text"], texts["ticket_id"],
        said.addresses, said.address_texts, texts["user_agent"], texts["session_id"], texts["transaction_id"],
        owned.flags, Repeated(assembler.origin if carried is None else assembler.origin_of(carried.origin)),
        nothing if carried is None else Repeated(carried.via), nothing if carried is None else carried.uids,
        nothing if carried is None else carried.received_us, nothing, said.changes or empty, owned.clues,
        owned.candidates, owned.confidence,
    )  # fmt: skip


_IN_ROWS = (
    "actor_name", "actor_email", "actor_organisation", "acting_as", "reason_type", "reason_text", "ticket_id",
    "user_agent", "session_id", "transaction_id",
)  # fmt: skip


def _content_digests(said: Values, event_ids: Sequence[str | None], tenant_ids: Sequence[tuple[str, ...]]) -> list[str]:
    nothing = [None] * said.count
    texts = {name: said.texts.get(name) or nothing for name in _IN_ROWS}
    finer = [""] * said.count
    if max(map(len, said.time_texts)) > LONGEST_WITH_MICROSECONDS and has_finer_digits("\n".join(said.time_texts)):
        finer = list(map(finer_digits, said.time_texts))
    changes = said.changes or [[]] * said.count
    rest = zip(said.times_us, tenant_ids, said.targets, changes, strict=True)
    contents = zip(
        rest, finer, said.actor_ids, texts["actor_name"], texts["actor_email"], texts["actor_organisation"],
        said.actions, said.outcomes, said.outcomes_unmapped, texts["acting_as"], texts["reason_type"],
        texts["reason_text"], texts["ticket_id"], said.addresses, said.address_texts, texts["user_agent"],
        texts["session_id"], texts["transaction_id"], event_ids, said.clues, strict=True,
    )  # fmt: skip
    return [_sha256(content).hexdigest() for content in map(_ENCODE, contents)]


def _uids(event_ids: Sequence[str | None], where: Where, assembler: Assembler, path: str) -> list[str]:
    """As :func:`shirase.domain.identifiers.action_uid`, whose beginning is the same for all records of a file."""
    begun = assembler.uid_seed
    if None in event_ids:
        event_ids = [
            event if event is not None else f"{path}\x00{number}"
            for event, number in zip(event_ids, where.numbers, strict=True)
        ]
    return [_sha256(f"{begun}{event}".encode()).hexdigest() for event in event_ids]


class _Owned(NamedTuple):
    """Whose the records are, by column."""

    tenant_ids: Sequence[tuple[str, ...]]
    bases: Column
    clues: Column
    flags: Column = Repeated([])
    candidates: Column = Repeated([])
    confidence: Column = Repeated(None)


def _whose(said: Values, assembler: Assembler) -> _Owned:
    """Whose the records are: once for those of which tenants and clues are the same."""
    if not any(said.clues):
        if assembler.tenant_id is None:
            bases = [Basis.LOGGED if tenants else Basis.UNKNOWN for tenants in said.tenant_ids]
            return _Owned(said.tenant_ids, bases, Repeated([]))
        of_file = (assembler.tenant_id,)
        bases = [Basis.LOGGED if tenants else Basis.FILE for tenants in said.tenant_ids]
        return _Owned([tenants or of_file for tenants in said.tenant_ids], bases, Repeated([]))
    if not assembler.looks_for_tenants and assembler.tenant_id is None:
        bases = [Basis.LOGGED if tenants else Basis.UNKNOWN for tenants in said.tenant_ids]
        return _Owned(said.tenant_ids, bases, [kept_clues(clues, None) for clues in said.clues])
    asked = list(zip(said.tenant_ids, said.clues, strict=True))
    known = {each: _answer(each[0], each[1], assembler) for each in set(asked)}
    return _Owned(*map(list, zip(*map(known.__getitem__, asked), strict=True)))


def _answer(tenant_ids: tuple[str, ...], clues: tuple[Clue, ...], assembler: Assembler) -> tuple[Any, ...]:
    """As :class:`_Owned`, of one record."""
    tenant_ids, basis, flags, found = assembler.whose(tenant_ids, clues)
    kept = kept_clues(clues, found) if clues else []
    return tenant_ids, basis, kept, flags, *judged(found)
