"""The message that carries a report (RFC 5322, RFC 2045): one recipient, two languages, one file.

The same notice gives the same bytes. They are plain ASCII, and what is not is in base 64: no server on the way has a
reason to change them. They are read back by another library before anybody gets them.
"""

import base64
from email.utils import format_datetime

from shirase.delivery.header_text import (
    mailbox_header,
    require_file_name,
    require_message_id,
    require_token,
    text_header,
)
from shirase.delivery.read_back import require_same
from shirase.domain.bilingual import Language
from shirase.domain.notice import Notice, NoticeWords

KEY_HEADER = "Idempotency-Key"
"""Header with the delivery id, so that whoever looks through a mailbox or a log knows repetitions for what they are."""


def build_message(notice: Notice, words: NoticeWords, pdf: bytes | None) -> bytes:
    """The whole message, its lines ended by CRLF. The envelope is not in it: see ``return_path`` and ``to_address``.

    Args:
        notice: What it is about.
        words: What it says.
        pdf: The sealed file, where the notice carries one.

    Raises:
        GateError: When a header would hold what none may hold, or the message does not read back as it was meant.
        TamperedError: When ``pdf`` is not the file that the notice speaks of.
    """
    boundary = f"=_{require_token(notice.delivery_id, 'delivery id')}"
    headers = _headers(notice, words)
    body = _multipart(
        "alternative", f"{boundary}_words", [_text(words.text, "plain", notice), _text(words.html, "html", notice)]
    )
    if pdf is not None:
        body = _multipart("mixed", f"{boundary}_parts", [body, _file(pdf, notice)])
    message = (headers + body).encode("ascii")
    require_same(message, notice, words, pdf)
    return message


def display_name(notice: Notice) -> str:
    """How From calls the sender: in both languages, the customer's first one first."""
    return " / ".join(dict.fromkeys(notice.sender_name.of(language) for language in notice.languages))


def _headers(notice: Notice, words: NoticeWords) -> str:
    """Headers of the message, without those of its body.

    ``Auto-Submitted`` keeps programs from answering (RFC 3834, 5); people's answers go to ``Reply-To``.
    """
    headers = [
        f"Date: {format_datetime(notice.date)}\r\n",
        mailbox_header("From", display_name(notice), notice.sender.address),
        mailbox_header("To", "", notice.to_address),
        mailbox_header("Reply-To", "", notice.sender.reply_to),
        text_header("Subject", words.subject),
        f"Message-ID: {require_message_id(notice.message_id, 'Message-ID')}\r\n",
    ]
    if notice.earlier is not None:
        earlier = require_message_id(notice.earlier.message_id, "In-Reply-To")
        headers += [f"In-Reply-To: {earlier}\r\n", f"References: {earlier}\r\n"]
    return "".join(
        [
            *headers,
            "Auto-Submitted: auto-generated\r\n",
            f"{KEY_HEADER}: {notice.delivery_id}\r\n",
            f"Content-Language: {_languages(notice)}\r\n",
            "MIME-Version: 1.0\r\n",
        ]
    )


def _languages(notice: Notice) -> str:
    """Both, the customer's first one first (RFC 3282)."""
    return ", ".join(language.value for language in notice.languages or tuple(Language))


def _multipart(subtype: str, boundary: str, parts: list[str]) -> str:
    """Parts as one (RFC 2046, 5.1). No line of base 64 and no header begins with two hyphens."""
    body = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n{body}--{boundary}--\r\n'


def _text(text: str, subtype: str, notice: Notice) -> str:
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Language: {_languages(notice)}\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"\r\n{_base64(text.replace(chr(10), chr(13) + chr(10)).encode())}"
    )


def _file(pdf: bytes, notice: Notice) -> str:
    """The attached file; ``name`` is for programs that look there only (RFC 2183, 2.3)."""
    name = require_file_name(notice.file_name, notice.report_id)
    return (
        f'Content-Type: application/pdf;\r\n name="{name}"\r\n'
        f'Content-Disposition: attachment;\r\n filename="{name}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        f"\r\n{_base64(pdf)}"
    )


def _base64(content: bytes) -> str:
    """Base 64 in lines of 76 characters (RFC 2045, 6.8)."""
    return base64.encodebytes(content).decode("ascii").replace("\n", "\r\n")
