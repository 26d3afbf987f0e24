"""Everything that is asked of one finished report, in one place: its PDF, and the files that go with it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from shirase.domain.customer import Customer, DataCopyPolicy
from shirase.domain.finding import Finding
from shirase.inspection.finished import FinishedPdf, UnreadablePdfError, read_finished
from shirase.inspection.languages import language_findings
from shirase.inspection.layout import layout_findings
from shirase.inspection.leaks import Carrier, LeakGate
from shirase.inspection.page_text import PageText
from shirase.inspection.rows import compact, row_findings, scope_findings

_REPORT_FAULT = "do not send it; draft it again, and report the fault if it stays"


@dataclass(frozen=True, slots=True)
class Subject:
    """One finished report.

    Attributes:
        report_id: Which.
        customer: Whose.
        pdf: The file.
        data: The data copy beside it.
        table: The rows as a table beside it; None when the customer wants no data.
        uids: The actions in scope, by their identifiers, in order.
        targets: Addresses that links may lead to.
    """

    report_id: str
    customer: Customer
    pdf: bytes
    data: bytes
    table: bytes | None
    uids: tuple[str, ...]
    targets: tuple[str, ...] = ()


def inspect_report(subject: Subject, gate: LeakGate) -> tuple[Finding, ...]:
    """Every objection to ``subject``; none is not a proof, but what was asked has been answered."""
    found: list[Finding] = []

    def look(page: PageText) -> PageText:
        found.extend(layout_findings(page))
        return replace(page, glyphs=(), picture=None)

    try:
        pdf = read_finished(subject.pdf, look)
        data = json.loads(subject.data)
    except (UnreadablePdfError, ValueError) as error:
        return (Finding("unreadable", subject.report_id, f"cannot be read: {error}", _REPORT_FAULT),)
    found += row_findings(pdf.root, data, subject.customer)
    found += scope_findings(data, subject.uids)
    found += language_findings(pdf.root)
    found += _identity_findings(subject, pdf)
    found += _link_findings(subject, pdf)
    found += _file_findings(subject, pdf)
    own = [value for action in data["actions"] for each in action["objects"] for value in (each["name"], each["id"])]
    found += gate.findings(subject.customer.customer_id, _carriers(subject, pdf), [value for value in own if value])
    return tuple(found)


def _carriers(subject: Subject, pdf: FinishedPdf) -> Iterator[Carrier]:
    """Everything that the customer would get, piece by piece."""
    for page in pdf.pages:
        yield Carrier(f"page {page.number}", page.text)
    for text in pdf.metadata:
        yield Carrier("metadata", text)
    for text in pdf.bookmarks:
        yield Carrier("bookmarks", text)
    for text in (*pdf.targets, *pdf.descriptions):
        yield Carrier("links", text)
    for element in pdf.root.walk():
        if element.alternative:
            yield Carrier(f"alternative text on page {element.page}", element.alternative)
    for file in pdf.files:
        yield Carrier(f"name of the file {file.name} inside", f"{file.name}\n{file.description}")
        yield Carrier(f"file {file.name} inside", file.content.decode("utf-8", "replace"))
    yield Carrier("file name", subject.report_id)
    if subject.customer.data_copy is not DataCopyPolicy.NONE:
        yield Carrier("data copy", subject.data.decode("utf-8", "replace"))
    if subject.table is not None:
        yield Carrier("table", subject.table.decode("utf-8", "replace"))


def _identity_findings(subject: Subject, pdf: FinishedPdf) -> Iterator[Finding]:
    """Each page, and the file itself, says whose it is."""
    own = compact(subject.report_id)
    for page in pdf.pages:
        if own not in compact(page.text):
            yield Finding("no-number", f"page {page.number}", f"does not show {subject.report_id}", _REPORT_FAULT)
    if not any(subject.report_id in text for text in pdf.metadata):
        yield Finding("no-number", "metadata", f"does not name {subject.report_id}", _REPORT_FAULT)


def _link_findings(subject: Subject, pdf: FinishedPdf) -> Iterator[Finding]:
    for target in pdf.targets:
        if target not in subject.targets:
            yield Finding("link", "links", f"a link leads to {target!r}", "a report links to nothing outside itself")
    for script in pdf.scripts:
        yield Finding("script", "links", f"something is started {script}", "a report starts nothing")


def _file_findings(subject: Subject, pdf: FinishedPdf) -> Iterator[Finding]:
    """What is inside is what lies beside it, byte for byte, and nothing else."""
    name = subject.report_id
    expected = {}
    if subject.customer.data_copy is DataCopyPolicy.EMBED:
        expected = {f"{name}.json": subject.data, f"{name}.csv": subject.table}
    inside = {file.name: file.content for file in pdf.files}
    for file in sorted(expected.keys() | inside.keys()):
        if file not in expected:
            yield Finding("file-strange", "files inside", f"{file!r} does not belong there", _REPORT_FAULT)
        elif file not in inside:
            yield Finding("file-missing", "files inside", f"{file!r} is missing", _REPORT_FAULT)
        elif inside[file] != expected[file]:
            yield Finding("file-differs", "files inside", f"{file!r} is not the one beside the PDF", _REPORT_FAULT)
