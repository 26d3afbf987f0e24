"""Revisions: which bytes each report has now, and putting them into review."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from shirase.domain.deadlines import Deadline
from shirase.domain.errors import NotApprovedError, Problem, TamperedError
from shirase.domain.journal import Kind
from shirase.domain.review import Move, Operator, Policy, State, moved, require_mover
from shirase.ledger import tables
from shirase.ledger.current import Current, current_revisions, require_current
from shirase.ledger.people import write_rules
from shirase.ledger.writing import Change, Store


@dataclass(frozen=True, slots=True)
class DraftedBytes:
    """One report as it lies on disk; ``wrote`` are those whose proposed words stand in it."""

    report_id: str
    customer_id: str
    pdf_digest: str
    data_digest: str
    wrote: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """What the case says about approval and deadlines."""

    policy: Policy
    deadlines: tuple[Deadline, ...]
    alarm_hours: int = 24


@dataclass(frozen=True, slots=True)
class Registered:
    """What a registration did, by report id.

    Attributes:
        new: Got a revision, without approvals.
        same: Have the bytes they had, and keep what was said about them.
    """

    new: tuple[str, ...]
    same: tuple[str, ...]


class Drafts:
    """Registering and submitting."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def register(
        self, by: Operator, drafts: Sequence[DraftedBytes], rules: Rules | None, *, token: str | None = None
    ) -> Registered:
        """Take over what was drafted: other bytes are a new revision, the same bytes stay the one they are.

        Args:
            by: Who drafted them.
            drafts: What lies on disk.
            rules: What the case says; None leaves what the ledger has.
            token: Of the step under which this happens, as :meth:`Steps.run` gives it.

        Raises:
            NotApprovedError: When ``by`` may not draft.
            TamperedError: When the step is no longer the one that runs.
        """
        with self._store.change(by) as change:
            require_mover(change.by, Move.SUBMIT, "draft")
            require_step(change, token)
            if rules is not None:
                write_rules(change, rules.policy, rules.deadlines, alarm_hours=rules.alarm_hours)
            known = current_revisions(change.connection)
            new, same = [], []
            for draft in drafts:
                before = known.get(draft.report_id)
                if before is not None and (before.pdf_digest, before.data_digest) == _bytes(draft):
                    same.append(draft.report_id)
                    continue
                _require_owner(before, draft)
                detail = {
                    "customer_id": draft.customer_id,
                    "number": 1 if before is None else before.number + 1,
                    "pdf_digest": draft.pdf_digest,
                    "data_digest": draft.data_digest,
                    "wrote": sorted(draft.wrote),
                }
                change.record(Kind.REGISTERED, draft.report_id, detail)
                new.append(draft.report_id)
        return Registered(tuple(new), tuple(same))

    def submit(self, by: Operator, report_ids: Sequence[str], reason: str = "") -> tuple[str, ...]:
        """Put reports into review: those drafted, and with a reason those sent back. Returns them; others are left.

        Raises:
            NotApprovedError: When ``by`` may not, or a report was never registered.
        """
        done = []
        with self._store.change(by) as change:
            require_mover(change.by, Move.SUBMIT, "review")
            known = current_revisions(change.connection)
            for report_id in report_ids:
                current = require_current(known, report_id)
                if current.state is State.DRAFTED or (current.state is State.CHANGES_REQUESTED and reason):
                    moved(current.state, Move.SUBMIT, report_id)
                    change.record(Kind.SUBMITTED, report_id, {"number": current.number, "reason": reason})
                    done.append(report_id)
        return tuple(done)


def require_step(change: Change, token: str | None) -> None:
    """Refuse when the step that ``token`` stands for is not the one that runs.

    Raises:
        TamperedError: When another one runs, or none.
    """
    if token is None:
        return
    running = change.connection.execute(select(tables.steps.c.token)).scalar_one_or_none()
    if running != token:
        mend = "look at the journal, then run it again"
        raise TamperedError(Problem("this step lost its lock while it ran, and changes nothing", "step", mend))


def _bytes(draft: DraftedBytes) -> tuple[str, str]:
    return draft.pdf_digest, draft.data_digest


def _require_owner(before: Current | None, draft: DraftedBytes) -> None:
    if before is not None and before.customer_id != draft.customer_id:
        what = f"was the report of {before.customer_id} and would now be that of {draft.customer_id}"
        raise NotApprovedError(Problem(what, draft.report_id, "restore customers.csv"))
