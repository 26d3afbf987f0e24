"""The message that carries a report, as programs that did not make it read it."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mail_readers import ReadMail, read_with_mblaze, read_with_perl
from notices import CONTACT, EN, JA, PDF, REPORT_ID, TO, notice
from shirase.delivery.message import build_message
from shirase.domain.bilingual import Paired
from shirase.domain.errors import GateError, TamperedError
from shirase.domain.notice import Notice, NoticeKind, NoticeWords
from shirase.text.notices import words_of

READERS: dict[str, Callable[[bytes, Path], ReadMail]] = {
    "perl": lambda message, _: read_with_perl(message),
    "mblaze": read_with_mblaze,
}
SUBJECT = (
    "【重要】サポート業務を通じた不正アクセスに関するご報告（第一報・第1版） [INC-2022-0120-AB12-CD34] / "
    "Important: Report on unauthorised access through support operations (Initial report, version 1)"
)


def built(made: Notice, **changes: Any) -> bytes:
    words = replace(words_of(made), **changes)
    return build_message(made, words, PDF if made.is_carrying else None)


def name_in_from(message: bytes) -> str:
    """The name in From by Python's older parser: the newer one of 3.11 puts a space between two encoded words."""
    (address,) = parsed(message)["From"].addresses
    assert address.addr_spec == "incident@kagimori.example"
    phrase = str(message_from_bytes(message)["From"]).rpartition("<")[0].strip()
    return str(make_header(decode_header(phrase))) if phrase.startswith("=?") else str(address.display_name)


def parsed(message: bytes) -> EmailMessage:
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_it_has_these_headers_and_no_others() -> None:
    """Who, to whom, what, when, its ids, that a program sent it, and nothing that tracks or lists anybody."""
    read = parsed(built(notice()))
    assert dict(read.items()) == {
        "Date": "Fri, 01 Apr 2022 01:30:05 +0000",
        "From": '"カギモリ株式会社 / Kagimori Inc." <incident@kagimori.example>',
        "To": "security@takahashi.example",
        "Reply-To": "incident-desk@kagimori.example",
        "Subject": SUBJECT,
        "Message-ID": f"<{notice().delivery_id}@kagimori.example>",
        "Auto-Submitted": "auto-generated",
        "Idempotency-Key": notice().delivery_id,
        "Content-Language": "ja, en",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/mixed; boundary="=_{notice().delivery_id}_parts"',
    }


@pytest.mark.parametrize("reader", READERS)
def test_other_parsers_read_the_japanese_and_the_file(reader: str, tmp_path: Path) -> None:
    """Subject, sender, both texts, file name and file are the same to a parser in Perl and to one in C."""
    read = READERS[reader](built(notice()), tmp_path)
    assert read.headers["subject"] == [SUBJECT]
    assert read.headers["from"] == ["カギモリ株式会社 / Kagimori Inc. <incident@kagimori.example>"]
    assert [part.type for part in read.parts] == ["text/plain", "text/html", "application/pdf"]
    assert [part.file_name for part in read.parts] == ["", "", f"{REPORT_ID}.pdf"]
    assert read.parts[2].digest == hashlib.sha256(PDF).hexdigest()
    words = words_of(notice())
    assert [part.text.replace("\r\n", "\n") for part in read.parts[:2]] == [words.text, words.html]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", NoticeKind)
def test_only_what_carries_a_file_has_one(kind: NoticeKind, reader: str, tmp_path: Path) -> None:
    """A notice and a reminder have no attachment to any parser."""
    made = notice(kind)
    types = [part.type for part in READERS[reader](built(made), tmp_path).parts]
    assert types == ["text/plain", "text/html"] + ["application/pdf"] * made.is_carrying


def test_every_byte_is_plain() -> None:
    """Nothing on the way has a reason to change anything: ASCII, CRLF, short lines, no line that is a dot alone."""
    message = built(notice())
    lines = message.split(b"\r\n")
    assert message.isascii()
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", message)
    assert max(map(len, lines)) <= 78
    assert b"." not in lines


def test_a_text_without_japanese_is_folded_as_well() -> None:
    """A long English subject does not make a long line, and is read whole."""
    title = Paired(ja="A report " * 10, en="A report " * 10)
    made = notice(incident_title=Paired(ja=title.ja, en=title.en), languages=(EN, JA))
    words = NoticeWords("Important: " + "report on many things " * 12 + "[id]", "text\n", "<p>page</p>\n")
    message = build_message(made, words, PDF)
    assert parsed(message)["Subject"] == words.subject
    assert max(map(len, message.split(b"\r\n"))) <= 78


