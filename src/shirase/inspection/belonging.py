"""Whose a finished report is: its number, its code, the files inside it, and where its links lead."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.customer import DataCopyPolicy
from shirase.domain.finding import Finding
from shirase.inspection.finished import FinishedPdf
from shirase.inspection.leaks import Carrier
from shirase.inspection.rows import compact
from shirase.inspection.subject import Expected, ReportFiles
from shirase.text.environment import sentence

_REPORT_FAULT = "do not send it; draft it again, and report the fault if it stays"
_CODE = "document_code"


def carriers(expected: Expected, files: ReportFiles, pdf: FinishedPdf) -> Iterator[Carrier]:
    """Everything that the customer would get, piece by piece."""
    yield from _on_pages(pdf)
    yield from _beside_pages(pdf)
    for file in pdf.files:
        yield Carrier(f"name of the file {file.name} inside", f"{file.name}\n{file.description}")
        yield Carrier(f"file {file.name} inside", file.content.decode("utf-8", "replace"))
    yield Carrier("file name", expected.report_id)
    if expected.customer.data_copy is not DataCopyPolicy.NONE:
        yield Carrier("data copy", files.data.decode("utf-8", "replace"))
    if files.table is not None:
        yield Carrier("table", files.table.decode("utf-8", "replace"))


def _on_pages(pdf: FinishedPdf) -> Iterator[Carrier]:
    for page in pdf.pages:
        yield Carrier(f"page {page.number}", page.text)
    for seam in pdf.seams:
        place = f"pages {seam.before_page} and {seam.after_page}"
        yield Carrier(place, seam.before + seam.after, len(seam.before))


def _beside_pages(pdf: FinishedPdf) -> Iterator[Carrier]:
    for text in pdf.metadata:
        yield Carrier("metadata", text)
    for text in pdf.bookmarks:
        yield Carrier("bookmarks", text)
    for text in (*pdf.targets, *pdf.descriptions):
        yield Carrier("links", text)
    for element in pdf.root.walk():
        if element.alternative:
            yield Carrier(f"alternative text on page {element.page}", element.alternative)


def identity_findings(expected: Expected, pdf: FinishedPdf) -> Iterator[Finding]:
    """Each page says whose it is, by its number and its code; so does the file itself."""
    number, code = compact(expected.report_id), compact(expected.canary)
    versions = {compact(_version(language, expected.version)) for language in Language} | {f"Ver.{expected.version}"}
    for page in pdf.pages:
        text = compact(page.text)
        if number not in text:
            yield Finding("no-number", f"page {page.number}", f"does not show {expected.report_id}", _REPORT_FAULT)
        elif not any(re.search(rf"{re.escape(f'{number}/{version}')}(?!\d)", text) for version in versions):
            what = f"does not show version {expected.version}"
            yield Finding("no-number", f"page {page.number}", what, _REPORT_FAULT)
        place = f"{page.number}/{len(pdf.pages)}"
        if code not in text:
            yield Finding("no-code", f"page {page.number}", f"does not show {expected.canary}", _REPORT_FAULT)
        elif not re.search(rf"(?<!\d){place}{re.escape(code)}", text):
            yield Finding("page-number", f"page {page.number}", f"does not say that it is {place}", _REPORT_FAULT)
    if not any(expected.report_id in text for text in pdf.metadata):
        yield Finding("no-number", "metadata", f"does not name {expected.report_id}", _REPORT_FAULT)


def _version(language: Language, version: int) -> str:
    return sentence(language, None, "version %(version)s") % {"version": version}


def copy_findings(expected: Expected, data: Mapping[str, Any], files: ReportFiles) -> Iterator[Finding]:
    """The data copy is that of this report, and so is every line of the table."""
    for field, wanted in (("report_id", expected.report_id), (_CODE, expected.canary)):
        if data.get(field) != wanted:
            what = f"{field} is {data.get(field)!r} instead of {wanted!r}"
            yield Finding("no-code" if field == _CODE else "no-number", "data copy", what, _REPORT_FAULT)
    if files.table is None:
        return
    csv.field_size_limit(max(csv.field_size_limit(), len(files.table)))
    lines = csv.DictReader(io.StringIO(files.table.decode("utf-8-sig", "replace"), newline=""))
    for number, line in enumerate(lines, start=1):
        if line.get(_CODE) != expected.canary:
            what = f"has the code {line.get(_CODE)!r} instead of {expected.canary!r}"
            yield Finding("no-code", f"table, row {number}", what, _REPORT_FAULT)


def link_findings(expected: Expected, pdf: FinishedPdf) -> Iterator[Finding]:
    """Links lead to listed places only, and nothing is started."""
    for target in pdf.targets:
        if target not in expected.targets:
            yield Finding("link", "links", f"a link leads to {target!r}", "a report links to nothing outside itself")
    for script in pdf.scripts:
        yield Finding("script", "links", f"something is started {script}", "a report starts nothing")


def file_findings(expected: Expected, files: ReportFiles, pdf: FinishedPdf) -> Iterator[Finding]:
    """What is inside is what lies beside it, byte for byte, and nothing else."""
    name = expected.report_id
    wanted = {}
    if expected.customer.data_copy is DataCopyPolicy.EMBED:
        wanted = {f"{name}.json": files.data, f"{name}.csv": files.table}
    inside = {file.name: file.content for file in pdf.files}
    for file in sorted(wanted.keys() | inside.keys()):
        if file not in wanted:
            yield Finding("file-strange", "files inside", f"{file!r} does not belong there", _REPORT_FAULT)
        elif file not in inside:
            yield Finding("file-missing", "files inside", f"{file!r} is missing", _REPORT_FAULT)
        elif inside[file] != wanted[file]:
            yield Finding("file-differs", "files inside", f"{file!r} is not the one beside the PDF", _REPORT_FAULT)
