"""Review by shape: reports that read alike, those that stand out, and how much of the batch somebody has really read.

Nobody reads 366 reports of forty pages. Whoever reads one of each shape and every outlier has met nearly every sentence
and every kind of action; how nearly is counted, and said.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from shirase.domain.action import Effect
from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadReport, ReadSection, wording_of

FOLLOWS_KINDS = frozenset({"5", "C", "D"})
"""Sections whose lists follow from the kinds of action that occur: no part of a shape, but of the texts to be read."""

NOT_WORDING = frozenset({"0", "A", "B", "E", *FOLLOWS_KINDS})
"""Likewise the head of the letter and the annexes: they repeat the sections, or are the same for the batch."""

VALUES = frozenset({"TH", "TD", "Caption"})
"""Cells of tables: the section on impact fills them with figures of one customer."""


class Weight(StrEnum):
    """What actions come to: they changed something, they read something, or neither."""

    CHANGES = "changes"
    READS = "reads"
    OTHER = "other"


WEIGHTS: Mapping[Effect, Weight] = {
    **dict.fromkeys(
        (Effect.IMPERSONATE, Effect.RESET, Effect.DELETE, Effect.CREATE, Effect.CHANGE, Effect.AUTHORISE),
        Weight.CHANGES,
    ),
    **dict.fromkeys((Effect.EXPORT, Effect.SEARCH, Effect.VIEW), Weight.READS),
    **dict.fromkeys((Effect.AUTHENTICATE, Effect.COMMUNICATE, Effect.OTHER), Weight.OTHER),
}
"""Exact sets of effects or codes would make nearly every report a shape of its own (314 of 366 in the rehearsal); kinds
of action that are rare make a report an outlier instead."""

UNUSUAL_SHARE = 0.05
"""An effect that stands in no more than this share of the reports is unusual."""

RARE_SHARE = 0.02
"""An action code that stands in no more than this share of the reports is rare; one that stands in one always is."""

MOST_ACTIONS_SHARE = 0.02
"""Share of the reports, rounded up, that count as those with most actions."""

LONG_TEXT_FACTOR = 1.5
"""A report whose words outside of Annex A are so many times the median is long."""


class Standout(StrEnum):
    """Why a report is an outlier."""

    MOST_ACTIONS = "most_actions"
    RARE_ACTION = "rare_action"
    UNUSUAL_EFFECT = "unusual_effect"
    LONG_TEXT = "long_text"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Shape:
    """Reports with the same sections, wording and weights of actions.

    Attributes:
        key: ``S01`` and so on, the largest first.
        impact: What they say of the customer as a whole.
        weights: What the actions come to.
        effects: What the actions of any of them do.
        reports: Ids, the one to read first.
    """

    key: str
    impact: str
    weights: tuple[str, ...]
    effects: tuple[str, ...]
    reports: tuple[str, ...]

    @property
    def example(self) -> str:
        """The report to read for all of them: the one with most distinct texts."""
        return self.reports[0]


@dataclass(frozen=True, slots=True)
class Outlier:
    """A report that stands out, and why."""

    report_id: str
    reasons: tuple[Standout, ...]
    rare_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shapes:
    """The batch by shape.

    Attributes:
        shapes: The largest first.
        outliers: Those with most reasons first.
        texts: Distinct texts of each report, its own values taken out.
        codes: Codes of actions of each report.
    """

    shapes: tuple[Shape, ...]
    outliers: tuple[Outlier, ...]
    texts: Mapping[str, frozenset[str]]
    codes: Mapping[str, frozenset[str]]

    @property
    def report_count(self) -> int:
        """All reports."""
        return len(self.texts)

    def shape_of(self, report_id: str) -> Shape | None:
        """The shape a report has; None when it is not in the batch."""
        return next((shape for shape in self.shapes if report_id in shape.reports), None)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a set of reports one reviewer has opened. Never that the rest was read."""

    reports: int
    reports_read: int
    shapes: int
    shapes_read: int
    outliers: int
    outliers_read: int
    texts: int
    texts_read: int
    codes: int
    codes_read: int

    @property
    def is_enough(self) -> bool:
        """Whether the set may be approved at once: one of each shape and every outlier were opened."""
        return self.shapes_read == self.shapes and self.outliers_read == self.outliers and self.reports > 0

    def statement(self) -> str:
        """The sentence for the journal, which is kept in English."""
        return (
            f"{self.reports_read} of {self.reports} reports opened: {self.shapes_read} of {self.shapes} shapes, "
            f"{self.outliers_read} of {self.outliers} outliers; {self.texts_read} of {self.texts} distinct texts and "
            f"{self.codes_read} of {self.codes} kinds of action stand in them. The others were not opened."
            if self.reports_read < self.reports
            else f"all {self.reports} reports opened, of {self.shapes} shapes, {self.outliers} of them outliers"
        )


