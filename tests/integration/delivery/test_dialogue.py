"""The dialogue with a server that misbehaves at every point: what it can have accepted is never mistaken.

The server keeps what it took on disk; each outcome is held against that.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from misbehaving_server import (
    Action,
    At,
    Close,
    Raw,
    Reset,
    Say,
    Script,
    Stall,
    always,
    by_connection,
    by_mail,
    misbehaving,
)
from server_certificate import make_certificate
from shirase.delivery.dialogue import Ended, Envelope, MailConnection, Patience
from shirase.domain.delivery import Attempt, Outcome, Point
from shirase.domain.delivery_settings import MailServer, Tls

ENVELOPE = Envelope("bounces+d1@sender.example", "ciso@customer.example", "d1")
MESSAGE = b"Message-ID: <d1@sender.example>\r\nSubject: x\r\n\r\n.dots\r\n..\r\n" + b"body\r\n" * 20_000
QUICK = Patience(connect=2, command=1, dot=1)
BEFORE = [At.CONNECT, At.GREETING, At.HELLO, At.MAIL, At.RECIPIENT, At.DATA]
POINTS = {
    At.CONNECT: Point.GREETING, At.GREETING: Point.GREETING, At.HELLO: Point.HELLO, At.MAIL: Point.MAIL,
    At.RECIPIENT: Point.RECIPIENT, At.DATA: Point.DATA,
}  # fmt: skip


def attempt(
    port: int,
    *,
    patience: Patience = QUICK,
    tls: Tls = Tls.NONE,
    user: str = "",
    password: str = "",
    authority: Path | None = None,
) -> tuple[Attempt, int]:
    """One mail over a new connection; how it ended, and how often it was put on record."""
    server = MailServer(host="127.0.0.1", port=port, tls=tls, user=user)
    connection = MailConnection(server, password, authority=authority, patience=patience)
    committed = []
    try:
        connection.open()
        return connection.send(ENVELOPE, MESSAGE, lambda: committed.append(1)), len(committed)
    except Ended as ended:
        return ended.attempt, len(committed)
    finally:
        connection.close()


def test_a_message_arrives_as_it_was_handed_over(tmp_path: Path) -> None:
    with misbehaving(tmp_path) as server:
        done, commits = attempt(server.port)
        (mail,) = server.accepted()
    assert (done.outcome, done.point, commits) == (Outcome.ACCEPTED, Point.DOT, 1)
    assert mail.content() == MESSAGE
    assert (mail.mail_from, mail.recipients) == ("bounces+d1@sender.example", ("ciso@customer.example",))
    assert "RET=HDRS ENVID=d1" in mail.mail_parameters
    assert f"SIZE={len(MESSAGE)}" in mail.mail_parameters
    assert mail.recipient_parameters == ("NOTIFY=SUCCESS,FAILURE,DELAY",)


@pytest.mark.parametrize("at", BEFORE)
@pytest.mark.parametrize(
    "end", [(Close(),), (Reset(),), (Raw(b"25"), Close()), (Raw(b"250"), Close()), (Raw(b"\0\xff\r\n"),), (Stall(3), Close())],
    ids=["close", "reset", "half a code", "a code without an end", "nonsense", "stall"],
)  # fmt: skip
def test_what_breaks_off_before_the_dot_can_be_done_again(tmp_path: Path, at: At, end: Sequence[Action]) -> None:
    """Nothing was handed over; and the ledger was not even told that it might be."""
    with misbehaving(tmp_path, always(Script({at: end}))) as server:
        done, commits = attempt(server.port)
        assert server.accepted() == []
    assert (done.outcome, commits) == (Outcome.DEFERRED, 0)
    assert done.concerns_all
    # A connection that is reset at once may end before or after the system calls it open.
    assert done.point in {POINTS[at], *([Point.CONNECT] if at in {At.CONNECT, At.GREETING} else [])}


@pytest.mark.parametrize("at", [At.GREETING, At.HELLO, At.MAIL, At.RECIPIENT, At.DATA])
@pytest.mark.parametrize("code", [421, 450, 550])
def test_refusals_are_told_apart_by_whom_they_concern(tmp_path: Path, at: At, code: int) -> None:
    """A recipient that is refused is one mail's fate; a server that refuses everybody stops the run, and no recipient."""
    with misbehaving(tmp_path, always(Script({at: (Say(code, ("5.1.1 no", "such")),)}))) as server:
        done, commits = attempt(server.port)
        assert server.accepted() == []
    assert commits == 0
    about_this_mail = at in {At.RECIPIENT, At.DATA}
    assert done.outcome is (Outcome.REFUSED if about_this_mail and code == 550 else Outcome.DEFERRED)
    assert done.concerns_all is (not about_this_mail or code == 421)
    assert str(code) in done.reply


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize(
    "end", [(Close(),), (Reset(),), (Raw(b"2"), Close()), (Raw(b"250"), Close()), (Raw(b"250 kept"), Reset()),
            (Raw(b"what?\r\n"),), (Say(354),), (Stall(3), Close())],
    ids=["close", "reset", "half a code", "a code", "no line end", "nonsense", "354", "stall"],
)  # fmt: skip
def test_without_an_answer_to_the_dot_nobody_knows(tmp_path: Path, end: Sequence[Action], keeps: bool) -> None:
    """Whether or not the server kept it: both happen, and from here they look the same."""
    with misbehaving(tmp_path, always(Script({At.DOT: end}, keep=keeps))) as server:
        done, commits = attempt(server.port)
        assert len(server.accepted()) == keeps
    assert (done.outcome, done.point, commits) == (Outcome.UNKNOWN, Point.DOT, 1)


