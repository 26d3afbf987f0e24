"""Notices made up for tests: every kind, with Japanese and English names."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from shirase.domain.bilingual import Language, Paired
from shirase.domain.delivery import delivery_id, message_id
from shirase.domain.delivery_settings import MailSender
from shirase.domain.incident import Contact, Stage
from shirase.domain.notice import Addressed, AddressedPair, Earlier, Notice, NoticeKind

JA, EN = Language.JA, Language.EN
REPORT_ID = "INC-2022-0120-AB12-CD34"
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 200 + b"\n%%EOF\n"
SENDER = MailSender(
    address="incident@kagimori.example", reply_to="incident-desk@kagimori.example", bounces="bounces@kagimori.example"
)
CONTACT = Contact(
    desk=Paired(ja="セキュリティインシデントお問い合わせ窓口", en="Security incident contact desk"),
    email="security-desk@kagimori.example",
    phone="+81-3-0000-0120",
    hours=Paired(ja="平日 9:00～18:00（日本標準時）", en="Weekdays, 09:00 to 18:00 (Japan Standard Time)"),
)
TO = AddressedPair(
    Addressed("株式会社髙橋製作所", "ja", "情報システム部", "部長", "髙橋 一郎"),
    Addressed(
        "Takahashi Works Co., Ltd.", "en", "Information Systems Department", "General Manager", "Ichiro Takahashi"
    ),
)
EARLIER = Earlier("<earlier@kagimori.example>", date(2022, 3, 28), 1, hashlib.sha256(b"earlier").hexdigest())
PICK_UP = Paired(
    ja="お客様ポータルの「お知らせ」よりお受け取りください。",
    en="Please collect it in the customer portal under “Notices”.",
)


def notice(kind: NoticeKind = NoticeKind.REPORT, **changes: Any) -> Notice:
    """A notice of ``kind`` to the Japanese company, changed as said."""
    identifier = delivery_id(REPORT_ID, 2, "security@takahashi.example")
    made = Notice(
        kind=kind,
        delivery_id=identifier,
        message_id=message_id(identifier, SENDER.domain),
        date=datetime(2022, 4, 1, 1, 30, 5, tzinfo=UTC),
        sender=SENDER,
        return_path=SENDER.return_path(identifier),
        to_address="security@takahashi.example",
        languages=(JA, EN),
        to=TO,
        incident_id="INC-2022-0120",
        incident_title=Paired(
            ja="サポート業務を通じた不正アクセスに関するご報告",
            en="Report on unauthorised access through support operations",
        ),
        report_id=REPORT_ID,
        version=1,
        revision=2,
        stage=Stage.INITIAL,
        sender_name=Paired(ja="カギモリ株式会社", en="Kagimori Inc."),
        contact=CONTACT,
        file_name=f"{REPORT_ID}.pdf",
        page_count=23,
        sealed_digest=hashlib.sha256(PDF).hexdigest(),
        is_test_seal=False,
        earlier=EARLIER if kind in {NoticeKind.REPLACEMENT, NoticeKind.REMINDER} else None,
        pick_up=PICK_UP if kind is NoticeKind.NOTIFY else None,
    )
    return replace(made, **changes)