def find_shapes(reports: Sequence[ReadReport]) -> Shapes:
    """Put ``reports`` into shapes and name the outliers; the order they come in means nothing."""
    ordered = sorted(reports, key=lambda report: report.report_id)
    texts = {report.report_id: texts_of(report.sections, report.own) for report in ordered}
    groups: dict[tuple[object, ...], list[ReadReport]] = defaultdict(list)
    for report in ordered:
        groups[_shape_key(report)].append(report)
    in_order = sorted(groups.values(), key=lambda group: (-len(group), group[0].report_id))
    shapes = tuple(
        Shape(
            key=f"S{number:02d}",
            impact=group[0].impact,
            weights=tuple(weight.value for weight in Weight if weight in _weights(group[0])),
            effects=tuple(effect.value for effect in Effect if any(each.by_effect.get(effect) for each in group)),
            reports=_example_first(group, texts),
        )
        for number, group in enumerate(in_order, start=1)
    )
    codes = {report.report_id: frozenset(report.by_code) for report in ordered}
    return Shapes(shapes, _outliers(ordered), texts, codes)


def cover(shapes: Shapes, chosen: Collection[str], opened: Collection[str]) -> Coverage:
    """What of ``chosen`` was read by somebody who has opened ``opened``.

    A shape counts as read when one report of it was opened, whether or not that one is among those chosen; an outlier
    only when it was opened itself.
    """
    concerned = [shape for shape in shapes.shapes if any(report in chosen for report in shape.reports)]
    outliers = [outlier.report_id for outlier in shapes.outliers if outlier.report_id in chosen]
    seen = [report for report in opened if report in shapes.texts]
    texts, codes = _union(shapes.texts, chosen), _union(shapes.codes, chosen)
    return Coverage(
        reports=len(chosen),
        reports_read=sum(report in opened for report in chosen),
        shapes=len(concerned),
        shapes_read=sum(any(report in opened for report in shape.reports) for shape in concerned),
        outliers=len(outliers),
        outliers_read=sum(report in opened for report in outliers),
        texts=len(texts),
        texts_read=len(texts & _union(shapes.texts, seen)),
        codes=len(codes),
        codes_read=len(codes & _union(shapes.codes, seen)),
    )


def texts_of(sections: Iterable[ReadSection], own: tuple[str, ...]) -> frozenset[str]:
    """Distinct texts of ``sections``, each with its language and place, its values taken out."""
    return frozenset(
        f"{section.language}{section.number}:{words}"
        for section in sections
        for block in section.blocks
        if (words := wording_of(block.text, own).strip("# ‹›"))
    )


def _shape_key(report: ReadReport) -> tuple[object, ...]:
    """Japanese has no plural, so that the same sentence about one action and about several is one wording."""
    japanese = report.of(Language.JA)
    wording = frozenset(
        f"{section.number}:{wording_of(block.text, report.own)}"
        for section in japanese
        if section.number not in NOT_WORDING
        for block in section.blocks
        if not (section.number == "4" and block.kind in VALUES)
    )
    return report.impact, tuple(section.number for section in japanese), wording, _weights(report)


def _weights(report: ReadReport) -> frozenset[Weight]:
    return frozenset(WEIGHTS[Effect(effect)] for effect, count in report.by_effect.items() if count)


def _example_first(group: Sequence[ReadReport], texts: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    example = max(group, key=lambda report: (len(texts[report.report_id]), -report.action_count)).report_id
    return (example, *(report.report_id for report in group if report.report_id != example))


def _outliers(reports: Sequence[ReadReport]) -> tuple[Outlier, ...]:
    if not reports:
        return ()
    rare = _in_few([report.by_code for report in reports], RARE_SHARE)
    unusual = _in_few([report.by_effect for report in reports], UNUSUAL_SHARE)
    most = ceil(len(reports) * MOST_ACTIONS_SHARE)
    busiest = {report.report_id for report in sorted(reports, key=lambda report: -report.action_count)[:most]}
    lengths = sorted(report.character_count for report in reports)
    long = lengths[len(lengths) // 2] * LONG_TEXT_FACTOR
    found = []
    for report in reports:
        rare_codes = tuple(sorted(rare.intersection(report.by_code)))
        holds = {
            Standout.CONFIRMED: report.flagged.get("confirmed", 0) > 0,
            Standout.UNUSUAL_EFFECT: bool(unusual.intersection(report.by_effect)),
            Standout.MOST_ACTIONS: report.report_id in busiest,
            Standout.RARE_ACTION: bool(rare_codes),
            Standout.LONG_TEXT: report.character_count > long,
        }
        if reasons := tuple(reason for reason, true in holds.items() if true):
            found.append(Outlier(report.report_id, reasons, rare_codes))
    return tuple(sorted(found, key=lambda outlier: (-len(outlier.reasons), outlier.report_id)))


def _in_few(counted: Sequence[Mapping[str, int]], share: float) -> frozenset[str]:
    """What occurs in one report, or in no more than ``share`` of all."""
    spread = Counter(name for counts in counted for name, count in counts.items() if count)
    return frozenset(name for name, count in spread.items() if count <= max(1, int(len(counted) * share)))


def _union(sets: Mapping[str, frozenset[str]], names: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(sets[name] for name in names if name in sets))