@pytest.mark.parametrize("kind", [NoticeKind.REPLACEMENT, NoticeKind.REMINDER])
def test_what_follows_a_mail_stands_in_its_thread(kind: NoticeKind) -> None:
    """Mail programs put it beside the first one."""
    read = parsed(built(notice(kind)))
    assert (read["In-Reply-To"], read["References"]) == ("<earlier@kagimori.example>",) * 2


def test_the_same_notice_is_the_same_bytes(tmp_path: Path) -> None:
    """In this process and in another one with another hash seed, time zone and language."""
    program = (
        "import sys; sys.path.insert(0, 'tests'); from notices import *; from shirase.text.notices import words_of\n"
        "from shirase.delivery.message import build_message\n"
        "sys.stdout.buffer.write(build_message(notice(), words_of(notice()), PDF))"
    )
    environment = {"PYTHONPATH": "src", "PYTHONHASHSEED": "77", "TZ": "Asia/Kathmandu", "LANG": "ja_JP.UTF-8"}
    other = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[3], capture_output=True, check=True
    )
    assert other.stdout == built(notice())


def test_the_date_keeps_its_offset() -> None:
    """A date in Japan is said as one in Japan."""
    tokyo = datetime(2022, 4, 1, 10, 30, tzinfo=timezone(timedelta(hours=9)))
    assert parsed(built(notice(date=tokyo)))["Date"] == "Fri, 01 Apr 2022 10:30:00 +0900"


# --- what no header may hold: one test for each class of what mail libraries have let through ---

ENCODED_BREAK = "=?utf-8?q?Report=0D=0ABcc=3A_all=40other.example?="
"""``Report``, a line end, and ``Bcc: all@other.example``, as an encoded word."""


@pytest.mark.parametrize(
    "subject",
    [
        *(f"Report{each}Bcc: all@other.example" for each in ("\r\n", "\r", "\n", "\v", "\f", "\u2028", "\u2029", "\x85")),
        ENCODED_BREAK,
        f"{ENCODED_BREAK} and more",
        "=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=",
        "Report\0",
        *(f"Report {each}fdp" for each in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"),
        "Report \u200bhidden",
        "Report \ud800",
        "",
        " Report",
    ],
    ids=ascii,
)  # fmt: skip
def test_no_subject_is_more_than_a_subject(subject: str) -> None:
    """Line ends of every kind, encoded words, NUL, bidirectional and hidden characters, surrogates: refused."""
    with pytest.raises(GateError, match="Subject"):
        built(notice(), subject=subject)


@pytest.mark.parametrize(
    "name",
    [
        "Kagimori\r\nBcc: all@other.example",
        "=?utf-8?q?Kagimori_=3Call=40other.example=3E=2C?=",
        "\u202eKagimori",
        "Kagi\0mori",
    ],
    ids=ascii,
)
def test_no_name_of_the_sender_adds_a_recipient(name: str) -> None:
    """A line end, an encoded word that decodes to an address, hidden characters: refused."""
    with pytest.raises(GateError, match="From"):
        built(notice(sender_name=Paired(ja=name, en="Kagimori Inc.")))


def test_a_name_with_marks_of_addresses_stays_a_name() -> None:
    """Quotes, commas, brackets and an address inside a name are the name, to three parsers."""
    name = 'Kagi"mori\\ <all@other.example>, Inc.; (x)'
    message = built(notice(sender_name=Paired(ja=name, en=name)))
    assert name_in_from(message) == name
    japanese = "株式会社「髙」<all@other.example>, ㈱"
    message = built(notice(sender_name=Paired(ja=japanese, en=japanese)))
    assert name_in_from(message) == japanese
    assert read_with_perl(message).headers["from"] == [f"{japanese} <incident@kagimori.example>"]


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example>\r\nRCPT TO:<all@other.example",
        "a@b.example\r\nBcc: all@other.example",
        "a@b.example, all@other.example",
        "All <a@b.example>",
        "a@日本.jp",
        "=?utf-8?b?YQ==?=@b.example",
        '"a b"@b.example',
        "a@[127.0.0.1]",
        "a@b.example ",
        "",
    ],
    ids=ascii,
)
def test_no_address_is_more_than_one_address(address: str) -> None:
    """Line ends, two addresses, names, domains that are not ASCII, encoded words, quoted parts, literals: refused."""
    with pytest.raises(GateError, match="To"):
        built(notice(to_address=address))


