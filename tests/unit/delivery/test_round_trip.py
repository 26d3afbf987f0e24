"""What gateways do to a mail on its way is said, and told apart by whether it matters."""

import io
import zipfile
from email import policy
from email.message import EmailMessage

import pytest

from shirase.delivery.round_trip import RoundTrip, compare_round_trip

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
NAME = "SHIRASE-INC-2022-0120-AAAA-BBBB.pdf"


def build(
    *,
    subject: str = "【重要】ご報告 / Report",
    text: str = "本文\nText\n",
    files: dict[str, bytes] | None = None,
    more: str = "",
) -> bytes:
    message = EmailMessage(policy.SMTP)
    message["From"] = "incident@sender.example"
    message["To"] = "canary@sender.example"
    message["Subject"] = subject
    message["Message-ID"] = "<m1@sender.example>"
    message["Date"] = "Sat, 22 Jan 2022 10:00:00 +0900"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    for name, content in ({NAME: PDF} if files is None else files).items():
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return more.encode() + message.as_bytes()


SENT = build()


def told(got: bytes) -> tuple[RoundTrip, str]:
    found = compare_round_trip(SENT, got)
    return found, "\n".join(each.what for each in found.differences)


def zipped(*, locked: bool = False) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(NAME, PDF)
    content = bytearray(made.getvalue())
    if locked:  # the bit that says so, in the local header and in the directory
        content[6] |= 1
        content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def test_the_same_mail() -> None:
    """Line ends of the mailbox and headers of servers on the way are no difference."""
    got = b"Return-Path: <x@y.example>\nReceived: from a by b; now\n" + SENT.replace(b"\r\n", b"\n")
    assert compare_round_trip(SENT, got) == RoundTrip((), (), ())


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (build(files={}), "was taken out"),
        (build(files={NAME: PDF + b"\n"}), "was changed: SHA-256"),
        (build(files={"report.pdf": PDF}), "arrived under the name report.pdf"),
        (build(files={"a.zip": zipped()}), "was packed into a.zip"),
        (build(files={"a.zip": zipped(locked=True)}), "encrypted archive, a.zip"),
        (build(files={NAME: PDF, "notice.txt": b"x"}), "notice.txt of 1 bytes was attached"),
        (build(subject="=?bad"), "Subject was 【重要】ご報告 / Report and is =?bad"),
        (build(text="別の本文"), "changed the text/plain text"),
        (SENT.replace(b"<m1@sender.example>", b"<m2@gateway.example>"), "Message-ID was <m1@sender.example> and is"),
        (SENT.replace(b"Message-ID", b"X-Old-ID"), "the header Message-ID is gone"),
        (build(more="Authentication-Results: mx; spf=pass; dkim=fail (bad)\r\n"), "found dkim=fail"),
    ],
    ids=range(11),
)
def test_what_a_customer_would_miss(got: bytes, words: str) -> None:
    """A file gone, changed, renamed, packed or added, another subject, id or text, a failed check: nothing may go out."""
    found, said = told(got)
    assert words in said
    assert not found.is_good


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (build(subject="[EXTERNAL] 【重要】ご報告 / Report"), "marked the subject: [EXTERNAL]"),
        (build(text="本文\nText\n\nこのメールは社外から届きました"), "added to the text/plain text: … このメールは"),
        (SENT.replace(b"<p>", b"<div>", 1), ""),
    ],
    ids=range(3),
)
def test_what_is_only_said(got: bytes, words: str) -> None:
    """A mark in the subject and a line below the text are told and stop nothing."""
    found, said = told(got)
    assert words in said
    assert found.is_good


def test_what_was_added() -> None:
    """Headers beyond those of every server are named, and what the receiving server found of the sender."""
    got = (
        b"Authentication-Results: mx.example; spf=pass smtp.mailfrom=sender.example;\r\n dkim=pass; dmarc=pass\r\n"
        b"Authentication-Results: forged.example; dkim=fail\r\nX-Spam-Score: 0.1\r\nARC-Seal: i=1\r\n"
    ) + SENT
    found = compare_round_trip(SENT, got)
    assert found.added == ("X-Spam-Score", "ARC-Seal")
    assert found.authentication == ("spf=pass", "dkim=pass", "dmarc=pass")
    assert found.is_good
