"""A mail that was looked at is signed, encrypted and vouched for, in this order, by the process that holds the keys.

What was made is kept and sent as it is: a signature has its time in it, and an envelope its own key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.delivery.dkim import DkimDomain, sign_for_domain
from shirase.delivery.read_back import require_recipient
from shirase.delivery.smime import encrypt_message, sign_message
from shirase.domain.customer import DeliveryPolicy
from shirase.domain.delivery_settings import DkimSection, MailSender
from shirase.domain.errors import Problem, UsageError
from shirase.domain.notice import Notice, Protection
from shirase.domain.recipients import Recipient
from shirase.sealing.keys import SealingKey, read_private
from shirase.sealing.mail_certificates import (
    MailCertificate,
    Sign,
    detached_signature,
    envelope_for,
    read_dkim_key,
    read_mail_certificate,
    require_for_encrypting,
    require_for_signing,
)


@dataclass(frozen=True, slots=True)
class MailKeys:
    """Keys of the sender, opened.

    Attributes:
        now: When signatures are made.
        smime: What signs mails; None while no customer asks for it.
        domain: Who vouches by DKIM; None when a server of the sender does, or nobody.
        domain_signature: What signs for it.
    """

    now: datetime
    smime: SealingKey | None = None
    domain: DkimDomain | None = None
    domain_signature: Sign | None = None


def protection_of(policy: DeliveryPolicy) -> Protection:
    """What S/MIME does for the mails of a customer with this policy."""
    wanted = {DeliveryPolicy.SMIME_SIGNED: Protection.SIGNED, DeliveryPolicy.SMIME_ENCRYPTED: Protection.ENCRYPTED}
    return wanted.get(policy, Protection.NONE)


def ready_keys(sender: MailSender, dkim: DkimSection | None, smime: SealingKey | None, now: datetime) -> MailKeys:
    """The keys, each fit for this sender.

    Raises:
        UsageError: When the S/MIME certificate is not for the mailbox in From, or the DKIM key cannot be used.
    """
    if smime is not None:
        require_for_signing(smime, sender.address, now)
    if dkim is None or not dkim.key:
        return MailKeys(now, smime)
    if not Path(dkim.key).is_file():
        mend = "mend `key` in [dkim], or leave it out where a server of yours signs"
        raise UsageError(Problem("there is no such key file", dkim.key, mend))
    domain = DkimDomain(dkim.domain or sender.domain, dkim.selector)
    return MailKeys(now, smime, domain, read_dkim_key(read_private(Path(dkim.key)), dkim.key))


def certificate_of(case_folder: Path, recipient: Recipient, now: datetime) -> MailCertificate:
    """The certificate to which the mails of ``recipient`` are encrypted.

    Raises:
        UsageError: When there is none, or nothing can be encrypted to it.
    """
    where = f"recipients.csv, {recipient.address}"
    if not recipient.certificate:
        mend = "name the file in `certificate`, or choose another policy for this customer"
        raise UsageError(Problem("the policy smime_encrypted needs the recipient's certificate", where, mend))
    path = case_folder / recipient.certificate
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            Problem(f"cannot be read: {error.strerror}", str(path), "put the certificate there")
        ) from error
    certificate = read_mail_certificate(content, str(path))
    require_for_encrypting(certificate, recipient.address, now)
    return certificate


def protect_mail(message: bytes, notice: Notice, keys: MailKeys, certificates: Sequence[MailCertificate] = ()) -> bytes:
    """``message`` as it goes out.

    Args:
        message: The mail that was made of ``notice`` and looked at.
        notice: Says what S/MIME does for it.
        keys: Of the sender.
        certificates: Of the recipient, for an encrypted mail.

    Raises:
        UsageError: When a key or certificate is missing.
        GateError: When what was made is not to the recipient alone.
    """
    made = message
    if notice.protection is not Protection.NONE:
        if keys.smime is None:
            mend = "name the key for S/MIME, or choose another policy for this customer"
            raise UsageError(Problem("the mail has to be signed, and no key is open", notice.report_id, mend))
        made = sign_message(made, notice.delivery_id, detached_signature(keys.smime, keys.now))
    if notice.protection is Protection.ENCRYPTED:
        if not certificates:
            mend = "name the recipient's certificate in recipients.csv"
            raise UsageError(Problem("the mail has to be encrypted, to no certificate", notice.report_id, mend))
        made = encrypt_message(made, envelope_for(certificates))
    if keys.domain is not None and keys.domain_signature is not None:
        made = sign_for_domain(made, keys.domain, keys.now, keys.domain_signature)
    require_recipient(made, notice.to_address)
    return made
