"""Mails as they come back, made up here in the shapes that servers and people give them."""

from collections.abc import Mapping
from email.header import Header

from shirase.domain.delivery import message_id

BOUNCES = "bounces@sender.example"
ID, OTHER_ID = "7k2m9qxw4hvt0zab", "0123456789abcdef"
MESSAGE_ID = message_id(ID, "sender.example")
KNOWN: Mapping[str, str] = {MESSAGE_ID: ID, message_id(OTHER_ID, "sender.example"): OTHER_ID}
VERP = f"bounces+{ID}@sender.example"
WHO = "security@customer.example"

ORIGINAL_HEADERS = (
    f"From: incident@sender.example\nTo: {WHO}\nMessage-ID: {MESSAGE_ID}\nSubject: Report\n"
    "Date: Sat, 22 Jan 2022 10:00:00 +0900\n"
)


def mail(*lines: str, charset: str = "utf-8") -> bytes:
    """A mail of these lines, with the line ends of the wire."""
    return "\n".join(lines).replace("\n", "\r\n").encode(charset)


def report(
    *recipients: str, to: str = VERP, whole: str = "Reporting-MTA: dns; mx.customer.example", original: str | None = None,
    path: str = "<>", kind: str = "message/delivery-status", enclosed: str = "text/rfc822-headers",
) -> bytes:  # fmt: skip
    """A failure report in the standard's shape (RFC 3462, 3464)."""
    last = ORIGINAL_HEADERS if original is None else original
    groups = "\n\n".join((whole, *recipients))
    return mail(
        f"Return-Path: {path}",
        f"Delivered-To: {to}",
        "Received: from mx.customer.example by mail.sender.example; Sat, 22 Jan 2022 10:05:00 +0900",
        "From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>",
        f"To: {to}",
        "Subject: Delivery report",
        "Message-ID: <r1@mx.customer.example>",
        "Date: Sat, 22 Jan 2022 09:00:00 +0900",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=b"',
        "",
        "--=b",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "This is the mail system.",
        "--=b",
        f"Content-Type: {kind}",
        "",
        groups,
        "",
        "--=b",
        f"Content-Type: {enclosed}",
        "",
        last,
        "--=b--",
        "",
    )


def group(action: str, status: str, *more: str, who: str = WHO) -> str:
    """The fields of one recipient."""
    lines = [f"Final-Recipient: rfc822; {who}", f"Action: {action}", f"Status: {status}", *more]
    return "\n".join(lines)


QMAIL = mail(
    "Return-Path: <>",
    f"Delivered-To: {VERP}",
    "Date: 22 Jan 2022 01:02:03 -0000",
    "From: MAILER-DAEMON@relay.customer.example",
    f"To: {VERP}",
    "Subject: failure notice",
    "",
    "Hi. This is the qmail-send program at relay.customer.example.",
    "I'm afraid I wasn't able to deliver your message to the following addresses.",
    "This is a permanent error; I've given up. Sorry it didn't work out.",
    "",
    f"<{WHO}>:",
    "192.0.2.9 does not like recipient.",
    "Remote host said: 550 5.7.1 rejected by policy",
    "Giving up on 192.0.2.9.",
    "",
    "--- Below this line is a copy of the message.",
    "",
    f"Return-Path: <{VERP}>",
    ORIGINAL_HEADERS,
    "body, in which 5.9.9 stands and is no status",
)

EXCHANGE = mail(
    f"To: {VERP}",
    "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@customer.example>",
    "Subject: Undeliverable: Report",
    "Message-ID: <x1@customer.example>",
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="=x"',
    "",
    "--=x",
    "Content-Type: text/html; charset=us-ascii",
    "",
    "<html><style>p { color: red }</style><body><p>Delivery has failed to these recipients or groups:</p>",
    f'<p><a href="mailto:{WHO}">{WHO}</a><br>The email address you entered couldn\'t be found.</p>',
    "<p>Diagnostic information for administrators:</p>",
    f"<p>Generating server: EX01.customer.example<br>{WHO}<br>",
    "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'</p>",
    "</body></html>",
    "--=x",
    "Content-Type: message/rfc822",
    "",
    ORIGINAL_HEADERS,
    "",
    "cut",
    "--=x--",
)

EXIM = mail(
    "Return-path: <>",
    f"Envelope-to: {VERP}",
    f"X-Failed-Recipients: {WHO}",
    "Auto-Submitted: auto-replied",
    "From: Mail Delivery System <Mailer-Daemon@host.customer.example>",
    f"To: {VERP}",
    "Subject: Mail delivery failed: returning message to sender",
    "",
    "This message was created automatically by mail delivery software.",
    "",
    "A message that you sent could not be delivered to one or more of its recipients.",
    "This is a permanent error. The following address(es) failed:",
    "",
    f"  {WHO}",
    "    host mx.customer.example [192.0.2.7]",
    "    SMTP error from remote mail server after RCPT TO:<security@customer.example>:",
    "    554 5.4.14 Hop count exceeded",
)

