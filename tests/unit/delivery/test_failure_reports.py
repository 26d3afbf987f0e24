"""What a mail that came back says, and when it counts."""

import base64
import hashlib
from datetime import UTC, datetime

import pytest

from returned_mails import (
    AUTOMATIC,
    BOUNCES,
    ID,
    KNOWN,
    MESSAGE_ID,
    ODD,
    ORIGINAL_HEADERS,
    OTHER_ID,
    QMAIL,
    VERP,
    WHO,
    answer,
    group,
    mail,
    report,
)
from shirase.delivery.failure_reports import read_returned
from shirase.domain.delivery import Event
from shirase.domain.returned import Returned, ReturnedKind


def read(raw: bytes) -> Returned:
    return read_returned(raw, KNOWN, BOUNCES)


# --- reports in the standard's shape ---


@pytest.mark.parametrize(
    ("action", "status", "kind", "event"),
    [
        ("delivered", "2.1.5", "delivered", Event.ARRIVED),
        ("Delivered", "2.0.0 (ok)", "delivered", Event.ARRIVED),
        ("relayed", "2.0.0", "relayed", None),
        ("expanded", "2.0.0", "relayed", None),
        ("failed", "5.1.1", "failed", Event.CAME_BACK),
        ("failed", "4.4.7", "failed", Event.CAME_BACK),
        ("delayed", "4.2.2", "delayed", None),
        ("delivered", "5.1.1", "other", None),
        ("delivered", "", "other", None),
        ("lost", "2.0.0", "other", None),
    ],
)
def test_actions(action: str, status: str, kind: str, event: Event | None) -> None:
    """Only "delivered" with a status that agrees is a delivery; relayed and expanded are none (RFC 3464, 2.3.3)."""
    found = read(report(group(action, status, "Diagnostic-Code: smtp; 250 as\n it was said")))
    assert (found.kind.value, found.event) == (kind, event)
    assert found.diagnostic == "250 as it was said"
    assert (found.delivery_id, found.matched_by.value) == (ID, "return path")


def test_everything_about_a_report() -> None:
    """Recipient, status, the time at which our own server took it, its id, digest and size."""
    raw = report(
        group("failed", "5.1.1", "Original-Recipient: rfc822;Security@customer.example", who="x@inside.example")
    )
    found = read(raw)
    assert (found.recipient, found.status) == ("Security@customer.example", "5.1.1")
    assert found.at == datetime(2022, 1, 22, 1, 5, tzinfo=UTC)
    assert found.message_id == "<r1@mx.customer.example>"
    assert (found.digest, found.size) == (hashlib.sha256(raw).hexdigest(), len(raw))
    assert found.said == "This is the mail system."
    assert set(found.detail()) == {"kind", "matched_by", "recipient", "status", "diagnostic", "message_id"}


def test_the_worst_of_several_recipients() -> None:
    """Where an address stands for several people, one failure is what counts, and all are kept."""
    found = read(report(group("delivered", "2.0.0"), group("failed", "5.2.2", who="b@customer.example")))
    assert (found.kind, found.recipient) == (ReturnedKind.FAILED, "b@customer.example")
    assert [each.kind.value for each in found.reports] == ["delivered", "failed"]


@pytest.mark.parametrize("kind", ["message/delivery-status", "message/global-delivery-status"])
def test_addresses_in_all_letters(kind: str) -> None:
    """Addresses of RFC 6533 are read in both of their forms."""
    raw = report(group("failed", "5.1.1", "Original-Recipient: utf-8;\\x{62C5}\\x{5F53}@customer.example"), kind=kind)
    assert read(raw).recipient == "担当@customer.example"


def test_a_report_in_base64() -> None:
    """Encoding the part for machines is forbidden, and is done."""
    fields = f"Reporting-MTA: dns; x\r\nOriginal-Envelope-Id: {ID}\r\n\r\n{group('failed', '5.1.1')}\r\n".encode()
    encoded = base64.encodebytes(fields).decode()
    raw = report("", to=BOUNCES, whole=encoded, kind="message/delivery-status\nContent-Transfer-Encoding: base64")
    found = read(raw)
    assert (found.kind, found.recipient, found.matched_by.value) == (ReturnedKind.FAILED, WHO, "envelope id")


# --- whose report it is ---


