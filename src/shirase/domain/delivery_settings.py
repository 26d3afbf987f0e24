"""How mails are sent: from whom, over which server, how fast. What people write in ``delivery.toml``."""

from datetime import time
from enum import StrEnum

from pydantic import Field, field_validator, model_validator

from shirase.domain.bilingual import CaseModel, NonEmpty, Paired
from shirase.domain.delivery import BackOff
from shirase.domain.recipients import domain_of, is_address

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Tls(StrEnum):
    """How the connection to the server is protected; there is no "if it can be had"."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


class MailSender(CaseModel):
    """Who the mails are from.

    Attributes:
        address: Mailbox in From.
        reply_to: Mailbox that answers go to, read by people.
        bounces: Mailbox that failure reports go to, each under an address of its own: name+delivery@domain.
    """

    address: NonEmpty
    reply_to: NonEmpty
    bounces: NonEmpty

    @field_validator("address", "reply_to", "bounces")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not is_address(value):
            raise ValueError("write one mailbox, such as incident@sender.example")
        return value

    def return_path(self, identifier: str) -> str:
        """The envelope sender of one delivery, so that a bounce says by its address which one it is of (VERP)."""
        name, _, domain = self.bounces.rpartition("@")
        return f"{name}+{identifier}@{domain}"

    @property
    def domain(self) -> str:
        """The domain of Message-IDs."""
        return domain_of(self.address)


class MailServer(CaseModel):
    """The server that takes the mails over: best one of your own, whose log can answer what became of one.

    Attributes:
        host: Its name, as its certificate has it.
        port: 587 for starttls, 465 for implicit.
        tls: starttls, implicit, or none, which is for a server on this machine only.
        user: Login; the password comes from --password-fd or --credential. Empty for a server that asks for none.
        max_bytes: The largest message that it takes.
        authority: File below the case folder with the authority (PEM) of its certificate, where it is one of your own.
    """

    host: NonEmpty
    port: int = Field(default=587, ge=1, le=65535)
    tls: Tls = Tls.STARTTLS
    user: str = ""
    max_bytes: int = Field(default=25_000_000, ge=100_000)
    authority: str = ""

    @model_validator(mode="after")
    def _protected(self) -> "MailServer":
        if self.tls is Tls.NONE and self.host not in _LOOPBACK:
            raise ValueError("tls = none is for a server on this machine only")
        return self


class Pace(CaseModel):
    """How fast, when, and how often.

    Attributes:
        per_minute: Mails a minute over all.
        per_domain_per_minute: Mails a minute to one domain.
        from_hour: Earliest time of day at the customer; nothing is sent outside these hours.
        to_hour: Latest time of day there.
        attempts: After so many attempts that were put off, a person is asked.
        first_wait: Seconds after the first of them; then twice as long each time, at most four hours.
        stop_after: After so many mails in a row that were not accepted, the run stops.
    """

    per_minute: float = Field(default=60, gt=0)
    per_domain_per_minute: float = Field(default=20, gt=0)
    from_hour: time | None = None
    to_hour: time | None = None
    attempts: int = Field(default=10, ge=1)
    first_wait: float = Field(default=300, gt=0)
    stop_after: int = Field(default=5, ge=1)

    @model_validator(mode="after")
    def _hours(self) -> "Pace":
        if (self.from_hour is None) != (self.to_hour is None):
            raise ValueError("write from_hour and to_hour, or neither")
        if self.from_hour is not None and self.to_hour is not None and self.from_hour >= self.to_hour:
            raise ValueError("from_hour comes before to_hour")
        return self

    @property
    def back_off(self) -> BackOff:
        """How long to wait after attempts that were put off."""
        return BackOff(first=self.first_wait, attempts=self.attempts)

    def is_open(self, at: time) -> bool:
        """Whether mails go out at this time of day, as the customer's clock shows it."""
        return self.from_hour is None or self.to_hour is None or self.from_hour <= at < self.to_hour


class ImapServer(CaseModel):
    """``[imap]``: the mailbox that failure reports and answers come to, on an IMAP server, over TLS from the start.

    Attributes:
        host: Its name, as its certificate has it.
        port: 993.
        user: Login; the password comes from --passphrase-fd or --credential.
        folder: Which folder of the mailbox.
        authority: File below the case folder with the authority (PEM) of its certificate, where it is one of your own.
    """

    host: NonEmpty
    port: int = Field(default=993, ge=1, le=65535)
    user: NonEmpty
    folder: NonEmpty = "INBOX"
    authority: str = ""

    @field_validator("user", "folder")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if not (value.isascii() and value.isprintable()):
            raise ValueError("write it in ASCII, as the server itself calls it")
        return value


class MaildirSection(CaseModel):
    """``[maildir]``: the same on this machine, where its mail server keeps mails as files.

    Attributes:
        path: Folder that holds ``cur`` and ``new``.
    """

    path: NonEmpty


class CanarySection(CaseModel):
    """``[canary]``: your own mailboxes, to which one report is sent before anything goes to a customer.

    Attributes:
        mailboxes: Addresses of your own, best at several providers.
        imap: Where they are read, if not where failure reports are.
        maildir: The same on this machine.
    """

    mailboxes: tuple[NonEmpty, ...] = Field(min_length=1)
    imap: ImapServer | None = None
    maildir: MaildirSection | None = None

    @field_validator("mailboxes")
    @classmethod
    def _plain(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if wrong := [each for each in value if not is_address(each)]:
            raise ValueError(f"{', '.join(wrong)}: write one mailbox each, such as canary@sender.example")
        return value


class DkimSection(CaseModel):
    """``[dkim]``: the key with which your servers sign mails, if they do; the check of the sender looks it up.

    Attributes:
        selector: Its name, as in selector._domainkey.domain.
        domain: Whose it is; empty for the domain of the sender.
        key: File with the private key (PEM), where no server of yours signs and this program has to.
    """

    selector: NonEmpty
    domain: str = ""
    key: str = ""


class SmimeSection(CaseModel):
    """``[smime]``: the key that signs mails to customers with the policy ``smime_signed`` or ``smime_encrypted``.

    Attributes:
        key: PKCS#12 file, best outside of the case folder, its certificate made out to the sender's mailbox; the
            passphrase comes from --smime-passphrase-fd or --smime-credential.
    """

    key: NonEmpty


class DeliverySettings(CaseModel):
    """``delivery.toml``: how the mails of this incident are sent.

    Attributes:
        sender: Who they are from.
        server: Which server takes them over.
        pace: How fast, when, and how often.
        canary: Your own mailboxes, which come first.
        pick_up: Where and how a customer with the policy ``notify_only`` gets its report, without a link.
        imap: The mailbox that failure reports and answers come to, on an IMAP server.
        maildir: The same as a folder of this machine; one of the two at most.
        dkim: The key with which mails are signed.
        smime: The key that signs mails to customers who ask for S/MIME.
    """

    sender: MailSender
    server: MailServer
    pace: Pace = Pace()
    canary: CanarySection | None = None
    pick_up: Paired | None = None
    imap: ImapServer | None = None
    maildir: MaildirSection | None = None
    dkim: DkimSection | None = None
    smime: SmimeSection | None = None

    @model_validator(mode="after")
    def _one_mailbox(self) -> "DeliverySettings":
        if self.imap is not None and self.maildir is not None:
            raise ValueError("failure reports come to one place: write [imap] or [maildir]")
        return self
