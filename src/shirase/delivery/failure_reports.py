"""Edge: one mail that came back, read as what it is and matched with the delivery that it is about. Never raises."""

import hashlib
import re
from collections.abc import Iterator, Mapping

from shirase.delivery.mail_parts import (
    Mail,
    header,
    headers,
    inner_parts,
    parts,
    received_at,
    shortened,
    take_apart,
    text_of,
    words_of,
)  # fmt: skip
from shirase.delivery.odd_bounces import read_odd_bounce
from shirase.delivery.status_reports import find_status_report
from shirase.domain.recipients import domain_of
from shirase.domain.returned import (
    MatchedBy,
    RecipientReport,
    Returned,
    ReturnedKind,
    Traces,
    contradiction,
    match_traces,
    worst_of,
)  # fmt: skip

_CAME_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To", "Cc", "Resent-To")
_MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
_SAID = 2000

_AUTO_SUBJECT = re.compile(
    r"^(?:re: *)?(?:auto(?:matic)?[- ]?(?:reply|response|answer)|out of (?:the )?office|auto: |vacation)|"
    r"自動応答|自動返信|自動送信|自動配信|不在通知|不在のお知らせ|不在のご連絡|不在連絡|不在に(?:して|つき)|休暇のお知らせ|"
    r"休業のお知らせ|受付完了のお知らせ",
    re.IGNORECASE,
)
_AUTO_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Response-Suppress",
    "X-Vacation",
    "X-Mail-Autoreply",
)
_REPORTS = frozenset({ReturnedKind.DELIVERED, ReturnedKind.RELAYED, ReturnedKind.FAILED, ReturnedKind.DELAYED})


def read_returned(raw: bytes, known: Mapping[str, str], bounces: str) -> Returned:
    """What a mail in one of our mailboxes says, and about which delivery.

    Args:
        raw: The mail, as it was kept.
        known: Ids of deliveries by the Message-IDs of their mails.
        bounces: The mailbox that failure reports go to (``sender.bounces``).
    """
    mail = take_apart(raw)
    status = find_status_report(mail)
    traces = Traces(
        came_to=tuple(each for name in _CAME_TO for each in headers(mail, name)),
        envelope_ids=(status.envelope_id,) if status and status.envelope_id else (),
        original_ids=tuple(dict.fromkeys(_original_ids(mail))),
        replied_to=tuple(each for name in ("In-Reply-To", "References") for each in _ids(header(mail, name))),
    )
    about, matched_by = match_traces(traces, known, bounces)
    reports = status.recipients if status else _prose(mail, bounces)
    worst = worst_of(reports) or _other(mail, replied=matched_by is not MatchedBy.NOTHING)
    doubt = ""
    if worst.kind in _REPORTS:
        doubt = contradiction(traces, about, known) or _doubt(mail)
    own_id = _ids(header(mail, "Message-ID"))
    return Returned(
        kind=worst.kind,
        delivery_id=about,
        matched_by=matched_by,
        recipient=worst.recipient,
        status=worst.status,
        diagnostic=worst.diagnostic or shortened(header(mail, "Subject")),
        at=received_at(mail),
        message_id=own_id[0] if own_id else "",
        digest=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        said=_said(mail),
        doubt=doubt,
        reports=reports,
    )


def _prose(mail: Mail, bounces: str) -> tuple[RecipientReport, ...]:
    if _is_receipt(mail) or header(mail, "Auto-Submitted").lower().startswith("auto-notified"):
        return ()
    found = read_odd_bounce(mail, domain_of(bounces))
    return (found,) if found else ()


def _other(mail: Mail, *, replied: bool) -> RecipientReport:
    """What is no failure report."""
    if _is_receipt(mail):
        return RecipientReport(ReturnedKind.READ_RECEIPT, diagnostic=_disposition(mail))
    if _is_automatic(mail):
        return RecipientReport(ReturnedKind.AUTO_REPLY)
    if mail.get_content_type() == "multipart/report" or not replied:
        return RecipientReport(ReturnedKind.OTHER)
    return RecipientReport(ReturnedKind.ANSWER)


def _is_automatic(mail: Mail) -> bool:
    """RFC 3834, 5; and what machines wrote before it, or do instead. Answers by way of a list are people's."""
    submitted = header(mail, "Auto-Submitted").lower()
    if submitted.startswith("auto-"):
        return True
    if any(header(mail, name) for name in _AUTO_HEADERS):
        return True
    if header(mail, "Precedence").lower() in {"auto_reply", "bulk", "junk"}:
        return True
    return _AUTO_SUBJECT.search(header(mail, "Subject")) is not None or header(mail, "Return-Path") == "<>"


def _is_receipt(mail: Mail) -> bool:
    """A notification of what became of a mail that was shown, or was not (RFC 8098)."""
    return any(each.get_content_type() == "message/disposition-notification" for each in parts(mail)[:20])


def _disposition(mail: Mail) -> str:
    for part in parts(mail):
        if part.get_content_type() == "message/disposition-notification":
            for each in inner_parts(part):
                if header(each, "Disposition"):
                    return shortened(header(each, "Disposition"))
            found = re.search(r"^Disposition:(.{1,200})", text_of(part), re.IGNORECASE | re.MULTILINE)
            return shortened(found[1]) if found else ""
    return ""


def _doubt(mail: Mail) -> str:
    """Whoever reports a failure does so without a sender, so that no report is answered by another (RFC 3461, 6.1)."""
    path = header(mail, "Return-Path")
    return f"was sent from {shortened(path, 100)}, and reports have no sender" if path not in {"", "<>"} else ""


def _original_ids(mail: Mail) -> Iterator[str]:
    """Of the mails that are enclosed, whole or in part, and those that the text speaks of."""
    for part in parts(mail):
        if part is not mail:
            yield from _ids(header(part, "Message-ID"))
        kind = part.get_content_type()
        if not part.is_multipart() and (part.get_content_maintype() == "text" or kind.startswith("message/")):
            yield from _ids(text_of(part))


def _ids(text: str) -> list[str]:
    return _MESSAGE_ID.findall(text)


def _said(mail: Mail) -> str:
    kept = "".join(each if each.isprintable() or each == "\n" else " " for each in words_of(mail)[: 2 * _SAID])
    return kept.strip()[:_SAID]
