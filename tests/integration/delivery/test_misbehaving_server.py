"""The scripted server that the tests of the dialogue rest on, asked by the standard library's client."""

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest

from misbehaving_server import (
    GOOD,
    Action,
    At,
    Close,
    Raw,
    Reset,
    Say,
    Script,
    Stall,
    Turn,
    always,
    at_random,
    by_connection,
    by_mail,
    misbehaving,
)  # fmt: skip
from server_certificate import make_certificate

MAIL = b"Message-ID: <m1@sender.example>\r\nSubject: x\r\n\r\n.leading dot\r\n\r\nlone \n stays\r\n"
LOGIN = ("shirase", "s3cret")


def send(port: int, mail: bytes = MAIL, to: Sequence[str] = ("a@customer.example",)) -> dict[str, tuple[int, bytes]]:
    """One mail over a connection of its own."""
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        return client.sendmail("bounces@sender.example", list(to), mail, ["BODY=8BITMIME"], ["NOTIFY=SUCCESS"])


def test_it_keeps_what_it_takes(tmp_path: Path) -> None:
    """Envelope, parameters and every byte of the message are on disk, once, and counted by Message-ID."""
    with misbehaving(tmp_path) as server:
        send(server.port)
    (mail,) = server.accepted()
    assert mail.content() == MAIL
    assert (mail.mail_from, mail.recipients) == ("bounces@sender.example", ("a@customer.example",))
    assert (mail.mail_parameters, mail.recipient_parameters) == (
        f"size={len(MAIL)} BODY=8BITMIME",
        ("NOTIFY=SUCCESS",),
    )
    assert server.times_accepted() == {"<m1@sender.example>": 1}
    assert "c: rcpt to:<a@customer.example> notify=success" in server.transcripts()[0].lower()


def test_only_crlf_dot_crlf_ends_a_mail(tmp_path: Path) -> None:
    """Bytes are kept as they come; a dot between lone line feeds is text."""
    with misbehaving(tmp_path) as server, socket.create_connection((server.host, server.port), timeout=10) as client:
        reader = client.makefile("rb")
        for line in (b"", b"HELO x", b"MAIL FROM:<>", b"RCPT TO:<a@b.example>", b"DATA"):
            if line:
                client.sendall(line + b"\r\n")
            reader.readline()
        client.sendall(b"..a\r\n\n.\nb\r\n")
        client.sendall(b".\r")
        client.sendall(b"\n")
        assert reader.readline().startswith(b"250 ")
        reader.close()
    assert server.accepted()[0].content() == b".a\r\n\n.\nb\r\n"


@pytest.mark.parametrize("at", [At.MAIL, At.RECIPIENT, At.DATA, At.DOT])
@pytest.mark.parametrize("code", [421, 451, 550])
def test_any_code_anywhere(tmp_path: Path, at: At, code: int) -> None:
    """The code of the script is what the client reads there, and such a mail is not accepted."""
    with misbehaving(tmp_path, always(Script({at: [Say(code, ("first", "second"))]}))) as server:
        with pytest.raises(smtplib.SMTPException) as refused:
            send(server.port)
        assert str(code) in str(refused.value)
    assert server.accepted() == []
    assert len(server.dropped()) == (1 if at is At.DOT else 0)


@pytest.mark.parametrize("at", [At.CONNECT, At.GREETING, At.HELLO, At.MAIL, At.RECIPIENT, At.DATA, At.BODY, At.DOT])
@pytest.mark.parametrize("end", [Close(), Reset()], ids=["close", "reset"])
@pytest.mark.parametrize("before", [(), (Raw(b"25"),)], ids=["nothing said", "half a reply"])
def test_the_connection_ends_anywhere(tmp_path: Path, at: At, end: Action, before: tuple[Action, ...]) -> None:
    """The client meets an ended connection; only after the final dot is the mail kept all the same."""
    with misbehaving(tmp_path, by_connection({1: Script({at: [*before, end]})})) as server:
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(server.port)
        send(server.port, MAIL.replace(b"m1@", b"m2@"))
        accepted = server.times_accepted()
    assert accepted == {"<m2@sender.example>": 1} | ({"<m1@sender.example>": 1} if at is At.DOT else {})


@pytest.mark.parametrize("keep", [True, False])
def test_it_may_keep_or_drop_whatever_it_says(tmp_path: Path, keep: bool) -> None:
    """A mail whose connection is reset after the dot was kept or was not: the client cannot tell."""
    with misbehaving(tmp_path, always(Script({At.DOT: [Reset()]}, keep=keep))) as server:
        with pytest.raises((smtplib.SMTPException, OSError)):
            send(server.port)
        assert (len(server.accepted()), len(server.dropped())) == ((1, 0) if keep else (0, 1))


