"""Everything that is asked of one finished report, in one place: its PDF, and the files that go with it."""

import json
from dataclasses import dataclass, replace

from shirase.domain.finding import Finding
from shirase.inspection.belonging import carriers, copy_findings, file_findings, identity_findings, link_findings
from shirase.inspection.completeness import ItemFound, check_completeness
from shirase.inspection.figures import figure_findings
from shirase.inspection.finished import UnreadablePdfError, read_finished
from shirase.inspection.languages import language_findings
from shirase.inspection.layout import layout_findings
from shirase.inspection.leaks import LeakGate
from shirase.inspection.page_text import PageText
from shirase.inspection.rows import row_findings, scope_findings
from shirase.inspection.subject import Expected, ReportFiles
from shirase.inspection.terms import term_findings


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in one report: objections, and how far it states what the checklists ask for."""

    findings: tuple[Finding, ...]
    items: tuple[ItemFound, ...] = ()


def inspect_report(expected: Expected, files: ReportFiles, gate: LeakGate) -> Inspected:
    """Every objection to ``files``; none is not a proof, but what was asked has been answered."""
    found: list[Finding] = []
    items: list[ItemFound] = []

    def look(page: PageText) -> PageText:
        found.extend(layout_findings(page))
        return replace(page, glyphs=(), picture=None)

    try:
        pdf = read_finished(files.pdf, look)
        data = json.loads(files.data)
    except (UnreadablePdfError, ValueError) as error:
        mend = "do not send it; draft it again, and report the fault if it stays"
        return Inspected((Finding("unreadable", expected.report_id, f"cannot be read: {error}", mend),))
    found += row_findings(pdf.root, data, expected.customer)
    found += scope_findings(data, expected.uids)
    found += figure_findings(pdf.root, data, expected.printed)
    found += language_findings(pdf.root)
    found += term_findings(pdf.root, expected.terms, expected.waived)
    if expected.told is not None:
        items, missing = check_completeness(pdf.root, expected.told)
        found += missing
    found += identity_findings(expected, pdf)
    found += copy_findings(expected, data, files)
    found += link_findings(expected, pdf)
    found += file_findings(expected, files, pdf)
    own = [value for action in data["actions"] for each in action["objects"] for value in (each["name"], each["id"])]
    found += gate.findings(expected.customer.customer_id, carriers(expected, files, pdf), list(filter(None, own)))
    return Inspected(tuple(found), tuple(items))
