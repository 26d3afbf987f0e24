"""S/MIME (RFC 8551) around a finished message: first signed, then encrypted. No key is here, only the parts of a mail.

The signature covers the headers as well: they are repeated inside (RFC 9788), and programs that do not know this pass
over them. Both kinds differ from one time to the next, so the bytes made are kept, and sent as they are.
"""

import base64
import re
from collections.abc import Callable

from shirase.domain.errors import GateError, Problem

_STRUCTURE = (
    "content-type:",
    "content-transfer-encoding:",
    "content-disposition:",
    "content-language:",
    "mime-version:",
)
_HEADER = re.compile(r"[!-9;-~]+:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n")
_TYPE = re.compile(r"^(Content-Type:[^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", re.MULTILINE)
_MEND = "nothing was sent; keep the message aside and ask for help: this is a fault of the program"


def sign_message(message: bytes, identifier: str, signature_of: Callable[[bytes], bytes]) -> bytes:
    """``message`` as a clear-signed one (multipart/signed, RFC 1847): who cannot check it can still read it.

    Args:
        message: From ``build_message``.
        identifier: Of the delivery, for the boundary.
        signature_of: Makes a detached signature (CMS SignedData, DER; SHA-256).

    Raises:
        GateError: When the message inside the result is not, byte for byte, the one that was signed.
    """
    outer, structure, body = _taken_apart(message)
    marked = _TYPE.sub(r'\1;\r\n hp="clear"', structure, count=1)
    inner = (outer + marked + "\r\n" + body).encode("ascii")
    boundary = f"=_{identifier}_signed"
    made = (
        f"{outer}MIME-Version: 1.0\r\n"
        'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n'
        f' micalg=sha-256; boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n{inner.decode('ascii')}\r\n--{boundary}\r\n"
        'Content-Type: application/pkcs7-signature; name="smime.p7s"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="smime.p7s"\r\n\r\n'
        f"{_base64(signature_of(inner))}--{boundary}--\r\n"
    ).encode("ascii")
    if signed_part(made) != inner or plain_message(made) != message:
        raise GateError(Problem("the signed message does not read back", f"mail {identifier}", _MEND))
    return made


def encrypt_message(message: bytes, sealed: Callable[[bytes], bytes]) -> bytes:
    """``message``, best a signed one, as an encrypted one (application/pkcs7-mime, RFC 8551, 3.3).

    What is outside stays readable to every server: the headers, the subject among them.

    Args:
        message: The whole message.
        sealed: Encrypts (CMS EnvelopedData, DER).
    """
    outer, structure, body = _taken_apart(message)
    envelope = sealed((structure + "\r\n" + body).encode("ascii"))
    return (
        f"{outer}MIME-Version: 1.0\r\n"
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data;\r\n name="smime.p7m"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'
        f"{_base64(envelope)}"
    ).encode("ascii")


def signed_part(message: bytes) -> bytes:
    """The bytes that the signature of a signed message is of.

    Raises:
        GateError: When it is none of :func:`sign_message`.
    """
    found = re.search(rb'multipart/signed; [^"]*"[^"]*";\r\n micalg=sha-256; boundary="([^"]+)"\r\n\r\n', message)
    mark = b"--" + found[1] + b"\r\n" if found else b""
    if found is None or message.count(mark) != 2 or not message[found.end() :].startswith(mark):
        raise GateError(Problem("is no signed message", "mail", _MEND))
    begin = found.end() + len(mark)
    return message[begin : message.index(b"\r\n" + mark, begin)]


def plain_message(message: bytes) -> bytes:
    """The message that :func:`sign_message` was given, byte for byte.

    Raises:
        GateError: When ``message`` is no such one, or its headers are not those that were signed.
    """
    outer, structure, body = _taken_apart(signed_part(message))
    outside, _, _ = _taken_apart(message)
    if outside != outer:
        raise GateError(Problem("has other headers outside than were signed", "mail", _MEND))
    marked = structure.replace(';\r\n hp="clear"', "", 1)
    language, found = "", re.search(r"\AContent-Language:[^\r\n]*\r\n", marked)
    if found:
        language, marked = found[0], marked[found.end() :]
    return f"{outer}{language}MIME-Version: 1.0\r\n{marked}\r\n{body}".encode("ascii")


def _taken_apart(message: bytes) -> tuple[str, str, str]:
    """Headers of the message; headers of its body, MIME-Version left out; the body."""
    head, found, body = message.decode("ascii").partition("\r\n\r\n")
    headers = _HEADER.findall(head + "\r\n")
    if not found or "".join(headers) != head + "\r\n":
        raise GateError(Problem("its headers cannot be told from its body", "mail", _MEND))
    outer = [each for each in headers if not each.lower().startswith(_STRUCTURE)]
    structure = [
        each for each in headers if each.lower().startswith(_STRUCTURE) and not each.lower().startswith("mime-version:")
    ]
    return "".join(outer), "".join(structure), body


def _base64(content: bytes) -> str:
    return base64.encodebytes(content).decode("ascii").replace("\n", "\r\n")
