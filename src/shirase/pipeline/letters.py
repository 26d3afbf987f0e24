"""One mail made: the notice, its words, the message around the sealed file, and what stands against sending it."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from shirase.delivery.message import build_message
from shirase.delivery.read_back import require_recipient
from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.delivery import message_id
from shirase.domain.errors import GateError, Problem, UsageError
from shirase.domain.finding import Finding
from shirase.domain.manifest import SealedReport, customer_key
from shirase.domain.notice import AddressedPair, Earlier, Notice, NoticeKind, Protection
from shirase.inspection.leaks import LeakGate
from shirase.inspection.mail import mail_findings
from shirase.inspection.pairing import pairing_findings
from shirase.inspection.subject import Expected, ReportFiles
from shirase.pipeline.mail_protection import protection_of
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.sealed import read_sealed
from shirase.pipeline.told_by_report import told_by_report
from shirase.text.notices import words_of

_MEND = "do not send it; find out what it is"
_MOST_PAIRED = 256
_PAIRED: dict[tuple[str, str, str], tuple[Finding, ...]] = {}
"""What was found in files that were read, by their digest."""


@dataclass(frozen=True, slots=True)
class Order:
    """A mail that is wanted.

    Attributes:
        delivery_id: Of the delivery.
        report_id: The report it is about.
        kind: What it is for.
        address: To whom.
        dated_at: Its date.
        earlier: The mail it follows, if any.
    """

    delivery_id: str
    report_id: str
    kind: NoticeKind
    address: str
    dated_at: datetime
    earlier: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as it was made, before anything signs or encrypts it.

    Attributes:
        notice: What it says.
        content: The whole message.
        entry: The sealed report it is about.
        customer: Whose report that is.
    """

    notice: Notice
    content: bytes
    entry: SealedReport
    customer: Customer

    @property
    def content_digest(self) -> str:
        """SHA-256 of the message."""
        return hashlib.sha256(self.content).hexdigest()


def write_letter(outgoing: Outgoing, order: Order) -> Letter:
    """Make the mail: the same order gives the same bytes.

    Raises:
        TamperedError: When the sealed file is another one.
        GateError: When the message would not be what it is meant to be.
    """
    notice = notice_of(outgoing, order)
    pdf = read_sealed(outgoing.output, order.report_id, outgoing.manifest) if notice.is_carrying else None
    content = build_message(notice, words_of(notice), pdf)
    return Letter(notice, content, sealed_entry(outgoing, order.report_id), outgoing.owners[order.report_id])


def sealed_entry(outgoing: Outgoing, report_id: str) -> SealedReport:
    """What the manifest says of a report.

    Raises:
        UsageError: When it is not sealed.
    """
    entry = outgoing.manifest.find(report_id)
    if entry is None:
        raise UsageError(Problem("is not sealed", report_id, "`shirase seal` seals what is approved"))
    return entry


def objections(outgoing: Outgoing, letter: Letter, gate: LeakGate) -> Iterator[Finding]:
    """What stands against sending ``letter``: the pairing proof on the final bytes, and the leak gate over all of it.

    The chain: the file that stands in the message has the digest of the manifest; each of its pages shows the report's
    number and the code that the secret of the case gives for this customer; that code gives the key which the manifest
    names; the one recipient of the message stands in the approved list under this customer.
    """
    notice, entry, customer = letter.notice, letter.entry, letter.customer
    code = outgoing.code_of(customer.customer_id)
    if customer_key(outgoing.manifest.salt, code) != entry.customer_key:
        yield Finding("no-code", entry.report_id, "the manifest names another customer", _MEND)
    yield from _recipient(outgoing, letter)
    attached = attached_pdfs(letter.content)
    if [hashlib.sha256(each).hexdigest() for each in attached] != [entry.sealed_digest] * notice.is_carrying:
        yield Finding("strange-file", "attachment", "is not the one sealed file of the manifest", _MEND)
        return
    for pdf in attached:
        yield from _paired(pdf, entry, code)
    approved = attached[0][: entry.approved_size] if attached else b"\0"
    files = ReportFiles(approved, b"\0", None)
    yield from mail_findings(Expected(entry.report_id, customer, code, ()), files, letter.content, gate)


def _paired(pdf: bytes, entry: SealedReport, code: str) -> tuple[Finding, ...]:
    """The pairing proof; several recipients of one report get the same bytes, which are read once."""
    key = hashlib.sha256(pdf).hexdigest(), entry.report_id, code
    if key not in _PAIRED:
        if len(_PAIRED) >= _MOST_PAIRED:
            _PAIRED.clear()
        _PAIRED[key] = tuple(pairing_findings(pdf, report_id=entry.report_id, code=code))
    return _PAIRED[key]


def attached_pdfs(message: bytes) -> list[bytes]:
    """Every file attached to ``message``, whatever it is called."""
    parsed = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(message)
    found = [part.get_payload(decode=True) for part in parsed.walk() if part.get_content_maintype() == "application"]
    return [each for each in found if isinstance(each, bytes)]


def _recipient(outgoing: Outgoing, letter: Letter) -> Iterator[Finding]:
    address = letter.notice.to_address
    if letter.notice.kind is NoticeKind.CANARY:
        own = outgoing.settings.canary.mailboxes if outgoing.settings.canary is not None else ()
        if address not in own:
            yield Finding("recipient", address, "is no mailbox of our own", _MEND)
    elif outgoing.recipients.find(letter.customer.customer_id, address) is None:
        yield Finding("recipient", address, f"is no recipient of {letter.customer.customer_id}", _MEND)
    try:
        require_recipient(letter.content, address)
    except GateError as error:
        yield from (Finding("recipient", address, problem.what, _MEND) for problem in error.problems)


def notice_of(outgoing: Outgoing, order: Order) -> Notice:
    """What the mail is about. Of the incident it says what the report itself says, not what the case says by now."""
    entry, customer = sealed_entry(outgoing, order.report_id), outgoing.owners[order.report_id]
    picks_up = customer.delivery_policy is DeliveryPolicy.NOTIFY_ONLY and order.kind is not NoticeKind.CANARY
    told = told_by_report(outgoing.output, entry.data_digest)
    incident, sender = outgoing.case.incident, outgoing.settings.sender
    return Notice(
        kind=order.kind,
        delivery_id=order.delivery_id,
        message_id=message_id(order.delivery_id, sender.domain),
        date=order.dated_at,
        sender=sender,
        return_path=sender.return_path(order.delivery_id),
        to_address=order.address,
        languages=customer.languages,
        to=AddressedPair.build(customer),
        incident_id=incident.id,
        incident_title=told.title,
        report_id=entry.report_id,
        version=told.version,
        revision=entry.revision,
        stage=told.stage,
        sender_name=incident.sender.name,
        contact=incident.contact,
        file_name=f"{entry.report_id}.pdf",
        page_count=entry.page_count,
        sealed_digest=entry.sealed_digest,
        is_test_seal=outgoing.manifest.is_test,
        is_exercise=told.is_exercise,
        earlier=order.earlier,
        protection=protection_of(customer) if order.kind is not NoticeKind.CANARY else Protection.NONE,
        pick_up=outgoing.settings.pick_up if picks_up else None,
    )
