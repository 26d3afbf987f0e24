"""Edge: what is put around a finished mail: S/MIME for customers who ask for it, DKIM where no server of ours signs."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from shirase.delivery.dkim import DkimDomain, sign_for_domain
from shirase.delivery.smime import encrypt_message, plain_message, sign_message
from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.delivery_settings import DeliverySettings
from shirase.domain.errors import CaseError, Problem, TamperedError, UsageError
from shirase.domain.notice import Protection
from shirase.domain.recipients import Recipient
from shirase.domain.sending import PlannedMail
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.outgoing import Outgoing
from shirase.sealing.keys import open_file, read_private
from shirase.sealing.mail_certificates import (
    detached_signature,
    envelope_for,
    read_dkim_key,
    read_mail_certificate,
    require_for_encrypting,
    require_for_signing,
)

Sign = Callable[[bytes], bytes]

_BY_POLICY: Mapping[DeliveryPolicy, Protection] = {
    DeliveryPolicy.SMIME_SIGNED: Protection.SIGNED, DeliveryPolicy.SMIME_ENCRYPTED: Protection.ENCRYPTED,
}  # fmt: skip


def protection_of(customer: Customer) -> Protection:
    """What a customer asks for."""
    return _BY_POLICY.get(customer.delivery_policy, Protection.NONE)


@dataclass(frozen=True, slots=True)
class MailKeys:
    """What mails are protected with.

    Attributes:
        sign: Makes the signatures of S/MIME; None where nobody asks for it.
        envelopes: By mailbox: encrypts to its certificate.
        dkim: Whose domain vouches, and what signs for it.
    """

    sign: Sign | None = None
    envelopes: Mapping[str, Sign] = field(default_factory=dict)
    dkim: tuple[DkimDomain, Sign] | None = None

    def protect(self, bare: "Bare") -> bytes:
        """``bare`` as it is handed to a server."""
        message, mail = bare.content, bare.mail
        if bare.protection is not Protection.NONE:
            assert self.sign is not None
            message = sign_message(message, mail.delivery_id, self.sign)
        if bare.protection is Protection.ENCRYPTED:
            message = encrypt_message(message, self.envelopes[mail.address])
        if self.dkim is not None:
            domain, sign = self.dkim
            message = sign_for_domain(message, domain, datetime.fromisoformat(mail.dated_at), sign)
        return message


@dataclass(frozen=True, slots=True)
class Bare:
    """A mail before anything is put around it."""

    mail: PlannedMail
    content: bytes
    protection: Protection


def keep_protected(outbox: Outbox, keys: MailKeys, bare: Bare, before: PlannedMail | None) -> PlannedMail:
    """Write the mail as it is handed over. One that was signed before, of the same content, stays as it is."""
    mail = bare.mail
    if before is not None and before.content_digest == mail.content_digest and _is_there(outbox, before):
        return replace(mail, mail_digest=before.mail_digest, size=before.size)
    message = keys.protect(bare)
    outbox.write_mail(mail.delivery_id, message)
    return replace(mail, mail_digest=hashlib.sha256(message).hexdigest(), size=len(message))


def require_content(message: bytes, content: bytes, protection: Protection) -> None:
    """Refuse a message that does not hold ``content``, as far as that can be seen from outside.

    What is encrypted cannot be looked into by whoever encrypted it; its digest, kept when it was made, stands for it.

    Raises:
        TamperedError: When it holds something else.
    """
    if protection is Protection.ENCRYPTED:
        return
    whole = message
    if whole.startswith(b"DKIM-Signature:"):
        whole = whole[_end_of_first_header(whole) :]
    if (plain_message(whole) if protection is Protection.SIGNED else whole) != content:
        mend = "`shirase send` makes it again; find out who changed it"
        raise TamperedError(Problem("is not the mail that was looked at", "mail", mend))


def read_mail_keys(outgoing: Outgoing, *, passphrase: Callable[[], str], now: datetime) -> MailKeys:
    """Open what is needed for these customers, and refuse keys and certificates that would not do.

    Raises:
        CaseError: When a key or certificate is missing.
        UsageError: When one cannot be used.
    """
    folder, settings, customers = outgoing.folder, outgoing.settings, tuple(outgoing.owners.values())
    asked = {protection_of(each) for each in customers} - {Protection.NONE}
    sign, envelopes = None, {}
    if asked:
        if settings.smime is None:
            what = "customers ask for S/MIME, and no key is named"
            raise CaseError(Problem(what, "delivery.toml", "write [smime], or choose another policy"))
        key = open_file(folder / settings.smime.key, passphrase())
        require_for_signing(key, settings.sender.address, now)
        sign = detached_signature(key, now)
    for customer in customers:
        if protection_of(customer) is Protection.ENCRYPTED:
            for each in outgoing.recipients.of(customer.customer_id):
                envelopes[each.address] = _envelope(folder, each, now)
    return MailKeys(sign, envelopes, _dkim(folder, settings))


def _envelope(folder: Path, recipient: Recipient, now: datetime) -> Sign:
    certificate = read_mail_certificate(_read(folder / recipient.certificate), recipient.certificate)
    require_for_encrypting(certificate, recipient.address, now)
    return envelope_for([certificate])


def _dkim(folder: Path, settings: DeliverySettings) -> tuple[DkimDomain, Sign] | None:
    section = settings.dkim
    if section is None or not section.key:
        return None
    domain = DkimDomain(section.domain or settings.sender.domain, section.selector)
    return domain, read_dkim_key(read_private(folder / section.key), section.key)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(Problem("cannot be read", str(path), "put it there, or name another file")) from error


def _is_there(outbox: Outbox, mail: PlannedMail) -> bool:
    try:
        return hashlib.sha256(outbox.mail(mail.delivery_id).read_bytes()).hexdigest() == mail.mail_digest
    except OSError:
        return False


def _end_of_first_header(message: bytes) -> int:
    """Where the second header begins: the first line that is no continuation."""
    at = message.index(b"\r\n") + 2
    while message[at : at + 1] in (b" ", b"\t"):
        at = message.index(b"\r\n", at) + 2
    return at
