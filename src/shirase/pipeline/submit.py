"""``shirase submit``: drafts become revisions in review; and what ``draft`` registers by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from shirase.domain.errors import Problem, TamperedError, UsageError
from shirase.domain.review import Operator
from shirase.ledger.drafts import DraftedBytes, Registered
from shirase.ledger.open import Ledger
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.proposals import wording_authors
from shirase.pipeline.receipts import Receipt, is_intact, read_receipts
from shirase.pipeline.review_rules import rules_from
from shirase.pipeline.revision_store import keep_revision
from shirase.pipeline.run_sheet import run_key
from shirase.pipeline.status import read_sheet


@dataclass(frozen=True, slots=True)
class Submitted:
    """What went into review.

    Attributes:
        registered: Revisions, new and unchanged.
        submitted: Reports that are in review now and were not before.
    """

    registered: Registered
    submitted: tuple[str, ...]


def register_drafts(
    output: OutputFolder, ledger: Ledger, by: Operator, *, chosen: Sequence[str] = (), token: str | None = None
) -> Registered:
    """Register what the last run drafted, and keep the bytes of every revision by digest.

    Args:
        output: Of the incident.
        ledger: Its ledger.
        by: Who drafted.
        chosen: Only these, by report id or customer id; all when empty.
        token: Of the step under which this happens.

    Raises:
        UsageError: When a report chosen has no draft of the last run.
        TamperedError: When a file is not what the draft wrote.
    """
    sheet = read_sheet(output)
    key = run_key(sheet)
    wanted = _chosen([each for each in read_receipts(output) if each.run_key == key], chosen)
    _require_intact(output, wanted)
    for receipt in wanted:
        keep_revision(output, receipt)
    wrote = tuple(sorted(wording_authors(output, sheet["case"]["files"])))
    drafts = [
        DraftedBytes(each.report_id, each.customer_id, each.pdf_digest, each.data_digest, wrote) for each in wanted
    ]
    return ledger.drafts.register(by, drafts, rules_from(sheet), token=token)


def run_submit(
    output: OutputFolder, ledger: Ledger, by: Operator, *, chosen: Sequence[str] = (), reason: str = ""
) -> Submitted:
    """Register drafts and put them into review; with a reason also those that were sent back and are unchanged."""
    with ledger.steps.run(by, "submit") as token:
        registered = register_drafts(output, ledger, by, chosen=chosen, token=token)
        submitted = ledger.drafts.submit(by, (*registered.new, *registered.same), reason)
    return Submitted(registered, submitted)


def _chosen(receipts: Sequence[Receipt], chosen: Sequence[str]) -> list[Receipt]:
    if not chosen:
        return list(receipts)
    by_key = {key: each for each in receipts for key in (each.report_id, each.customer_id)}
    if missing := [each for each in chosen if each not in by_key]:
        mend = "draft it; give report ids or customer ids that `shirase status` lists"
        raise UsageError(*(Problem("has no draft of the last run", each, mend) for each in missing))
    return list({by_key[each].report_id: by_key[each] for each in chosen}.values())


def _require_intact(output: OutputFolder, receipts: Sequence[Receipt]) -> None:
    changed = [each.report_id for each in receipts if not is_intact(output, each)]
    if changed:
        what, mend = "was changed after it was written", "draft it again, and find out who changed it"
        raise TamperedError(*(Problem(what, report_id, mend) for report_id in changed))
