"""From the message to the report about it, over a real Postfix and a real Dovecot: STARTTLS, login, DSN, IMAP."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mail_servers import MailServers, missing_for_mail_servers, running_mail_servers
from notices import PDF, notice
from shirase.delivery.dialogue import Ended, Envelope, MailConnection, Patience
from shirase.delivery.failure_reports import read_returned
from shirase.delivery.mailbox import open_imap
from shirase.delivery.message import build_message
from shirase.delivery.round_trip import compare_round_trip
from shirase.domain.delivery import Attempt, Event, Outcome, Point, delivery_id, message_id
from shirase.domain.delivery_settings import ImapServer, MailSender, MailServer
from shirase.domain.notice import Notice, NoticeKind
from shirase.domain.returned import Returned
from shirase.text.notices import words_of

SENDER = MailSender(
    address="incident@sender.example", reply_to="incident@sender.example", bounces="bounces@sender.example"
)
SOON = Patience(connect=10, command=30, dot=60)


@pytest.fixture(scope="module")
def strict_servers() -> Iterator[MailServers]:
    """A Postfix that refuses at once whom it does not know, and what is too large."""
    if missing := missing_for_mail_servers():
        pytest.skip(missing)
    with running_mail_servers(
        settings={"smtpd_reject_unlisted_recipient": "yes", "message_size_limit": "100000"}
    ) as servers:
        yield servers


def made_for(address: str, kind: NoticeKind = NoticeKind.REPORT) -> tuple[Notice, bytes]:
    """A notice to this address, and its message."""
    identifier = delivery_id("INC-2022-0120-AB12-CD34", 2, address)
    made = replace(
        notice(kind), sender=SENDER, to_address=address, delivery_id=identifier,
        message_id=message_id(identifier, SENDER.domain), return_path=SENDER.return_path(identifier),
    )  # fmt: skip
    return made, build_message(made, words_of(made), PDF)


def hand_over(
    servers: MailServers, made: Notice, message: bytes, *, password: str = "", trusted: bool = True
) -> Attempt:
    """How one mail over a connection of its own ended."""
    server = MailServer(host="localhost", port=servers.smtp_port, user=servers.user)
    authority: Path | None = servers.certificate.authority if trusted else None
    connection = MailConnection(server, password or servers.password, authority=authority, patience=SOON)
    try:
        connection.open()
        return connection.send(Envelope(made.return_path, made.to_address, made.delivery_id), message, lambda: None)
    except Ended as ended:
        return ended.attempt
    finally:
        connection.close()


def came_back(servers: MailServers, made: Notice) -> Returned:
    """The first mail about this one, read from the mailbox for failure reports over IMAP."""
    known = {made.message_id: made.delivery_id}
    imap = ImapServer(host="localhost", port=servers.imap_port, user=SENDER.bounces)

    def about() -> list[Returned]:
        with open_imap(imap, servers.password, servers.certificate.authority) as mailbox:
            found = [read_returned(kept.raw, known, SENDER.bounces) for kept in mailbox.new(set())]
        return [each for each in found if each.delivery_id]

    return servers.wait(about, bool)[0]


def test_a_report_arrives_and_that_is_reported(mail_servers: MailServers) -> None:
    """The mail is accepted, then delivered; it arrives as it was sent, and the report about it is evidence."""
    made, message = made_for("security@customer.example")
    attempt = hand_over(mail_servers, made, message)
    assert (attempt.outcome, attempt.point) == (Outcome.ACCEPTED, Point.DOT)
    found = came_back(mail_servers, made)
    assert (found.event, found.recipient, found.matched_by.value) == (Event.ARRIVED, made.to_address, "return path")
    (got,) = [each for each in mail_servers.mails(made.to_address) if made.message_id.encode() in each]
    assert compare_round_trip(message, got).differences == ()


def test_accepted_is_not_delivered(mail_servers: MailServers) -> None:
    """A mailbox that is not there is accepted at first; what comes back says so, and counts."""
    made, message = made_for("gone@customer.example")
    assert hand_over(mail_servers, made, message).outcome is Outcome.ACCEPTED
    found = came_back(mail_servers, made)
    assert (found.event, found.status, found.recipient) == (Event.CAME_BACK, "5.1.1", made.to_address)


def test_refused_at_once(strict_servers: MailServers) -> None:
    """Where the server knows its mailboxes the recipient is refused in the dialogue, and nothing comes back."""
    made, message = made_for("gone@customer.example")
    attempt = hand_over(strict_servers, made, message)
    assert (attempt.outcome, attempt.point) == (Outcome.REFUSED, Point.RECIPIENT)
    assert attempt.reply.startswith("550 5.1.1")
    assert strict_servers.mails(SENDER.bounces) == []


def test_too_large(strict_servers: MailServers) -> None:
    """What is larger than the server takes is refused before a byte of it is sent."""
    made, message = made_for("security@customer.example")
    attempt = hand_over(strict_servers, made, message + b"x" * 100_000)
    assert (attempt.outcome, attempt.point) == (Outcome.REFUSED, Point.MAIL)
    assert strict_servers.mails(made.to_address) == []


def test_no_login_and_no_trust(mail_servers: MailServers) -> None:
    """A wrong password or an authority that nobody trusts concerns every mail: the run waits, nothing is sent."""
    made, message = made_for("privacy@customer.example")
    wrong = hand_over(mail_servers, made, message, password="wrong")
    assert (wrong.outcome, wrong.point, wrong.concerns_all) == (Outcome.DEFERRED, Point.AUTH, True)
    untrusted = hand_over(mail_servers, made, message, trusted=False)
    assert (untrusted.outcome, untrusted.point, untrusted.concerns_all) == (Outcome.DEFERRED, Point.TLS, True)
    assert mail_servers.mails(made.to_address) == []


def test_a_canary_makes_its_round(mail_servers: MailServers) -> None:
    """The canary that IMAP gives back is the one that was sent: file, subject in Japanese, addresses and id."""
    made, message = made_for("canary@sender.example", NoticeKind.CANARY)
    assert hand_over(mail_servers, made, message).outcome is Outcome.ACCEPTED
    mail_servers.wait_for_mails(made.to_address)
    imap = ImapServer(host="localhost", port=mail_servers.imap_port, user=made.to_address)
    with open_imap(imap, mail_servers.password, mail_servers.certificate.authority) as mailbox:
        (kept,) = mailbox.new(set())
    trip = compare_round_trip(message, kept.raw)
    assert (trip.is_good, trip.differences, trip.added) == (True, (), ())
