"""The real servers that the tests of delivery rest on."""

import imaplib
import os
import smtplib
import ssl
from pathlib import Path

import pytest

from mail_servers import MailServers, missing_for_mail_servers, running_mail_servers

MAIL = b"From: incident@sender.example\r\nTo: %s\r\nMessage-ID: <m1@sender.example>\r\nSubject: s\r\n\r\nhello\r\n"


def test_a_mail_arrives_and_imap_shows_it(mail_servers: MailServers) -> None:
    """What Postfix took over TLS and login lies in the maildir, and Dovecot shows the same bytes over TLS."""
    mail_servers.submit(MAIL % b"privacy@customer.example", ["privacy@customer.example"], notify="NEVER")
    (kept,) = mail_servers.wait_for_mails("privacy@customer.example")
    with imaplib.IMAP4_SSL("localhost", mail_servers.imap_port, ssl_context=mail_servers.trust(), timeout=30) as client:
        client.login("privacy@customer.example", mail_servers.password)
        client.select("INBOX", readonly=True)
        _, found = client.uid("FETCH", "1", "(BODY.PEEK[])")
    assert found[0][1].replace(b"\r\n", b"\n") == kept.replace(b"\r\n", b"\n")


def test_nobody_gets_in_without_tls_login_and_trust(mail_servers: MailServers) -> None:
    """Postfix offers no login in clear, takes no mail without one; a client with the system's trust is not encrypted."""
    with smtplib.SMTP("localhost", mail_servers.smtp_port, timeout=30) as client:
        client.ehlo()
        assert "auth" not in client.esmtp_features
        assert {"starttls", "dsn", "8bitmime", "size"} <= set(client.esmtp_features)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("a@sender.example", ["privacy@customer.example"], MAIL % b"x")
        with pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=ssl.create_default_context())
        client.close()


def test_nothing_is_left(tmp_path: Path) -> None:
    """After the block no process of theirs runs and their folder is gone."""
    if missing := missing_for_mail_servers():
        pytest.skip(missing)
    with running_mail_servers() as servers:
        servers.submit(MAIL % b"x@slow.example", ["x@slow.example"])
        servers.wait_for_mails("bounces@sender.example")
    assert not servers.folder.exists()
    running = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            state = (process.parent / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z" and os.fsencode(servers.folder) in process.read_bytes():
                running.append(process)
        except OSError:
            continue
    assert running == []
