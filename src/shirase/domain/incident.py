"""The incident as the sender describes it, and everything else people write in a case."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Self

from pydantic import AwareDatetime, Field, field_validator, model_validator

from shirase.domain.actor import Roster
from shirase.domain.bilingual import CaseModel, Language, NonEmpty, Paired
from shirase.domain.catalogue import Catalogue, Permissions
from shirase.domain.claims import OwnClaim
from shirase.domain.completeness import Regime
from shirase.domain.contacts import Account, PhoneContact
from shirase.domain.customer import CustomerRegister
from shirase.domain.decisions import Decisions
from shirase.domain.glossary import Term
from shirase.domain.impact import Inquiry
from shirase.domain.organisation import Organisation, OrganisationRegister
from shirase.domain.profile import Profile, Zone
from shirase.domain.review_settings import ReviewSection
from shirase.domain.self_check import SelfCheck
from shirase.domain.stated import StatedFacts
from shirase.domain.supersession import PreviousReport
from shirase.domain.tickets import TicketRegister
from shirase.domain.translation import JudgedUnit
from shirase.domain.window import Window, build_window


class Stage(StrEnum):
    """Which report this is."""

    INITIAL = "initial"
    UPDATE = "update"
    FINAL = "final"


class WindowSection(CaseModel):
    """``[window]``: two days or two instants, their zone, and the inclusive end said aloud."""

    start: date | AwareDatetime
    end: date | AwareDatetime
    zone: NonEmpty
    end_is: str = Field(pattern="^inclusive$", description="Always 'inclusive': the end belongs to the window.")

    @field_validator("start", "end", mode="before")
    @classmethod
    def _keep_dates_dates(cls, value: object) -> object:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("write an offset (for example 2022-01-21T00:28:00Z), or a date for the whole day")
        return value

    @model_validator(mode="after")
    def _ends_in_order(self) -> Self:
        try:
            self.build()
        except (ValueError, KeyError, OSError) as error:
            raise ValueError(str(error)) from error
        return self

    def build(self) -> Window:
        """The window these lines describe."""
        return build_window(self.start, self.end, self.zone)


class ConfirmedSection(WindowSection):
    """``[confirmed]``: what the investigation established: when and through which accounts the intruder acted.

    Attributes:
        actors: Actor ids, as the logs have them.
    """

    actors: tuple[NonEmpty, ...] = Field(min_length=1)


class SupersedesSection(CaseModel):
    """``[supersedes]``: the version that these reports replace.

    Attributes:
        version: Its number.
        issued_at: When it was issued.
        folder: Folder below the case with the data copies of that version (``<report id>.json``).
    """

    version: int = Field(ge=1)
    issued_at: AwareDatetime
    folder: NonEmpty = "previous"


class Prevails(StrEnum):
    """Which language decides where the two differ."""

    NONE = "none"
    JA = "ja"
    EN = "en"


class Sender(CaseModel):
    """Who sends the reports."""

    name: Paired
    officer_title: Paired
    officer_name: Paired
    address: Paired


class Contact(CaseModel):
    """Where a customer can ask."""

    desk: Paired
    email: NonEmpty
    phone: NonEmpty
    hours: Paired


MAPPED = "mapped"
"""The adapter that reads anything by a profile."""


class SourceSection(CaseModel):
    """``[[sources]]``: a system that logged something, and the files exported from it.

    Attributes:
        id: Short identifier used in run sheets.
        kind: What the log is. ``superuser`` for the support tool's own log, ``mapped`` for any other.
        name: Printed name of the tool.
        adapter: What reads it, a name of ``shirase sources``; ``mapped`` reads anything by a profile.
        profile: File below the case folder that maps its records; ``mapped`` needs one, few others read one.
        files: Paths or globs below the case folder.
        tenant_id: Constant tenant of all records, for exports of one tenant's own log.
        zone: IANA zone of times without an offset, where the export has such; never guessed.
        locale: Order of day and month in dates as people write them (``mdy``, ``dmy`` or ``ymd``).
        site: Site or workspace the export is of, where ids repeat from site to site.
        record: Dotted path to the record inside each JSON object, where a collector wrapped it.
        origin: For a carrier such as Splunk: the adapter of the system that logged first.
        retention_days: Days for which the system kept this log, where that differs from what the vendor publishes.
        cannot_show: What this log cannot show, besides what is known of its adapter; printed in Annex B.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: str = Field(default=MAPPED, pattern=r"^(superuser|mapped)$")
    name: Paired
    adapter: str = Field(default=MAPPED, pattern=r"^[a-z0-9][a-z0-9-]*$")
    profile: NonEmpty | None = None
    files: tuple[NonEmpty, ...] = Field(min_length=1)
    tenant_id: NonEmpty | None = None
    zone: Zone | None = None
    locale: str | None = Field(default=None, pattern="^(mdy|dmy|ymd)$")
    site: NonEmpty | None = None
    record: NonEmpty | None = None
    origin: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9-]*$")
    retention_days: int | None = Field(default=None, ge=1)
    cannot_show: tuple[Paired, ...] = ()

    @model_validator(mode="after")
    def _profile_where_one_is_read(self) -> Self:
        if MAPPED in (self.adapter, self.origin) and self.profile is None:
            raise ValueError("adapter = 'mapped' needs a profile")
        return self


