"""One file is sealed: a signature is appended, and nothing that stood there is written again.

PAdES baseline B-B, or B-T with a time stamp (ETSI EN 319 142-1); a certification signature that allows no change
(ISO 32000-1, 12.8.2.2, DocMDP P=1), invisible, so that PDF/A-3a and PDF/UA-1 hold afterwards.

In three steps, because they happen in different places: a worker prepares the file with a gap for the signature, the
process that holds the key signs its digest, and the gap is filled.
"""

import asyncio
import io
from dataclasses import dataclass

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.timestamps import TimeStamper

FIELD = "Seal"
READABLE = "Electronic seal / 電子シール"
_RESERVED = 16_384
"""Bytes kept free for the signature: certificates of the chain and a time stamp fit."""

_TRIES = 8
"""More room moves everything behind it, and so changes how that is compressed."""


class _OnlyAppends(IncrementalPdfFileWriter):
    """Leaves the metadata alone: the approved file states what it is, and a rewritten XMP packet breaks PDF/A."""

    def _update_meta(self) -> None:
        """Nothing. ``pyhanko`` is pinned, and a test holds the packet against the approved one."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that lacks only its signature.

    Attributes:
        content: The whole file, zeros where the signature will stand.
        digest: SHA-256 of everything but the gap.
        gap: Where it begins and ends.
    """

    content: bytes
    digest: bytes
    gap: tuple[int, int]


def prepare(pdf: bytes) -> Prepared:
    """``pdf`` with room for a signature after it; the result begins with exactly these bytes.

    Raises:
        ValueError: When something else than an appended update would come of it.
    """
    for more in range(0, 2 * _TRIES, 2):
        prepared = _prepared(pdf, _RESERVED + more)
        if not _is_ambiguous(prepared.content[len(pdf) :]):
            return prepared
    raise ValueError("the appended stream ends ambiguously, whatever room is kept")


def _prepared(pdf: bytes, reserved: int) -> Prepared:
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    spec = fields.SigFieldSpec(
        FIELD,
        invis_sig_settings=fields.InvisSigSettings(set_print_flag=True, set_hidden_flag=False, box_out_of_bounds=True),
        readable_field_name=READABLE,
    )
    maker = signers.PdfSigner(meta, signer=signers.ExternalSigner(None, None), new_field_spec=spec)
    writer, made = _OnlyAppends(io.BytesIO(pdf)), io.BytesIO()
    digest, _, _ = asyncio.run(maker.async_digest_doc_for_signing(writer, bytes_reserved=reserved, output=made))
    content = made.getvalue()
    if not content.startswith(pdf):
        raise ValueError("the approved bytes were written again")
    return Prepared(content, digest.document_digest, (digest.reserved_region_start, digest.reserved_region_end))


def _is_ambiguous(update: bytes) -> bool:
    """Whether a compressed stream ends in a carriage return, which some readers take for a part of the line's end.

    ISO 32000-1, 7.3.8.1 lets its length decide; not every validator of archives does. One file in 256 is concerned.
    """
    return b"\r\nendstream" in update


def sign(prepared: Prepared, signer: signers.Signer, timestamper: TimeStamper | None = None) -> bytes:
    """The sealed file."""
    signature = asyncio.run(
        signer.async_sign(prepared.digest, "sha256", use_pades=True, timestamper=timestamper, is_pdf_sig=True)
    )
    output = io.BytesIO(prepared.content)
    PreparedByteRangeDigest(prepared.digest, *prepared.gap).fill_with_cms(output, signature)
    return output.getvalue()
