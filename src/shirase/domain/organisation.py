"""Organisations that employ the people behind the actions, under all the names they have had."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import Field

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired


class Alias(CaseModel):
    """A name an organisation bore, and from when to when (both days included, UTC; open where absent)."""

    name: NonEmpty
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the name meant this organisation on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Organisation(CaseModel):
    """An employer of support staff.

    Attributes:
        id: Short identifier used in ``actors.csv`` and in rules.
        name: The name printed in reports.
        in_scope: Whether actions of its people are reported to customers.
        role: What it is to the sender, for example its sub-processor; printed in reports.
        aliases: Every name under which logs may know it.
    """

    id: NonEmpty
    name: Paired
    in_scope: bool
    role: Paired
    aliases: tuple[Alias, ...] = Field(default=())


def name_key(name: str) -> str:
    """The key under which two spellings of an organisation's name are the same.

    Width, case and spacing are ignored; nothing else is, so that "Sykes" never swallows "Sykes & Daughters".
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(folded.split())


@dataclass(frozen=True, slots=True)
class OrganisationRegister:
    """Finds the organisation that a logged name meant on a given day.

    Raises:
        ValueError: From :meth:`build`, when one name means two organisations on the same day.
    """

    organisations: tuple[Organisation, ...]
    by_key: dict[str, tuple[tuple[Alias, Organisation], ...]]

    @classmethod
    def build(cls, organisations: tuple[Organisation, ...]) -> "OrganisationRegister":
        """Index ``organisations`` by every name they have had, their own id and printed names included."""
        by_key: dict[str, list[tuple[Alias, Organisation]]] = {}
        for organisation in organisations:
            own_names = {organisation.id, organisation.name.ja, organisation.name.en}
            listed = {name_key(alias.name) for alias in organisation.aliases}
            aliases = [*organisation.aliases]
            aliases += [Alias(name=name) for name in sorted(own_names) if name_key(name) not in listed]
            for alias in aliases:
                by_key.setdefault(name_key(alias.name), []).append((alias, organisation))
        for key, entries in by_key.items():
            _refuse_overlap(key, entries)
        return cls(organisations, {key: tuple(entries) for key, entries in by_key.items()})

    def find(self, name: str, at: datetime) -> Organisation | None:
        """The organisation that ``name`` meant at ``at`` (UTC), or None when nobody knows."""
        for alias, organisation in self.by_key.get(name_key(name), ()):
            if alias.holds_on(at.date()):
                return organisation
        return None

    def get(self, organisation_id: str) -> Organisation | None:
        """The organisation with this id."""
        return next((entry for entry in self.organisations if entry.id == organisation_id), None)


def _refuse_overlap(key: str, entries: list[tuple[Alias, Organisation]]) -> None:
    for position, (alias, organisation) in enumerate(entries):
        for other_alias, other in entries[position + 1 :]:
            starts_before_other_ends = (alias.valid_from or date.min) <= (other_alias.valid_to or date.max)
            ends_after_other_starts = (other_alias.valid_from or date.min) <= (alias.valid_to or date.max)
            if other.id != organisation.id and starts_before_other_ends and ends_after_other_starts:
                raise ValueError(f"the name {key!r} means both {organisation.id!r} and {other.id!r} at the same time")
