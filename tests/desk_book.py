"""A ledger in memory for tests of the pages alone: what the pages ask for, without any of the ledger's own rules."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from shirase.domain.review import Operator
from shirase.domain.standing import Anchor, Due, Entry, Given, Held, Named, Remark, Revision, Standing
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.receipts import read_receipts
from shirase.pipeline.revision_store import keep_revision

NOW = datetime(2022, 3, 24, 1, 0, tzinfo=UTC)
ROLES = ("comms", "legal")
REVIEWERS = {
    "田中 恵子": Operator("田中 恵子", ("legal",)),
    "Dana Reyes": Operator("Dana Reyes", ("comms",)),
}


@dataclass
class MemoryBook:
    """Everything said and done, in lists."""

    output: OutputFolder
    revisions_of: dict[str, list[Revision]] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    given: dict[str, list[tuple[str, Given]]] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    held: dict[str, list[Held]] = field(default_factory=dict)
    said: list[Remark] = field(default_factory=list)
    lines: list[Entry] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)

    @classmethod
    def submit(cls, folder: Path) -> "MemoryBook":
        book = cls(OutputFolder(folder))
        book.register()
        return book

    def register(self) -> None:
        for receipt in read_receipts(self.output):
            keep_revision(self.output, receipt)
            known = self.revisions_of.setdefault(receipt.report_id, [])
            if not known or known[-1].pdf_digest != receipt.pdf_digest:
                known.append(Revision(len(known) + 1, receipt.pdf_digest, receipt.data_digest, NOW))
                self.state[receipt.report_id] = "in_review"
            self.customers[receipt.report_id] = receipt.customer_id

    def reviewer(self, name: str) -> Operator | None:
        return REVIEWERS.get(name)

    def standings(self) -> Sequence[Standing]:
        return [self._standing(report) for report in sorted(self.revisions_of)]

    def revisions(self, report_id: str) -> Sequence[Revision]:
        return tuple(self.revisions_of[report_id])

    def remarks(self, report_id: str, keys: frozenset[str]) -> Sequence[Remark]:
        return [each for each in self.said if each.report_id == report_id or each.anchor.key in keys]

    def opened(self, reviewer: Operator) -> frozenset[str]:
        return frozenset(digest for name, digest in self.seen if name == reviewer.name)

    def entries(self, before: int | None, limit: int) -> Sequence[Entry]:
        found = [entry for entry in reversed(self.lines) if before is None or entry.number < before]
        return found[:limit]

    def is_sound(self) -> bool:
        return True

    def note_opened(self, reviewer: Operator, named: Named) -> None:
        self.seen.add((reviewer.name, named.pdf_digest))
        self._write(reviewer, "opened", named.report_id, "", named.pdf_digest)

    def approve(self, reviewer: Operator, role: str, named: Sequence[Named], statement: str) -> None:
        for each in named:
            self.given.setdefault(each.report_id, []).append((each.pdf_digest, Given(role, reviewer.name, NOW)))
            self._write(reviewer, "approved", each.report_id, statement, each.pdf_digest)
            if not self._standing(each.report_id).missing:
                self.state[each.report_id] = "approved"

    def send_back(self, reviewer: Operator, named: Named, reason: str) -> None:
        self.state[named.report_id] = "changes_requested"
        self._write(reviewer, "changes_requested", named.report_id, reason, named.pdf_digest)

    def hold(self, reviewer: Operator, report_id: str, reason: str, until: datetime) -> None:
        overdue = until < NOW
        with self.lock:
            held = self.held.setdefault(report_id, [])
            held.append(Held(f"{report_id}-{len(held)}", reason, reviewer.name, until, overdue))
        self._write(reviewer, "held", report_id, reason, "")

    def release(self, reviewer: Operator, hold_id: str, reason: str) -> None:
        for report, held in self.held.items():
            self.held[report] = [each for each in held if each.id != hold_id]
        self._write(reviewer, "released", hold_id, reason, "")

    def remark(self, reviewer: Operator, report_id: str, anchor: Anchor, text: str) -> None:
        with self.lock:
            self.said.append(Remark(str(len(self.said) + 1), report_id, anchor, text, reviewer.name, NOW, None))
        self._write(reviewer, "commented", report_id, text, "")

    def resolve(self, reviewer: Operator, remark_id: str) -> None:
        self.said = [replace(each, resolved_by=reviewer.name) if each.id == remark_id else each for each in self.said]
        self._write(reviewer, "resolved", remark_id, "", "")

    def _standing(self, report_id: str) -> Standing:
        current = self.revisions_of[report_id][-1]
        given = tuple(each for digest, each in self.given.get(report_id, []) if digest == current.pdf_digest)
        return Standing(
            report_id=report_id,
            customer_id=self.customers[report_id],
            state=self.state[report_id],
            revision=current,
            given=given,
            missing=tuple(role for role in ROLES if role not in {each.role for each in given}),
            holds=tuple(self.held.get(report_id, ())),
            deadlines=(Due("APPI 26(1)", NOW + timedelta(hours=50), pressing=False),),
            open_comments=sum(each.report_id == report_id and each.resolved_by is None for each in self.said),
        )

    def _write(self, reviewer: Operator, what: str, subject: str, detail: str, digest: str) -> None:
        with self.lock:
            number = len(self.lines) + 1
            chained = digest or hashlib.sha256(str(number).encode()).hexdigest()
            self.lines.append(Entry(number, NOW, reviewer.name, what, subject, detail, chained))
