"""What is put around a finished mail, in which order, and that the mail that was looked at is inside."""

from dataclasses import replace
from pathlib import Path

import pytest

from mail_keys import MailKey, make_mail_key, openssl
from mail_readers import dkim_verdict
from notices import PDF, SENDER, notice
from shirase.delivery.dkim import DkimDomain
from shirase.delivery.message import build_message
from shirase.domain.errors import TamperedError
from shirase.domain.notice import Notice, Protection
from shirase.domain.sending import PlannedMail
from shirase.pipeline.mail_protection import Bare, MailKeys, keep_protected, require_content
from shirase.pipeline.outbox import Outbox
from shirase.sealing.mail_certificates import detached_signature, envelope_for, read_dkim_key, read_mail_certificate
from shirase.text.notices import words_of


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("sender"), SENDER.address)


@pytest.fixture(scope="module")
def recipient(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("recipient"), notice().to_address)


@pytest.fixture(scope="module")
def domain_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    path.write_bytes(openssl("genrsa", "2048"))
    return path


@pytest.fixture(scope="module")
def keys(sender: MailKey, recipient: MailKey, domain_key: Path) -> MailKeys:
    certificate = read_mail_certificate(recipient.certificate.read_bytes(), "it")
    return MailKeys(
        detached_signature(sender.opened(), notice().date),
        {notice().to_address: envelope_for([certificate])},
        (DkimDomain(SENDER.domain, "s1"), read_dkim_key(domain_key.read_bytes(), "dkim.pem")),
    )


def bare(made: Notice) -> Bare:
    content = build_message(made, words_of(made), PDF)
    mail = PlannedMail(
        delivery_id=made.delivery_id, report_id=made.report_id, number=made.revision, customer_id="C-1",
        address=made.to_address, kind=made.kind.value, message_id=made.message_id, dated_at=made.date.isoformat(),
        content_digest="c" * 64, mail_digest="c" * 64, size=len(content), sealed_digest=made.sealed_digest,
        wave=0,
    )  # fmt: skip
    return Bare(mail, content, made.protection)


def test_the_domain_vouches_for_the_encrypted_mail_and_the_signed_one_is_inside(
    keys: MailKeys, sender: MailKey, recipient: MailKey, domain_key: Path
) -> None:
    """First signed, then encrypted, then DKIM: three other programs find each of them good."""
    made = bare(notice(protection=Protection.ENCRYPTED))
    sent = keys.protect(made)
    assert dkim_verdict(domain_key, sent)[0] == "pass"
    inside = openssl("cms", "-decrypt", "-recip", recipient.certificate, "-inkey", recipient.key, content=sent)
    seen = openssl("cms", "-verify", "-CAfile", sender.authority, "-purpose", "smimesign", content=inside)
    assert seen.endswith(made.content.partition(b"\r\n\r\n")[2])


@pytest.mark.parametrize("protection", [Protection.NONE, Protection.SIGNED])
def test_the_mail_that_was_looked_at_is_inside(keys: MailKeys, protection: Protection) -> None:
    """Byte for byte, with and without the domain's header; another one is refused."""
    made = bare(notice(protection=protection))
    other = build_message(notice(protection=protection, page_count=24), words_of(notice(page_count=24)), PDF)
    for some in (keys, replace(keys, dkim=None)):
        sent = some.protect(made)
        require_content(sent, made.content, protection)
        with pytest.raises(TamperedError):
            require_content(sent, other, protection)


def test_what_was_signed_is_kept(keys: MailKeys, tmp_path: Path) -> None:
    """A plan that is made again has the same bytes, though a signature made again would not."""
    outbox, made = Outbox(tmp_path / "mail"), bare(notice(protection=Protection.ENCRYPTED))
    outbox.make()
    first = keep_protected(outbox, keys, made, None)
    kept = outbox.mail(first.delivery_id).read_bytes()
    assert keep_protected(outbox, keys, made, first) == first
    assert outbox.mail(first.delivery_id).read_bytes() == kept
    outbox.mail(first.delivery_id).unlink()
    assert keep_protected(outbox, keys, made, first).mail_digest != first.mail_digest
