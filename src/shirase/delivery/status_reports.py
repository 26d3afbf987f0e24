"""The part of a failure report that is for machines (RFC 3464; with addresses in all letters, RFC 6533)."""

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from quopri import decodestring

from shirase.delivery.mail_parts import Mail, header, inner_parts, parts, shortened, text_of
from shirase.domain.returned import RecipientReport, kind_of_action

_GLOBAL = "message/global-delivery-status"
_TYPES = frozenset({"message/delivery-status", _GLOBAL})
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}(?!\d)")
_FOLDED = re.compile(r"\r?\n[ \t]+")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
_WIDE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What a failure report says.

    Attributes:
        envelope_id: That the sender gave the mail (RFC 3464, 2.2.1), decoded; empty when it is not repeated.
        recipients: One entry for each.
    """

    envelope_id: str
    recipients: tuple[RecipientReport, ...]


def find_status_report(mail: Mail) -> StatusReport | None:
    """The report in a mail, whatever the mail calls itself; None when it holds none that names a recipient."""
    for part in parts(mail):
        if part.get_content_type() in _TYPES:
            groups = [group for group in _groups(part) if group]
            recipients = [each for each in groups if "final-recipient" in each or "action" in each]
            if recipients:
                whole = next((each for each in groups if "reporting-mta" in each), groups[0])
                identifier = _from_xtext(whole.get("original-envelope-id", ""))
                return StatusReport(identifier, tuple(map(_report, recipients)))
    return None


def _report(fields: Mapping[str, str]) -> RecipientReport:
    found = _STATUS.search(fields.get("status", ""))
    status = found[0] if found else ""
    recipient = _address(fields.get("original-recipient", "")) or _address(fields.get("final-recipient", ""))
    kind = kind_of_action(fields.get("action", ""), status)
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2] or fields.get("diagnostic-code", "")
    return RecipientReport(kind, recipient, status, shortened(diagnostic))


def _groups(part: Mail) -> list[dict[str, str]]:
    """Fields of the mail, then of each recipient, their names in small letters."""
    if not part.is_multipart():
        return _parsed(text_of(part))
    inner = inner_parts(part)
    encoding = header(part, "Content-Transfer-Encoding").lower()
    if encoding in {"base64", "quoted-printable"}:  # forbidden (RFC 3464, 2.1.1), and done
        return _parsed(_decoded("\n".join(map(text_of, inner)), encoding))
    groups = [{name.lower(): header(each, name) for name in each} for each in inner]
    if part.get_content_type() == _GLOBAL and inner:  # the library takes it for an enclosed mail
        return groups + _parsed(text_of(inner[0]))
    return groups


def _decoded(text: str, encoding: str) -> str:
    try:
        content = b64decode(text) if encoding == "base64" else decodestring(text.encode("utf-8", "replace"))
    except (binascii.Error, ValueError):
        return ""
    return content.decode("utf-8", "replace")


def _parsed(text: str) -> list[dict[str, str]]:
    groups = []
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        lines = (line.partition(":") for line in _FOLDED.sub(" ", block).splitlines())
        groups.append({name.strip().lower(): value.strip() for name, colon, value in lines if colon})
    return groups


def _address(value: str) -> str:
    """The address of ``rfc822; somebody@example`` or ``utf-8; …``; empty for ``x400; …`` and the like."""
    kind, semicolon, address = value.partition(";")
    if not semicolon:
        kind, address = "rfc822", value
    address = address.strip().removeprefix("<").removesuffix(">").strip()
    if kind.strip().lower() not in {"rfc822", "utf-8"} or "@" not in address:
        return ""
    return shortened(_WIDE.sub(_character, address), 320)


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return chr(number) if number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "�"


def _from_xtext(value: str) -> str:
    """RFC 3461, section 4."""
    return shortened(_XTEXT.sub(lambda found: chr(int(found[1], 16)), value.strip()), 100)
