"""A notice: everything that one mail about one report says, before it has words. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shirase.domain.bilingual import Language, Paired
from shirase.domain.customer import Customer
from shirase.domain.delivery_settings import MailSender
from shirase.domain.incident import Contact, Stage


class NoticeKind(StrEnum):
    """What a mail is for.

    Attributes:
        REPORT: Carries a report.
        REPLACEMENT: Carries a newer file of a report that was sent before, and says which file it replaces.
        NOTIFY: Says that a report is ready and where the customer picks it up; carries nothing.
        REMINDER: Asks again whether the report of an earlier mail arrived; carries nothing.
        CANARY: A report on its way to a mailbox of the sender's own, before anything goes to customers.
    """

    REPORT = "report"
    REPLACEMENT = "replacement"
    NOTIFY = "notify"
    REMINDER = "reminder"
    CANARY = "canary"


CARRYING = frozenset({NoticeKind.REPORT, NoticeKind.REPLACEMENT, NoticeKind.CANARY})
"""What has the sealed file attached."""


class Protection(StrEnum):
    """What S/MIME (RFC 8551) does for the mail; its text says so. An encrypted mail is signed as well."""

    NONE = "none"
    SIGNED = "signed"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Addressed:
    """Whom a letter is addressed to, in one language; empty parts are not written.

    Attributes:
        organisation: Registered name, exactly as given.
        tag: Language of that name (BCP 47).
        department: Department.
        title: Post of the person.
        person: Person. A Japanese letter honours a person with 様, an organisation with 御中, and never both.
    """

    organisation: str
    tag: str
    department: str = ""
    title: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class AddressedPair:
    """The same addressee in both languages."""

    ja: Addressed
    en: Addressed

    @classmethod
    def build(cls, customer: Customer) -> "AddressedPair":
        """As the letter in the report addresses ``customer``."""
        ja, en = Language.JA, Language.EN
        return cls(
            Addressed(
                customer.name(ja), customer.name_tag(ja),
                customer.department_ja, customer.person_title_ja, customer.person_ja,
            ),
            Addressed(
                customer.name(en), customer.name_tag(en),
                customer.department_en, customer.person_title_en, customer.person_en,
            ),
        )  # fmt: skip

    def of(self, language: Language) -> Addressed:
        """The addressee in ``language``."""
        return self.ja if language is Language.JA else self.en


@dataclass(frozen=True, slots=True)
class Earlier:
    """The mail that this one follows.

    Attributes:
        message_id: Its Message-ID; both stand in one thread by it (RFC 5322, 3.6.4).
        sent_on: Day on which it was sent, by the sender's clock.
        version: Version of the report that it carried.
        sealed_digest: SHA-256 of the file that it carried, in hexadecimal digits.
    """

    message_id: str
    sent_on: date
    version: int
    sealed_digest: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail to one recipient about one report.

    Attributes:
        kind: What it is for.
        delivery_id: Of the delivery; also what a server that knows such keys tells repetitions by.
        message_id: With its angle brackets; fixed at planning, as is ``date``.
        date: When the mail was planned, with its offset.
        sender: Mailboxes of the sender.
        return_path: Envelope sender, to which failure reports go; no header.
        to_address: The recipient. Empty for a customer whom no mail is sent, in a sheet for people.
        languages: Order of the two parts.
        to: Whom the letter is addressed to.
        incident_id: Of the case.
        incident_title: Title of the report.
        report_id: Of the report.
        version: Version of the report.
        revision: Number of the revision that was approved.
        stage: Which report it is.
        sender_name: Name of the sender.
        contact: Where the customer can ask.
        file_name: Of the sealed file; ASCII, with the report id.
        page_count: Its pages.
        sealed_digest: SHA-256 of the sealed file, in hexadecimal digits.
        is_test_seal: Whether a development certificate sealed it.
        is_exercise: Whether the incident is a drill.
        earlier: The mail that a replacement or a reminder follows.
        pick_up: Where and how the customer gets the report, for ``NOTIFY``.
        protection: What S/MIME does for the mail.
    """

    kind: NoticeKind
    delivery_id: str
    message_id: str
    date: datetime
    sender: MailSender
    return_path: str
    to_address: str
    languages: tuple[Language, Language]
    to: AddressedPair
    incident_id: str
    incident_title: Paired
    report_id: str
    version: int
    revision: int
    stage: Stage
    sender_name: Paired
    contact: Contact
    file_name: str
    page_count: int
    sealed_digest: str
    is_test_seal: bool
    is_exercise: bool = False
    earlier: Earlier | None = None
    pick_up: Paired | None = None
    protection: Protection = Protection.NONE

    def __post_init__(self) -> None:
        """Refuse a notice that lacks what its kind speaks of; ``date`` without an offset means nothing elsewhere."""
        if self.date.utcoffset() is None:
            raise ValueError("the date of a notice needs its offset")
        if self.kind in {NoticeKind.REPLACEMENT, NoticeKind.REMINDER} and self.earlier is None:
            raise ValueError(f"a {self.kind} follows an earlier mail")
        if self.kind is NoticeKind.NOTIFY and self.pick_up is None:
            raise ValueError("a notice without the report says where to get it")

    @property
    def is_carrying(self) -> bool:
        """Whether the sealed file is attached."""
        return self.kind in CARRYING


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a mail says: subject, plain text, and the same as an HTML page; both languages in each."""

    subject: str
    text: str
    html: str