EXIM_LATE = mail(
    "Return-path: <>",
    f"Envelope-to: {VERP}",
    "From: Mail Delivery System <Mailer-Daemon@host.customer.example>",
    f"To: {VERP}",
    "Subject: Warning: message 1nAbCd-0001Ab-Cd delayed 24 hours",
    "",
    "A message that you sent has not yet been delivered to one or more of its",
    "recipients after more than 24 hours on the queue.",
    "",
    "The address to which the message has not yet been delivered is:",
    "",
    f"  {WHO}",
    "    Delay reason: Connection timed out",
    "",
    "No action is required on your part. Delivery attempts will continue for",
    "some time, and this warning may be repeated at intervals if the message",
    "remains undelivered.",
)

DOMINO = mail(
    "Return-Path: <>",
    f"To: {VERP}",
    "From: Postmaster@customer.example",
    "Subject: DELIVERY FAILURE: User security (security@customer.example) not listed in Domino Directory",
    "",
    "Your message",
    "  Subject: Report",
    "was not delivered to:",
    f"  {WHO}",
    "because:",
    "  User security (security@customer.example) not listed in Domino Directory",
)

JAPANESE_BOUNCE = mail(
    "Return-Path: <>",
    f"To: {VERP}",
    "From: =?ISO-2022-JP?B?"
    + Header("メール配信システム", "iso-2022-jp").encode().split("?")[3]
    + "?= <postmaster@customer.example>",
    "Subject: " + Header("配信不能のお知らせ", "iso-2022-jp").encode(),
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=ISO-2022-JP",
    "Content-Transfer-Encoding: 7bit",
    "",
    "次の宛先にメールを配信できませんでした。",
    f"  {WHO}",
    "理由: 宛先のメールボックスが見つかりません (550 5.1.1)",
    charset="iso-2022-jp",
)

ODD: Mapping[str, tuple[bytes, str, str, str]] = {
    # name: the mail, what it says, its status, words of its diagnostic
    "qmail": (QMAIL, "failed", "5.7.1", "rejected by policy"),
    "exchange": (EXCHANGE, "failed", "5.1.10", "RecipientNotFound"),
    "exim": (EXIM, "failed", "5.4.14", "Hop count exceeded"),
    "exim, late": (EXIM_LATE, "delayed", "", "delayed 24 hours"),
    "domino": (DOMINO, "failed", "", "not listed"),
    "japanese": (JAPANESE_BOUNCE, "failed", "5.1.1", "見つかりません"),
}


def answer(subject: str, *headers: str, text: str = "本文", charset: str = "iso-2022-jp", to: str = VERP) -> bytes:
    """A mail to us, its subject in encoded words and its text in a charset of Japan."""
    return mail(
        f"To: {to}",
        f"From: {WHO}",
        f"Subject: {Header(subject, 'iso-2022-jp' if charset.startswith('iso') else 'utf-8').encode()}",
        "Message-ID: <a1@customer.example>",
        "Date: Sat, 22 Jan 2022 11:00:00 +0900",
        *headers,
        "MIME-Version: 1.0",
        f"Content-Type: text/plain; charset={charset}",
        "",
        text,
        charset=charset,
    )


AUTOMATIC: Mapping[str, bytes] = {
    "RFC 3834": answer("Re: Report", "Auto-Submitted: auto-replied", f"In-Reply-To: {MESSAGE_ID}"),
    "Exchange in English": answer(
        "Automatic reply: Report", "X-Auto-Response-Suppress: All", "Auto-Submitted: auto-generated"
    ),
    "Exchange in Japanese": answer(
        "自動応答: 【重要】ご報告", "X-MS-Exchange-Inbox-Rules-Loop: security@customer.example"
    ),
    "absence": answer("不在通知", text="1月24日まで休暇をいただいております。"),
    "absence, Windows": answer("【不在のお知らせ】", text="①不在にしております。㈱顧客", charset="cp932"),
    "receipt of a help desk": answer("【自動返信】お問い合わせを受け付けました", text="このメールは自動送信です。"),
    "precedence": answer("Thank you", "Precedence: auto_reply"),
    "vacation(1)": answer("away from my mail", "Precedence: bulk", "Return-Path: <>"),
    "not said to be one": answer("out of office", "Return-Path: <security@customer.example>"),
}
