"""Mails through a real Postfix into a real mailbox: what arrives is what was sent."""

from pathlib import Path

import pytest

from mail_keys import make_mail_key, openssl
from mail_readers import dkim_verdict
from mail_servers import MailServers
from notices import PDF, SENDER, notice
from shirase.delivery.dkim import DkimDomain, sign_for_domain
from shirase.delivery.message import build_message
from shirase.delivery.read_back import require_same
from shirase.delivery.smime import plain_message, sign_message
from shirase.domain.notice import Notice, NoticeKind, NoticeWords, Protection
from shirase.sealing.mail_certificates import detached_signature, read_dkim_key
from shirase.text.notices import words_of

MAILBOX = "privacy@customer.example"


def arrived(servers: MailServers, message: bytes, made: Notice) -> bytes:
    """The mail as it lies in the mailbox, without what servers put before it."""
    before = servers.mails(MAILBOX)
    servers.submit(message, [made.to_address], sender=made.return_path, notify="NEVER")
    (got,) = [each for each in servers.wait_for_mails(MAILBOX, len(before) + 1) if each not in before]
    assert b"Return-Path: <" + made.return_path.encode() + b">" in got
    lines = got.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    first = message.partition(b"\r\n")[0]
    assert lines.count(first) == 1
    return lines[lines.index(first) :]


def built(made: Notice) -> tuple[NoticeWords, bytes]:
    words = words_of(made)
    return words, build_message(made, words, PDF if made.is_carrying else None)


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_mail_arrives_as_it_was_sent(mail_servers: MailServers, kind: NoticeKind) -> None:
    """Byte for byte, and it still reads back as what was meant."""
    made = notice(kind, to_address=f"privacy+{kind}@customer.example")
    words, message = built(made)
    got = arrived(mail_servers, message, made)
    assert got == message
    require_same(got, made, words, PDF if made.is_carrying else None)


def test_signatures_hold_after_the_way(mail_servers: MailServers, tmp_path: Path) -> None:
    """OpenSSL still believes the S/MIME signature, and Mail::DKIM that of the domain."""
    made = notice(to_address="privacy+signed@customer.example", protection=Protection.SIGNED)
    key = make_mail_key(tmp_path / "smime", SENDER.address)
    dkim = tmp_path / "dkim.pem"
    dkim.write_bytes(openssl("genrsa", "2048"))
    _, message = built(made)
    signed = sign_message(message, made.delivery_id, detached_signature(key.opened(), made.date))
    domain = DkimDomain(SENDER.domain, "s1")
    sent = sign_for_domain(signed, domain, made.date, read_dkim_key(dkim.read_bytes(), "dkim.pem"))
    got = arrived(mail_servers, sent, made)
    openssl("cms", "-verify", "-CAfile", key.authority, "-purpose", "smimesign", content=got)
    assert dkim_verdict(dkim, got)[0] == "pass"
    assert plain_message(got[got.index(b"Date: ") :]) == message
