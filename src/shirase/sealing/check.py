"""What the signature of one file says about these bytes, facet by facet. A valid signature alone is not enough.

A signature speaks of the bytes it covers. So it is asked besides whether it covers the whole file, whether anything
trails, and whether it forbids every later change.
"""

import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from shirase.domain.errors import Problem, UsageError
from shirase.domain.seal_check import Facet, FacetCheck, Verdict, fails, holds, not_checked
from shirase.sealing.certificates import facts_of

logging.getLogger("pyhanko").addHandler(logging.NullHandler())
"""What it logs is in the facets; its tracebacks on every chain that nobody trusts would bury them."""

_FAULTS = (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError)
"""What pyHanko raises on damaged files; all of them mean: not sealed like this."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the one who checks believes: certificates of authorities, and a point in time."""

    roots: tuple[x509.Certificate, ...]
    now: datetime


def read_certificates(content: bytes, where: str) -> tuple[x509.Certificate, ...]:
    """Certificates in PEM or DER.

    Raises:
        UsageError: When there is none.
    """
    try:
        blocks = [der for _, _, der in pem.unarmor(content, multiple=True)] if pem.detect(content) else [content]
        found = tuple(x509.Certificate.load(der) for der in blocks)
        for each in found:
            facts_of(each)
    except (ValueError, TypeError, KeyError) as error:
        raise UsageError(Problem("holds no certificate", where, "give PEM or DER")) from error
    return found


def check_signature(content: bytes, trust: Trust | None) -> Iterator[FacetCheck]:
    """Every facet that the file alone can answer.

    Args:
        content: The whole file.
        trust: Whom to believe; None leaves the chain unchecked.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
    except _FAULTS as error:
        yield fails(Facet.SIGNED, f"this is no PDF that can be read: {error}")
        return
    if len(signatures) != 1:
        says = "the file has no seal" if not signatures else f"the file has {len(signatures)} signatures instead of one"
        yield fails(Facet.SIGNED, says)
        return
    yield from _of_one(content, signatures[0], trust)


def certificate_in(content: bytes) -> x509.Certificate | None:
    """The certificate with which a file was sealed; None when there is none."""
    try:
        signatures = PdfFileReader(io.BytesIO(content)).embedded_signatures
        return signatures[0].signer_cert if len(signatures) == 1 else None
    except _FAULTS:
        return None


def _of_one(content: bytes, signature: EmbeddedPdfSignature, trust: Trust | None) -> Iterator[FacetCheck]:
    context = ValidationContext(
        trust_roots=list(trust.roots) if trust else [],
        moment=trust.now if trust else None,
        allow_fetching=False,
        best_signature_time=trust.now if trust else None,
    )
    try:
        status = validate_pdf_signature(signature, context)
    except _FAULTS as error:
        yield fails(Facet.SIGNED, f"the signature cannot be read: {error}")
        return
    yield holds(Facet.SIGNED, f"by {facts_of(status.signing_cert).subject}")
    yield _said(Facet.BYTES_INTACT, status.intact, "the bytes signed are those of the file", "bytes were changed")
    yield _said(Facet.SIGNATURE_VALID, status.valid, "made with the key of that certificate", "the signature is wrong")
    yield _nothing_added(content, signature, status)
    yield from _certificate(status, trust)
    yield _time(status)


def _nothing_added(content: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus) -> FacetCheck:
    covered = signature.byte_range
    end = covered[2] + covered[3]
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE or end != len(content):
        return fails(Facet.NOTHING_ADDED, f"{max(len(content) - end, 0)} bytes stand after what was signed")
    if not status.docmdp_ok or signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return fails(Facet.NOTHING_ADDED, "the signature allows changes, or the file was changed after it")
    return holds(Facet.NOTHING_ADDED, "the signature covers the whole file and allows no change")


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
        says = f"valid from {facts.not_before:%Y-%m-%d} to {facts.not_after:%Y-%m-%d}"
    yield FacetCheck(Facet.CERTIFICATE, Verdict.NOTED, says)


def _time(status: PdfSignatureStatus) -> FacetCheck:
    stamp = status.timestamp_validity
    if stamp is None:
        claimed = status.signer_reported_dt
        when = f" ({claimed:%Y-%m-%dT%H:%M:%SZ})" if claimed is not None else ""
        return not_checked(Facet.TIME_STAMPED, f"no time stamp: the time{when} is what the signer says")
    if stamp.intact and stamp.valid:
        return holds(Facet.TIME_STAMPED, f"sealed before {stamp.timestamp:%Y-%m-%dT%H:%M:%SZ}")
    return fails(Facet.TIME_STAMPED, "the time stamp is wrong")


def _said(facet: Facet, answer: bool, yes: str, no: str) -> FacetCheck:
    return holds(facet, yes) if answer else fails(facet, no)


def failing(checks: Sequence[FacetCheck]) -> str:
    """What failed, in one line; empty when nothing did."""
    return "; ".join(each.says for each in checks if each.verdict is Verdict.FAILS)