@pytest.mark.parametrize(
    ("code", "outcome"), [(451, Outcome.DEFERRED), (421, Outcome.DEFERRED), (554, Outcome.REFUSED)]
)
def test_an_answer_to_the_dot_is_believed(tmp_path: Path, code: int, outcome: Outcome) -> None:
    with misbehaving(tmp_path, always(Script({At.DOT: (Say(code, "4.3.0 no room"),)}))) as server:
        done, commits = attempt(server.port)
        assert server.accepted() == []
    assert (done.outcome, done.point, commits) == (outcome, Point.DOT, 1)


def test_a_250_that_is_written_and_then_cut_off_is_read_or_unknown(tmp_path: Path) -> None:
    with misbehaving(tmp_path, always(Script({At.DOT: (Say(250, "kept"), Reset())}))) as server:
        done, _ = attempt(server.port)
        assert len(server.accepted()) == 1
    assert done.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}


@pytest.mark.parametrize(
    "end", [(Close(),), (Reset(),), (Raw(b"25"), Close()), (Raw(b"\0\xff\r\n"),), (Stall(3), Close())],
    ids=["close", "reset", "half a code", "nonsense", "stall"],
)  # fmt: skip
def test_what_breaks_off_within_the_body_is_never_taken_for_an_answer(tmp_path: Path, end: Sequence[Action]) -> None:
    """The last bytes may be on their way before the break is seen: then nobody knows, which is safe."""
    with misbehaving(tmp_path, always(Script({At.BODY: end}))) as server:
        done, commits = attempt(server.port)
        kept = len(server.accepted())
    assert (done.outcome, commits, kept) in {
        (Outcome.DEFERRED, 0, 0), (Outcome.DEFERRED, 1, 0), (Outcome.UNKNOWN, 1, 0), (Outcome.UNKNOWN, 1, 1)
    }  # fmt: skip


@pytest.mark.parametrize("early", [Say(451, "not now"), Say(554, "never")])
def test_an_answer_that_comes_before_the_dot_is_none_to_it(tmp_path: Path, early: Say) -> None:
    """A server that spoke too early and takes the mail all the same would otherwise get it twice."""
    with misbehaving(tmp_path, always(Script({At.BODY: (early,)}, keep=True))) as server:
        done, _ = attempt(server.port)
        kept = len(server.accepted())
    assert (done.outcome, kept) in {(Outcome.DEFERRED, 0), (Outcome.UNKNOWN, 1)}
    if done.outcome is Outcome.DEFERRED:
        assert done.point is Point.BODY


def test_a_refused_recipient_spoils_no_other_mail(tmp_path: Path) -> None:
    """The next mail goes over the same connection."""
    scripts = by_mail({1: Script({At.RECIPIENT: (Say(550, "5.1.1 unknown"),)})})
    with misbehaving(tmp_path, scripts) as server:
        connection = MailConnection(
            MailServer(host="127.0.0.1", port=server.port, tls=Tls.NONE), "", authority=None, patience=QUICK
        )
        connection.open()
        first = connection.send(ENVELOPE, MESSAGE, lambda: None)
        assert connection.is_open
        second = connection.send(ENVELOPE, MESSAGE, lambda: None)
        connection.close()
        assert [mail.connection for mail in server.accepted()] == [1]
    assert (first.outcome, second.outcome) == (Outcome.REFUSED, Outcome.ACCEPTED)


