"""A mail that was sent to a mailbox of one's own, held against what arrived there: what gateways did to it."""

import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from shirase.delivery.mail_parts import Mail, content_of, header, headers, parts, shortened, take_apart, text_of

_SAME = ("Subject", "From", "To", "Reply-To", "Message-ID", "Date", "In-Reply-To")
_ORDINARY = frozenset(
    {
        "received", "return-path", "delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-envelope-from",
        "authentication-results", "content-type", "content-transfer-encoding", "mime-version", "content-length",
        "lines", "status", "x-uid",
    }
)  # fmt: skip
"""Headers that every server on the way may add or write anew."""

_RESULT = re.compile(r"\b(spf|dkim|dmarc)\s*=\s*(\w+)", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_ENCRYPTED = 1
_NO_ARCHIVE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
_LARGEST = 100_000_000
"""Bytes of a file in an archive that is unpacked to compare it."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed on the way.

    Attributes:
        what: In words.
        is_bad: Whether a customer would not get what was sent: nothing should go out before that is understood.
    """

    what: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """What came of one mail.

    Attributes:
        differences: What changed, the bad first.
        added: Names of the headers that were added, beside those that every server adds.
        authentication: What the receiving server found of SPF, DKIM and DMARC, such as "dkim=pass" (RFC 8601).
    """

    differences: tuple[Difference, ...]
    added: tuple[str, ...]
    authentication: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """Whether everything that matters arrived as it was sent."""
        return not any(each.is_bad for each in self.differences)


def compare_round_trip(sent: bytes, got: bytes) -> RoundTrip:
    """What differs between a mail and what arrived of it.

    Args:
        sent: As it was handed to the server.
        got: As the mailbox keeps it.
    """
    before, after = take_apart(sent), take_apart(got)
    found = (*_headers(before, after), *_files(before, after), *_texts(before, after), *_results(after))
    known = {name.lower() for name in before} | _ORDINARY
    added = tuple(dict.fromkeys(name for name in after if name.lower() not in known))
    return RoundTrip(
        differences=tuple(sorted(found, key=lambda each: not each.is_bad)),
        added=added,
        authentication=tuple(dict.fromkeys(f"{name}={result}" for name, result in _authentication(after))),
    )


def _headers(before: Mail, after: Mail) -> Iterator[Difference]:
    for name in _SAME:
        was, now = list(headers(before, name)), list(headers(after, name))
        if was == now:
            continue
        if not now:
            yield Difference(f"the header {name} is gone", is_bad=True)
        elif name == "Subject" and was and was[0] and was[0] in now[0]:
            yield Difference(f"a server marked the subject: {shortened(now[0], 200)}", is_bad=False)
        else:
            what = f"{name} was {shortened(', '.join(was), 200) or 'absent'} and is {shortened(', '.join(now), 200)}"
            yield Difference(what, is_bad=True)


def _files(before: Mail, after: Mail) -> Iterator[Difference]:
    sent, got = list(_attached(before)), list(_attached(after))
    for name, content in sent:
        same = next((each for each in got if each[1] == content), None)
        if same is not None:
            got.remove(same)
            if same[0] != name:
                yield Difference(f"the file {name} arrived under the name {same[0] or 'of nothing'}", is_bad=True)
            continue
        packed = next((each for each in got if _holds(each[1], content)), None)
        if packed is not None:
            got.remove(packed)
            yield Difference(f"the file {name} was packed into {packed[0]}", is_bad=True)
            continue
        yield _lost(name, content, got)
    for name, content in got:
        yield Difference(f"{name or 'a file'} of {len(content)} bytes was attached on the way", is_bad=True)


def _lost(name: str, content: bytes, got: list[tuple[str, bytes]]) -> Difference:
    """A file that did not arrive: another of its name did, or a closed archive, or nothing; takes that from ``got``."""
    namesake = next((each for each in got if each[0] == name), None)
    if namesake is not None:
        got.remove(namesake)
        digests = (hashlib.sha256(each).hexdigest()[:16] for each in (content, namesake[1]))
        return Difference(f"the file {name} was changed: SHA-256 {' and now '.join(digests)}", is_bad=True)
    closed = next((each for each in got if _is_locked(each[1])), None)
    if closed is not None:
        got.remove(closed)
        return Difference(f"instead of the file {name} there is an encrypted archive, {closed[0]}", is_bad=True)
    return Difference(f"the file {name} was taken out", is_bad=True)


def _texts(before: Mail, after: Mail) -> Iterator[Difference]:
    for kind in ("text/plain", "text/html"):
        was, now = (_SPACE.sub(" ", _text(mail, kind)).strip() for mail in (before, after))
        if was == now:
            continue
        if not now:
            yield Difference(f"the {kind} text is gone", is_bad=True)
        elif was and was in now:
            more = shortened(now.replace(was, " … ", 1), 200)
            yield Difference(f"a server added to the {kind} text: {more}", is_bad=False)
        elif kind == "text/html":
            yield Difference("a server changed the text/html text", is_bad=False)
        else:
            yield Difference("a server changed the text/plain text", is_bad=True)


def _results(after: Mail) -> Iterator[Difference]:
    """Only those of the last server count: it writes on top, and anything below may have come with the mail."""
    for name, result in _authentication(after):
        if result in {"fail", "softfail", "permerror"}:
            yield Difference(f"the receiving server found {name}={result}", is_bad=True)


def _authentication(mail: Mail) -> list[tuple[str, str]]:
    return [(name.lower(), result.lower()) for name, result in _RESULT.findall(header(mail, "Authentication-Results"))]


def _attached(mail: Mail) -> Iterator[tuple[str, bytes]]:
    """Name and content of every leaf that is no text to be read in place; signatures go their own way."""
    for part in parts(mail):
        is_text = part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"
        if part.is_multipart() or is_text or part.get_content_type() == "application/pkcs7-signature":
            continue
        yield _file_name(part), content_of(part)


def _file_name(part: Mail) -> str:
    try:
        return shortened(str(part.get_filename() or ""), 200)
    except (LookupError, ValueError, TypeError):
        return ""


def _text(mail: Mail, kind: str) -> str:
    for part in parts(mail):
        if part.get_content_type() == kind and not part.is_multipart() and not part.get_filename():
            return text_of(part)
    return ""


def _holds(archive: bytes, content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            alike = (each for each in opened.infolist() if each.file_size == len(content) <= _LARGEST)
            return any(opened.read(each) == content for each in alike if not each.flag_bits & _ENCRYPTED)
    except _NO_ARCHIVE:
        return False


def _is_locked(archive: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            return any(each.flag_bits & _ENCRYPTED for each in opened.infolist())
    except _NO_ARCHIVE:
        return False
