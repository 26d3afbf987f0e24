"""Failure reports that are only prose: qmail's, Exchange's, Exim's, Domino's, and those in Japanese.

They have no part for machines. What they say of failing is believed, never that anything was delivered.
"""

import re

from shirase.delivery.mail_parts import LONGEST, Mail, header, shortened, words_of
from shirase.domain.returned import RecipientReport, ReturnedKind

_QMAIL = re.compile(r"^Hi\. This is the .{1,80}", re.IGNORECASE | re.MULTILINE)
_QMAIL_COPY = re.compile(
    r"^-{3,}.{0,10}(?:below this line|original message|returned message)", re.IGNORECASE | re.MULTILINE
)
_QMAIL_RECIPIENT = re.compile(r"^<([^<>\s@]{1,64}@[^<>\s]{1,255})>:[ \t]*\r?\n((?:[^\r\n]+\r?\n?)+)", re.MULTILINE)

_SUBJECT = re.compile(
    r"undeliver|non-?deliver|returned mail|failure notice|delivery (?:status notification|failure|failed|has failed|"
    r"incomplete|delayed)|mail delivery (?:failed|failure|system|error)|could not be delivered|message delivery|"
    r"delayed|warning: (?:could not send|message)|配信不能|配信でき|配信に失敗|配信エラー|配信遅延|配信の遅延|"
    r"送信エラー|送信でき|配達不能|配達でき|エラーメール|未配信|届けられません",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"delay|still being retried|warning only|will (?:continue to|keep on|keep) try|will be retried|not yet been "
    r"delivered|遅延|再送を(?:試み|続け)|再試行",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"permanent (?:fatal )?error|permanently|giving up|given up|couldn't be delivered|"
    r"配信できませんでした|見つかりません",
    re.IGNORECASE,
)
_DAEMON = re.compile(
    r"(?<![a-z0-9._-])(?:mailer-?daemon|postmaster|mail-?daemon|microsoftexchange[0-9a-f]+)@", re.IGNORECASE
)
_STATUS = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.])[45]\d\d[ -]")
_ADDRESS = re.compile(r"(?<![A-Za-z0-9.!#$%&'*+/=?^_`{|}~-])[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")


def read_odd_bounce(mail: Mail, own: str) -> RecipientReport | None:
    """What a failure report in prose says; None when the mail is none.

    Args:
        mail: It.
        own: The domain of the mailbox for failure reports, whose addresses are not the recipient's.
    """
    text, subject = words_of(mail)[:LONGEST], header(mail, "Subject")
    failed = header(mail, "X-Failed-Recipients")
    is_qmail = _QMAIL.search(text) is not None and _QMAIL_RECIPIENT.search(text) is not None
    by_machine = _DAEMON.search(header(mail, "From")) or header(mail, "Return-Path") == "<>"
    if not (failed or is_qmail or (by_machine and _SUBJECT.search(subject))):
        return None
    copy = _QMAIL_COPY.search(text)
    said = text[: copy.start()] if copy else text
    recipient, diagnostic = _from_qmail(said) if is_qmail else ("", "")
    recipient = recipient or _first_address(failed) or _first_address(_without(said, own))
    diagnostic = diagnostic or _telling_line(said) or subject
    status = _STATUS.search(diagnostic) or _STATUS.search(said)
    late = _LATE.search(f"{subject}\n{said}") and not _OVER.search(said) and not (status and status[0][0] == "5")
    kind = ReturnedKind.DELAYED if late else ReturnedKind.FAILED
    return RecipientReport(kind, recipient, status[0] if status else "", shortened(diagnostic))


def _from_qmail(said: str) -> tuple[str, str]:
    found = _QMAIL_RECIPIENT.search(said)
    return (found[1], found[2]) if found else ("", "")


def _telling_line(said: str) -> str:
    """The line with a code in it, the more exact one first."""
    lines = said.splitlines()
    for wanted in (_STATUS, _CODE):
        for line in lines:
            if wanted.search(line):
                return line
    return ""


def _first_address(text: str) -> str:
    found = _ADDRESS.search(text)
    return found[0].rstrip(".") if found else ""


def _without(text: str, domain: str) -> str:
    return "\n".join(line for line in text.splitlines() if f"@{domain}" not in line.lower())
