"""Ledgers for tests: people, drafts, a clock that moves when it is told to."""

import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shirase.domain.deadlines import Deadline
from shirase.domain.review import Operator, Policy
from shirase.domain.sending import PlannedMail
from shirase.domain.standing import Named, Standing
from shirase.ledger.database import place_of
from shirase.ledger.drafts import DraftedBytes, Rules
from shirase.ledger.open import Ledger, open_ledger
from shirase.ledger.writing import Tools

NOW = datetime(2022, 3, 24, 1, 0, tzinfo=UTC)
RIKU = Operator("Riku", ("responder",))
KEIKO = Operator("田中 恵子", ("legal",))
DANA = Operator("Dana Reyes", ("comms",))
SORA = Operator("Sora", ("sender",))
ROBOT = Operator("ci-robot", ("responder", "legal", "comms", "sender"), is_service=True)
ALL = Operator("Alex", ("comms", "legal", "responder", "sender"))
PEOPLE = (KEIKO, DANA, SORA, ROBOT, ALL)
REASON = "because"


@dataclass
class Clock:
    """A clock that stands still."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Counter:
    """Names one after the other."""

    start: str = "id"
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __call__(self) -> str:
        return f"{self.start}-{next(self.numbers)}"


@contextmanager
def ledger_in(folder: Path, url: str | None = None, *, clock: Clock | None = None, ids: str = "id") -> Iterator[Ledger]:
    """A ledger of ``folder``, closed afterwards."""
    folder.mkdir(exist_ok=True, parents=True)
    ledger = open_ledger(place_of(url, folder), folder / "ledger.heads", Tools(clock or Clock(), Counter(ids)))
    try:
        yield ledger
    finally:
        ledger.close()


def with_people(ledger: Ledger) -> Ledger:
    """Everybody above may act."""
    ledger.people.put(RIKU, RIKU)
    for person in PEOPLE:
        ledger.people.put(RIKU, person)
    return ledger


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def drafted(number: int, bytes_: str = "first") -> DraftedBytes:
    """The bytes of report ``number``."""
    seed = f"{number} {bytes_}"
    return DraftedBytes(f"R-{number:05d}", f"C-{number:05d}", digest("pdf " + seed), digest("data " + seed))


def named(draft: DraftedBytes) -> Named:
    return Named(draft.report_id, draft.pdf_digest, draft.data_digest)


def rules(*drafts: DraftedBytes, policy: Policy | None = None) -> Rules:
    """One lawyer, one of communications; one deadline for each customer."""
    deadlines = tuple(Deadline(draft.customer_id, "gdpr-33-2", NOW + timedelta(hours=50)) for draft in drafts)
    return Rules(policy or Policy(), deadlines)


def in_review(ledger: Ledger, *drafts: DraftedBytes, policy: Policy | None = None) -> None:
    """Registered and submitted by the responder."""
    ledger.drafts.register(RIKU, drafts, rules(*drafts, policy=policy))
    ledger.drafts.submit(RIKU, [draft.report_id for draft in drafts])


def approve(ledger: Ledger, person: Operator, role: str, *drafts: DraftedBytes) -> None:
    ledger.decisions.approve(person, role, [named(draft) for draft in drafts], statement="read", obstacles={})


def standing(ledger: Ledger, draft: DraftedBytes) -> Standing:
    return ledger.overview.standings(draft.report_id)[0]


def sealed(ledger: Ledger, *drafts: DraftedBytes) -> None:
    """In review, approved by both roles, and sealed."""
    in_review(ledger, *drafts)
    approve(ledger, KEIKO, "legal", *drafts)
    approve(ledger, DANA, "comms", *drafts)
    for draft in drafts:
        ledger.decisions.seal(SORA, named(draft), digest("sealed"), obstacles={})


def planned_mail(draft: DraftedBytes, address: str = "ciso@customer.example", **changed: object) -> PlannedMail:
    """A mail with the sealed report of ``draft``."""
    identifier = f"d-{draft.report_id[-5:]}-{address.partition('@')[0]}"
    values = {
        "delivery_id": identifier, "report_id": draft.report_id, "number": 1, "customer_id": draft.customer_id,
        "address": address, "kind": "report", "message_id": f"<{identifier}@sender.example>",
        "dated_at": "2022-03-24T10:00:00+09:00", "content_digest": digest("content"), "mail_digest": digest("mail"), "size": 1000,
        "sealed_digest": digest("sealed"), "wave": 1,
    }  # fmt: skip
    return PlannedMail(**{**values, **changed})  # type: ignore[arg-type]
