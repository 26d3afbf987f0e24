"""Mails as they leave the process with the keys: signed, encrypted and vouched for, in this order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from mail_keys import MailKey, make_mail_key, openssl
from notices import PDF, SENDER, notice
from shirase.delivery.message import build_message
from shirase.delivery.smime import plain_message
from shirase.domain.customer import DeliveryPolicy
from shirase.domain.delivery_settings import DkimSection
from shirase.domain.errors import UsageError
from shirase.domain.notice import Notice, Protection
from shirase.domain.recipients import Recipient, RecipientRole
from shirase.pipeline.protect import MailKeys, certificate_of, protect_mail, protection_of, ready_keys
from shirase.text.notices import words_of

NOW = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
RECIPIENT = Recipient(
    customer_id="C-1", address="security@takahashi.example", role=RecipientRole.SECURITY, source="contract",
    checked_on=date(2026, 10, 1), certificate="certificates/takahashi.pem",
)  # fmt: skip


@pytest.fixture(scope="module")
def sender(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("sender"), SENDER.address)


@pytest.fixture(scope="module")
def recipient(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("recipient"), RECIPIENT.address)


@pytest.fixture(scope="module")
def case(recipient: MailKey, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("case")
    (folder / "certificates").mkdir()
    (folder / "certificates/takahashi.pem").write_bytes(recipient.certificate.read_bytes())
    (folder / "dkim.pem").write_bytes(openssl("genrsa", "2048"))
    (folder / "dkim.pem").chmod(0o600)
    return folder


def built(made: Notice) -> bytes:
    return build_message(made, words_of(made), PDF)


def test_a_plain_mail_stays_what_it_is() -> None:
    """Without S/MIME and DKIM nothing is added."""
    made = notice()
    assert protect_mail(built(made), made, MailKeys(NOW)) == built(made)


def test_everything_at_once(sender: MailKey, recipient: MailKey, case: Path) -> None:
    """DKIM is over the encrypted mail, in which OpenSSL finds the signed one, and in it the mail that was looked at."""
    made = notice(protection=Protection.ENCRYPTED)
    dkim = DkimSection(selector="s1", key=str(case / "dkim.pem"))
    keys = ready_keys(SENDER, dkim, sender.opened(), NOW)
    sent = protect_mail(built(made), made, keys, [certificate_of(case, RECIPIENT, NOW)])
    assert sent.startswith(b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=kagimori.example;\r\n s=s1;")
    inside = openssl("cms", "-decrypt", "-recip", recipient.certificate, "-inkey", recipient.key, content=sent)
    openssl("cms", "-verify", "-CAfile", sender.authority, "-purpose", "smimesign", content=inside)
    signed = protect_mail(built(made), replace(made, protection=Protection.SIGNED), MailKeys(NOW, sender.opened()))
    assert plain_message(signed) == built(made)


def test_what_a_policy_asks_for() -> None:
    """Two policies have S/MIME; the others have not."""
    wanted = {each: protection_of(each) for each in DeliveryPolicy}
    assert wanted.pop(DeliveryPolicy.SMIME_SIGNED) is Protection.SIGNED
    assert wanted.pop(DeliveryPolicy.SMIME_ENCRYPTED) is Protection.ENCRYPTED
    assert set(wanted.values()) == {Protection.NONE}


@pytest.mark.parametrize("protection", [Protection.SIGNED, Protection.ENCRYPTED])
def test_nothing_goes_out_with_less_than_was_promised(protection: Protection, sender: MailKey) -> None:
    """Without a key, or without a certificate, there is no mail."""
    made = notice(protection=protection)
    with pytest.raises(UsageError, match="no key is open"):
        protect_mail(built(made), made, MailKeys(NOW))
    if protection is Protection.ENCRYPTED:
        with pytest.raises(UsageError, match="no certificate"):
            protect_mail(built(made), made, MailKeys(NOW, sender.opened()))


def test_keys_and_certificates_are_those_of_these_mailboxes(sender: MailKey, recipient: MailKey, case: Path) -> None:
    """The recipient's key does not sign for the sender, and the sender's certificate encrypts to nobody else."""
    with pytest.raises(UsageError, match=r"names security@takahashi\.example, and not"):
        ready_keys(SENDER, None, recipient.opened(), NOW)
    (case / "certificates/other.pem").write_bytes(sender.certificate.read_bytes())
    with pytest.raises(UsageError, match=r"names incident@kagimori\.example, and not"):
        certificate_of(case, RECIPIENT.model_copy(update={"certificate": "certificates/other.pem"}), NOW)


@pytest.mark.parametrize(("file", "what"), [("", "needs the recipient's certificate"), ("gone.pem", "cannot be read")])
def test_a_missing_certificate_is_named(case: Path, file: str, what: str) -> None:
    """With the mailbox or the file concerned."""
    with pytest.raises(UsageError, match=what):
        certificate_of(case, RECIPIENT.model_copy(update={"certificate": file}), NOW)


def test_a_missing_key_of_the_domain_is_named(case: Path) -> None:
    """One that is not there, or that others may read, stops the batch; none configured is fine."""
    (case / "open.pem").write_bytes((case / "dkim.pem").read_bytes())
    (case / "open.pem").chmod(0o644)
    with pytest.raises(UsageError, match="others may read"):
        ready_keys(SENDER, DkimSection(selector="s1", key=str(case / "open.pem")), None, NOW)
    with pytest.raises(UsageError, match="no such key file"):
        ready_keys(SENDER, DkimSection(selector="s1", key=str(case / "gone.pem")), None, NOW)
    assert ready_keys(SENDER, DkimSection(selector="s1"), None, NOW) == MailKeys(NOW)
