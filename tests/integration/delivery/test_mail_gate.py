"""The leak gate over messages as they are built: what belongs passes, what does not is found, signed or not."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from mail_keys import MailKey, make_mail_key
from notices import EN, JA, PDF, REPORT_ID, SENDER, TO, notice
from shirase.delivery.message import build_message
from shirase.delivery.smime import encrypt_message, sign_message
from shirase.domain.bilingual import Language
from shirase.domain.customer import Customer
from shirase.domain.notice import AddressedPair, Notice, NoticeKind
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.mail import mail_findings
from shirase.inspection.subject import Expected, ReportFiles
from shirase.sealing.mail_certificates import detached_signature, envelope_for, read_mail_certificate
from shirase.text.catalogues import NOTICE, fixed_texts
from shirase.text.notices import words_of

CUSTOMER = Customer(customer_id="C-1", name_ja=TO.ja.organisation, name_en=TO.en.organisation, tenant_ids=("t-1",))
GATE = LeakGate.build(
    [
        Identifier("C-1", "name", TO.ja.organisation),
        Identifier("C-1", "mail", "security@takahashi.example"),
        Identifier("C-1", "report", REPORT_ID),
        Identifier("C-9", "name", "株式会社ヒヤシンス物産"),
        Identifier("C-9", "name", "Hyacinth Trading Inc."),
        Identifier("C-9", "domain", "hyacinth.example"),
        Identifier("C-9", "report", "INC-2022-0120-ZZZZ-ZZZZ"),
    ],
    (*fixed_texts(), *fixed_texts(NOTICE)),
)


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> MailKey:
    return make_mail_key(tmp_path_factory.mktemp("sender"), SENDER.address)


def built(made: Notice) -> bytes:
    return build_message(made, words_of(made), PDF if made.is_carrying else None)


def rules(message: bytes, approved: bytes = PDF[:-6]) -> list[str]:
    """What the gate says, when the sealed file begins with the approved one."""
    files = ReportFiles(approved, b"{}", b"report_id\r\n")
    return [each.rule for each in mail_findings(Expected(REPORT_ID, CUSTOMER, "CODE", ()), files, message, GATE)]


@pytest.mark.parametrize("languages", [(JA, EN), (EN, JA)])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_mail_as_it_is_built_passes(kind: NoticeKind, languages: tuple[Language, Language], key: MailKey) -> None:
    """Every kind in either order, and signed: without this, finding something would mean nothing."""
    message = built(notice(kind, languages=languages))
    assert rules(message) == []
    assert rules(sign_message(message, "x1", detached_signature(key.opened(), datetime.now(UTC)))) == []


@pytest.mark.parametrize(
    "made",
    [
        notice(to=AddressedPair(replace(TO.ja, organisation="株式会社ヒヤシンス物産"), TO.en)),
        notice(to=AddressedPair(TO.ja, replace(TO.en, organisation="Hyacinth Trading Inc."))),
        notice(to_address="ciso@hyacinth.example"),
        notice(report_id="INC-2022-0120-ZZZZ-ZZZZ", file_name="INC-2022-0120-ZZZZ-ZZZZ.pdf"),
    ],
    ids=["name in Japanese", "name in English", "address", "report"],
)
def test_anything_of_another_customer_is_found(made: Notice, key: MailKey) -> None:
    """A name in one language only, an address, a report's number; a signature hides none of it."""
    message = built(made)
    assert "leak" in rules(message)
    assert "leak" in rules(sign_message(message, "x1", detached_signature(key.opened(), datetime.now(UTC))))


def test_the_report_of_another_is_found() -> None:
    """A sealed file that does not begin with the approved report is a strange one."""
    assert rules(built(notice()), approved=b"%PDF-1.7 another") == ["mail-strange-file"]


def test_a_file_is_no_signature_because_it_says_so(key: MailKey) -> None:
    """Neither another file in its place, nor a signature beside a message that is not signed."""
    signed = sign_message(built(notice()), "x1", detached_signature(key.opened(), datetime.now(UTC)))
    read = message_from_bytes(signed, policy=policy.SMTP)
    assert isinstance(read, EmailMessage)
    signature = list(read.iter_parts())[1]
    real = signature.get_content()
    for content in (b"%PDF-1.7 another", real + bytes(40_000), b"\x30\x80" + bytes(30)):
        signature.set_content(content, "application", "pkcs7-signature")
        assert "mail-strange-file" in rules(read.as_bytes())
    plain = message_from_bytes(built(notice()), policy=policy.SMTP)
    assert isinstance(plain, EmailMessage)
    plain.add_attachment(real, "application", "pkcs7-signature", filename="smime.p7s")
    assert "mail-strange-file" in rules(plain.as_bytes())


def test_an_encrypted_mail_cannot_be_judged(key: MailKey) -> None:
    """It is refused: the gate is asked before."""
    certificate = read_mail_certificate(key.certificate.read_bytes(), "it")
    assert "mail-strange-file" in rules(encrypt_message(built(notice()), envelope_for([certificate])))


def test_a_customer_may_be_called_like_a_word_of_the_mails() -> None:
    """A name that stands in the fixed sentences of every mail is listed as not searched, and stops nobody's mail."""
    names = [Identifier("C-8", "name", "Windows"), Identifier("C-9", "name", "Acrobat")]
    gate = LeakGate.build(names, (*fixed_texts(), *fixed_texts(NOTICE)))
    assert {each.value for each in gate.not_searched} == {"Windows", "Acrobat"}
