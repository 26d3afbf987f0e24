"""Adapters as data: a table says what an adapter is called, knows and lets pass; a module adds what data cannot say."""

import tomllib
from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import resources
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from shirase.domain.action import Outcome
from shirase.domain.bilingual import CaseModel, NonEmpty
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.profile import Profile, TimeFormat
from shirase.intake.instants import parse_rfc3339
from shirase.intake.json_records import Record
from shirase.intake.mapping import ProfileReader
from shirase.intake.sources.contract import Card, Framing, Options, Reader, RecordContext, Shape, Steps, TimeColumn
from shirase.intake.values import dig

TABLES = "shirase.intake.sources.tables"
_MISSING = object()


class FramingTable(CaseModel):
    """``[framing]``: as :class:`shirase.intake.sources.contract.Framing`."""

    shapes: tuple[Shape, ...] = (Shape.JSON,)
    envelopes: tuple[NonEmpty, ...] = ()
    tables: dict[str, str] = Field(default_factory=dict)
    document: str = ""
    element: str = ""
    members: str = ""
    companions: tuple[NonEmpty, ...] = ()
    stop_at_blank: bool = False


class Signature(CaseModel):
    """``[signature]``: by what a record is known: dotted paths that must all, partly, or not at all be there.

    Attributes:
        envelope: Names beside the list of records, any of which is enough by itself.
    """

    all: tuple[NonEmpty, ...] = ()
    any: tuple[NonEmpty, ...] = ()
    none: tuple[NonEmpty, ...] = ()
    equal: dict[str, str] = Field(default_factory=dict)
    envelope: tuple[NonEmpty, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.all or self.any or self.equal):
            raise ValueError("a signature that asks for nothing fits every record")
        return self

    def fits(self, record: Record) -> bool:
        """Whether ``record`` bears it."""
        return (
            all(_has(record, path) for path in self.all)
            and (not self.any or any(_has(record, path) for path in self.any))
            and not any(_has(record, path) for path in self.none)
            and all(dig(record, *path.split(".")) == value for path, value in self.equal.items())
        )


class SourceTable(CaseModel):
    """One file of ``tables/``.

    Attributes:
        known: Top-level fields that may pass; everything else is counted and left out.
        sensitive: Dotted paths that never pass, and what they hold.
        action_codes: The source's own codes and what they are in ``actions.toml``.
        not_actions: Own codes that are no action on a customer's tenant.
        authorisations: Own codes by which a customer allowed something.
        outcomes: The source's own words for an outcome.
        origins: For a carrier: its marks of the systems that logged first, and the adapters for them.
        inside: Names known inside parts of a record, by the dotted path of the part.
        time: Dotted path of the time, for records that a carrier forwards without one.
        time_format: How it is written there.
        profile: The mapping, where one suffices and no module is needed.
    """

    title: NonEmpty
    wrappers: NonEmpty
    event_id: NonEmpty
    actor: NonEmpty
    tenant: NonEmpty
    limits: NonEmpty
    needs: tuple[NonEmpty, ...] = ()
    framing: FramingTable = FramingTable()
    signature: Signature
    known: tuple[NonEmpty, ...] = ()
    sensitive: dict[str, NonEmpty] = Field(default_factory=dict)
    action_codes: dict[str, NonEmpty] = Field(default_factory=dict)
    not_actions: tuple[NonEmpty, ...] = ()
    authorisations: tuple[NonEmpty, ...] = ()
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    origins: dict[str, NonEmpty] = Field(default_factory=dict)
    inside: dict[str, tuple[NonEmpty, ...]] = Field(default_factory=dict)
    time: NonEmpty | None = None
    time_format: TimeFormat = TimeFormat.RFC3339
    profile: Profile | None = None


