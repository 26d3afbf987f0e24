"""A message that carries a report is searched whole, as a mail reader would show it."""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from shirase.domain.bilingual import Language
from shirase.domain.customer import Customer
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.mail import mail_findings
from shirase.inspection.subject import Expected, ReportFiles

GATE = LeakGate.build([Identifier("C-9", "name", "株式会社ヒヤシンス物産")], common=())
NAME = "株式会社ヒヤシンス物産"
FILES = ReportFiles(b"%PDF-1.7 the report", b'{"report_id": "R-1"}', b"report_id\r\nR-1\r\n")
CUSTOMER = Customer(
    customer_id="C-1", name_ja="株式会社甲", name_en="Kou K.K.", tenant_ids=("t-1",), languages=tuple(Language),
    time_zone="Asia/Tokyo",
)  # fmt: skip


def message() -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = "desk@sender.example"
    made["To"] = "甲 <a@kou.example>"
    made["Subject"] = "【R-1】セキュリティインシデントのご報告"
    made.set_content("ご報告を添付いたします。\n", cte="base64")
    made.add_alternative("<p>ご報告を<b>添付</b>いたします。</p>", subtype="html", cte="base64")
    made.add_attachment(FILES.pdf, maintype="application", subtype="pdf", filename="R-1.pdf")
    made.add_attachment(FILES.data, maintype="application", subtype="json", filename="R-1.json")
    return made


def rules(made: EmailMessage) -> list[tuple[str, str]]:
    expected = Expected("R-1", CUSTOMER, "CODE", ())
    return [(each.rule, each.place) for each in mail_findings(expected, FILES, made.as_bytes(), GATE)]


def in_subject(made: EmailMessage) -> None:
    made.replace_header("Subject", f"{NAME}様")


def in_recipient(made: EmailMessage) -> None:
    made.replace_header("To", f"{NAME} <a@kou.example>")


def in_text(made: EmailMessage) -> None:
    next(part for part in made.walk() if part.get_content_type() == "text/plain").set_content(f"{NAME}\n", cte="base64")


def in_html(made: EmailMessage) -> None:
    part = next(part for part in made.walk() if part.get_content_type() == "text/html")
    part.set_content("<p>株式会社<b>ヒヤ</b>&#12471;ンス物産</p>", subtype="html", cte="base64")


def in_html_attribute(made: EmailMessage) -> None:
    part = next(part for part in made.walk() if part.get_content_type() == "text/html")
    part.set_content(f'<img alt="{NAME}">', subtype="html", cte="base64")


def in_file_name(made: EmailMessage) -> None:
    part = next(part for part in made.walk() if part.get_content_type() == "application/pdf")
    part.replace_header("Content-Disposition", f'attachment; filename="{NAME}.pdf"')


def after_the_report(made: EmailMessage) -> None:
    part = next(part for part in made.walk() if part.get_content_type() == "application/pdf")
    part.set_content(FILES.pdf + NAME.encode(), maintype="application", subtype="pdf", filename="R-1.pdf")


def test_a_message_with_its_own_report_has_nothing_to_object_to() -> None:
    """Without this, finding faults would mean nothing."""
    assert rules(message()) == []


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (in_subject, "mail, Subject"),
        (in_recipient, "mail, To"),
        (in_text, "mail, plain text"),
        (in_html, "mail, html text without its tags"),
        (in_html_attribute, "mail, html text"),
        (in_file_name, "mail, Content-Disposition"),
        (after_the_report, "mail, attachment"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_another_name_is_found_anywhere_in_a_message(change: Callable[[EmailMessage], None], place: str) -> None:
    """Encoded headers, encoded bodies, divided by tags, in attributes, in names, behind the report."""
    made = message()
    change(made)
    assert ("leak", place) in rules(made)


def test_the_report_of_somebody_else_is_a_strange_file() -> None:
    """Even when nothing in it can be read: whole messages that are attached count, too."""
    made = message()
    made.add_attachment(b"%PDF-1.7 another", maintype="application", subtype="pdf", filename="R-2.pdf")
    inner = EmailMessage(policy=SMTP)
    inner.set_content(NAME, cte="base64")
    made.add_attachment(inner)
    found = rules(made)
    assert ("mail-strange-file", "mail") in found
    assert ("leak", "mail, plain text") in found
