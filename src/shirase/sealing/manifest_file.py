"""The manifest as a file: canonical bytes (RFC 8785), beside them a detached signature (CMS, RFC 5652)."""

import asyncio
import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import rfc8785
from asn1crypto import cms, x509
from pydantic import TypeAdapter, ValidationError
from pyhanko.sign import signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext

from shirase.domain.errors import Problem, TamperedError
from shirase.domain.manifest import Manifest
from shirase.sealing.check import KEY_USAGE, Trust

FORMAT = "shirase-manifest-1"
_READ = TypeAdapter(Manifest)
_MEND = "restore the file, or ask who sealed the batch"


def manifest_bytes(manifest: Manifest) -> bytes:
    """Canonical JSON: the same manifest has the same bytes, whoever writes it."""
    values: dict[str, Any] = {"format": FORMAT, **asdict(manifest)}
    return rfc8785.dumps(_plain(values))


def manifest_digest(content: bytes) -> str:
    """SHA-256 of the file, by which a batch is named."""
    return hashlib.sha256(content).hexdigest()


def parse_manifest(content: bytes, where: str) -> Manifest:
    """The manifest in ``content``.

    Raises:
        TamperedError: When it is none, or its bytes are not the canonical ones.
    """
    try:
        values = TypeAdapter(dict[str, Any]).validate_json(content)
        if values.pop("format", None) != FORMAT:
            raise TamperedError(Problem(f"is no manifest of the format {FORMAT}", where, _MEND))
        manifest = _READ.validate_python(values, strict=False)
    except ValidationError as error:
        raise TamperedError(Problem(f"cannot be read: {error.error_count()} errors", where, _MEND)) from error
    if manifest_bytes(manifest) != content:
        raise TamperedError(Problem("its bytes are not the canonical ones", where, _MEND))
    return manifest


def sign_manifest(content: bytes, signer: signers.Signer, timestamper: TimeStamper | None = None) -> bytes:
    """The detached signature of ``content``, DER."""
    made = asyncio.run(signer.async_sign_general_data(content, "sha256", detached=True, timestamper=timestamper))
    return bytes(made.dump())


@dataclass(frozen=True, slots=True)
class ManifestSignature:
    """Who signed a manifest, and whether those one believes vouch for them; None when nobody was named."""

    certificate: x509.Certificate
    is_trusted: bool | None


def require_signed(content: bytes, signature: bytes, where: str, trust: Trust | None = None) -> ManifestSignature:
    """Whoever signed ``content``.

    Raises:
        TamperedError: When the signature is not one of these bytes.
    """
    try:
        signed = cms.ContentInfo.load(signature)["content"]
        status = _validated(content, signed, trust, trust.now if trust else None)
        stamp = status.timestamp_validity
        if trust and not status.trusted and stamp is not None and stamp.intact and stamp.valid and stamp.trusted:
            status = _validated(content, signed, trust, stamp.timestamp)
    except (ValueError, TypeError, KeyError, AttributeError, SignatureValidationError) as error:
        raise TamperedError(Problem(f"its signature cannot be read: {error}", where, _MEND)) from error
    if not (status.intact and status.valid):
        raise TamperedError(Problem("its signature is of other bytes", where, _MEND))
    return ManifestSignature(status.signing_cert, status.trusted if trust else None)


def _validated(
    content: bytes, signed: cms.SignedData, trust: Trust | None, at: datetime | None
) -> StandardCMSSignatureStatus:
    roots = trust.certificates() if trust else []
    context = ValidationContext(trust_roots=roots, moment=at, allow_fetching=False, best_signature_time=at)
    stamps = ValidationContext(trust_roots=roots, moment=trust.now if trust else None, allow_fetching=False)
    return asyncio.run(
        async_validate_detached_cms(
            content, signed, context, ts_validation_context=stamps, key_usage_settings=KEY_USAGE
        )
    )


def _plain(value: Any) -> Any:
    """Tuples as lists: the canonical form knows no others."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
