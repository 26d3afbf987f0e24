"""Certificates and keys for mail: what they must be, and the signatures and envelopes (CMS, RFC 5652) made with them.

S/MIME's messages (RFC 8551) and DKIM's headers (RFC 6376) are put together in ``delivery``; here are the keys.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

from shirase.domain.errors import Problem, UsageError
from shirase.sealing.keys import SealingKey

SMALLEST_RSA = 2048
"""Bits of an RSA key: fewer are refused by RFC 8551, 4.3 and 4.5."""

_FOR_MAIL = frozenset({ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE})

Sign = Callable[[bytes], bytes]
"""Makes a signature, or an envelope, of bytes."""


def read_mail_certificate(content: bytes, where: str) -> x509.Certificate:
    """The certificate in ``content``, PEM or DER.

    Raises:
        UsageError: When it is none.
    """
    try:
        if content.lstrip().startswith(b"-----"):
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError as error:
        mend = "ask the recipient for the certificate of the mailbox, as PEM"
        raise UsageError(Problem("is no certificate", where, mend)) from error


def require_for_signing(key: SealingKey, address: str, now: datetime) -> None:
    """Refuse a key whose signature mail programs would not believe to be that of ``address``.

    Raises:
        UsageError: Naming everything that is wrong.
    """
    certificate = x509.load_der_x509_certificate(key.certificate.dump())
    wrong = [*_wrong_for_mail(certificate, address, now)]
    usage = _usage(certificate)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        wrong.append("is not for signing (key usage)")
    _refuse(wrong, f"certificate of {address}", "get a certificate for S/MIME that names this mailbox")


def require_for_encrypting(certificate: x509.Certificate, address: str, now: datetime) -> None:
    """Refuse a certificate with which nothing can be sent to ``address``. Who issued it is not asked.

    That it is the recipient's is known from where it came from, which the approval of the recipients covers.

    Raises:
        UsageError: Naming everything that is wrong.
    """
    wrong = [*_wrong_for_mail(certificate, address, now)]
    key, usage = certificate.public_key(), _usage(certificate)
    if usage is not None and not usage.key_encipherment:
        wrong.append("is not for encrypting (key usage)")
    if not isinstance(key, rsa.RSAPublicKey):
        wrong.append("has no RSA key; mail is encrypted to RSA keys only")
    elif key.key_size < SMALLEST_RSA:
        wrong.append(f"has an RSA key of {key.key_size} bits; at least {SMALLEST_RSA} are asked for")
    _refuse(wrong, f"certificate of {address}", "ask the recipient for another, or agree on another way")


def detached_signature(key: SealingKey, now: datetime) -> Sign:
    """Makes detached signatures (CMS SignedData, DER) with the time ``now`` and the chain in them."""
    attributes = PdfCMSSignedAttributes(signing_time=now)

    def sign(content: bytes) -> bytes:
        made = key.signer.async_sign_general_data(content, "sha256", detached=True, signed_attr_settings=attributes)
        return bytes(asyncio.run(made).dump())

    return sign


def envelope_for(certificates: Sequence[x509.Certificate]) -> Sign:
    """Encrypts to everybody in ``certificates`` (CMS EnvelopedData, DER), with AES-256 in CBC mode.

    Every mail program can read that (RFC 8551, 2.7); GCM, which would notice a change, not yet. The signature inside
    notices it.
    """

    def encrypt(content: bytes) -> bytes:
        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(content)
        builder = builder.set_content_encryption_algorithm(algorithms.AES256)
        for certificate in certificates:
            builder = builder.add_recipient(certificate)
        return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])

    return encrypt


def read_dkim_key(content: bytes, where: str) -> Sign:
    """What signs for DKIM (``rsa-sha256``, RFC 8301, 3.1) with the key in ``content``, PEM without a passphrase.

    Ed25519 (RFC 8463) is left out: receivers that verify it are few, and they verify RSA as well.

    Raises:
        UsageError: When it is none, or too small.
    """
    mend = "`openssl genrsa 2048` makes one; its public half stands in the domain's DNS"
    try:
        key = serialization.load_pem_private_key(content, None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UsageError(Problem("is no private key in PEM without a passphrase", where, mend)) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < SMALLEST_RSA:
        raise UsageError(Problem(f"is no RSA key of at least {SMALLEST_RSA} bits", where, mend))
    return lambda headers: key.sign(headers, padding.PKCS1v15(), hashes.SHA256())


def _wrong_for_mail(certificate: x509.Certificate, address: str, now: datetime) -> list[str]:
    wrong = []
    if now < certificate.not_valid_before_utc:
        wrong.append(f"is valid from {certificate.not_valid_before_utc:%Y-%m-%d} only")
    if now > certificate.not_valid_after_utc:
        wrong.append(f"expired on {certificate.not_valid_after_utc:%Y-%m-%d}")
    if _is_authority(certificate):
        wrong.append("is that of an authority")
    if not _purposes(certificate):
        wrong.append("is not for mail (extended key usage)")
    names = _addresses(certificate)
    if address.lower() not in {name.lower() for name in names}:
        wrong.append(f"names {', '.join(names) or 'no mailbox'}, and not {address}")
    return wrong


def _refuse(wrong: Sequence[str], where: str, mend: str) -> None:
    if wrong:
        raise UsageError(*(Problem(what, where, mend) for what in wrong))


def _addresses(certificate: x509.Certificate) -> list[str]:
    """Mailboxes in the alternative names, or, of old certificates, in the subject (RFC 8550, 3)."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        found: list[str] = []
    else:
        found = names.get_values_for_type(x509.RFC822Name)
    return found or [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)]


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _purposes(certificate: x509.Certificate) -> bool:
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return bool(_FOR_MAIL & set(purposes))


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
