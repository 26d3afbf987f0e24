"""Customers and the tenants they run."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from shirase.domain.bilingual import CaseModel, Language, NonEmpty


class CustomerStatus(StrEnum):
    """Whether the customer still is one. Those who left are told as well: the actions were on their tenant."""

    ACTIVE = "active"
    LEFT = "left"


class DeliveryPolicy(StrEnum):
    """How the finished report reaches the customer.

    In a mail, in one that is signed or encrypted as well (S/MIME, RFC 8551), with a mail that only says where to fetch
    it, or without any mail.
    """

    ATTACH = "attach"
    SMIME_SIGNED = "smime_signed"
    SMIME_ENCRYPTED = "smime_encrypted"
    NOTIFY_ONLY = "notify_only"
    BY_HAND = "by_hand"


class Paper(StrEnum):
    """Paper size of the report."""

    A4 = "a4"
    LETTER = "letter"


class DataCopyPolicy(StrEnum):
    """Where the rows of the report go besides the pages."""

    EMBED = "embed"
    BESIDE = "beside"
    NONE = "none"


class Customer(CaseModel):
    """One row of ``customers.csv``. Names are kept and printed exactly as given, never normalised.

    Attributes:
        customer_id: The sender's own key for the customer.
        name_ja: Registered name in Japanese; empty when there is none.
        name_en: Registered name in English; empty when there is none.
        tenant_ids: Every tenant the customer runs, as the logs name them.
        domains: Mail and web domains of the customer.
        languages: Order of the two parts of the report.
        time_zone: IANA zone printed beside UTC.
        status: Active or left.
        recipients: Mail addresses that the register of customers has; ``recipients.csv`` says who is written to.
        delivery_policy: How the report is delivered.
        department_ja: Department the letter goes to, in Japanese; likewise the columns after it.
        department_en: Department, in English.
        person_title_ja: Post of the person addressed, in Japanese.
        person_title_en: Post, in English.
        person_ja: Person addressed, in Japanese. With a person the honorific is 様, without one 御中.
        person_en: Person addressed, in English.
        name_language: Language of names that are neither Japanese nor English (BCP 47, such as ko or zh-Hans).
        paper: Paper size, a4 or letter.
        data_copy: Whether the rows go into the PDF and beside it as files (embed), only beside it, or to nobody.
        phones: Telephone numbers of the customer: to know its calls, and that no other report shows them.
        regimes: What the customer may have to report under; those of the incident when empty.
    """

    customer_id: NonEmpty
    name_ja: str = ""
    name_en: str = ""
    tenant_ids: tuple[NonEmpty, ...]
    domains: tuple[NonEmpty, ...] = ()
    languages: tuple[Language, Language] = (Language.JA, Language.EN)
    time_zone: NonEmpty = "UTC"
    status: CustomerStatus = CustomerStatus.ACTIVE
    recipients: tuple[NonEmpty, ...] = ()
    delivery_policy: DeliveryPolicy = DeliveryPolicy.ATTACH
    department_ja: str = ""
    department_en: str = ""
    person_title_ja: str = ""
    person_title_en: str = ""
    person_ja: str = ""
    person_en: str = ""
    name_language: str = Field(default="", pattern=r"^([a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?)?$")
    paper: Paper = Paper.A4
    data_copy: DataCopyPolicy = DataCopyPolicy.EMBED
    phones: tuple[NonEmpty, ...] = ()
    regimes: tuple[NonEmpty, ...] = ()

    @field_validator("languages")
    @classmethod
    def _both_languages(cls, value: tuple[Language, Language]) -> tuple[Language, Language]:
        if set(value) != set(Language):
            raise ValueError("write both languages, in the order of the report: ja;en or en;ja")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            _zone(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is not an IANA time zone such as Asia/Tokyo") from error
        return value

    def name(self, language: Language) -> str:
        """The registered name in ``language``, or the other one where it has none. Never a transliteration."""
        preferred, other = (self.name_ja, self.name_en) if language is Language.JA else (self.name_en, self.name_ja)
        return preferred or other

    def name_tag(self, language: Language) -> str:
        """Language tag (BCP 47) of :meth:`name`: that of the name printed, which may be the other one's."""
        if self.name_language and not (language is Language.JA and self.name_ja and self.name_en):
            return self.name_language
        if language is Language.JA:
            return Language.JA if self.name_ja else Language.EN
        return Language.EN if self.name_en else Language.JA


@cache
def _zone(name: str) -> ZoneInfo:
    """Zones once read: a register has thousands of rows, and the library forgets all but the last eight."""
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class CustomerRegister:
    """All customers of the sender, by id and by tenant."""

    by_id: dict[str, Customer]
    by_tenant: dict[str, str]

    @classmethod
    def build(cls, customers: tuple[Customer, ...]) -> "CustomerRegister":
        """Index ``customers``.

        Raises:
            ValueError: When an id is given twice, or a tenant belongs to two customers.
        """
        by_id: dict[str, Customer] = {}
        by_tenant: dict[str, str] = {}
        for customer in customers:
            if customer.customer_id in by_id:
                raise ValueError(f"customer {customer.customer_id!r} is listed twice")
            if not (customer.name_ja or customer.name_en):
                raise ValueError(f"customer {customer.customer_id!r} has no name in either language")
            by_id[customer.customer_id] = customer
            for tenant_id in customer.tenant_ids:
                owner = by_tenant.setdefault(tenant_id, customer.customer_id)
                if owner != customer.customer_id:
                    raise ValueError(f"tenant {tenant_id!r} belongs to {owner!r} and to {customer.customer_id!r}")
        return cls(by_id, by_tenant)

    def owner_of(self, tenant_id: str) -> str | None:
        """Id of the customer that runs ``tenant_id``, or None when no customer does."""
        return self.by_tenant.get(tenant_id)
