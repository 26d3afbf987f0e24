"""A message as it would be sent, taken apart: everything in it that somebody could read, for the leak gate."""

import html
import re
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from shirase.domain.finding import Finding
from shirase.inspection.leaks import Carrier, LeakGate
from shirase.inspection.subject import Expected, ReportFiles

_TAG = re.compile(r"<[^>]*>")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of CMS SignedData (RFC 5652, 5.1), with which a signature begins."""

_LARGEST_SIGNATURE = 32_768
"""Bytes of a detached signature with its certificates; a report would not fit in."""


def mail_findings(expected: Expected, files: ReportFiles, message: bytes, gate: LeakGate) -> Iterator[Finding]:
    """Objections to ``message`` as the one that carries this report.

    The report itself, and its copies, are attached as they are. A sealed report begins with the bytes of the report;
    what follows them is searched like anything else. Any other file attached is a blocker, but for the signature of a
    signed message (RFC 8551, 3.5.3). An encrypted message is a strange file: it is judged before it is encrypted.

    Args:
        expected: What the report must be.
        files: The report.
        message: The message, as it would be handed to a server (RFC 5322).
        gate: All identifiers of the case.
    """
    parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(message)
    for part in _attachments(parsed):
        if not _is_ours(_content_of(part), files):
            what = f"{part.get_filename() or part.get_content_type()!r} is attached and is no part of this report"
            yield Finding(
                "mail-strange-file", "mail", what, "do not send it; only the report and its copies are attached"
            )
    yield from gate.findings(expected.customer.customer_id, _carriers(parsed, files), ())


def _carriers(message: EmailMessage, files: ReportFiles) -> Iterator[Carrier]:
    for part in message.walk():
        for name, value in part.items():
            yield Carrier(f"mail, {name}", str(value))
        if part.get_filename():
            yield Carrier("mail, file name", str(part.get_filename()))
        if part.is_multipart():
            continue
        content = _content_of(part)
        if part.get_content_maintype() != "text":
            own = len(files.pdf) if content.startswith(files.pdf) else 0
            yield Carrier("mail, attachment", content[own:].decode("utf-8", "replace"))
            continue
        said = content.decode(part.get_content_charset("utf-8"), "replace")
        if not _is_ours(content, files):
            yield Carrier(f"mail, {part.get_content_subtype()} text", said)
        if part.get_content_subtype() == "html":
            yield Carrier("mail, html text without its tags", html.unescape(_TAG.sub("", said)))
    yield Carrier("mail, preamble", f"{message.preamble or ''}\n{message.epilogue or ''}")


def _attachments(message: EmailMessage) -> Iterator[EmailMessage]:
    """Every leaf that is no text to be read in place."""
    signature = _signature_of(message)
    for part in message.walk():
        if part is signature or part.is_multipart():
            continue
        if part.is_attachment() or part.get_content_maintype() != "text":
            yield part


def _signature_of(message: EmailMessage) -> EmailMessage | None:
    """The second part of a message signed as a whole, when it looks like a signature; it is searched all the same."""
    if message.get_content_type() != "multipart/signed":
        return None
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    if len(parts) != 2 or parts[1].get_content_type() != "application/pkcs7-signature":
        return None
    content = _content_of(parts[1])
    is_one = len(content) <= _LARGEST_SIGNATURE and content[:1] == b"\x30" and _SIGNED_DATA in content[:24]
    return parts[1] if is_one else None


def _content_of(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_ours(content: bytes, files: ReportFiles) -> bool:
    return content.startswith(files.pdf) or content in (files.data, files.table)
