"""DKIM (RFC 6376): the sender's domain vouches for a finished message. Optional: mostly the server does it.

Written here, some eighty lines, because the one library that is kept, dkimpy, comes without a wheel, and nothing is
compiled or run at set-up. Only signing is here; tests let another implementation verify.
"""

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shirase.delivery.header_text import LINE, require_token
from shirase.domain.errors import GateError, Problem

_ONCE = (
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references", "mime-version",
    "content-type",
)  # fmt: skip
"""Signed once more than they are there, so that nobody can add another without breaking the signature (5.4.2)."""

_ALSO = ("content-language", "content-transfer-encoding", "content-disposition", "auto-submitted")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:((?:[^\r\n]|\r\n[ \t])*)\r\n")


@dataclass(frozen=True, slots=True)
class DkimDomain:
    """Who vouches.

    Attributes:
        domain: The domain (``d=``); it has to be that of From for DMARC to count it.
        selector: Name of the key below ``_domainkey`` (``s=``).
    """

    domain: str
    selector: str


def sign_for_domain(message: bytes, domain: DkimDomain, at: datetime, signature_of: Callable[[bytes], bytes]) -> bytes:
    """``message`` with a DKIM-Signature before its other headers: nothing else of it changes.

    Servers on the way may fold headers or change spaces (``relaxed``); the whole body is signed, without ``l=``.

    Args:
        message: The whole message, CRLF at the end of every line.
        domain: Who vouches.
        at: When (``t=``).
        signature_of: Signs bytes with RSA and SHA-256.

    Raises:
        GateError: When domain or selector cannot stand in a header, or the message has no headers.
    """
    if _DOMAIN.fullmatch(domain.domain) is None:
        raise GateError(Problem(f"{domain.domain!r} is no domain", "dkim", "mend it in delivery.toml"))
    selector = ".".join(require_token(each, "dkim selector") for each in domain.selector.split("."))
    head, found, body = message.partition(b"\r\n\r\n")
    headers = _HEADER.findall(head + b"\r\n")
    if not found or b"".join(name + b":" + value + b"\r\n" for name, value in headers) != head + b"\r\n":
        raise GateError(Problem("its headers cannot be told from its body", "mail", "this is a fault of the program"))
    names = _signed_names([name.decode().lower() for name, _ in headers])
    unsigned = _folded(
        [
            "v=1;", "a=rsa-sha256;", "c=relaxed/relaxed;", f"d={domain.domain};", f"s={selector};",
            f"t={int(at.timestamp())};", *_list_tag(names), f"bh={_digest(body)};", "b=",
        ]
    )  # fmt: skip
    signed = _canonical(headers, names) + _relaxed(b"DKIM-Signature", unsigned.encode())
    return f"DKIM-Signature: {unsigned}{_split(signature_of(signed))}\r\n".encode() + message


def _signed_names(present: list[str]) -> list[str]:
    names = [name for name in present if name in _ONCE or name in _ALSO]
    return [*names, *_ONCE]


def _list_tag(names: list[str]) -> list[str]:
    """``h=`` in pieces between which a line may end."""
    pieces = [f"{name}:" for name in names[:-1]]
    return [f"h={pieces[0]}", *pieces[1:], f"{names[-1]};"]


def _canonical(headers: list[tuple[bytes, bytes]], names: list[str]) -> bytes:
    """The headers named, the last of each name first (5.4.2); a name too many stands for none (3.5, ``h=``)."""
    waiting = [(name.decode().lower(), _relaxed(name, value)) for name, value in headers]
    made = b""
    for name in names:
        place = next((at for at in reversed(range(len(waiting))) if waiting[at][0] == name), None)
        if place is not None:
            made += waiting.pop(place)[1] + b"\r\n"
    return made


def _relaxed(name: bytes, value: bytes) -> bytes:
    """A header in small letters, unfolded, runs of spaces as one (3.4.2)."""
    unfolded = re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")
    return name.lower() + b":" + unfolded


def _digest(body: bytes) -> str:
    """SHA-256 of the body, spaces at ends of lines and empty lines at its end left out (3.4.4)."""
    lines = [re.sub(rb"[ \t]+", b" ", line).rstrip(b" ") for line in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    canonical = b"".join(line + b"\r\n" for line in lines)
    return base64.b64encode(hashlib.sha256(canonical).digest()).decode()


def _folded(pieces: list[str]) -> str:
    """Pieces with spaces between them, or with line ends where a line would get too long."""
    lines, line = [], "DKIM-Signature:"
    for piece in pieces:
        if len(line) + 1 + len(piece) > LINE:
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "\r\n".join([*lines, line]).removeprefix("DKIM-Signature: ")


def _split(signature: bytes) -> str:
    """Base 64 on lines of its own."""
    text = base64.b64encode(signature).decode()
    return "".join(f"\r\n {text[at : at + LINE - 2]}" for at in range(0, len(text), LINE - 2))
