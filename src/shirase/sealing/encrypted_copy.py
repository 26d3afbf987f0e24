"""An extra copy under a passphrase (AES-256, PDF 2.0: ISO 32000-2, 7.6), for a recipient who wishes one.

A file cannot be encrypted without other bytes, so the copy bears no seal: it shows the pages, and carries the sealed
file whole as an attachment. It claims no PDF/A either, which forbids encryption (ISO 19005-3, 6.1.3).

qpdf writes it: pyHanko takes minutes for a report of 43 pages.
"""

import io
import secrets

from pikepdf import AttachedFileSpec, Encryption, Pdf, Permissions

from shirase.domain.errors import Problem, UsageError

DESCRIPTION = "The sealed report / 電子シール付き報告書"
SHORTEST = 12
"""Characters of a passphrase: whoever has the file can try as often as they like."""

_READING = Permissions(modify_annotation=False, modify_assembly=False, modify_form=False, modify_other=False)


def encrypted_copy(approved: bytes, sealed: bytes, name: str, passphrase: str) -> bytes:
    """The approved pages under ``passphrase``, with the sealed file inside.

    Args:
        approved: What the sealed file begins with; a reader would show the seal of other bytes as a broken one.
        sealed: The sealed file.
        name: File name of the attachment.
        passphrase: What the recipient is told another way.

    Raises:
        UsageError: When the passphrase is too short.
    """
    if len(passphrase) < SHORTEST:
        what = f"has {len(passphrase)} characters; at least {SHORTEST} are asked for"
        raise UsageError(Problem(what, "passphrase", "take several words that do not belong together"))
    made, owner = io.BytesIO(), secrets.token_urlsafe(32)
    with Pdf.open(io.BytesIO(approved)) as document:
        del document.Root.Metadata
        document.attachments[name] = AttachedFileSpec(
            document, sealed, description=DESCRIPTION, filename=name, mime_type="application/pdf"
        )
        document.save(made, encryption=Encryption(owner=owner, user=passphrase, R=6, allow=_READING))
    return made.getvalue()
