"""A message that is not what was meant is refused, whatever is wrong with it."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from notices import PDF, notice
from shirase.delivery.message import build_message
from shirase.delivery.read_back import require_recipient, require_same
from shirase.domain.errors import GateError
from shirase.text.notices import words_of

NOTICE = notice()
WORDS = words_of(NOTICE)
MESSAGE = build_message(NOTICE, WORDS, PDF)
BOUNDARY = f"=_{NOTICE.delivery_id}".encode()


def with_header(line: bytes) -> bytes:
    return line + b"\r\n" + MESSAGE


def changed(pattern: bytes, by: bytes) -> bytes:
    found, times = re.subn(pattern, by, MESSAGE, count=1)
    assert times == 1
    return found


def with_part(headers: bytes, content: bytes) -> bytes:
    end = b"--" + BOUNDARY + b"_parts--"
    part = (
        b"--" + BOUNDARY + b"_parts\r\n" + headers + b"\r\n\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")
    )
    return MESSAGE.replace(end, part + end)


def test_what_was_built_is_what_was_meant() -> None:
    """Without this, refusing would mean nothing."""
    require_same(MESSAGE, NOTICE, WORDS, PDF)
    require_recipient(MESSAGE, NOTICE.to_address)


CHANGES: dict[str, Callable[[], bytes]] = {
    "a hidden recipient": lambda: with_header(b"Bcc: all@other.example"),
    "a copy": lambda: with_header(b"Cc: all@other.example"),
    "a second To": lambda: with_header(b"To: security@takahashi.example"),
    "a second Subject": lambda: with_header(b"Subject: another"),
    "a header that tracks": lambda: with_header(b"Disposition-Notification-To: a@b.example"),
    "another To": lambda: changed(rb"To: security@takahashi", b"To: security@northwind"),
    "two recipients": lambda: changed(rb"(To: security@takahashi\.example)", rb"\1, b@c.example"),
    "another From": lambda: changed(rb"<incident@", b"<accident@"),
    "another name": lambda: changed(rb"(From: =\?utf-8\?b\?)....", rb"\g<1>44Gr"),
    "another Reply-To": lambda: changed(rb"incident-desk@", b"other-desk@"),
    "another subject": lambda: changed(rb"(Subject: =\?utf-8\?b\?)....", rb"\g<1>44Gr"),
    "another Message-ID": lambda: changed(rb"Message-ID: <.", b"Message-ID: <0"),
    "another date": lambda: changed(rb"01:30:05 \+0000", b"01:30:06 +0000"),
    "another key": lambda: changed(rb"Idempotency-Key: .", b"Idempotency-Key: 0"),
    "no Auto-Submitted": lambda: changed(rb"Auto-Submitted: .*\r\n", b""),
    "Auto-Submitted no": lambda: changed(rb"auto-generated", b"no"),
    "another text": lambda: changed(rb"VGhlIEVu", b"VGhlIEVv"),
    "a text in another charset": lambda: changed(rb"charset=utf-8", b"charset=shift_jis"),
    "another file": lambda: changed(rb"JVBERi0x", b"JVBERi0y"),
    "another file name": lambda: changed(rb'filename="INC', b'filename="INX'),
    "another name of the type": lambda: changed(rb' name="INC', b' name="INX'),
    "shown in place": lambda: changed(rb"attachment;", b"inline;"),
    "a second report": lambda: with_part(
        b"Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64", b"%PDF-1.7 another"
    ),
    "a picture": lambda: with_part(b"Content-Type: image/gif\r\nContent-Transfer-Encoding: base64", b"GIF89a"),
    "text before the parts": lambda: changed(rb"\r\n\r\n--", b"\r\n\r\nHello\r\n--"),
    "text behind the parts": lambda: MESSAGE + b"Hello\r\n",
    "a line feed alone": lambda: changed(rb"\r\nTo:", b"\nTo:"),
    "a carriage return alone": lambda: changed(rb"Auto-Submitted: auto", b"Auto-Submitted:\r auto"),
    "a byte beyond ASCII": lambda: changed(rb"To: s", "To: ſ".encode()),
    "a NUL": lambda: changed(rb"To: s", b"To: s\0"),
    "a long line": lambda: changed(rb"(\r\nVGhlIEVu.{68})\r\n", rb"\1" + b"VGhl" * 250 + b"\r\n"),
    "no end": lambda: MESSAGE[:-2],
    "cut off": lambda: MESSAGE[:-400],
}


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_is_seen(change: str) -> None:
    """Headers too many, too few or other; texts, files, parts, names, lines and bytes that were not meant."""
    message = CHANGES[change]()
    assert message != MESSAGE
    with pytest.raises(GateError, match="does not read back"):
        require_same(message, NOTICE, WORDS, PDF)


def test_words_of_somebody_else_are_seen() -> None:
    """The text is part of what is compared, both as text and as a page."""
    for change in ({"text": "other\n"}, {"html": "<p>other</p>\n"}, {"subject": "other"}):
        with pytest.raises(GateError, match="does not read back"):
            require_same(MESSAGE, NOTICE, replace(WORDS, **change), PDF)


@pytest.mark.parametrize("address", ["Security@takahashi.example", "security@takahashi.example2", "b@c.example"])
def test_the_envelope_says_what_the_header_says(address: str) -> None:
    """Byte for byte: small and capital letters may be two mailboxes."""
    with pytest.raises(GateError, match="alone"):
        require_recipient(MESSAGE, address)


@pytest.mark.parametrize(
    "line", [b"Cc: b@c.example", b"Bcc: b@c.example", b"To: b@c.example", b"Resent-To: b@c.example"]
)
def test_nobody_else_is_in_the_headers(line: bytes) -> None:
    """A second recipient in any header stops the mail."""
    with pytest.raises(GateError, match="alone"):
        require_recipient(with_header(line), NOTICE.to_address)
