"""The manifest as a file: canonical bytes (RFC 8785), beside them a detached signature (CMS, RFC 5652)."""

import asyncio
import hashlib
from dataclasses import asdict
from typing import Any

import rfc8785
from asn1crypto import cms, x509
from pydantic import TypeAdapter, ValidationError
from pyhanko.sign import signers
from pyhanko.sign.validation import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from shirase.domain.errors import Problem, TamperedError
from shirase.domain.manifest import Manifest

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


def sign_manifest(content: bytes, signer: signers.Signer) -> bytes:
    """The detached signature of ``content``, DER."""
    made = asyncio.run(signer.async_sign_general_data(content, "sha256", detached=True))
    return bytes(made.dump())


def require_signed(content: bytes, signature: bytes, where: str) -> x509.Certificate:
    """Whoever signed ``content``.

    Raises:
        TamperedError: When the signature is not one of these bytes.
    """
    try:
        signed = cms.ContentInfo.load(signature)["content"]
        status = asyncio.run(async_validate_detached_cms(content, signed, ValidationContext(allow_fetching=False)))
        intact = status.intact and status.valid
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise TamperedError(Problem(f"its signature cannot be read: {error}", where, _MEND)) from error
    if not intact:
        raise TamperedError(Problem("its signature is of other bytes", where, _MEND))
    return status.signing_cert


def _plain(value: Any) -> Any:
    """Tuples as lists: the canonical form knows no others."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
