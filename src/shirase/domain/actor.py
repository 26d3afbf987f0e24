"""Actors: the support engineers and service accounts that the logs name, and who employed them when."""

from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import Field

from shirase.domain.bilingual import CaseModel, NonEmpty


class ActorEntry(CaseModel):
    """One row of ``actors.csv``: who an actor was for a time.

    Attributes:
        actor_id: The identity as the source logs it.
        pseudonym: What reports print instead, stable over the whole case, for example ``SE-07``.
        organisation: Id of the employing organisation.
        job_title_ja: Job title in Japanese.
        job_title_en: Job title in English.
        country: ISO 3166-1 alpha-2 code of the country the actor worked from.
        valid_from: First day (UTC) this row holds; open when absent.
        valid_to: Last day (UTC) this row holds; open when absent.
        other_ids: Ids and mail addresses under which other systems log the same person.
    """

    actor_id: NonEmpty
    pseudonym: NonEmpty
    organisation: NonEmpty
    job_title_ja: NonEmpty
    job_title_en: NonEmpty
    country: str = Field(pattern=r"^[A-Z]{2}$")
    valid_from: date | None = None
    valid_to: date | None = None
    other_ids: tuple[NonEmpty, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Whether this row describes the actor on ``day``."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Roster:
    """Finds who an actor was at a given time, whatever a system calls them.

    Attributes:
        by_id: Rows by the identity of the first source.
        same_as: That identity by every other id.
    """

    by_id: dict[str, tuple[ActorEntry, ...]]
    same_as: dict[str, str] = field(default_factory=dict)

    @classmethod
    def build(cls, entries: tuple[ActorEntry, ...]) -> "Roster":
        """Index ``entries`` by actor.

        Raises:
            ValueError: When two rows of one actor hold on the same day, or a pseudonym or another id stands for two
                actors.
        """
        by_id: dict[str, list[ActorEntry]] = {}
        owner_of: dict[str, str] = {}
        for entry in entries:
            if owner_of.setdefault(entry.pseudonym, entry.actor_id) != entry.actor_id:
                raise ValueError(f"pseudonym {entry.pseudonym!r} stands for two actors")
            for other in by_id.setdefault(entry.actor_id, []):
                if (entry.valid_from or date.min) <= (other.valid_to or date.max) and (
                    other.valid_from or date.min
                ) <= (entry.valid_to or date.max):
                    raise ValueError(f"two rows of actor {entry.actor_id!r} hold on the same day")
            by_id[entry.actor_id].append(entry)
        same_as: dict[str, str] = {}
        for entry in entries:
            for other_id in entry.other_ids:
                if other_id in by_id or same_as.setdefault(other_id, entry.actor_id) != entry.actor_id:
                    raise ValueError(f"{other_id!r} stands for two actors")
        return cls({actor_id: tuple(rows) for actor_id, rows in by_id.items()}, same_as)

    def identity(self, actor_id: str) -> str:
        """The one identity of somebody whom systems call differently; ``actor_id`` itself where nobody knows more."""
        return self.same_as.get(actor_id, actor_id)

    def identities(self) -> dict[str, str]:
        """The one identity by every id that the roster has, including itself."""
        return {**{actor_id: actor_id for actor_id in self.by_id}, **self.same_as}

    def find(self, actor_id: str, at: datetime) -> ActorEntry | None:
        """The row that describes ``actor_id`` at ``at`` (UTC), or None when nobody knows."""
        for entry in self.by_id.get(self.identity(actor_id), ()):
            if entry.holds_on(at.date()):
                return entry
        return None
