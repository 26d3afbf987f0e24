"""An SMTP server on loopback that does what its script says, at every point of the dialogue, and knows what it took.

It is written on plain sockets, because a library's server cannot answer half a line or break off between two bytes.
A mail is *accepted* when its final dot was read and the script kept it: its files are on disk before one byte of the
reply is written, so a client that is killed can be checked against them.
"""

import json
import random
import re
import socket
import ssl
import struct
import threading
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>]*>)", re.IGNORECASE | re.MULTILINE)
_STUFFED = re.compile(rb"(\A|\r\n)\.")
_COMMAND = re.compile(rb"([A-Za-z]+)[ ]?(.*)", re.DOTALL)


class At(StrEnum):
    """Where the server can misbehave, in the order of the dialogue."""

    CONNECT = "connect"  # before anything is said
    GREETING = "greeting"  # instead of 220
    HELLO = "hello"  # the answer to EHLO or HELO
    STARTTLS = "starttls"  # the answer to STARTTLS
    HANDSHAKE = "handshake"  # instead of the handshake that follows it, or before an implicit one
    AUTH = "auth"  # the last answer to AUTH
    MAIL = "mail"
    RECIPIENT = "recipient"
    DATA = "data"  # the answer to DATA
    BODY = "body"  # after Script.body_bytes bytes of it
    DOT = "dot"  # after the final dot, when it is decided whether the mail is kept
    RESET = "reset"
    QUIT = "quit"


@dataclass(frozen=True)
class Say:
    """A whole reply; several texts are a reply of several lines."""

    code: int
    text: str | tuple[str, ...] = "so says the script"

    def lines(self) -> bytes:
        texts = (self.text,) if isinstance(self.text, str) else self.text
        last = len(texts) - 1
        return b"".join(f"{self.code}{' ' if at == last else '-'}{text}\r\n".encode() for at, text in enumerate(texts))


@dataclass(frozen=True)
class Raw:
    """These bytes and no others: half a reply, nonsense, a reply in two pieces."""

    content: bytes


@dataclass(frozen=True)
class Stall:
    """Nothing for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Close:
    """The connection is closed in good order (FIN)."""


@dataclass(frozen=True)
class Reset:
    """The connection is reset (RST): what was written just before may never be read."""


Action = Say | Raw | Stall | Close | Reset


@dataclass(frozen=True)
class Script:
    """What a server does at the points named; elsewhere it behaves.

    A script that says nothing at a point and does not end the connection there goes on with the ordinary reply.

    Attributes:
        at: For each point, what is done there one after the other.
        keep: Whether the mail is kept at the final dot. None: unless the script says something other than 2xx there.
        body_bytes: After how many bytes of the body ``At.BODY`` happens.
        keywords: What EHLO offers beyond STARTTLS and AUTH.
        mechanisms: How it may be logged in to.
    """

    at: Mapping[At, Sequence[Action]] = field(default_factory=dict)
    keep: bool | None = None
    body_bytes: int = 1
    keywords: tuple[str, ...] = ("SIZE 25000000", "8BITMIME", "DSN", "ENHANCEDSTATUSCODES")
    mechanisms: str = "PLAIN LOGIN"

    def keeps(self) -> bool:
        if self.keep is not None:
            return self.keep
        return all(each.code // 100 == 2 for each in self.at.get(At.DOT, ()) if isinstance(each, Say))


GOOD = Script()


@dataclass(frozen=True)
class Turn:
    """Which mail it is: both numbers count from 1, and connections that carry no mail count, too."""

    connection: int
    mail: int


Chooser = Callable[[Turn], Script]


def _behave(_: Turn) -> Script:
    return GOOD


def always(script: Script) -> Chooser:
    """The same for every mail."""
    return lambda _: script


def by_mail(scripts: Mapping[int, Script]) -> Chooser:
    """A script for these mails, counted by MAIL commands; the points before MAIL belong to the mail that comes next."""
    return lambda turn: scripts.get(turn.mail, GOOD)


def by_connection(scripts: Mapping[int, Script]) -> Chooser:
    """A script for these connections: needed where a connection ends before it has a mail."""
    return lambda turn: scripts.get(turn.connection, GOOD)


def at_random(seed: int, share: float) -> Chooser:
    """A ``share`` of mails and connections meets some misbehaviour at some point; the same for the same ``seed``.

    Where the reply to the final dot is not told, the mail may have been kept or not; where it is, it tells the truth.
    """

    def choose(turn: Turn) -> Script:
        chance = random.Random(f"{seed}/{turn.connection}/{turn.mail}")
        if chance.random() >= share:
            return GOOD
        point = chance.choice([at for at in At if at not in {At.RESET, At.QUIT, At.HANDSHAKE}])
        ends: list[tuple[Action, ...]] = [
            (Close(),), (Reset(),), (Raw(b"2"), Close()), (Say(421, "closing"), Close()), (Say(451, "not now"),),
            (Raw(b"what?\r\n"),),
        ]  # fmt: skip
        if point in {At.RECIPIENT, At.DOT}:
            ends += [(Say(550, "no such user"),), (Say(250, "done"), Reset())]
        end = chance.choice(ends)
        told = any(isinstance(each, Say) for each in end)  # who says 4xx or 5xx has not kept it, who says 250 has
        tells_the_truth = told or point is not At.DOT  # where the dialogue goes on, the ordinary reply is true
        return Script({point: end}, keep=None if tells_the_truth else chance.choice([True, False]))

    return choose


@dataclass(frozen=True)
class Accepted:
    """One mail as it lies on disk."""

    number: int
    message_id: str
    mail_from: str
    recipients: tuple[str, ...]
    mail_parameters: str
    recipient_parameters: tuple[str, ...]
    user: str
    encrypted: bool
    connection: int
    path: Path

    def content(self) -> bytes:
        """The message with its dots unstuffed and every line ending as it came."""
        return self.path.read_bytes()


class MisbehavingServer:
    """The server while it runs. Everything it knows is in its folder: ``accepted``, ``dropped``, ``transcripts``."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.host, self.port = folder, "127.0.0.1", port
        for name in ("accepted", "dropped", "transcripts"):
            (folder / name).mkdir(parents=True, exist_ok=True)

    def accepted(self) -> list[Accepted]:
        """The mails that it took over, in the order in which their final dots were read."""
        found = []
        for path in sorted((self.folder / "accepted").glob("*.json")):
            known = json.loads(path.read_text(encoding="utf-8"))
            for name in ("recipients", "recipient_parameters"):
                known[name] = tuple(known[name])
            found.append(Accepted(**known, path=path.with_suffix(".eml")))
        return found

    def dropped(self) -> list[bytes]:
        """The mails whose final dot it read and that the script did not keep."""
        return [path.read_bytes() for path in sorted((self.folder / "dropped").glob("*.eml"))]

    def times_accepted(self) -> Counter[str]:
        """How often each Message-ID was accepted."""
        return Counter(each.message_id for each in self.accepted())

    def transcripts(self) -> list[str]:
        """What was said on each connection: ``C:`` the client, ``S:`` the server, ``#`` what it did."""
        return [path.read_text(encoding="utf-8") for path in sorted((self.folder / "transcripts").glob("*.txt"))]


