"""The overview: how the whole batch stands, and its reports, those that stand out on top."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlencode

from shirase.desk.charts import Bar, Bars, bars, lying_bars
from shirase.domain.action import Effect
from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadReport
from shirase.domain.review import State
from shirase.domain.shapes import Outlier, Shapes
from shirase.domain.standing import Standing

PAGE = 100
"""Reports on one page."""

Order = Literal["outliers", "deadline", "actions", "report"]
ORDERS: tuple[str, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports to list: empty means all.

    ``mine`` asks for those that wait for a role of the reader, ``held`` for those on hold, ``outlier`` for outliers.
    """

    state: str = ""
    effect: str = ""
    text: str = ""
    mine: bool = False
    held: bool = False
    outlier: bool = False
    remarks: bool = False
    order: str = "outliers"
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Wanted":
        """From the address of a page; what makes no sense counts as not asked."""
        page = query.get("page", "")
        return cls(
            state=query.get("state", ""),
            effect=query.get("effect", ""),
            text=query.get("q", "").strip(),
            mine="mine" in query,
            held="held" in query,
            outlier="outlier" in query,
            remarks="remarks" in query,
            order=query.get("order", "") if query.get("order", "") in ORDERS else "outliers",
            page=int(page) if page.isascii() and page.isdigit() and 0 < int(page) < 100_000 else 1,
        )

    def address(self, page: int) -> str:
        """The same list, another page of it."""
        values = {"state": self.state, "effect": self.effect, "q": self.text, "order": self.order, "page": str(page)}
        flags = [name for name in ("mine", "held", "outlier", "remarks") if getattr(self, name)]
        return "?" + urlencode([*((k, v) for k, v in values.items() if v), *((flag, "1") for flag in flags)])


@dataclass(frozen=True, slots=True)
class Line:
    """One report in the list."""

    standing: Standing
    report: ReadReport
    outlier: Outlier | None
    name: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows.

    Attributes:
        total: Reports in review.
        states: Reports by state.
        waiting: Reports by the role whose approval is missing.
        held: Reports on hold.
        overdue_holds: Those of them whose day has passed.
        pressing: Reports with a deadline whose alarm has gone off.
        remarks: Comments that nobody has resolved.
        outliers: Reports that stand out.
        actions: Rows of all reports.
        per_customer: Chart of actions a customer.
        effects: Chart of actions by effect.
        lines: Those of this page.
        matching: Reports that are as wanted.
        pages: Pages of the list.
    """

    total: int
    states: Mapping[str, int]
    waiting: Mapping[str, int]
    held: int
    overdue_holds: int
    pressing: int
    remarks: int
    outliers: int
    actions: int
    per_customer: Bars | None
    effects: tuple[Bar, ...]
    lines: tuple[Line, ...]
    matching: int
    pages: int


def build_overview(
    standings: Sequence[Standing],
    reports: Mapping[str, ReadReport],
    shapes: Shapes,
    *,
    wanted: Wanted,
    reader: tuple[Language, tuple[str, ...]],
) -> Overview:
    """The overview of ``standings``, for a reader of that language and those roles."""
    language, roles = reader
    standing_out = {outlier.report_id: outlier for outlier in shapes.outliers}
    lines = [
        Line(each, reports[each.report_id], standing_out.get(each.report_id), reports[each.report_id].name(language))
        for each in standings
    ]
    matching = sorted((line for line in lines if _is_wanted(line, wanted, roles)), key=_sort_key(wanted.order))
    by_effect: Counter[str] = Counter()
    for line in lines:
        by_effect.update(line.report.by_effect)
    begin = (wanted.page - 1) * PAGE
    return Overview(
        total=len(lines),
        states=Counter(each.state for each in standings),
        waiting=Counter(
            role for each in standings if each.state == State.IN_REVIEW for role in dict.fromkeys(each.missing)
        ),
        held=sum(bool(each.holds) for each in standings),
        overdue_holds=sum(any(hold.overdue for hold in each.holds) for each in standings),
        pressing=sum(any(due.pressing for due in each.deadlines) for each in standings),
        remarks=sum(each.open_comments for each in standings),
        outliers=sum(line.outlier is not None for line in lines),
        actions=sum(line.report.action_count for line in lines),
        per_customer=bars([line.report.action_count for line in lines]),
        effects=lying_bars({effect.value: by_effect[effect.value] for effect in Effect}),
        lines=tuple(matching[begin : begin + PAGE]),
        matching=len(matching),
        pages=max(1, -(-len(matching) // PAGE)),
    )


def _is_wanted(line: Line, wanted: Wanted, roles: Iterable[str]) -> bool:
    standing, report = line.standing, line.report
    if wanted.text:
        words = (standing.report_id, standing.customer_id, report.name_ja, report.name_en)
        if wanted.text.casefold() not in "\n".join(words).casefold():
            return False
    return not (
        (wanted.state and standing.state != wanted.state)
        or (wanted.effect and not report.by_effect.get(wanted.effect))
        or (wanted.mine and not (standing.state == State.IN_REVIEW and set(roles).intersection(standing.missing)))
        or (wanted.held and not standing.holds)
        or (wanted.outlier and line.outlier is None)
        or (wanted.remarks and not standing.open_comments)
    )


class _Sorting:
    """Orders of the list; ties by report id, so that pages never overlap."""

    @staticmethod
    def outliers(line: Line) -> tuple[int, str]:
        return -(len(line.outlier.reasons) if line.outlier is not None else 0), line.standing.report_id

    @staticmethod
    def deadline(line: Line) -> tuple[bool, datetime, str]:
        due = min((each.at for each in line.standing.deadlines), default=None)
        return due is None, due or line.standing.revision.at, line.standing.report_id

    @staticmethod
    def actions(line: Line) -> tuple[int, str]:
        return -line.report.action_count, line.standing.report_id

    @staticmethod
    def report(line: Line) -> str:
        return line.standing.report_id


def _sort_key(order: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - each order has a key of its own type
    return getattr(_Sorting, order)