DEFAULT_REGIMES = ("gdpr-33-2", "gdpr-33-3", "appi-26-1-proviso", "appi-report")
"""What a processor with customers in Japan and in the European Union has to tell them, and they have to report."""


class Incident(CaseModel):
    """``incident.toml``."""

    id: str = Field(pattern=r"^[A-Z0-9][A-Z0-9-]{2,31}$", description="Printed, and part of every report id; ASCII.")
    exercise: bool = Field(default=False, description="True for a drill: every page then says so.")
    title: Paired
    stage: Stage
    version: int = Field(default=1, ge=1, description="Version of the reports: 1, then one more each time.")
    issued_at: AwareDatetime
    as_of: AwareDatetime
    next_update_on: date
    drafted_in: Language
    prevails: Prevails = Field(default=Prevails.NONE, description="Language that decides where both differ, or none.")
    customer_total: int = Field(ge=1, description="All customers of the sender: the population of every percentage.")
    reject_limit: float = Field(ge=0, le=1, description="Share of unusable lines (0 to 1) above which the run stops.")
    regimes: tuple[NonEmpty, ...] = Field(default=DEFAULT_REGIMES, description="Checklists to hold reports against.")
    window: WindowSection
    confirmed: ConfirmedSection | None = None
    supersedes: SupersedesSection | None = None
    sender: Sender
    contact: Contact
    review: ReviewSection = ReviewSection()
    organisations: tuple[Organisation, ...] = Field(min_length=1)
    sources: tuple[SourceSection, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        source_ids = [source.id for source in self.sources]
        if len(set(source_ids)) != len(source_ids):
            raise ValueError("two sources have the same id")
        if not any(organisation.in_scope for organisation in self.organisations):
            raise ValueError("no organisation is in scope, so no report could ever be written")
        if self.supersedes is not None and self.supersedes.version != self.version - 1:
            raise ValueError(f"version {self.version} must supersede version {self.version - 1}")
        if (self.version > 1) != (self.supersedes is not None):
            raise ValueError("version 2 and later, and no other, need [supersedes]")
        return self


class TimelineEntry(CaseModel):
    """One entry of ``timeline.toml``: an instant (``at``) or a range of days (``first_day`` to ``last_day``), UTC."""

    at: AwareDatetime | None = None
    first_day: date | None = None
    last_day: date | None = None
    text: Paired

    @model_validator(mode="after")
    def _instant_or_range(self) -> Self:
        has_range = self.first_day is not None
        if (self.at is not None) == has_range or (self.last_day is not None) != has_range:
            raise ValueError("write either at, or first_day and last_day")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("last_day lies before first_day")
        return self

    def sort_key(self) -> tuple[date, datetime]:
        """Order in time: by UTC day; a range stands after the instants of its first day."""
        if self.at is not None:
            return (self.at.astimezone(UTC).date(), self.at)
        assert self.first_day is not None
        return (self.first_day, datetime.max.replace(tzinfo=UTC))


class NarrativeSection(CaseModel):
    """The paired Markdown of one section, ``narrative/<name>.ja.md`` and ``.en.md``."""

    name: NonEmpty
    text: Paired


@dataclass(frozen=True, slots=True)
class Case:
    """Everything people wrote, read and checked; never the logs themselves.

    Attributes:
        self_check: None when the customers keep no log of their own.
        previous: What the version before told, by customer; empty for version 1.
        digests: SHA-256 of each file people wrote, by path below the case folder.
        canary_key: The secret behind the code on each customer's pages (:mod:`shirase.domain.canary`).
        contract: What contracts ask for besides the law; None when the case lists nothing.
        claims: Figures of its own, and what rests on them.
        translations: Every text in both languages, and whether somebody confirmed that both say the same.
        tickets: The register of support tickets; None when the case has none.
        accounts: Customers' records in other systems.
        contacts: Telephone numbers of people at customers.
    """

    incident: Incident
    window: Window
    organisations: OrganisationRegister
    roster: Roster
    customers: CustomerRegister
    catalogue: Catalogue
    permissions: Permissions
    timeline: tuple[TimelineEntry, ...]
    narrative: tuple[NarrativeSection, ...]
    stated: StatedFacts
    terms: tuple[Term, ...]
    self_check: SelfCheck | None
    inquiries: tuple[Inquiry, ...]
    previous: dict[str, PreviousReport]
    decisions: Decisions
    profiles: dict[str, Profile]
    digests: dict[str, str]
    canary_key: bytes = field(repr=False)
    contract: Regime | None = None
    claims: tuple[OwnClaim, ...] = ()
    translations: tuple[JudgedUnit, ...] = ()
    tickets: TicketRegister | None = None
    accounts: tuple[Account, ...] = ()
    contacts: tuple[PhoneContact, ...] = ()