@contextmanager
def misbehaving(
    folder: Path,
    choose: Chooser = _behave,
    *,
    tls: ssl.SSLContext | None = None,
    implicit: bool = False,
    login: tuple[str, str] | None = None,
) -> Iterator[MisbehavingServer]:
    """A server on a port of the system's choice until the block ends.

    Args:
        folder: Where it keeps what it took; it goes on counting where an earlier server left off.
        choose: The script of each mail.
        tls: With it STARTTLS is offered, or, if ``implicit``, every connection begins with a handshake.
        implicit: See there.
        login: User and password; AUTH PLAIN and LOGIN are then offered, over TLS only if there is TLS, and needed.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server = MisbehavingServer(folder, listener.getsockname()[1])
        state = _State(server, choose, tls, implicit=implicit, login=login)
        threads: list[threading.Thread] = []

        def accept() -> None:
            while not state.over.is_set():
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                if state.over.is_set():
                    connection.close()
                    return
                thread = threading.Thread(target=_Dialogue(state, connection).run, daemon=True)
                threads.append(thread)
                thread.start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            state.end()
            with socket.create_connection((server.host, server.port)):
                accepting.join(20)
            for thread in threads:
                thread.join(20)


class _State:
    """What all connections share."""

    def __init__(
        self, server: MisbehavingServer, choose: Chooser, tls: ssl.SSLContext | None, *, implicit: bool,
        login: tuple[str, str] | None,
    ) -> None:  # fmt: skip
        self.server, self.choose, self.tls, self.implicit, self.login = server, choose, tls, implicit, login
        self.over, self.lock = threading.Event(), threading.Lock()
        self.open: set[_Dialogue] = set()
        self.counted = Counter(
            connections=len(list((server.folder / "transcripts").iterdir())),
            dots=sum(len(list((server.folder / each).glob("*.eml"))) for each in ("accepted", "dropped")),
        )

    def end(self) -> None:
        self.over.set()
        with self.lock:
            for dialogue in self.open:
                dialogue.break_off()

    def count(self, name: str) -> int:
        with self.lock:
            self.counted[name] += 1
            return self.counted[name]


class _OverError(Exception):
    """The connection has ended."""


@dataclass
class _Envelope:
    mail_from: str = ""
    mail_parameters: str = ""
    recipients: list[str] = field(default_factory=list)
    recipient_parameters: list[str] = field(default_factory=list)


class _Dialogue:
    """One connection."""

    def __init__(self, state: _State, connection: socket.socket) -> None:
        self.state, self.socket, self.buffer = state, connection, b""
        self.number = state.count("connections")
        self.envelope: _Envelope | None = None
        self.mail, self.user, self.encrypted = 0, "", False
        self.transcript = (state.server.folder / "transcripts" / f"{self.number:06}.txt").open("w", encoding="utf-8")
        with state.lock:
            state.open.add(self)

    def run(self) -> None:
        try:
            self._talk()
        except (OSError, _OverError) as ended:
            self._note(f"# {ended or 'closed'}")
        finally:
            with self.state.lock:
                self.state.open.discard(self)
            self.socket.close()
            self.transcript.close()

    def break_off(self) -> None:
        """The server ends: a blocked read returns. To be called by another thread, so the socket is not closed."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    # --- the dialogue ---

    def _talk(self) -> None:
        self._act(At.CONNECT)
        if self.state.implicit:
            self._shake_hands()
        self._answer(At.GREETING, Say(220, "misbehaving.test ESMTP"))
        while True:
            line = self._read_line()
            found = _COMMAND.fullmatch(line)
            verb, rest = (found[1].upper().decode(), found[2].decode("utf-8", "replace")) if found else ("", "")
            handler = getattr(self, f"_do_{verb.lower()}", None)
            if handler is None:
                self._send(Say(500, "no such command").lines())
            else:
                handler(rest)

    def _do_ehlo(self, _: str) -> None:
        offers = list(self._script().keywords)
        if self.state.tls and not self.encrypted:
            offers.append("STARTTLS")
        if self._may_log_in():
            offers.append(f"AUTH {self._script().mechanisms}")
        self.envelope = None
        self._answer(At.HELLO, Say(250, ("misbehaving.test", *offers)))

    def _do_helo(self, _: str) -> None:
        self.envelope = None
        self._answer(At.HELLO, Say(250, "misbehaving.test"))

    def _do_starttls(self, _: str) -> None:
        if not self.state.tls or self.encrypted:
            self._send(Say(502, "no TLS here").lines())
        elif self._answer(At.STARTTLS, Say(220, "go ahead")):
            self.buffer = b""  # what came in clear behind STARTTLS is not obeyed (CVE-2011-0411)
            self._shake_hands()

    def _shake_hands(self) -> None:
        assert self.state.tls is not None
        self._act(At.HANDSHAKE)
        self.socket = self.state.tls.wrap_socket(self.socket, server_side=True)
        self.encrypted = True
        self._note("# encrypted from here")

    def _do_auth(self, rest: str) -> None:
        if not self._may_log_in():
            self._send(Say(503, "not now").lines())
            return
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            given = tuple(_decoded(initial or self._ask("")).split("\0")[1:])
        elif mechanism.upper() == "LOGIN":
            given = (_decoded(initial or self._ask("VXNlcm5hbWU6")), _decoded(self._ask("UGFzc3dvcmQ6")))
        else:
            self._send(Say(504, "no such mechanism").lines())
            return
        assert self.state.login is not None
        right = given == self.state.login
        ordinary = Say(235, "2.7.0 welcome") if right else Say(535, "5.7.8 authentication failed")
        if self._answer(At.AUTH, ordinary):
            self.user = self.state.login[0]

    def _may_log_in(self) -> bool:
        return self.state.login is not None and not self.user and (self.encrypted or self.state.tls is None)

    def _ask(self, prompt: str) -> bytes:
        self._send(f"334 {prompt}\r\n".encode())
        return self._read_line()

    def _do_mail(self, rest: str) -> None:
        if self.state.login and not self.user:
            self._send(Say(530, "5.7.0 authentication required").lines())
            return
        path, parameters = _path(rest)
        self.mail = self.state.count("mails")
        if self._answer(At.MAIL, Say(250, "2.1.0 ok"), self.mail):
            self.envelope = _Envelope(path, parameters)

    def _do_rcpt(self, rest: str) -> None:
        if self.envelope is None:
            self._send(Say(503, "MAIL first").lines())
            return
        path, parameters = _path(rest)
        if self._answer(At.RECIPIENT, Say(250, "2.1.5 ok"), self.mail):
            self.envelope.recipients.append(path)
            self.envelope.recipient_parameters.append(parameters)

    def _do_data(self, _: str) -> None:
        if self.envelope is None or not self.envelope.recipients:
            self._send(Say(503, "RCPT first").lines())
        elif self._answer(At.DATA, Say(354, "end with a dot"), self.mail, wanted=3):
            content = self._read_body()
            script = self._script(self.mail)
            number = self._keep(self.envelope, content, kept=script.keeps())
            self.envelope = None
            self._answer(At.DOT, Say(250, f"2.0.0 kept as {number}"), self.mail)

    def _do_rset(self, _: str) -> None:
        self.envelope = None
        self._answer(At.RESET, Say(250, "2.0.0 ok"))

    def _do_noop(self, _: str) -> None:
        self._send(Say(250, "2.0.0 ok").lines())

    def _do_quit(self, _: str) -> None:
        self._answer(At.QUIT, Say(221, "2.0.0 bye"))
        raise _OverError("quit")

    # --- what the script does ---

    def _script(self, mail: int | None = None) -> Script:
        return self.state.choose(Turn(self.number, self.state.counted["mails"] + 1 if mail is None else mail))

    def _answer(self, at: At, ordinary: Say, mail: int | None = None, *, wanted: int = 2) -> bool:
        """The script's reply or the ordinary one; whether the dialogue goes on from it as a client expects."""
        said = self._act(at, mail)
        if said is None:
            self._send(ordinary.lines())
            said = ordinary.code
        return said // 100 == wanted

    def _act(self, at: At, mail: int | None = None) -> int | None:
        """The code that was said at this point; 0 for something that is no reply, None for nothing."""
        said = None
        for action in self._script(mail).at.get(at, ()):
            match action:
                case Say():
                    said = action.code
                    self._send(action.lines())
                case Raw():
                    said = 0
                    self._send(action.content)
                case Stall():
                    self._note(f"# stalls at {at} for {action.seconds} s")
                    self.state.over.wait(action.seconds)
                case Close():
                    raise _OverError(f"closed at {at}")
                case Reset():
                    self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    raise _OverError(f"reset at {at}")
        return said

    # --- bytes ---

    def _send(self, content: bytes) -> None:
        for line in content.decode("utf-8", "replace").splitlines():
            self._note(f"S: {line}")
        self.socket.sendall(content)

    def _receive(self) -> None:
        content = self.socket.recv(65536)
        if not content:
            raise _OverError("the client closed")
        self.buffer += content

    def _read_line(self) -> bytes:
        while b"\r\n" not in self.buffer:
            self._receive()
        line, _, self.buffer = self.buffer.partition(b"\r\n")
        self._note(f"C: {line.decode('utf-8', 'replace')}")
        return line

    def _read_body(self) -> bytes:
        """All up to the final dot, which only CRLF.CRLF is; a lone LF ends nothing (RFC 5321, 4.1.1.4)."""
        script, acted = self._script(self.mail), False
        content = bytearray(b"\r\n")  # the line end of DATA itself, so that a message of nothing is one, too
        while True:
            content += self.buffer
            self.buffer = b""
            if not acted and len(content) - 2 >= script.body_bytes:
                acted = True
                self._note(f"# {len(content) - 2} bytes of the body are there")
                self._act(At.BODY, self.mail)
            end = content.find(b"\r\n.\r\n")
            if end >= 0:
                break
            self._receive()
        self.buffer = bytes(content[end + 5 :])
        self._note(f"C: <{end} bytes> .")
        return _STUFFED.sub(rb"\1", bytes(content[2 : end + 2]))

    def _keep(self, envelope: _Envelope, content: bytes, *, kept: bool) -> int:
        number = self.state.count("dots")
        folder = self.state.server.folder / ("accepted" if kept else "dropped")
        found = _MESSAGE_ID.search(content.partition(b"\r\n\r\n")[0])
        known = {
            "number": number,
            "message_id": found[1].decode("ascii", "replace") if found else "",
            "mail_from": envelope.mail_from,
            "recipients": envelope.recipients,
            "mail_parameters": envelope.mail_parameters,
            "recipient_parameters": envelope.recipient_parameters,
            "user": self.user,
            "encrypted": self.encrypted,
            "connection": self.number,
        }
        (folder / f"{number:06}.eml").write_bytes(content)
        half = folder / f"{number:06}.half"
        half.write_text(json.dumps(known), encoding="utf-8")
        half.rename(folder / f"{number:06}.json")  # whoever looks in from outside sees all of it or nothing
        self._note(f"# {'accepted' if kept else 'dropped'} as {number}: {known['message_id']}")
        return number

    def _note(self, line: str) -> None:
        self.transcript.write(line + "\n")
        self.transcript.flush()


def _path(rest: str) -> tuple[str, str]:
    """Mailbox and parameters of ``FROM:<…> …`` or ``TO:<…> …``."""
    found = re.fullmatch(r"(?:FROM|TO):\s*<([^>]*)>\s*(.*)", rest, re.IGNORECASE)
    return (found[1], found[2]) if found else (rest, "")


def _decoded(given: str | bytes) -> str:
    try:
        return b64decode(given).decode()
    except ValueError:
        return ""