def test_whoever_may_not_send_after_all_leaves_nothing(tmp_path: Path) -> None:
    """The last look at the ledger refuses: the connection is cut before the dot."""

    def refuse() -> None:
        raise RuntimeError("held")

    with misbehaving(tmp_path) as server:
        connection = MailConnection(
            MailServer(host="127.0.0.1", port=server.port, tls=Tls.NONE), "", authority=None, patience=QUICK
        )
        connection.open()
        with pytest.raises(RuntimeError, match="held"):
            connection.send(ENVELOPE, MESSAGE, refuse)
        assert not connection.is_open
    assert server.accepted() == []
    assert server.dropped() == []


def test_a_message_larger_than_the_server_takes_is_not_even_begun(tmp_path: Path) -> None:
    with misbehaving(tmp_path, always(Script(keywords=("SIZE 1000",)))) as server:
        done, commits = attempt(server.port)
        assert "MAIL FROM" not in "".join(server.transcripts())
    assert (done.outcome, done.point, commits) == (Outcome.REFUSED, Point.MAIL, 0)


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_the_connection_is_encrypted_and_the_certificate_looked_at(tmp_path: Path, tls: Tls) -> None:
    made = make_certificate(tmp_path / "tls")
    user, password = "incident", "secret 暗号"
    with misbehaving(
        tmp_path / "server", tls=made.context(), implicit=tls is Tls.IMPLICIT, login=(user, password)
    ) as server:
        done, _ = attempt(server.port, tls=tls, authority=made.authority, user=user, password=password)
        (mail,) = server.accepted()
        strangers, _ = attempt(server.port, tls=tls, user=user, password=password)
        wrong, _ = attempt(server.port, tls=tls, authority=made.authority, user="incident", password="guess")
        assert len(server.accepted()) == 1
    assert (done.outcome, mail.encrypted, mail.user) == (Outcome.ACCEPTED, True, "incident")
    assert strangers.outcome is Outcome.DEFERRED
    assert "certificate" in strangers.reply.lower()
    assert (wrong.outcome, wrong.point, wrong.concerns_all) == (Outcome.DEFERRED, Point.AUTH, True)


def test_a_server_that_knows_no_better_is_logged_in_to_all_the_same(tmp_path: Path) -> None:
    """AUTH LOGIN, step by step, with a password that is not ASCII; a wrong one is refused, an unknown way not tried."""
    user, password = "incident", "secret 暗号"
    old, unknown = Script(mechanisms="LOGIN"), Script(mechanisms="NTLM")
    with misbehaving(tmp_path / "old", always(old), login=(user, password)) as server:
        done, _ = attempt(server.port, user=user, password=password)
        wrong, _ = attempt(server.port, user=user, password="guess")
        (mail,) = server.accepted()
        assert "C: AUTH LOGIN" in "".join(server.transcripts())
    assert (done.outcome, mail.user) == (Outcome.ACCEPTED, user)
    assert (wrong.outcome, wrong.point, wrong.concerns_all) == (Outcome.DEFERRED, Point.AUTH, True)
    with misbehaving(tmp_path / "unknown", always(unknown), login=(user, password)) as server:
        nowhere, _ = attempt(server.port, user=user, password=password)
        assert "C: AUTH" not in "".join(server.transcripts())
    assert (nowhere.outcome, nowhere.point, nowhere.concerns_all) == (Outcome.DEFERRED, Point.AUTH, True)


def test_a_server_without_starttls_gets_nothing(tmp_path: Path) -> None:
    """Also not the password: whoever stands in between could have taken the word away."""
    with misbehaving(tmp_path, login=("incident", "secret")) as server:
        done, _ = attempt(server.port, tls=Tls.STARTTLS, user="incident", password="secret")
        assert "C: AUTH" not in "".join(server.transcripts())
    assert (done.outcome, done.point, done.concerns_all) == (Outcome.DEFERRED, Point.TLS, True)
    assert "STARTTLS" in done.reply


def test_no_server_at_all(tmp_path: Path) -> None:
    with misbehaving(tmp_path, by_connection({})) as server:
        port = server.port
    done, commits = attempt(port)
    assert (done.outcome, done.point, commits) == (Outcome.DEFERRED, Point.CONNECT, 0)
