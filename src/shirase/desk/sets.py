"""A named set of reports that is approved at once: by shapes, each report with its digests, and what was opened."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shirase.domain.review import State
from shirase.domain.shapes import Coverage, Shapes, cover
from shirase.domain.standing import Named, Standing


@dataclass(frozen=True, slots=True)
class ChosenSet:
    """The set.

    Attributes:
        shapes: Their keys.
        named: Every report of them that waits for a role of the reader, without those on hold or with open comments.
        left_out: The others of these shapes.
        roles: Roles of the reader for which any of them waits.
        coverage: How much of the set the reader has opened.
        unread: What has to be opened first: an example of each shape, and outliers.
        digest: SHA-256 over all of ``named``: what a form carries, so that another set is noticed.
    """

    shapes: tuple[str, ...]
    named: tuple[Named, ...]
    left_out: tuple[str, ...]
    roles: tuple[str, ...]
    coverage: Coverage
    unread: tuple[str, ...]
    digest: str


def choose_set(
    shapes: Shapes, standings: Sequence[Standing], keys: Sequence[str], roles: Sequence[str], opened: Collection[str]
) -> ChosenSet:
    """The reports of the shapes named, as far as they may be approved at once."""
    chosen = [shape for shape in shapes.shapes if shape.key in keys]
    members = {report for shape in chosen for report in shape.reports}
    ready = [
        standing
        for standing in standings
        if standing.report_id in members
        and standing.state == State.IN_REVIEW
        and set(roles).intersection(standing.missing)
        and not standing.holds
        and not standing.open_comments
    ]
    named = tuple(
        Named(standing.report_id, standing.revision.pdf_digest, standing.revision.data_digest) for standing in ready
    )
    identifiers = [each.report_id for each in named]
    unread = [
        shape.example
        for shape in chosen
        if any(report in identifiers for report in shape.reports)
        and not any(report in opened for report in shape.reports)
    ]
    unread += [
        outlier.report_id
        for outlier in shapes.outliers
        if outlier.report_id in identifiers and outlier.report_id not in opened
    ]
    lines = "\n".join(f"{each.report_id} {each.pdf_digest} {each.data_digest}" for each in named)
    return ChosenSet(
        shapes=tuple(shape.key for shape in chosen),
        named=named,
        left_out=tuple(sorted(members - set(identifiers))),
        roles=tuple(role for role in roles if any(role in standing.missing for standing in ready)),
        coverage=cover(shapes, identifiers, opened),
        unread=tuple(dict.fromkeys(unread)),
        digest=hashlib.sha256(lines.encode()).hexdigest(),
    )
