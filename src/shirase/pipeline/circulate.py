"""``shirase circulate``: marked copies of finished reports, for people who read without the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from shirase.domain.bilingual import Language
from shirase.domain.errors import Problem, TamperedError, UsageError
from shirase.pipeline.drawing_lock import DRAWING
from shirase.pipeline.output import OutputFolder, write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.read_reports import report_from
from shirase.pipeline.receipts import Receipt, is_intact, read_receipts
from shirase.rendering.fonts import find_fonts
from shirase.rendering.review_copy import draw_review_copy
from shirase.review.draft_mark import DraftNotice, mark_draft
from shirase.text.desk_environment import desk_environment
from shirase.text.resources import templates_root


@dataclass(frozen=True, slots=True)
class Circulated:
    """Copies that were written for one report; ``review_copy`` is None when none was asked for."""

    report_id: str
    draft: Path
    review_copy: Path | None


@dataclass(frozen=True, slots=True)
class CirculateOptions:
    """For whom (customer or report ids; everybody when empty), and whether the two languages side by side, too."""

    customers: tuple[str, ...] = ()
    side_by_side: bool = False


def run_circulate(folder: Path, options: CirculateOptions, progress: Progress) -> tuple[Circulated, ...]:
    """Write ``drafts/<report id>.draft.pdf``, and ``.review.pdf`` where asked for.

    Side-by-side copies take a process that is ready to render.

    Raises:
        UsageError: When there is no such report.
        TamperedError: When a report was changed after it was written.
    """
    output = OutputFolder(folder)
    receipts = chosen_receipts(output, options.customers)
    fonts = draft_fonts()
    progress.begin("marking copies", sum(receipt.page_count for receipt in receipts))
    written = []
    for receipt in receipts:
        if not is_intact(output, receipt):
            what = "was changed after it was written"
            raise TamperedError(Problem(what, str(output.report_pdf(receipt.report_id)), "draft it again"))
        written.append(_circulate(output, receipt, fonts, side_by_side=options.side_by_side))
        progress.advance(receipt.page_count, receipt.report_id)
    progress.end()
    return tuple(written)


def chosen_receipts(output: OutputFolder, customers: Iterable[str]) -> tuple[Receipt, ...]:
    """Receipts of finished reports, by customer or report ids; all when none is named.

    Raises:
        UsageError: When a name belongs to no finished report, or there is none at all.
    """
    receipts = read_receipts(output)
    wanted = tuple(dict.fromkeys(customers))
    chosen = [receipt for receipt in receipts if not wanted or {receipt.report_id, receipt.customer_id} & set(wanted)]
    known = {name for receipt in receipts for name in (receipt.report_id, receipt.customer_id)}
    problems = [Problem("has no finished report", name, "see `shirase status`") for name in wanted if name not in known]
    if problems or not chosen:
        nothing = Problem("no report is finished", str(output.root), "run draft first")
        raise UsageError(*(problems or [nothing]))
    return tuple(chosen)


def marked(content: bytes, fonts: tuple[str, ...]) -> bytes:
    """``content`` under the mark, with the notice in both languages."""
    said = (desk_environment(language).get_template("desk/notice.html").render().strip() for language in Language)
    return mark_draft(content, DraftNotice(" / ".join(said)), fonts)


def draft_fonts() -> tuple[str, ...]:
    """Font files for the mark, the bold ones first; only those with Japanese."""
    files = [file for file in find_fonts().files if "BIZ" in file.family or "CJK" in file.family]
    in_order = sorted(files, key=lambda file: (file.weight != "bold", "CJK" in file.family))
    return tuple(str(file.path) for file in in_order)


def review_copy(pdf: bytes, data: bytes, fonts: tuple[str, ...]) -> bytes:
    """The two languages of a report side by side, marked; in a process that is ready to render."""
    with DRAWING:
        report = report_from(pdf, data)
        drawn = draw_review_copy(report, templates_root() / "desk" / "review_copy.css")
    return marked(drawn.pdf, fonts)


def _circulate(output: OutputFolder, receipt: Receipt, fonts: tuple[str, ...], *, side_by_side: bool) -> Circulated:
    pdf = output.report_pdf(receipt.report_id).read_bytes()
    draft = output.drafts / f"{receipt.report_id}.draft.pdf"
    write_whole(draft, marked(pdf, fonts))
    if not side_by_side:
        return Circulated(receipt.report_id, draft, None)
    beside = output.drafts / f"{receipt.report_id}.review.pdf"
    write_whole(beside, review_copy(pdf, output.report_data(receipt.report_id).read_bytes(), fonts))
    return Circulated(receipt.report_id, draft, beside)
