"""Edge: the dialogue with a mail server, up to the one moment that matters: the final dot (RFC 5321).

``smtplib`` greets, turns TLS on and logs in; the rest is spoken here, verb by verb, because between the last byte of a
message and its dot something is written to disk, and because half a reply must not pass for one. This module knows
nothing of ledgers: it calls what it is given before it sends the dot.
"""

import base64
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from shirase.delivery.replies import BrokenReply, printable, read_reply
from shirase.domain.delivery import Attempt, Outcome, Point, broken_off, replied
from shirase.domain.delivery_settings import MailServer, Tls

T = TypeVar("T")

_LINE_START = re.compile(rb"^\.", re.MULTILINE)
_PIECE = 1 << 16
_GOODBYE = 10.0
"""Seconds that a server may take to part from us after it refused a mail."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a server may take, in seconds (RFC 5321, 4.5.3.2).

    Ten minutes after the dot are not generous: who gives up earlier sends mails twice (4.5.3.2.6).
    """

    connect: float = 30.0
    command: float = 300.0
    dot: float = 600.0


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a server is told besides the message.

    Attributes:
        return_path: Where failure reports go.
        to: The one recipient.
        envelope_id: Id that failure reports repeat (RFC 3461, 4.4).
    """

    return_path: str
    to: str
    envelope_id: str


class Ended(Exception):  # noqa: N818 - how an attempt ended is no fault of this program
    """The dialogue is over before the message was handed over."""

    def __init__(self, attempt: Attempt) -> None:
        super().__init__(attempt.reply)
        self.attempt = attempt


class _Strict(smtplib.SMTP):
    """Reads replies strictly."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            if self.sock is None:
                raise BrokenReply("the connection is closed")
            self.file = self.sock.makefile("rb")
        try:
            code, text = read_reply(self.file)
        except (BrokenReply, OSError):
            self.close()
            raise
        return code, text.encode()


