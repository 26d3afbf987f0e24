"""Two revisions beside each other: of one report, and over the whole batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shirase.desk.library import Library
from shirase.desk.state import Desk
from shirase.domain.compare import BatchComparison, Comparison, compare, compare_batch
from shirase.domain.standing import Revision, Standing


@dataclass(frozen=True, slots=True)
class CompareView:
    """Two revisions of one report.

    Attributes:
        before: The earlier one.
        after: The later one.
        comparison: What differs; None when there are not two.
        number: Page that is shown as an overlaid picture.
        pages: Pages of the longer one.
        changed_rows: Rows that were added, removed or changed, as each revision has them.
    """

    before: Revision | None
    after: Revision | None
    comparison: Comparison | None
    number: int
    pages: int
    changed_rows: tuple[tuple[str, Mapping[str, object] | None, Mapping[str, object] | None], ...]


@dataclass(frozen=True, slots=True)
class BatchView:
    """What changed in all reports since their revision before; ``first_time`` are those without one."""

    comparison: BatchComparison
    first_time: tuple[str, ...]


def build_compare_view(library: Library, revisions: Sequence[Revision], query: Mapping[str, str]) -> CompareView:
    """The revisions that the address names, or else the last two."""
    numbered = {str(revision.number): revision for revision in revisions}
    after = numbered.get(query.get("after", "")) or (revisions[-1] if revisions else None)
    earlier = [revision for revision in revisions if after is not None and revision.number < after.number]
    before = numbered.get(query.get("before", "")) or (earlier[-1] if earlier else None)
    if before is None or after is None:
        return CompareView(before, after, None, 1, 0, ())
    one, other = (library.report(each.pdf_digest, each.data_digest) for each in (before, after))
    pages = max(one.page_count, other.page_count)
    asked = query.get("page", "")
    number = min(pages, int(asked)) if asked.isascii() and asked.isdigit() and int(asked) > 0 else 1
    comparison = compare(one, other)
    return CompareView(before, after, comparison, number, pages, _rows(library, comparison, before, after))


def build_batch_view(desk: Desk, standings: Sequence[Standing]) -> BatchView:
    """Each report's current revision against the one before."""
    comparisons, alone = [], []
    for standing in standings:
        revisions = [each for each in desk.book.revisions(standing.report_id) if each.number < standing.revision.number]
        if not revisions:
            alone.append(standing.report_id)
            continue
        pair = (revisions[-1], standing.revision)
        comparisons.append(compare(*(desk.library.report(each.pdf_digest, each.data_digest) for each in pair)))
    return BatchView(compare_batch(comparisons), tuple(alone))


def _rows(
    library: Library, comparison: Comparison, before: Revision, after: Revision
) -> tuple[tuple[str, Mapping[str, object] | None, Mapping[str, object] | None], ...]:
    rows = comparison.rows
    if not rows.count:
        return ()
    old, new = ({action["uid"]: action for action in library.actions(each.data_digest)} for each in (before, after))
    return tuple(
        (kind, old.get(uid), new.get(uid))
        for kind, uids in (("added", rows.added), ("removed", rows.removed), ("changed", rows.changed))
        for uid in uids
    )
