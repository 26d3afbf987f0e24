"""Whose a sealed file is, by what stands on its pages and inside it: the last look before it leaves the house."""

import io
import json
from collections.abc import Iterator

import pikepdf
import pypdfium2

from shirase.domain.finding import Finding
from shirase.inspection.finished import UnreadablePdfError, read_files
from shirase.inspection.rows import compact

_MEND = "do not send it; find out where the file comes from"


def pairing_findings(content: bytes, *, report_id: str, code: str) -> Iterator[Finding]:
    """Objections to ``content`` as the report ``report_id`` of the customer with ``code``.

    Every page shows both; the metadata names the report, and the data copy inside, if any, both. Other libraries read
    than those that drew and sealed it.

    Args:
        content: The sealed file, as it stands in the message.
        report_id: As the manifest names it.
        code: The code of the customer to whose mailbox it is about to go (:mod:`shirase.domain.canary`).
    """
    try:
        yield from _pages(content, compact(report_id), compact(code))
        yield from _inside(content, report_id, code)
    except (UnreadablePdfError, pypdfium2.PdfiumError, pikepdf.PdfError) as error:
        yield Finding("unreadable", report_id, f"cannot be read: {error}", _MEND)


def _pages(content: bytes, number: str, code: str) -> Iterator[Finding]:
    document = pypdfium2.PdfDocument(content)
    try:
        if not len(document):
            yield Finding("no-code", "pages", "there are none", _MEND)
        for index in range(len(document)):
            page = document[index]
            reader = page.get_textpage()
            text = compact(reader.get_text_range())
            reader.close()
            page.close()
            if number not in text:
                yield Finding("no-number", f"page {index + 1}", "does not show the number of this report", _MEND)
            if code not in text:
                yield Finding("no-code", f"page {index + 1}", "does not show the code of this customer", _MEND)
    finally:
        document.close()


def _inside(content: bytes, report_id: str, code: str) -> Iterator[Finding]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        packet = pdf.Root.Metadata.read_bytes().decode("utf-8", "replace") if "/Metadata" in pdf.Root else ""
    if report_id not in packet:
        yield Finding("no-number", "metadata", "do not name this report", _MEND)
    for file in read_files(content):
        if not file.name.startswith(f"{report_id}."):
            yield Finding("file-strange", "files inside", f"{file.name!r} does not belong there", _MEND)
        if file.name.endswith(".json"):
            yield from _copy(file.content, report_id, code)


def _copy(content: bytes, report_id: str, code: str) -> Iterator[Finding]:
    try:
        data = json.loads(content)
        found = data["report_id"], data["document_code"]
    except (ValueError, KeyError, TypeError):
        yield Finding("file-differs", "data copy inside", "cannot be read", _MEND)
        return
    if found != (report_id, code):
        yield Finding("no-code", "data copy inside", "is that of another report", _MEND)
