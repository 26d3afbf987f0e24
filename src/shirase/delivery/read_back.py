"""A finished message, read by a library that did not make it, and held against what it was meant to be."""

import hashlib
from collections.abc import Iterator
from email import policy
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser, BytesParser

from shirase.domain.errors import GateError, Problem, TamperedError
from shirase.domain.notice import Notice, NoticeWords

LONGEST_LINE = 998
"""Octets of a line without its end (RFC 5322, 2.1.1)."""

_PLAIN = b"\t\r\n" + bytes(range(0x20, 0x7F))
_OTHERS = ("Cc", "Bcc", "Resent-To", "Resent-Cc", "Resent-Bcc")
_TEXT = ("Content-Type", "Content-Language", "Content-Transfer-Encoding")
_FILE = ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")
_MEND = "nothing was sent; keep the message aside and ask for help: this is a fault of the program"


def require_same(message: bytes, notice: Notice, words: NoticeWords, pdf: bytes | None) -> None:
    """Refuse ``message`` unless it is, to another parser, exactly what was meant.

    Args:
        message: The whole message, as it would be handed to a server.
        notice: What it is about.
        words: What it says.
        pdf: The sealed file, where the notice carries one.

    Raises:
        GateError: When anything differs: a header too many, another recipient, a line that a server would break.
        TamperedError: When ``pdf`` is not the file that the notice speaks of.
    """
    if (pdf is not None) != notice.is_carrying:
        what = "needs the sealed file" if pdf is None else "carries no file"
        raise GateError(Problem(f"a mail of the kind {notice.kind} {what}", notice.report_id, _MEND))
    if pdf is not None and hashlib.sha256(pdf).hexdigest() != notice.sealed_digest:
        mend = "`shirase verify` says what else is wrong"
        raise TamperedError(Problem("is not the file that was sealed", notice.file_name, mend))
    wrong = next(_differences(message, notice, words, pdf), "")
    if wrong:
        where = f"mail {notice.delivery_id}"
        raise GateError(Problem(f"the message does not read back as it was meant: {wrong}", where, _MEND))


def require_recipient(message: bytes, address: str) -> None:
    """Refuse ``message`` unless its only recipient is ``address``, byte for byte: the envelope must say no other.

    Raises:
        GateError: When there is another recipient, or none.
    """
    headers = _parse(message)
    wanted = (Address(addr_spec=address),)
    if _addresses(headers, "To") != wanted or any(name in headers for name in _OTHERS):
        raise GateError(Problem(f"the message is not to {address} alone", address, _MEND))


def _differences(message: bytes, notice: Notice, words: NoticeWords, pdf: bytes | None) -> Iterator[str]:
    yield from _unsafe_bytes(message)
    parsed = _parse(message)
    yield from _header_differences(parsed, BytesHeaderParser().parsebytes(message), notice, words)
    yield from _part_differences(parsed, notice, words, pdf)
    for part in parsed.walk():
        defects = [*part.defects, *(defect for value in part.values() for defect in value.defects)]
        yield from (f"{part.get_content_type()}: {type(defect).__name__}" for defect in defects)
        if part.preamble or part.epilogue:
            yield "there is text between or behind its parts"


def _unsafe_bytes(message: bytes) -> Iterator[str]:
    """What a server might change or refuse, or take for the end of the message (RFC 5321, 2.3.8 and 4.5.2)."""
    if not message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n"):
        yield "it holds a CR or LF alone"
    if message.translate(None, _PLAIN):
        yield "it holds bytes other than printable ASCII"
    if not message.endswith(b"\r\n"):
        yield "its last line has no end"
    if max(map(len, message.split(b"\r\n"))) > LONGEST_LINE:
        yield f"it has a line of more than {LONGEST_LINE} octets"


def _header_differences(parsed: EmailMessage, older: Message, notice: Notice, words: NoticeWords) -> Iterator[str]:
    earlier = [("In-Reply-To", notice.earlier.message_id), ("References", notice.earlier.message_id)] if (
        notice.earlier is not None
    ) else []  # fmt: skip
    wanted = [
        ("Date", None),
        ("From", None),
        ("To", notice.to_address),
        ("Reply-To", notice.sender.reply_to),
        ("Subject", words.subject),
        ("Message-ID", notice.message_id),
        *earlier,
        ("Auto-Submitted", "auto-generated"),
        ("Idempotency-Key", notice.delivery_id),
        ("Content-Language", ", ".join(notice.languages)),
        ("MIME-Version", "1.0"),
        ("Content-Type", None),
    ]
    names = [name for name, _ in wanted]
    if parsed.keys() != names:
        yield f"its headers are {', '.join(parsed.keys())}, and not {', '.join(names)}"
        return
    yield from (f"{name} is {str(parsed[name])!r}" for name, value in wanted if value not in {None, str(parsed[name])})
    yield from _mailbox_differences(parsed, older, notice)
    if parsed["Date"].datetime != notice.date.replace(microsecond=0):
        yield f"Date is {parsed['Date']}"


def _mailbox_differences(parsed: EmailMessage, older: Message, notice: Notice) -> Iterator[str]:
    """Each of them names one mailbox, and From the sender's name with it."""
    wanted = {"From": notice.sender.address, "To": notice.to_address, "Reply-To": notice.sender.reply_to}
    for header, address in wanted.items():
        if [each.addr_spec for each in _addresses(parsed, header)] != [address]:
            yield f"{header} names {str(parsed[header])!r}"
    name = " / ".join(dict.fromkeys(notice.sender_name.of(language) for language in notice.languages))
    if name not in {_addresses(parsed, "From")[0].display_name, _phrase(str(older["From"]))}:
        yield f"From names {str(parsed['From'])!r}"


def _phrase(value: str) -> str:
    """The name before an address, by the older parser: the newer puts spaces between encoded words."""
    phrase = value.rpartition("<")[0].rstrip()
    return str(make_header(decode_header(phrase)))


def _part_differences(parsed: EmailMessage, notice: Notice, words: NoticeWords, pdf: bytes | None) -> Iterator[str]:
    texts = [("text/plain", _TEXT, words.text), ("text/html", _TEXT, words.html)]
    types = [*(["multipart/mixed"] if pdf is not None else []), "multipart/alternative", "text/plain", "text/html"]
    types += ["application/pdf"] if pdf is not None else []
    found = [part.get_content_type() for part in parsed.walk()]
    if found != types:
        yield f"its parts are {', '.join(found)}"
        return
    leaves = [part for part in parsed.walk() if not part.is_multipart()]
    for part, (kind, names, text) in zip(leaves, texts, strict=False):
        if tuple(part.keys()) != names or part.get_content_charset() != "utf-8":
            yield f"{kind} has other headers"
        if _content_of(part) != text.replace("\n", "\r\n").encode():
            yield f"{kind} says something else"
    if pdf is not None:
        file = leaves[-1]
        if tuple(file.keys()) != _FILE or not file.is_attachment():
            yield "the file has other headers"
        if (file.get_filename(), file.get_param("name")) != (notice.file_name, notice.file_name):
            yield f"the file is called {file.get_filename()!r}"
        if hashlib.sha256(_content_of(file)).hexdigest() != notice.sealed_digest:
            yield "the attached file is not the one that was sealed"


def _parse(message: bytes) -> EmailMessage:
    return BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(message)


def _addresses(parsed: EmailMessage, header: str) -> tuple[Address, ...]:
    return tuple(address for value in parsed.get_all(header, []) for address in value.addresses)


def _content_of(part: EmailMessage) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