def test_the_envelope_id_is_enough() -> None:
    """A report to the plain mailbox is matched by the id that the envelope had, and counts."""
    whole = f"Reporting-MTA: dns; x\nOriginal-Envelope-Id: {ID}"
    found = read(report(group("failed", "5.1.1"), to=BOUNCES, whole=whole, original=""))
    assert (found.delivery_id, found.matched_by.value, found.event) == (ID, "envelope id", Event.CAME_BACK)


def test_a_cut_original_is_matched_by_its_message_id_and_shown_only() -> None:
    """What only encloses our mail is known to be about it, and is no evidence."""
    found = read(report(group("failed", "5.1.1"), to=BOUNCES, original=f"Message-ID: {MESSAGE_ID}\nSubj"))
    assert (found.delivery_id, found.matched_by.value, found.event) == (ID, "original message-id", None)


def test_a_report_whose_original_is_missing_altogether() -> None:
    """The mail may end in the middle of the report."""
    whole = report(group("failed", "5.1.1"))
    cut = whole[: whole.index(b"text/rfc822-headers")]
    assert (read(cut).kind, read(cut).delivery_id, read(cut).event) == (ReturnedKind.FAILED, ID, Event.CAME_BACK)


def test_forged_reports_are_no_evidence() -> None:
    """Neither a report that knows nothing of ours, nor one from a sender, nor one that mixes two deliveries."""
    stranger = read(report(group("delivered", "2.0.0"), to=BOUNCES, original="Message-ID: <x@y.example>"))
    assert (stranger.delivery_id, stranger.event) == ("", None)
    guessed = read(report(group("delivered", "2.0.0"), to="bounces+aaaaaaaaaaaaaaaa@sender.example", original=""))
    assert (guessed.delivery_id, guessed.event) == ("", None)
    sent = read(report(group("delivered", "2.0.0"), path="<somebody@elsewhere.example>"))
    assert (sent.delivery_id, sent.event) == (ID, None)
    assert "somebody@elsewhere.example" in sent.doubt
    mixed = read(report(group("delivered", "2.0.0"), original=ORIGINAL_HEADERS.replace(ID, OTHER_ID)))
    assert mixed.event is None
    assert OTHER_ID in mixed.doubt
    twice = read(report(group("failed", "5.0.0"), whole=f"Reporting-MTA: dns; x\nOriginal-Envelope-Id: {OTHER_ID}"))
    assert twice.event is None
    assert OTHER_ID in twice.doubt


@pytest.mark.parametrize(
    "to",
    [
        f"xbounces+{ID}@sender.example",
        f"bounces+{ID}@sender.example.net",
        f"bounces+{ID}@other.example",
        f"bounces-{ID}@sender.example",
    ],
)
def test_addresses_that_only_look_like_ours(to: str) -> None:
    """Another name, domain or separator matches nothing."""
    assert read(report(group("failed", "5.1.1"), to=to, original="")).delivery_id == ""


def test_the_address_counts_in_capitals_and_brackets() -> None:
    """Servers change the case of addresses and put names beside them."""
    assert read(report(group("failed", "5.1.1"), to=f'"x" <{VERP.upper()}>')).delivery_id == ID


# --- reports in prose ---


@pytest.mark.parametrize("name", ODD)
def test_reports_in_prose(name: str) -> None:
    """qmail's, Exchange's, Exim's, Domino's and a Japanese one: who failed, with which status, in which words."""
    raw, kind, status, words = ODD[name]
    found = read(raw)
    assert (found.kind.value, found.status, found.recipient) == (kind, status, WHO)
    assert words in found.diagnostic
    assert (found.delivery_id, found.matched_by.value) == (ID, "return path")
    assert found.event is (Event.CAME_BACK if kind == "failed" else None)


def test_prose_is_matched_by_the_copy_it_encloses() -> None:
    """Without our address a copy of the mail tells which one it is; that is shown and moves nothing."""
    found = read(
        QMAIL.replace(f"To: {VERP}".encode(), b"To: bounces@sender.example").replace(f"<{VERP}>".encode(), b"<>")
    )
    assert (found.delivery_id, found.matched_by.value, found.event) == (ID, "original message-id", None)


def test_a_persons_words_about_failing_are_no_report() -> None:
    """Somebody who writes about an undeliverable mail has answered."""
    raw = answer("Re: Undeliverable mail", f"In-Reply-To: {MESSAGE_ID}", text="550 5.1.1 と表示されました。")
    assert read(raw).kind is ReturnedKind.ANSWER


# --- machines and people ---


