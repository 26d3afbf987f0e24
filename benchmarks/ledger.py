"""How long the overview of a batch takes, and what it costs to write the batch down."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from shirase.domain.deadlines import Deadline
from shirase.domain.review import Operator, Policy
from shirase.domain.standing import Anchor, Named
from shirase.ledger.database import place_of
from shirase.ledger.drafts import DraftedBytes, Rules
from shirase.ledger.open import Ledger, open_ledger
from shirase.ledger.writing import Tools
from shirase.wiring import new_id

TARGETS = {366: 0.05, 10_000: 0.2}
"""Seconds that an overview may take, by reports."""

NOW = datetime(2022, 3, 24, tzinfo=UTC)
RIKU, KEIKO, DANA = Operator("Riku", ("responder",)), Operator("田中 恵子", ("legal",)), Operator("Dana", ("comms",))
RULES = ("appi-preliminary", "appi-proviso", "gdpr-33-1", "gdpr-33-2")


def run() -> None:
    """Both sizes, on SQLite."""
    for count, target in TARGETS.items():
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name) / "INC-1"
            folder.mkdir()
            ledger = open_ledger(place_of(None, folder), folder / "ledger.heads", Tools(lambda: NOW, new_id))
            written = _seconds(lambda ledger=ledger, count=count: _fill(ledger, count))
            read = median(_seconds(ledger.overview.standings) for _ in range(9))
            verified = _seconds(ledger.find_breaks)
            entries = ledger.overview.head()[0]
            ledger.close()
        verdict = "within" if read < target else "ABOVE"
        print(
            f"{count:>6} reports: overview {read * 1000:.0f} ms ({verdict} {target * 1000:.0f}); written with two "
            f"approvals each in {written:.1f} s; {entries} entries verified in {verified:.1f} s"
        )


def _fill(ledger: Ledger, count: int) -> None:
    """Every report approved by two, with four deadlines; some held, some commented on."""
    ledger.people.put(RIKU, RIKU)
    for person in (KEIKO, DANA):
        ledger.people.put(RIKU, person)
    drafts = [_draft(number) for number in range(count)]
    deadlines = tuple(
        Deadline(draft.customer_id, rule, NOW + timedelta(hours=72 + place))
        for draft in drafts
        for place, rule in enumerate(RULES)
    )
    ledger.drafts.register(RIKU, drafts, Rules(Policy(), deadlines))
    ledger.drafts.submit(RIKU, [draft.report_id for draft in drafts])
    named = [Named(draft.report_id, draft.pdf_digest, draft.data_digest) for draft in drafts]
    for person, role in ((KEIKO, "legal"), (DANA, "comms")):
        ledger.decisions.approve(person, role, named, statement="read", obstacles={})
    for draft in drafts[::50]:
        ledger.talk.hold(KEIKO, draft.customer_id, "litigation", NOW)
    ledger.talk.comment(DANA, drafts[0].report_id, Anchor("7"), "shared", shared=[each.report_id for each in drafts])


def _draft(number: int) -> DraftedBytes:
    pdf, data = (hashlib.sha256(f"{kind} {number}".encode()).hexdigest() for kind in ("pdf", "data"))
    return DraftedBytes(f"INC-1-{number:08d}", f"C-{number:06d}", pdf, data)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
