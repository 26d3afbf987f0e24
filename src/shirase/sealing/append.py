"""One file is sealed: a signature is appended, and nothing that stood there is written again.

PAdES baseline B-B, or B-T with a time stamp (ETSI EN 319 142-1); a certification signature that allows no change
(ISO 32000-1, 12.8.2.2, DocMDP P=1), invisible, so that PDF/A-3a and PDF/UA-1 hold afterwards.
"""

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper

FIELD = "Seal"
READABLE = "Electronic seal / 電子シール"
_RESERVED = 16_384
"""Bytes kept free for the signature: certificates of the chain and a time stamp fit."""


class _OnlyAppends(IncrementalPdfFileWriter):
    """Leaves the metadata alone: the approved file states what it is, and a rewritten XMP packet breaks PDF/A."""

    def _update_meta(self) -> None:
        """Nothing. ``pyhanko`` is pinned, and a test holds the packet against the approved one."""


def append_signature(pdf: bytes, signer: signers.Signer, timestamper: TimeStamper | None = None) -> bytes:
    """``pdf`` with a signature after it; the result begins with exactly these bytes.

    Raises:
        ValueError: When something else than an appended signature would come of it.
    """
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
    writer, made = _OnlyAppends(io.BytesIO(pdf)), io.BytesIO()
    maker = signers.PdfSigner(meta, signer=signer, timestamper=timestamper, new_field_spec=spec)
    maker.sign_pdf(writer, output=made, bytes_reserved=_RESERVED)
    sealed = made.getvalue()
    if not sealed.startswith(pdf):
        raise ValueError("the approved bytes were written again")
    return sealed
