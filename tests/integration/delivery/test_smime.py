"""Signed and encrypted mails, checked by OpenSSL, which made neither."""

import base64
import hashlib
import re
import subprocess
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from mail_keys import MailKey, make_mail_key, openssl
from mail_readers import read_with_mblaze, read_with_perl
from notices import PDF, REPORT_ID, SENDER, notice
from sealed_batch import tool
from shirase.delivery.message import build_message
from shirase.delivery.read_back import require_recipient, require_same
from shirase.delivery.smime import encrypt_message, plain_message, sign_message, signed_part
from shirase.domain.errors import GateError, UsageError
from shirase.domain.notice import NoticeKind, Protection
from shirase.sealing.keys import open_file
from shirase.sealing.mail_certificates import (
    detached_signature,
    envelope_for,
    read_mail_certificate,
    require_for_encrypting,
    require_for_signing,
)
from shirase.text.notices import words_of

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=6)  # keys are made up to hours after this is read
RECIPIENT = "security@takahashi.example"
NOTICE = notice(protection=Protection.SIGNED)
WORDS = words_of(NOTICE)
MESSAGE = build_message(NOTICE, WORDS, PDF)


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("sender"), SENDER.address)


@pytest.fixture(scope="module")
def recipient(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("recipient"), RECIPIENT)


@pytest.fixture(scope="module")
def signed(sender: MailKey) -> bytes:
    return sign_message(MESSAGE, NOTICE.delivery_id, detached_signature(sender.opened(), NOW))


@pytest.fixture(scope="module")
def encrypted(signed: bytes, recipient: MailKey) -> bytes:
    certificate = read_mail_certificate(recipient.certificate.read_bytes(), RECIPIENT)
    return encrypt_message(signed, envelope_for([certificate]))


def verified(message: bytes, key: MailKey, program: str = "cms") -> bytes:
    """What was signed, when OpenSSL believes that the sender signed it."""
    return openssl(program, "-verify", "-CAfile", key.authority, "-purpose", "smimesign", content=message)


@pytest.mark.parametrize("program", ["cms", "smime"])
def test_openssl_believes_the_signature(signed: bytes, sender: MailKey, program: str) -> None:
    """As CMS and as the older PKCS #7; what it then shows is the message, headers included."""
    inside = verified(signed, sender, program)
    assert inside == signed_part(signed)
    read = message_from_bytes(inside, policy=policy.default)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "Reply-To"):
        assert str(read[name]) == str(message_from_bytes(MESSAGE, policy=policy.default)[name])
    assert read["Content-Type"].params["hp"] == "clear"


def test_the_signature_says_who_and_when(signed: bytes, sender: MailKey, tmp_path: Path) -> None:
    """The certificate and its authority are in it, the time, and the digest that the header promises."""
    signers = tmp_path / "signers.pem"
    openssl("cms", "-verify", "-CAfile", sender.authority, "-signer", signers, content=signed)
    assert b"email:incident@kagimori.example" in openssl("x509", "-in", signers, "-noout", "-text")
    der = base64.b64decode(signed.rpartition(b"\r\n\r\n")[2].partition(b"--")[0])
    shown = openssl("cms", "-cmsout", "-print", "-inform", "DER", content=der).decode()
    assert "signingTime" in shown
    assert "sha256" in shown
    assert shown.count("CN=Authority") >= 2