class TableReader(Reader):
    """A reader with its table at hand. Subclass and write ``read``."""

    def __init__(self, table: SourceTable, options: Options) -> None:
        super().__init__()
        self.known = frozenset(table.known)
        self.sensitive = table.sensitive
        self.inside = {path: frozenset(names) for path, names in table.inside.items()}
        self.time_field = (table.time, table.time_format) if table.time is not None else None
        self.options = options
        self.codes: Mapping[str, str] = table.action_codes
        self.not_actions = frozenset(table.not_actions)
        self.authorisations = frozenset(table.authorisations)
        self.outcomes: Mapping[str, Outcome] = table.outcomes

    def code(self, native: str) -> str:
        """The code of ``actions.toml`` for the source's own code."""
        return self.codes.get(native, OTHER_CODE)

    def printed_time(self, *ways: Steps) -> TimeColumn:
        """A time written as RFC 3339, in the zone that the source declares where it has no offset."""
        return TimeColumn(ways, TimeFormat.RFC3339, lambda text: parse_rfc3339(text, self.options.zone))

    def outcome(self, word: str | None) -> tuple[Outcome, str | None]:
        """The outcome that ``word`` means, and the word itself when nobody knows it."""
        if word is None:
            return Outcome.UNKNOWN, None
        known = self.outcomes.get(word)
        return (Outcome.UNKNOWN, word) if known is None else (known, None)


class TableAdapter:
    """An adapter of a table and, where data cannot say it, a reader."""

    def __init__(self, name: str, table: SourceTable, reader: Callable[[SourceTable, Options], Reader] | None) -> None:
        self._name = name
        self._table = table
        self._reader = reader

    @classmethod
    def load(cls, name: str, reader: Callable[[SourceTable, Options], Reader] | None = None) -> "TableAdapter":
        """The adapter whose table is ``tables/<name>.toml``.

        Raises:
            ValueError: When the table is wrong: a fault of the program, not of a case.
        """
        text = resources.files(TABLES).joinpath(f"{name}.toml").read_text(encoding="utf-8")
        try:
            return cls(name, SourceTable.model_validate(tomllib.loads(text)), reader)
        except (ValidationError, tomllib.TOMLDecodeError) as error:
            raise ValueError(f"tables/{name}.toml: {error}") from error

    @cached_property
    def card(self) -> Card:
        """What people are told about it."""
        table = self._table
        return Card(
            self._name, table.title, table.wrappers, table.event_id, table.actor, table.tenant, table.limits,
            table.needs,
        )  # fmt: skip

    @cached_property
    def framing(self) -> Framing:
        """How its records lie in a file."""
        framing = self._table.framing
        return Framing(
            frozenset(framing.shapes), framing.envelopes, framing.tables, framing.document, framing.element,
            framing.members, framing.companions, framing.stop_at_blank,
        )  # fmt: skip

    def knows(self, record: Record, context: RecordContext) -> bool:
        """Whether ``record`` bears the signature, or lies in an envelope that does."""
        signature = self._table.signature
        return signature.fits(record) or any(name in context.envelope for name in signature.envelope)

    def reader(self, options: Options) -> Reader:
        """A reader for one file."""
        for need in self._table.needs:
            if getattr(options, need) is None:
                raise ValueError(f"declare {need}: the export does not say it, and it is never guessed")
        if self._reader is not None:
            return self._reader(self._table, options)
        assert self._table.profile is not None
        return _DeclaredReader(self._table, _in_zone(self._table.profile, options.zone))


class _DeclaredReader(ProfileReader):
    def __init__(self, table: SourceTable, profile: Profile) -> None:
        super().__init__(profile, table.sensitive)
        self.known |= frozenset(table.known)


def _in_zone(profile: Profile, zone: str | None) -> Profile:
    """``profile`` with the zone that the source declares for times without an offset."""
    if zone is None:
        return profile
    time = profile.fields.time.model_copy(update={"zone": zone})
    return profile.model_copy(update={"fields": profile.fields.model_copy(update={"time": time})})


def _has(record: Any, path: str) -> bool:
    for step in path.split("."):
        if not isinstance(record, dict):
            return False
        record = record.get(step, _MISSING)
        if record is _MISSING:
            return False
    return True