class MailConnection:
    """A connection to a mail server, over which mails go one after the other."""

    def __init__(self, server: MailServer, password: str, *, authority: Path | None, patience: Patience) -> None:
        self._server = server
        self._password = password
        self._context = ssl.create_default_context(cafile=authority)
        self._patience = patience
        self._smtp: _Strict | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next mail can go over it."""
        return self._smtp is not None and self._smtp.sock is not None

    def open(self) -> None:
        """Connect, greet, turn TLS on, log in.

        Raises:
            Ended: When it comes to nothing; nothing was handed over.
        """
        self.close()
        smtp = _Strict(timeout=self._patience.connect)
        self._smtp = smtp
        _step(Point.CONNECT, self._connect)
        self._say(Point.GREETING, smtp.getreply)
        self._say(Point.HELLO, smtp.ehlo)
        if self._server.tls is Tls.STARTTLS:
            if not smtp.has_extn("starttls"):
                raise Ended(self._not_offered(Point.TLS, "STARTTLS"))
            self._say(Point.TLS, lambda: smtp.docmd("STARTTLS"))
            _step(Point.TLS, lambda: self._protect(smtp))
            self._say(Point.HELLO, smtp.ehlo)
        if self._server.user:
            self._log_in(smtp)

    def send(self, envelope: Envelope, message: bytes, before_dot: Callable[[], None]) -> Attempt:
        """Hand one message over.

        Args:
            envelope: Who gets it.
            message: Its bytes, with CRLF at the end of every line.
            before_dot: Called when everything but the dot has been sent. If it raises, the connection is cut, and the
                server has nothing.

        Returns:
            How it ended; never an exception of the network.
        """
        if self._smtp is None:
            raise RuntimeError("open it first")
        smtp = self._smtp
        try:
            self._name(smtp, envelope, len(message))
            self._say(Point.DATA, lambda: smtp.docmd("DATA"), wanted=3)
            _step(Point.BODY, lambda: self._send_body(smtp, message))
            _require_silence(smtp)
        except Ended as ended:
            self._reset(ended.attempt)
            return ended.attempt
        try:
            before_dot()
        except BaseException:
            self._drop()
            raise
        return self._finish(smtp)

    def close(self) -> None:
        """Part from the server, politely if it still listens."""
        smtp, self._smtp = self._smtp, None
        if smtp is None:
            return
        with suppress(OSError, BrokenReply, smtplib.SMTPException):
            if smtp.sock is not None:
                smtp.sock.settimeout(5)
                smtp.quit()
        smtp.close()

    def _connect(self) -> None:
        assert self._smtp is not None
        connection = socket.create_connection((self._server.host, self._server.port), self._patience.connect)
        if self._server.tls is Tls.IMPLICIT:
            try:
                connection = self._context.wrap_socket(connection, server_hostname=self._server.host)
            except BaseException:
                connection.close()
                raise
        connection.settimeout(self._patience.command)
        self._smtp.sock = connection

    def _protect(self, smtp: _Strict) -> None:
        """Begin TLS. What was said before it counts no more, nor what came too early (RFC 3207, 4.2)."""
        assert smtp.sock is not None
        smtp.sock = self._context.wrap_socket(smtp.sock, server_hostname=self._server.host)
        smtp.file = smtp.helo_resp = smtp.ehlo_resp = None
        smtp.esmtp_features, smtp.does_esmtp = {}, False

    def _log_in(self, smtp: _Strict) -> None:
        """AUTH PLAIN (RFC 4616), or LOGIN where a server knows no better; ``smtplib`` sends ASCII passwords only."""
        offered = smtp.esmtp_features.get("auth", "").upper().split()
        user, password = self._server.user.encode(), self._password.encode()
        if "PLAIN" in offered:
            secret = _base64(b"\0" + user + b"\0" + password)
            self._say(Point.AUTH, lambda: smtp.docmd("AUTH", f"PLAIN {secret}"))
        elif "LOGIN" in offered:
            self._say(Point.AUTH, lambda: smtp.docmd("AUTH", "LOGIN"), wanted=3)
            self._say(Point.AUTH, lambda: smtp.docmd(_base64(user)), wanted=3)
            self._say(Point.AUTH, lambda: smtp.docmd(_base64(password)))
        else:
            raise Ended(self._not_offered(Point.AUTH, "AUTH PLAIN or LOGIN"))

    def _name(self, smtp: _Strict, envelope: Envelope, size: int) -> None:
        """Sender and recipient, with what the server offers: the size beforehand, and reports of what became of it."""
        said = smtp.esmtp_features.get("size", "")
        most = int(said) if said.isascii() and said.isdigit() else 0
        if most and size > most:
            # RFC 1870, 6.1: a message that is too large for the server will be too large again.
            raise Ended(Attempt(Outcome.REFUSED, Point.MAIL, f"552 {size} bytes; the server takes {most}"))
        with_size = [f"SIZE={size}"] if smtp.has_extn("size") else []
        with_dsn = smtp.has_extn("dsn")
        told = [*with_size, *(["RET=HDRS", f"ENVID={envelope.envelope_id}"] if with_dsn else [])]
        asked = ["NOTIFY=SUCCESS,FAILURE,DELAY"] if with_dsn else []
        self._say(Point.MAIL, lambda: smtp.docmd("MAIL", " ".join((f"FROM:<{envelope.return_path}>", *told))))
        self._say(Point.RECIPIENT, lambda: smtp.docmd("RCPT", " ".join((f"TO:<{envelope.to}>", *asked))))

    def _send_body(self, smtp: _Strict, message: bytes) -> None:
        stuffed = _LINE_START.sub(b"..", message)  # RFC 5321, 4.5.2
        stuffed += b"" if stuffed.endswith(b"\r\n") else b"\r\n"
        for start in range(0, len(stuffed), _PIECE):
            smtp.send(stuffed[start : start + _PIECE])

    def _finish(self, smtp: _Strict) -> Attempt:
        try:
            _require_silence(smtp)
            _wait_at_most(smtp, self._patience.dot)
            smtp.send(b".\r\n")
            code, text = smtp.getreply()
            _wait_at_most(smtp, self._patience.command)
        except Ended as ended:
            self._drop()
            return ended.attempt
        except (OSError, BrokenReply, smtplib.SMTPException) as error:
            self._drop()
            return broken_off(Point.DOT, _how(error))
        except BaseException:
            self._drop()
            raise
        attempt = replied(Point.DOT, code, printable(text.decode("utf-8", "replace")))
        assert attempt is not None
        if attempt.outcome is Outcome.ACCEPTED:
            return attempt
        is_answer = attempt.outcome is Outcome.UNKNOWN or _is_in_step(smtp)
        self._drop()
        if is_answer:
            return attempt
        return broken_off(Point.DOT, f"{attempt.reply}; but the server went on to answer something else")

    def _say(self, point: Point, speak: Callable[[], tuple[int, bytes]], wanted: int = 2) -> None:
        code, said = _step(point, speak)
        if code // 100 == wanted:
            return
        attempt = replied(point, code, printable(said.decode("utf-8", "replace")))
        raise Ended(attempt or broken_off(point, f"unexpected reply {code}"))

    def _reset(self, attempt: Attempt) -> None:
        """Make ready for the next mail, or part where the dialogue cannot go on."""
        if attempt.concerns_all or self._smtp is None:
            self._drop()
            return
        try:
            self._say(Point.MAIL, self._smtp.rset)
        except Ended:
            self._drop()

    def _drop(self) -> None:
        """Close without a word: what the server is told now could only confuse."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            smtp.close()

    @staticmethod
    def _not_offered(point: Point, what: str) -> Attempt:
        return Attempt(Outcome.DEFERRED, point, f"the server does not offer {what}", concerns_all=True)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _require_silence(smtp: smtplib.SMTP) -> None:
    """Refuse to send the dot to a server that has said something already, or is gone.

    An answer that came too early would be taken for the one to the dot.

    Raises:
        Ended: When it has.
    """
    try:
        is_silent = _is_silent(smtp)
    except (OSError, ValueError) as error:
        raise Ended(broken_off(Point.BODY, _how(error))) from error
    if not is_silent:
        raise Ended(broken_off(Point.BODY, "the server spoke, or was gone, before the end of the message"))


def _is_silent(smtp: smtplib.SMTP) -> bool:
    sock, file = smtp.sock, smtp.file
    if sock is None:
        return False
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        if file is not None and file.peek(1):
            return False
        sock.recv(1)
    except (BlockingIOError, ssl.SSLWantReadError):
        return True
    finally:
        sock.settimeout(before)
    return False


def _is_in_step(smtp: smtplib.SMTP) -> bool:
    """Whether a refusal was the answer to the dot: the next thing that the server says answers the next command."""
    try:
        _wait_at_most(smtp, _GOODBYE)
        code, _ = smtp.docmd("QUIT")
    except (OSError, BrokenReply, smtplib.SMTPException):
        return True  # it parted without a word: nothing speaks against what it said
    return code == 221


def _wait_at_most(smtp: smtplib.SMTP, seconds: float) -> None:
    if smtp.sock is None:
        raise BrokenReply("the connection is closed")
    smtp.sock.settimeout(seconds)


def _step(point: Point, act: Callable[[], T]) -> T:
    try:
        return act()
    except (OSError, BrokenReply, smtplib.SMTPException, ValueError) as error:
        raise Ended(broken_off(point, _how(error))) from error


def _how(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return printable(str(error) or type(error).__name__)
