"""What real servers send back, read from real mailboxes."""

import base64
from email.header import Header
from pathlib import Path

import pytest

from mail_servers import MailServers
from returned_mails import BOUNCES
from shirase.delivery.failure_reports import read_returned
from shirase.delivery.mailbox import Kept, open_imap, open_maildir
from shirase.delivery.round_trip import compare_round_trip
from shirase.domain.delivery import Event, delivery_id, message_id
from shirase.domain.delivery_settings import ImapServer
from shirase.domain.errors import CaseError, EvidenceError
from shirase.domain.returned import Returned, ReturnedKind

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 300


def build(identifier: str, to: str) -> bytes:
    """A mail with a file, long enough to be cut in a report."""
    encoded = base64.encodebytes(PDF).replace(b"\n", b"\r\n")
    subject = Header("【重要】ご報告", "utf-8").encode()
    head = (
        f"From: incident@sender.example\r\nTo: {to}\r\nMessage-ID: {message_id(identifier, 'sender.example')}\r\n"
        f"Subject: {subject}\r\nDate: Sat, 22 Jan 2022 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="=b"\r\n\r\n--=b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n'
        "Report\r\n--=b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        'Content-Disposition: attachment; filename="SHIRASE-1.pdf"\r\n\r\n'
    )
    return head.encode() + encoded + b"--=b--\r\n"


class Post:
    """Sends one delivery and waits for what comes back about it."""

    def __init__(self, servers: MailServers) -> None:
        self.servers = servers
        self.known: dict[str, str] = {}

    def send(self, to: str, *, envelope_id: bool = True, return_path: bool = True) -> str:
        identifier = delivery_id("R-1", len(self.known) + 1, to)
        self.known[message_id(identifier, "sender.example")] = identifier
        sender = f"bounces+{identifier}@sender.example" if return_path else BOUNCES
        self.servers.submit(build(identifier, to), [to], sender=sender, envelope_id=identifier if envelope_id else "")
        return identifier

    def returned(self, identifier: str) -> Returned:
        """The first mail that is about this delivery."""

        def about() -> list[Returned]:
            found = (read_returned(each, self.known, BOUNCES) for each in self.servers.mails(BOUNCES))
            return [each for each in found if each.delivery_id == identifier]

        return self.servers.wait(about, bool)[0]


@pytest.fixture(scope="module")
def post(mail_servers: MailServers) -> Post:
    return Post(mail_servers)


# --- reports of Postfix ---


@pytest.mark.parametrize(
    ("to", "kind", "status", "words"),
    [
        ("security@customer.example", "delivered", "2.0.0", "delivered to maildir"),
        ("nobody.here@customer.example", "failed", "5.1.1", "unknown user"),
        ("anybody@closed.example", "failed", "5.7.1", "takes no mail from outside"),
        ("anybody@slow.example", "delayed", "4.2.2", "mailbox is full"),
        ("admin@leave.example", "relayed", "2.0.0", "Saved"),
    ],
)
def test_reports_of_postfix(post: Post, to: str, kind: str, status: str, words: str) -> None:
    """Delivered, failed, delayed and relayed, each with the other server's words, matched by the return path."""
    found = post.returned(post.send(to))
    assert (found.kind.value, found.status, found.recipient) == (kind, status, to)
    assert (found.matched_by.value, found.doubt) == ("return path", "")
    assert words in found.diagnostic
    assert found.event is {"delivered": Event.ARRIVED, "failed": Event.CAME_BACK}.get(kind)


def test_the_envelope_id_comes_back(post: Post) -> None:
    """Without an address of its own a report is matched by the envelope id that Postfix repeats, and counts."""
    found = post.returned(post.send("nobody.else@customer.example", return_path=False))
    assert (found.matched_by.value, found.event) == ("envelope id", Event.CAME_BACK)


def test_only_the_enclosed_mail_tells(post: Post) -> None:
    """Without either, the headers that Postfix encloses say which mail it was; that moves nothing."""
    found = post.returned(post.send("nobody.at.all@customer.example", return_path=False, envelope_id=False))
    assert (found.kind, found.matched_by.value, found.event) == (ReturnedKind.FAILED, "original message-id", None)


def test_a_vacation_of_sieve(post: Post, mail_servers: MailServers) -> None:
    """What Dovecot's Sieve answers for somebody on leave, in Japanese, is an automatic answer about this delivery."""
    mail_servers.answer_for(
        "manager@leave.example",
        'require ["vacation"];\nvacation :days 1 :subject "自動応答: 不在です" :addresses "manager@leave.example"\n'
        '"1月24日まで不在です。急ぎの場合は代表番号へお電話ください。";\n',
    )
    identifier = delivery_id("R-vacation", 1, "manager@leave.example")
    post.known[message_id(identifier, "sender.example")] = identifier
    mail_servers.submit(
        build(identifier, "manager@leave.example"), ["manager@leave.example"],
        sender=f"bounces+{identifier}@sender.example", notify="NEVER",
    )  # fmt: skip
    found = post.returned(identifier)
    assert (found.kind, found.event) == (ReturnedKind.AUTO_REPLY, None)
    assert found.diagnostic.startswith("自動応答")
    assert "お電話ください" in found.said