@pytest.mark.parametrize("place", [b"security@takahashi", b"=?utf-8?b?44CQ", b"JVBERi0x", b"VGhlIEVu", b"Date: Fri"])
def test_a_change_inside_breaks_the_signature(signed: bytes, sender: MailKey, place: bytes) -> None:
    """Recipient, subject, date, text and file are all under it."""
    begin = signed.index(signed_part(signed))
    at = signed.index(place, begin)
    changed = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
    done = subprocess.run(
        [tool("openssl"), "cms", "-verify", "-CAfile", str(sender.authority)],
        input=changed,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0


@pytest.mark.parametrize("kind", NoticeKind)
def test_the_message_comes_out_as_it_went_in(sender: MailKey, kind: NoticeKind) -> None:
    """Byte for byte, whether it is a report or carries nothing: what was checked before is what is signed."""
    made = notice(kind, protection=Protection.SIGNED)
    words, pdf = words_of(made), PDF if made.is_carrying else None
    message = build_message(made, words, pdf)
    got = sign_message(message, made.delivery_id, detached_signature(sender.opened(), NOW))
    assert plain_message(got) == message
    require_same(plain_message(got), made, words, pdf)
    require_recipient(got, made.to_address)


def test_headers_changed_outside_are_seen(signed: bytes) -> None:
    """The headers that servers act on have to be those that were signed."""
    outside = re.sub(rb"To: security@takahashi", b"To: security@northwind", signed, count=1)
    for changed in (outside, b"Bcc: b@c.example\r\n" + signed):
        with pytest.raises(GateError):
            plain_message(changed)
    with pytest.raises(GateError):
        signed_part(MESSAGE)


def test_other_programs_read_a_signed_mail(signed: bytes, tmp_path: Path) -> None:
    """Who knows nothing of S/MIME sees text, page, report and a small file more."""
    for read in (read_with_perl(signed), read_with_mblaze(signed, tmp_path)):
        assert read.headers["subject"][0] == WORDS.subject
        assert [part.type for part in read.parts] == [
            "text/plain", "text/html", "application/pdf", "application/pkcs7-signature",
        ]  # fmt: skip
        assert [part.file_name for part in read.parts] == ["", "", f"{REPORT_ID}.pdf", "smime.p7s"]
        assert read.parts[2].digest == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize("program", ["cms", "smime"])
def test_only_the_recipient_reads_an_encrypted_mail(
    encrypted: bytes, signed: bytes, sender: MailKey, recipient: MailKey, program: str
) -> None:
    """OpenSSL decrypts it with the recipient's key alone, finds the signed mail in it, and believes the signature."""
    words = ("-decrypt", "-recip", recipient.certificate, "-inkey", recipient.key)
    inside = openssl(program, *words, content=encrypted)
    assert inside.endswith(signed.partition(b"\r\n\r\n")[2])
    assert verified(inside, sender) == signed_part(signed)
    other = subprocess.run(
        [tool("openssl"), "cms", "-decrypt", "-recip", str(sender.certificate), "-inkey", str(sender.key)],
        input=encrypted, capture_output=True, check=False,
    )  # fmt: skip
    assert other.returncode != 0


def test_an_encrypted_mail_shows_its_headers_and_nothing_else(encrypted: bytes) -> None:
    """Text and report are not in it; subject, sender and recipient are, for servers and people to see."""
    read = message_from_bytes(encrypted, policy=policy.default)
    assert read.get_content_type() == "application/pkcs7-mime"
    assert read["Content-Type"].params["smime-type"] == "enveloped-data"
    assert read.get_filename() == "smime.p7m"
    assert read["Subject"] == WORDS.subject
    assert encrypted.isascii()
    assert max(map(len, encrypted.split(b"\r\n"))) <= 78
    content = read.get_payload(decode=True)
    assert isinstance(content, bytes)
    for secret in (PDF[:64], b"application/pdf", b"multipart/signed"):
        assert secret not in content
    require_recipient(encrypted, RECIPIENT)
    shown = openssl("cms", "-cmsout", "-print", "-inform", "DER", content=content).decode()
    assert "aes-256-cbc" in shown


def test_keys_of_other_kinds_sign_as_well(tmp_path: Path) -> None:
    """A P-256 key signs; to encrypt to one is refused in words."""
    key = make_mail_key(tmp_path, SENDER.address, key=("ec", "-pkeyopt", "ec_paramgen_curve:P-256"))
    require_for_signing(key.opened(), SENDER.address, NOW)
    assert verified(sign_message(MESSAGE, "x1", detached_signature(key.opened(), NOW)), key)
    certificate = read_mail_certificate(key.certificate.read_bytes(), "it")
    with pytest.raises(UsageError, match="RSA keys only"):
        require_for_encrypting(certificate, SENDER.address, NOW)


CASES: dict[str, tuple[dict[str, Any], str, timedelta]] = {
    "another mailbox": ({"address": "b@c.example"}, "names b@c.example, and not", timedelta()),
    "no mailbox": ({"address": ""}, "names no mailbox", timedelta()),
    "expired": ({}, "expired on", timedelta(days=40)),
    "not yet": ({}, "is valid from", timedelta(days=-40)),
    "a web server's": ({"extensions": ("extendedKeyUsage=serverAuth",)}, "is not for mail", timedelta()),
    "an authority's": ({"extensions": ("basicConstraints=critical,CA:TRUE",)}, "of an authority", timedelta()),
    "for other uses": ({"extensions": ("keyUsage=critical,cRLSign",)}, "key usage", timedelta()),
    "a small key": ({"key": ("rsa:1024",)}, "at least 2048", timedelta()),
}


@pytest.mark.parametrize("case", CASES)
def test_a_certificate_that_does_not_fit_is_refused(case: str, tmp_path: Path) -> None:
    """For another mailbox, another time or another use: nothing is encrypted to it, and it signs nothing."""
    words, what, later = CASES[case]
    key = make_mail_key(tmp_path, **{"address": RECIPIENT, **words})
    certificate = read_mail_certificate(key.certificate.read_bytes(), "it")
    with pytest.raises(UsageError, match=what):
        require_for_encrypting(certificate, RECIPIENT, NOW + later)
    if case != "a small key":
        with pytest.raises(UsageError, match=what):
            require_for_signing(open_file(key.pkcs12, "correct horse 電池 staple"), RECIPIENT, NOW + later)


def test_certificates_come_as_pem_or_der(recipient: MailKey) -> None:
    """As mail programs export them; anything else is named."""
    pem = recipient.certificate.read_bytes()
    der = openssl("x509", "-outform", "DER", content=pem)
    assert read_mail_certificate(pem, "it") == read_mail_certificate(der, "it")
    require_for_encrypting(read_mail_certificate(der, "it"), "Security@Takahashi.example", NOW)
    for wrong in (b"", b"hello", b"-----BEGIN CERTIFICATE-----\n", recipient.key.read_bytes()):
        with pytest.raises(UsageError, match="no certificate"):
            read_mail_certificate(wrong, "certificates/it.pem")
