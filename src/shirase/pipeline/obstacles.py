"""Edge: why the bytes on disk cannot be approved, found by looking at them at that very moment."""

from collections.abc import Iterable, Mapping
from typing import Any

from shirase.domain.errors import Problem, TamperedError
from shirase.domain.phrase import phrase
from shirase.domain.standing import Named
from shirase.pipeline.inspections import read_inspection
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.receipts import Receipt, digest_of, is_intact, read_receipt
from shirase.pipeline.run_sheet import run_key
from shirase.pipeline.status import read_sheet


def find_obstacles(output: OutputFolder, named: Iterable[Named]) -> dict[str, tuple[str, ...]]:
    """By report id: what stands against approving it; reports without an obstacle are left out.

    Raises:
        TamperedError: When a file is neither what was looked at nor what a draft wrote.
    """
    sheet = read_sheet(output)
    waiting = sum(count for state, count in sheet["translations"].items() if state != "confirmed")
    batch = [phrase("%(count)s texts of the case wait for somebody to confirm their translation", count=waiting)]
    batch = batch if waiting else []
    if sheet["wording"]["blockers"]:
        batch.append(phrase("the wording lint has %(count)s blockers", count=sheet["wording"]["blockers"]))
    failed = {entry["report_id"] for entry in sheet.get("reports", {}).get("failures", [])}
    found, changed = {}, []
    for each in named:
        receipt = read_receipt(output.receipt(each.report_id))
        if _is_tampered(output, each, receipt):
            changed.append(each.report_id)
        elif against := (*batch, *_against(output, each, receipt, sheet, failed=each.report_id in failed)):
            found[each.report_id] = tuple(against)
    if changed:
        mend = phrase("draft it again, and find out who changed it")
        what = phrase("the files on disk are not the bytes that were looked at")
        raise TamperedError(*(Problem(what, report_id, mend) for report_id in changed))
    return found


def _is_tampered(output: OutputFolder, named: Named, receipt: Receipt | None) -> bool:
    pdf = digest_of(output.report_pdf(named.report_id))
    data = digest_of(output.report_data(named.report_id))
    if (pdf, data) == (named.pdf_digest, named.data_digest):
        return receipt is not None and receipt.pdf_digest == pdf and not is_intact(output, receipt)
    return pdf is not None and (receipt is None or not is_intact(output, receipt))


def _against(
    output: OutputFolder, named: Named, receipt: Receipt | None, sheet: Mapping[str, Any], *, failed: bool
) -> Iterable[str]:
    if failed:
        yield phrase("the last draft failed for this customer")
        return
    if receipt is None or not output.report_pdf(named.report_id).exists():
        yield phrase("there is no draft of it any more")
        return
    if (receipt.pdf_digest, receipt.data_digest) != (named.pdf_digest, named.data_digest):
        yield phrase("a newer draft lies on disk: `shirase submit` registers it")
        return
    if receipt.run_key != run_key(sheet):
        yield phrase("the case, the logs or the program changed since it was drafted: draft again")
    inspected = read_inspection(output, receipt)
    if inspected is None:
        yield phrase("nobody inspected these bytes: `shirase inspect`")
    elif inspected.blocked:
        yield phrase("the inspection blocks it")
