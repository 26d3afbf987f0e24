"""Decisions that were made offline, taken over once each, also when that was broken off half-way and begins again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shirase.domain.errors import GateError, Problem
from shirase.domain.review import Operator, State
from shirase.domain.standing import Anchor, Named, Standing
from shirase.pipeline.review_book import ReviewBook


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Decision(_Strict):
    """What was decided about one report: ``approve``, ``return`` or nothing, and a comment."""

    report_id: str
    pdf_digest: str
    decision: str
    comment: str = ""


class Decisions(_Strict):
    """What the page signs."""

    bundle: str
    decided_at: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """A bundle that went out. Kept for its owner only; ``code`` is the key of its answer."""

    bundle: str
    operator: str
    role: str
    code: str
    reports: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an answer came to, by report id; ``before`` had been taken over already when this began."""

    operator: str
    role: str
    approved: tuple[str, ...]
    returned: tuple[str, ...]
    commented: tuple[str, ...]
    before: tuple[str, ...] = ()


def require_of_bundle(issued: Issued, decisions: Decisions) -> None:
    """Refuse decisions on other bytes than those that went out, and two about one report.

    Raises:
        GateError: Naming the report.
    """
    known = {(report, pdf) for report, pdf, _ in issued.reports}
    decided: set[str] = set()
    for each in decisions.decisions:
        if (each.report_id, each.pdf_digest) not in known:
            raise GateError(Problem("was not in this bundle with these bytes", each.report_id, "export a new one"))
        if each.report_id in decided:
            raise GateError(Problem("is decided on twice in one answer", each.report_id, "ask its reviewer"))
        decided.add(each.report_id)


def take_over(book: ReviewBook, reviewer: Operator, issued: Issued, decisions: Decisions, now: datetime) -> Imported:
    """Write ``decisions`` into the ledger in the name of ``reviewer``; what stands there already is left alone.

    Raises:
        NotApprovedError: When the rules of the review refuse one; none of the approvals is then written.
    """
    standings = {each.report_id: each for each in book.standings()}
    digests = {report: Named(report, pdf, data) for report, pdf, data in issued.reports}
    done = {each.report_id for each in decisions.decisions if _is_done(standings.get(each.report_id), each, issued)}
    approved = [each for each in decisions.decisions if each.decision == "approve" and each.report_id not in done]
    returned = [each for each in decisions.decisions if each.decision == "return" and each.report_id not in done]
    statement = (
        f"decided offline from bundle {issued.bundle}, signed with its code, taken over at {now:%Y-%m-%dT%H:%M:%SZ}: "
        f"{len(approved)} of {len(issued.reports)} reports; what was opened cannot be seen"
    )
    if approved:
        book.approve(reviewer, issued.role, [digests[each.report_id] for each in approved], statement)
    for each in returned:
        book.send_back(reviewer, digests[each.report_id], each.comment.strip() or statement)
    return Imported(
        issued.operator,
        issued.role,
        tuple(each.report_id for each in approved),
        tuple(sorted(each.report_id for each in returned)),
        tuple(_comment(book, reviewer, decisions.decisions)),
        tuple(sorted(done)),
    )


def _is_done(standing: Standing | None, decision: Decision, issued: Issued) -> bool:
    """Whether the ledger has this very decision about the current bytes already."""
    if standing is None or standing.revision.pdf_digest != decision.pdf_digest:
        return False
    if decision.decision == "return":
        return standing.state == State.CHANGES_REQUESTED
    given = {(each.role, each.operator) for each in standing.given}
    return decision.decision == "approve" and (issued.role, issued.operator) in given


def _comment(book: ReviewBook, reviewer: Operator, decisions: Sequence[Decision]) -> list[str]:
    """Say what was said beside a decision; of a return it is the reason and was said with it."""
    commented = []
    for each in decisions:
        text = each.comment.strip()
        if not text or each.decision == "return":
            continue
        said = book.remarks(each.report_id, frozenset())
        if not any((one.author, one.text, one.anchor) == (reviewer.name, text, Anchor()) for one in said):
            book.remark(reviewer, each.report_id, Anchor(), text)
            commented.append(each.report_id)
    return commented