def test_a_forged_report_through_the_same_servers(post: Post, mail_servers: MailServers) -> None:
    """A report that somebody sends like any mail has a sender, and does not count even at the right address."""
    identifier = delivery_id("R-forged", 1, "x@customer.example")
    post.known[message_id(identifier, "sender.example")] = identifier
    forged = (
        f"From: MAILER-DAEMON@mx.customer.example\r\nTo: bounces+{identifier}@sender.example\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n'
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.customer.example\r\n\r\n"
        "Final-Recipient: rfc822; x@customer.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n--b--\r\n"
    )
    to = f"bounces+{identifier}@sender.example"
    mail_servers.submit(forged.encode(), [to], sender="attacker@elsewhere.example", notify="NEVER")
    found = post.returned(identifier)
    assert (found.kind, found.event) == (ReturnedKind.DELIVERED, None)
    assert "attacker@elsewhere.example" in found.doubt


# --- mailboxes ---


def imap(servers: MailServers, user: str, **other: str) -> ImapServer:
    return ImapServer.model_validate({"host": "localhost", "port": servers.imap_port, "user": user, **other})


def test_a_round_trip_over_imap(mail_servers: MailServers) -> None:
    """The canary that comes back over IMAP carries the same file, subject and id, and only this host's headers."""
    sent = build("canary1", "canary@sender.example")
    mail_servers.submit(sent, ["canary@sender.example"], notify="NEVER")
    mail_servers.wait_for_mails("canary@sender.example")
    server = imap(mail_servers, "canary@sender.example")
    with open_imap(server, mail_servers.password, mail_servers.certificate.authority) as mailbox:
        (kept,) = mailbox.new(set())
    assert compare_round_trip(sent, kept.raw).differences == ()
    assert compare_round_trip(sent, kept.raw).added == ()


def test_both_ways_to_a_mailbox_show_the_same_and_change_nothing(mail_servers: MailServers) -> None:
    """IMAP and maildir give the same mails in the same order, again and again; none is marked as seen."""
    for number in range(5):
        mail_servers.drop(
            "incident@sender.example", f"Subject: {number}\nMessage-ID: <{number}@x.example>\n\nhello\n".encode()
        )
    server = imap(mail_servers, "incident@sender.example")
    authority = mail_servers.certificate.authority

    def over_imap(seen: set[str]) -> list[Kept]:
        with open_imap(server, mail_servers.password, authority) as mailbox:
            return list(mailbox.new(seen))

    maildir = open_maildir(mail_servers.maildir("incident@sender.example"))
    before = list(maildir.new(set()))
    shown = over_imap(set())
    assert over_imap(set()) == shown
    after = list(maildir.new(set()))  # Dovecot has moved them from new to cur
    assert [(each.key, each.raw) for each in after] == [(each.key, each.raw) for each in before]
    assert sorted(each.raw.replace(b"\r\n", b"\n") for each in shown) == sorted(each.raw for each in before)
    assert not [
        path
        for path in mail_servers.maildir("incident@sender.example").glob("cur/*")
        if "S" in path.name.rpartition(",")[2]
    ]
    seen = {each.key for each in shown[:3]}
    assert [each.key for each in over_imap(seen)] == [each.key for each in shown[3:]]
    assert [each.key for each in maildir.new({before[0].key})] == [each.key for each in before[1:]]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"password": "s3cret-wrong"}, "the login of incident@sender.example fails"),
        ({"authority": "no"}, "the certificate is not good"),
        ({"host": "127.0.0.2"}, "no connection"),
        ({"folder": 'No "such" folder\\'}, "cannot be opened"),
    ],
    ids=["password", "authority", "host", "folder"],
)
def test_a_mailbox_that_cannot_be_opened(mail_servers: MailServers, wrong: dict[str, str], words: str) -> None:
    """Each says what is wrong; no error repeats the password."""
    other = {name: value for name, value in wrong.items() if name in {"host", "folder"}}
    server = imap(mail_servers, "incident@sender.example", **other)
    authority = None if "authority" in wrong else mail_servers.certificate.authority
    password = wrong.get("password", mail_servers.password)
    with pytest.raises(EvidenceError, match=words) as refused, open_imap(server, password, authority) as mailbox:
        list(mailbox.new(set()))
    assert password not in str(refused.value)


@pytest.mark.parametrize("folder", ["x\r\nA1 DELETE INBOX", "受信"])
def test_no_command_gets_in_by_the_name_of_a_folder(folder: str) -> None:
    """Only one line of ASCII is the name of a folder."""
    with pytest.raises(ValueError, match="in ASCII"):
        ImapServer(host="imap.sender.example", user="bounces", folder=folder)


def test_a_folder_that_is_no_maildir(tmp_path: Path) -> None:
    """Said before anything is read."""
    with pytest.raises(CaseError, match="no maildir"):
        open_maildir(tmp_path)


def test_a_mail_that_moves_while_it_is_read(tmp_path: Path) -> None:
    """A mail program may mark, move or delete mails at any moment: what is there is read once, under one key."""
    for part in ("cur", "new", "tmp"):
        (tmp_path / part).mkdir()
    for number in (30, 4, 100):
        (tmp_path / "new" / f"{number}.M1.host").write_bytes(b"%d" % number)
    (tmp_path / "cur" / "5.M1.host,S=1:2,FS").write_bytes(b"5")
    (tmp_path / "tmp" / "1.half").write_bytes(b"half")
    found = open_maildir(tmp_path).new({"30.M1.host"})
    assert next(found).raw == b"4"
    (tmp_path / "new" / "100.M1.host").rename(tmp_path / "cur" / "100.M1.host:2,S")
    (tmp_path / "cur" / "5.M1.host,S=1:2,FS").unlink()
    assert list(found) == [Kept("100.M1.host", b"100")]
