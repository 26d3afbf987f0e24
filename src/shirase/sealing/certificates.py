"""What a certificate must be before anything is sealed with it, and what it says about itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from asn1crypto import x509
from asn1crypto.x509 import Certificate

from shirase.domain.errors import Problem, UsageError

__all__ = ["Certificate", "CertificateFacts", "expires_soon", "facts_of", "require_usable"]

TEST_MARK = "TEST - not for customers"
"""Stands as organisational unit in every certificate of a development authority."""

WARN_BEFORE = timedelta(days=30)
_USES = frozenset({"digital_signature", "non_repudiation"})
"""RFC 5280, 4.2.1.3: a certificate for sealing has one of these, if it names its uses at all."""


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate in words: whose, by whom, how long, and whether it is a test."""

    subject: str
    issuer: str
    serial: str
    algorithm: str
    not_before: datetime
    not_after: datetime
    is_test: bool


def facts_of(certificate: x509.Certificate) -> CertificateFacts:
    """What ``certificate`` says about itself."""
    key = certificate.public_key
    return CertificateFacts(
        subject=_short(certificate.subject),
        issuer=_short(certificate.issuer),
        serial=f"{certificate.serial_number:x}",
        algorithm=f"{key.algorithm.upper()} {key.bit_size}",
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        is_test=TEST_MARK in certificate.subject.human_friendly or TEST_MARK in certificate.issuer.human_friendly,
    )


def require_usable(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse what readers would not believe: not yet or no longer valid, for other uses, or with a weak key.

    Raises:
        UsageError: Naming everything that is wrong.
    """
    facts, wrong = facts_of(certificate), []
    if now < facts.not_before:
        wrong.append(f"is valid from {facts.not_before:%Y-%m-%d} only")
    if now > facts.not_after:
        wrong.append(f"expired on {facts.not_after:%Y-%m-%d}")
    usage = certificate.key_usage_value
    if usage is not None and not _USES & usage.native:
        wrong.append("is not for signing (key usage)")
    if certificate.ca:
        wrong.append("is that of an authority, which signs certificates and no documents")
    if certificate.public_key.algorithm not in ("ec", "rsa"):
        wrong.append(f"has a {certificate.public_key.algorithm} key; EC and RSA are supported")
    elif certificate.public_key.algorithm == "rsa" and certificate.public_key.bit_size < 3072:
        wrong.append(f"has an RSA key of {certificate.public_key.bit_size} bits; at least 3072 are asked for")
    if wrong:
        mend = "get another certificate; `shirase keys show` tells about this one"
        raise UsageError(*(Problem(what, f"certificate of {facts.subject}", mend) for what in wrong))


def expires_soon(certificate: x509.Certificate, now: datetime) -> bool:
    """Whether somebody has to get a new one."""
    return now > facts_of(certificate).not_after - WARN_BEFORE


def _short(name: x509.Name) -> str:
    """Common name and organisation; the whole name where it has neither."""
    parts = [name.native.get(part) for part in ("common_name", "organization_name")]
    return ", ".join(str(part) for part in parts if part) or str(name.human_friendly)