def test_it_stalls_until_the_client_gives_up(tmp_path: Path) -> None:
    """A stall outlasts the client's patience and does not hold up the end of the server."""
    with misbehaving(tmp_path, always(Script({At.DOT: [Stall(3600)]}))) as server:
        client = smtplib.SMTP("127.0.0.1", server.port, timeout=0.3)
        with pytest.raises((smtplib.SMTPException, TimeoutError)):
            client.sendmail("a@b.example", ["c@d.example"], MAIL)
        client.close()
    assert len(server.accepted()) == 1


def test_it_changes_with_the_number_of_the_mail(tmp_path: Path) -> None:
    """On one connection the second mail meets another script than the first and third."""
    with (
        misbehaving(tmp_path, by_mail({2: Script({At.RECIPIENT: [Say(452, "later")]})})) as server,
        smtplib.SMTP("127.0.0.1", server.port, timeout=10) as client,
    ):
        for number in (1, 2, 3):
            mail = MAIL.replace(b"m1@", b"m%d@" % number)
            if number == 2:
                with pytest.raises(smtplib.SMTPRecipientsRefused):
                    client.sendmail("a@b.example", ["c@d.example"], mail)
            else:
                client.sendmail("a@b.example", ["c@d.example"], mail)
    assert server.times_accepted() == {"<m1@sender.example>": 1, "<m3@sender.example>": 1}


def test_it_goes_on_counting_in_the_same_folder(tmp_path: Path) -> None:
    """A second server over the same folder adds to what the first one took."""
    for _ in range(2):
        with misbehaving(tmp_path) as server:
            send(server.port)
    assert server.times_accepted() == {"<m1@sender.example>": 2}
    assert [mail.connection for mail in server.accepted()] == [1, 2]


@pytest.mark.parametrize("implicit", [False, True])
def test_tls_and_login(tmp_path: Path, implicit: bool) -> None:
    """Over TLS, at once or by STARTTLS, it takes mails of the user that it knows, and of nobody else."""
    made = make_certificate(tmp_path / "certificate")
    trust = ssl.create_default_context(cafile=str(made.authority))
    with misbehaving(tmp_path / "kept", tls=made.context(), implicit=implicit, login=LOGIN) as server:
        for password, right in (("wrong", False), (LOGIN[1], True)):
            with (
                smtplib.SMTP_SSL("localhost", server.port, timeout=10, context=trust)
                if implicit
                else smtplib.SMTP("localhost", server.port, timeout=10) as client
            ):
                if not implicit:
                    assert not client.ehlo()[1].count(b"AUTH")
                    client.starttls(context=trust)
                if right:
                    client.login(LOGIN[0], password)
                    client.sendmail("a@b.example", ["c@d.example"], MAIL)
                else:
                    with pytest.raises(smtplib.SMTPSenderRefused):
                        client.sendmail("a@b.example", ["c@d.example"], MAIL)
                    with pytest.raises(smtplib.SMTPAuthenticationError):
                        client.login(LOGIN[0], password)
    (mail,) = server.accepted()
    assert (mail.user, mail.encrypted) == ("shirase", True)


@pytest.mark.parametrize(
    "script", [{At.HANDSHAKE: [Close()]}, {At.HANDSHAKE: [Raw(b"x" * 20_000)]}, {At.STARTTLS: [Say(454)]}]
)
def test_tls_fails(tmp_path: Path, script: dict[At, list[Action]]) -> None:
    """A handshake that ends, that is no handshake, or that is refused: the client is not encrypted."""
    made = make_certificate(tmp_path / "certificate")
    with (
        misbehaving(tmp_path / "kept", always(Script(script)), tls=made.context()) as server,
        contextlib.closing(smtplib.SMTP("localhost", server.port, timeout=10)) as client,
    ):
        with contextlib.suppress(smtplib.SMTPException, OSError):
            client.starttls(context=ssl.create_default_context(cafile=str(made.authority)))
        assert not isinstance(client.sock, ssl.SSLSocket)
    assert "# encrypted from here" not in "".join(server.transcripts())


def test_chance_is_repeatable() -> None:
    """The same seed misbehaves in the same way, about as often as it was asked to."""
    turns = [Turn(number, number) for number in range(1, 1001)]
    once, twice = ([at_random(7, 0.3)(turn) for turn in turns] for _ in range(2))
    assert once == twice
    assert 200 < sum(script != GOOD for script in once) < 400