@pytest.mark.parametrize(
    "name",
    [
        f"../../{REPORT_ID}.pdf",
        f"{REPORT_ID}\r\nBcc: a@b.example\r\n.pdf",
        f'{REPORT_ID}"; x="y.pdf',
        f"報告書{REPORT_ID}.pdf",
        f"\u202e{REPORT_ID}.pdf",
        f"=?utf-8?q?{REPORT_ID}?=.pdf",
        f"{REPORT_ID}.pdf.exe",
        "INC-2022-0120-ZZZZ-ZZZZ.pdf",
        f".{REPORT_ID}.pdf",
        f"{REPORT_ID}..pdf",
    ],
    ids=ascii,
)
def test_no_file_has_another_name(name: str) -> None:
    """Paths, line ends, quotes, other letters, other endings, the number of another report: refused."""
    with pytest.raises(GateError, match="no name for the attached file"):
        built(notice(file_name=name))


@pytest.mark.parametrize(
    "identifier", ["x\r\nBcc: a@b.example", "a@b.example", "<a b@c.example>", "<a@b>,<c@d>", "<@>"]
)
def test_no_message_id_is_more_than_one(identifier: str) -> None:
    """Neither the mail's own nor that of the mail it follows."""
    with pytest.raises(GateError, match="Message-ID"):
        built(notice(message_id=identifier))
    earlier = notice(NoticeKind.REMINDER).earlier
    assert earlier is not None
    with pytest.raises(GateError, match="Message-ID"):
        built(notice(NoticeKind.REMINDER, earlier=replace(earlier, message_id=identifier)))


@pytest.mark.parametrize("identifier", ["x\r\nBcc: a@b.example", 'x"', "", "ü", "x y"])
def test_no_delivery_id_ends_a_boundary_or_a_header(identifier: str) -> None:
    """It stands in a header and in every boundary."""
    with pytest.raises(GateError, match="no identifier"):
        built(notice(delivery_id=identifier))


# --- the file ---


def test_another_file_is_never_attached() -> None:
    """The file attached is the one that was sealed, or there is no mail."""
    with pytest.raises(TamperedError, match="not the file that was sealed"):
        build_message(notice(), words_of(notice()), PDF + b" ")


@pytest.mark.parametrize(
    ("kind", "pdf"), [(NoticeKind.REPORT, None), (NoticeKind.REMINDER, PDF), (NoticeKind.NOTIFY, PDF)]
)
def test_a_kind_has_its_file_or_none(kind: NoticeKind, pdf: bytes | None) -> None:
    """No report without its file, no file where the text says that there is none."""
    with pytest.raises(GateError):
        build_message(notice(kind), words_of(notice(kind)), pdf)


# --- whatever people are called ---

NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), min_size=1, max_size=120
).filter(lambda name: name.strip() == name and "=?" not in name and all(not each.isspace() or each in " \u3000" for each in name))  # fmt: skip


@given(NAMES, NAMES)
def test_any_name_and_subject_is_read_as_written(name: str, subject: str) -> None:
    """Kanji beyond the first plane, combining marks, quotes: one mailbox, one subject, the same characters."""
    made = notice(sender_name=Paired.model_construct(ja=name, en=name))
    message = build_message(made, NoticeWords(subject, "text\n", "<p>page</p>\n"), PDF)
    read = parsed(message)
    assert name_in_from(message) == name
    assert read["Subject"] == subject
    assert max(map(len, message.split(b"\r\n"))) <= 998


@given(st.text(max_size=200), st.sampled_from(["organisation", "department", "title", "person"]))
def test_no_name_of_a_customer_stops_or_breaks_a_mail(name: str, part: str) -> None:
    """Anything at all as the addressee's name, department, title or person: the mail is built and reads back."""
    to = replace(TO, ja=replace(TO.ja, **{part: name}), en=replace(TO.en, **{part: name}))
    message = built(notice(to=to))
    assert parsed(message)["To"] == "security@takahashi.example"
    assert CONTACT.email in parsed(message).get_body(("plain",)).get_content()  # type: ignore[union-attr]