@pytest.mark.parametrize("name", AUTOMATIC)
def test_automatic_answers(name: str) -> None:
    """Answers of machines, in both languages and in the charsets of Japan, move nothing."""
    found = read(AUTOMATIC[name])
    assert (found.kind, found.delivery_id, found.event) == (ReturnedKind.AUTO_REPLY, ID, None)


def test_japanese_is_read() -> None:
    """Subject and text in ISO-2022-JP and in Windows's Shift_JIS, with characters that neither standard has."""
    assert read(AUTOMATIC["absence"]).diagnostic == "不在通知"
    assert read(AUTOMATIC["absence"]).said == "1月24日まで休暇をいただいております。"
    assert read(AUTOMATIC["absence, Windows"]).said == "①不在にしております。㈱顧客"
    named = AUTOMATIC["absence, Windows"].replace(b"charset=cp932", b"charset=Shift_JIS")
    assert read(named).said == "①不在にしております。㈱顧客"


def test_an_answer_of_a_person() -> None:
    """A reply is matched by what it answers, by way of a list as well, and is for a person to judge."""
    raw = answer(
        "Re: Report",
        f"In-Reply-To: {MESSAGE_ID}",
        "Precedence: list",
        text="確かに受領しました。",
        to="incident-desk@sender.example",
    )
    found = read(raw)
    assert (found.kind, found.delivery_id, found.matched_by.value) == (ReturnedKind.ANSWER, ID, "in-reply-to")
    assert (found.said, found.event) == ("確かに受領しました。", None)
    later = answer("Re: Report", f"References: <x@y.example>\n {MESSAGE_ID}", to="incident-desk@sender.example")
    assert read(later).delivery_id == ID


def test_a_read_receipt_is_no_delivery() -> None:
    """A notification of RFC 8098 says what a program did."""
    raw = mail(
        f"To: {VERP}",
        f"From: {WHO}",
        "Subject: Read: Report",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="=b"',
        "",
        "--=b",
        "Content-Type: message/disposition-notification",
        "",
        f"Final-Recipient: rfc822;{WHO}",
        f"Original-Message-ID: {MESSAGE_ID}",
        "Disposition: manual-action/MDN-sent-manually; displayed",
        "--=b--",
    )
    found = read(raw)
    assert (found.kind, found.event) == (ReturnedKind.READ_RECEIPT, None)
    assert found.diagnostic == "manual-action/MDN-sent-manually; displayed"


def test_what_has_nothing_to_do_with_us() -> None:
    """Other mail is other mail."""
    found = read(mail("From: news@shop.example", "Subject: Sale", "", "Buy."))
    assert (found.kind, found.delivery_id, found.at) == (ReturnedKind.OTHER, "", None)


# --- garbage ---


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfe" * 500,
        b"Subject: =?iso-2022-jp?B?////?=\n\nx",
        b"Subject: =?x\0y?B?YQ==?= =?utf-8?B?a?=\n\nx",
        b"Date: Mon, 99 Foo 99999 99:99:99 +9999\nReceived: ; x\n\nx",
        b'To: "\nCc: (c):\nContent-Type: text/plain; name*\n\nx',
        b'Content-Type: text/plain; charset="a\0b"\n\nx',
        b"Content-Type: text/plain; charset*=utf-8''%ff%fe\n\nx",
        b"Content-Type: text/plain; charset*0*=x'y; charset*1=z\n\nx",
        b"Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"Content-Type: message/delivery-status\n\nFinal-Recipient\n:\n\n\n: :\n",
        b"Content-Type: multipart/report\n\nno boundary",
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAo=",
        b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(1500)),
        b"Content-Type: message/rfc822\n\n" * 1500,
        b'Content-Type: text/plain; charset="a\0b"\n\n\x80',
        b"From: postmaster@x\nSubject: undeliverable\n\n" + b"<" * 200_000,
        b"From: postmaster@x\nSubject: undeliverable\n\n" + b"a" * 500_000 + b"@",
        b"From: postmaster@x\nSubject: undeliverable\n\n" + b"<a@b>:\n" * 50_000,
        b"From: a\nContent-Type: text/html\n\n" + b"<style" * 50_000,
        b"To: " + b"bounces+" * 100_000 + b"\n\nx",
    ],
    ids=range(22),
)  # fmt: skip
def test_garbage_is_other_mail(raw: bytes) -> None:
    """Whatever it is, it is read to the end, soon, and says nothing of a delivery."""
    found = read(raw)
    assert (found.delivery_id, found.event) == ("", None)
    assert found.size == len(raw)
