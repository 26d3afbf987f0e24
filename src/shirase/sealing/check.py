"""What the signature of one file says about these bytes, facet by facet. A valid signature alone is not enough.

A signature speaks of the bytes it covers. So it is asked besides whether it covers the whole file, whether anything
trails, and whether it forbids every later change.
"""

import io
import logging
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from shirase.domain.errors import Problem, UsageError
from shirase.domain.seal_check import Facet, FacetCheck, Verdict, fails, holds, not_checked
from shirase.sealing.certificates import facts_of

logging.getLogger("pyhanko").addHandler(logging.NullHandler())
"""What it logs is in the facets; its tracebacks on every chain that nobody trusts would bury them."""

KEY_USAGE = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
"""One of the two, as in :func:`~shirase.sealing.certificates.require_usable`; authorities issue both kinds."""

_FAULTS = (
    PdfError, SignatureValidationError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
    AssertionError, NotImplementedError, RecursionError, OSError, zlib.error,
)  # fmt: skip
"""What pyHanko raises on damaged files; all of them mean: not sealed like this."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the one who checks believes: certificates of authorities (DER), and a point in time."""

    roots: tuple[bytes, ...]
    now: datetime

    def certificates(self) -> list[x509.Certificate]:
        """The authorities' certificates; made anew, as parsed ones do not survive the way to another process."""
        return [x509.Certificate.load(der) for der in self.roots]


def read_certificates(content: bytes, where: str) -> tuple[bytes, ...]:
    """Certificates in PEM or DER, as DER.

    Raises:
        UsageError: When there is none.
    """
    try:
        blocks = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
        for der in blocks:
            facts_of(x509.Certificate.load(der))
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(Problem("holds no certificate", where, "give PEM or DER")) from error
    return tuple(blocks)


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """What the file alone can answer, and the certificate with which it was sealed; None where there is none."""

    facets: tuple[FacetCheck, ...]
    certificate: x509.Certificate | None = None

    @property
    def failing(self) -> str:
        """What failed, in one line; empty when nothing did."""
        return "; ".join(each.says for each in self.facets if each.verdict is Verdict.FAILS)


def check_signature(content: bytes, trust: Trust | None) -> CheckedSignature:
    """Every facet that the file alone can answer.

    Args:
        content: The whole file.
        trust: Whom to believe; None leaves the chain unchecked.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
        if len(signatures) == 1:
            return CheckedSignature(tuple(_of_one(content, signatures[0], trust)), signatures[0].signer_cert)
    except _FAULTS as error:
        return _unsealed(f"this is no sealed PDF that can be read: {error}")
    return _unsealed(
        "the file has no seal" if not signatures else f"the file has {len(signatures)} signatures instead of one"
    )


def _unsealed(says: str) -> CheckedSignature:
    return CheckedSignature((fails(Facet.SIGNED, says),))


def _of_one(content: bytes, signature: EmbeddedPdfSignature, trust: Trust | None) -> Iterator[FacetCheck]:
    status = _validated(signature, trust, trust.now if trust else None)
    stamp = status.timestamp_validity
    if trust and not status.trusted and stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
        status = _validated(signature, trust, stamp.timestamp)
    yield holds(Facet.SIGNED, f"by {facts_of(status.signing_cert).subject}")
    yield _said(Facet.BYTES_INTACT, status.intact, "the bytes signed are those of the file", "bytes were changed")
    yield _said(Facet.SIGNATURE_VALID, status.valid, "made with the key of that certificate", "the signature is wrong")
    yield _nothing_added(content, signature, status)
    yield from _certificate(status, trust)
    yield _time(status, trust)


def _validated(signature: EmbeddedPdfSignature, trust: Trust | None, at: datetime | None) -> PdfSignatureStatus:
    """As of ``at``: now, or when a time stamp that is believed says that the seal was there."""
    roots = trust.certificates() if trust else []
    return validate_pdf_signature(
        signature,
        ValidationContext(trust_roots=roots, moment=at, allow_fetching=False, best_signature_time=at),
        ts_validation_context=ValidationContext(
            trust_roots=roots, moment=trust.now if trust else None, allow_fetching=False
        ),
        key_usage_settings=KEY_USAGE,
    )


def _nothing_added(content: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> FacetCheck:
    covered = signature.byte_range
    end = covered[2] + covered[3]
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or end != len(content):
        return fails(Facet.NOTHING_ADDED, f"{max(len(content) - end, 0)} bytes stand after what was signed")
    if not _is_clean(content[covered[1] : covered[2]]):
        return fails(Facet.NOTHING_ADDED, "something else than the signature stands in the room that was kept for it")
    if not status.docmdp_ok or signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return fails(Facet.NOTHING_ADDED, "the signature allows changes, or the file was changed after it")
    return holds(Facet.NOTHING_ADDED, "the signature covers the whole file and allows no change")


def _is_clean(gap: bytes) -> bool:
    """Whether the gap, which no signature covers, holds the signature in hexadecimal digits, then zeros, no more."""
    held = bytes.fromhex(gap[1:-1].decode("ascii"))
    signature = cms.ContentInfo.load(held).dump()
    return bool(gap == b"<" + signature.ljust(len(held), b"\0").hex().encode().upper() + b">")


def _certificate(status: PdfSignatureStatus, trust: Trust | None) -> Iterator[FacetCheck]:
    facts = facts_of(status.signing_cert)
    if trust is None:
        says = "give the authority's certificate with --trust to learn whether it is the sender's"
        yield not_checked(Facet.CHAIN_TRUSTED, says)
    else:
        yield _said(
            Facet.CHAIN_TRUSTED, status.trusted, f"issued by {facts.issuer}, which you trust",
            f"issued by {facts.issuer}; none of the authorities you trust vouches for it at this time",
        )  # fmt: skip
    if facts.is_test:
        says = "a TEST certificate: it proves nothing about who sealed this"
    else:
        says = f"valid from {facts.not_before:%Y-%m-%d} to {facts.not_after:%Y-%m-%d}; revocation is not looked up"
    yield FacetCheck(Facet.CERTIFICATE, Verdict.NOTED, says)


def _time(status: PdfSignatureStatus, trust: Trust | None) -> FacetCheck:
    stamp = status.timestamp_validity
    if stamp is None:
        claimed = status.signer_reported_dt
        when = f" ({claimed:%Y-%m-%dT%H:%M:%SZ})" if claimed is not None else ""
        return not_checked(Facet.TIME_STAMPED, f"no time stamp: the time{when} is what the signer says")
    authority = facts_of(stamp.signing_cert).subject
    if not (stamp.intact and stamp.valid):
        return fails(Facet.TIME_STAMPED, f"the time stamp of {authority} is wrong")
    says = f"sealed before {stamp.timestamp:%Y-%m-%dT%H:%M:%SZ}, says {authority}"
    if trust is None:
        return not_checked(
            Facet.TIME_STAMPED, f"{says}; give its certificate with --trust to learn whether you believe it"
        )
    if not stamp.trusted:
        return FacetCheck(
            Facet.TIME_STAMPED, Verdict.NOTED, f"{says}, for whom none of the authorities you trust vouches"
        )
    return holds(Facet.TIME_STAMPED, f"{says}, whom you trust")


def _said(facet: Facet, answer: bool, yes: str, no: str) -> FacetCheck:
    return holds(facet, yes) if answer else fails(facet, no)
