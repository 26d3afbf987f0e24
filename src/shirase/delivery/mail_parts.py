"""Edge: mails that strangers wrote, taken apart. Nothing raises: what cannot be read is replaced or left out.

The old policy of Python's email package is used on purpose. The new one parses a header when it is asked for, and fails
on some that are found in the wild (python/cpython#148518, #151857).
"""

import binascii
import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

Mail = Message

LONGEST = 200_000
"""Characters of a text that are looked at."""

_SPACE = re.compile(r"\s+")
_HIDDEN = re.compile(r"<(style|script)(?![a-z])", re.IGNORECASE)
_END = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("style", "script")}
_BREAK = re.compile(r"</?(?:br|p|div|tr|li|h[1-6])(?![a-z])", re.IGNORECASE)
_JAPANESE = ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004")
_CODECS = {"shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "ks_c_5601-1987": "cp949"}


def take_apart(raw: bytes) -> Mail:
    """``raw`` as headers and parts; a mail of nothing when it is nested too deeply to be honest."""
    try:
        return message_from_bytes(raw)
    except (RecursionError, ValueError):
        return Message()


def header(mail: Mail, name: str) -> str:
    """The first header of that name on one line, its encoded words decoded (RFC 2047); empty when there is none."""
    return next(headers(mail, name), "")


def headers(mail: Mail, name: str) -> Iterator[str]:
    """All headers of that name."""
    for value in mail.get_all(name) or ():
        yield _SPACE.sub(" ", _decoded_words(str(value))).strip()


def parts(mail: Mail) -> list[Mail]:
    """The mail and everything in it."""
    try:
        return [each for each in mail.walk() if isinstance(each, Message)]
    except RecursionError:
        return [mail]


def text_of(part: Mail) -> str:
    """The text of a part that holds no others; as much as is worth looking at."""
    return decoded(content_of(part)[: 4 * LONGEST], _charset(part))[:LONGEST]


def content_of(part: Mail) -> bytes:
    """What a part that holds no others carries; nothing where its encoding makes no sense."""
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def inner_parts(part: Mail) -> list[Mail]:
    """The parts of a part; none where it is one itself."""
    try:
        inner = part.get_payload()
    except (LookupError, ValueError, TypeError):  # the library decodes here, in whatever charset is named
        return []
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def words_of(mail: Mail) -> str:
    """What a mail itself says to people: its first plain text, or its HTML without the tags."""
    leaves = [each for each in _own_parts(mail) if each.get_content_maintype() == "text"]
    for part in leaves:
        if part.get_content_subtype() == "plain" and text_of(part).strip():
            return text_of(part)
    for part in leaves:
        if part.get_content_subtype() == "html":
            return html.unescape(_without_tags(text_of(part)))
    return ""


def decoded(content: bytes, charset: str) -> str:
    """``content`` in the charset it names.

    Mails called ISO-2022-JP hold characters beyond it, such as circled numbers; mails called Shift_JIS are Windows's.
    """
    name = _CODECS.get(charset.lower(), charset.lower())
    for codec in _JAPANESE if name.startswith("iso-2022-jp") else (name, "utf-8"):
        try:
            return content.decode(codec)
        except (LookupError, ValueError):  # no such codec; or a name, or bytes, that are none
            continue
    return content.decode(_JAPANESE[-1] if name.startswith("iso-2022-jp") else "utf-8", "replace")


def received_at(mail: Mail) -> datetime | None:
    """When the last server took the mail, as it wrote itself; else the mail's own date."""
    for value in (header(mail, "Received").rpartition(";")[2], header(mail, "Date")):
        try:
            found = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def shortened(text: str, longest: int = 500) -> str:
    """``text`` on one line, without what no line can hold, cut at ``longest`` characters."""
    line = "".join(each if each.isprintable() else " " for each in text[: 4 * longest])
    line = _SPACE.sub(" ", line).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _own_parts(mail: Mail) -> list[Mail]:
    """The leaves of a mail, without those of mails that it encloses."""
    leaves, left = [], [mail]
    while left:
        part = left.pop()
        if not part.is_multipart():
            leaves.append(part)
        elif part.get_content_maintype() != "message":
            left += reversed(inner_parts(part))
    return leaves


def _without_tags(text: str) -> str:
    """Read once from the beginning to the end, however many tags are never closed."""
    said, at = [], 0
    while (start := text.find("<", at)) >= 0:
        said.append(text[at:start])
        hidden = _HIDDEN.match(text, start)
        close = _END[hidden[1].lower()].search(text, start) if hidden else None
        if hidden and close is None:
            return "".join(said)
        end = text.find(">", close.start() if close else start)
        if end < 0:
            return "".join(said)
        said.append("\n" if _BREAK.match(text, start) else " ")
        at = end + 1
    return "".join((*said, text[at:]))


def _charset(part: Mail) -> str:
    try:
        return str(part.get_content_charset() or "us-ascii")
    except (LookupError, ValueError, TypeError):
        return "us-ascii"


def _decoded_words(value: str) -> str:
    try:
        found = decode_header(value[:LONGEST])
    except (HeaderParseError, binascii.Error, ValueError):
        return value
    return "".join(each if isinstance(each, str) else decoded(each, charset or "us-ascii") for each, charset in found)
