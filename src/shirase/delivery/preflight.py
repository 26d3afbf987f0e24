"""Edge: the sender and its server looked at before the first mail. Nothing is sent; one fault hides no other."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.delivery.names import Names
from shirase.delivery.sender_records import record_checks
from shirase.domain.delivery_settings import DeliverySettings, MailServer, Tls
from shirase.domain.preflight import Check, Verdict

_SECONDS = 30.0
_SOON = 14
"""Days that a certificate should last: longer than the sending does."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent, and how to get in.

    Attributes:
        largest: Bytes of the largest message.
        now: The time.
        password: Of the server's user; empty to leave the login out.
        authority: Certificate (PEM) of the server's authority, where it is one of your own.
    """

    largest: int
    now: datetime
    password: str = ""
    authority: Path | None = None


def check_sender(settings: DeliverySettings, names: Names, sending: Sending) -> tuple[Check, ...]:
    """Everything that can be known without sending a mail, each with what to do about it."""
    return (*record_checks(settings, names), *server_checks(settings.server, sending))


def server_checks(server: MailServer, sending: Sending) -> Iterator[Check]:
    """What the server offers: TLS and its certificate, login, size, eight bits, failure reports."""
    where = f"{server.host}:{server.port}"
    try:
        with closing(_connected(server, sending)) as client:
            yield from _greeted(client, server, sending)
    except ssl.SSLCertVerificationError as error:
        mend = "mend `server.host`; for an authority of your own name its certificate in `server.authority`"
        yield Check("certificate", Verdict.BAD, f"{where}: {error.verify_message}", mend)
    except (smtplib.SMTPException, OSError) as error:
        mend = "look whether host, port and `tls` are right and reachable from here"
        yield Check("server", Verdict.BAD, f"{where}: {_in_words(error)}", mend)


def _connected(server: MailServer, sending: Sending) -> smtplib.SMTP:
    name = socket.gethostname().partition(".")[0] or "localhost"
    if server.tls is Tls.IMPLICIT:
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=_SECONDS, context=_trust(sending))
    return smtplib.SMTP(server.host, server.port, name, timeout=_SECONDS)


def _greeted(client: smtplib.SMTP, server: MailServer, sending: Sending) -> Iterator[Check]:
    client.ehlo_or_helo_if_needed()
    if server.tls is Tls.STARTTLS:
        if not client.has_extn("starttls"):
            mend = "mend the server, or use its port for TLS from the start: nothing is sent in clear"
            yield Check("starttls", Verdict.BAD, f"{server.host} offers no STARTTLS on port {server.port}", mend)
            return
        client.starttls(context=_trust(sending))
        client.ehlo_or_helo_if_needed()
        yield Check("starttls", Verdict.GOOD, f"{server.host} turns TLS on")
    if server.tls is not Tls.NONE:
        yield _certificate(client, server, sending)
    yield from _login(client, server, sending)
    yield _size(client, server, sending)
    yield _offer(client, "8bitmime", "mails are sent in seven bits, so nothing is lost")
    yield _offer(client, "dsn", "it is not told when a mail is delivered; failures may name no envelope id")


def _certificate(client: smtplib.SMTP, server: MailServer, sending: Sending) -> Check:
    held = client.sock
    found = held.getpeercert() if isinstance(held, ssl.SSLSocket) else None
    until = str((found or {}).get("notAfter", ""))
    days = int((ssl.cert_time_to_seconds(until) - sending.now.timestamp()) // 86400) if until else 0
    version = held.version() if isinstance(held, ssl.SSLSocket) else ""
    said = f"{server.host} shows a certificate that is trusted, for {days} more days ({version})"
    if days < _SOON:
        return Check(
            "certificate", Verdict.WARNING, said, "renew it before the sending, which would stop in the middle"
        )
    return Check("certificate", Verdict.GOOD, said)


def _login(client: smtplib.SMTP, server: MailServer, sending: Sending) -> Iterator[Check]:
    if not server.user:
        yield Check("login", Verdict.GOOD, "no login is asked for in delivery.toml")
    elif not client.has_extn("auth"):
        mend = "mend the server, or take `user` away if it knows this machine by its address"
        yield Check("login", Verdict.BAD, f"{server.host} offers no login", mend)
    elif not sending.password:
        yield Check(
            "login", Verdict.UNKNOWN, "the server offers a login; it was not tried", "give the password, to try it"
        )
    else:
        try:
            client.login(server.user, sending.password)
        except smtplib.SMTPException as error:
            mend = "look whether user and password are right, and the account may send"
            yield Check("login", Verdict.BAD, f"the login of {server.user} fails: {_in_words(error)}", mend)
        else:
            yield Check("login", Verdict.GOOD, f"the login of {server.user} works")


def _size(client: smtplib.SMTP, server: MailServer, sending: Sending) -> Check:
    """RFC 1870; 0 or nothing says that there is no fixed limit."""
    written = client.esmtp_features.get("size", "").split()
    offered = int(written[0]) if written and written[0].isascii() and written[0].isdigit() else 0
    limit = min(offered, server.max_bytes) if offered else server.max_bytes
    if sending.largest > limit:
        mend = "raise the server's limit and `server.max_bytes`, or deliver the large ones in another way"
        return Check("size", Verdict.BAD, f"the largest mail has {sending.largest} bytes, the limit is {limit}", mend)
    if not client.has_extn("size"):
        mend = "see that the server takes as much as `server.max_bytes` says"
        return Check("size", Verdict.UNKNOWN, "the server does not say how much it takes", mend)
    if offered and offered < server.max_bytes:
        what = f"the server takes {offered} bytes, delivery.toml says {server.max_bytes}"
        return Check("size", Verdict.WARNING, what, f"write max_bytes = {offered}")
    return Check("size", Verdict.GOOD, f"the largest mail has {sending.largest} bytes, the limit is {limit}")


def _offer(client: smtplib.SMTP, extension: str, without: str) -> Check:
    name = extension.upper()
    if client.has_extn(extension):
        return Check(extension, Verdict.GOOD, f"the server offers {name}")
    return Check(extension, Verdict.WARNING, f"the server does not offer {name}: {without}", "none is needed")


def _trust(sending: Sending) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=None if sending.authority is None else str(sending.authority))


def _in_words(error: Exception) -> str:
    """The server's own words where it said something; never a password, which no server repeats."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return " ".join("".join(each if each.isprintable() else " " for each in f"{error.smtp_code} {text}").split())[
            :300
        ]
    return str(error) or type(error).__name__
