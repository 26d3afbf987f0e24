"""Customers and actions at the limits of what a page has to hold: none, one, very many, the longest."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import product

from shirase.domain.action import (
    ActorKind,
    ActorNative,
    Basis,
    EvidenceRef,
    Justification,
    Observation,
    Outcome,
    SupportAction,
    Target,
    TimeQuality,
)
from shirase.domain.bilingual import Language
from shirase.domain.catalogue import Catalogue
from shirase.domain.customer import Customer, Paper
from shirase.domain.disposition import Rule
from shirase.domain.scoped import ScopedAction
from shirase.domain.window import Window
from shirase.rehearsal.hostile import HOSTILE_NAMES, UNBROKEN_WORD

EN_FIRST = (Language.EN, Language.JA)

LONG_JA = "独立行政法人国際産業技術情報基盤整備推進機構附属先端情報通信安全対策研究開発支援総合センター" * 2
LONG_EN = "The Incorporated Administrative Agency for the Advancement of International Industrial Infrastructure " * 2
UNBROKEN_ID = "00u" + UNBROKEN_WORD * 2 + "@" + "sub." * 40 + "example"


@dataclass(frozen=True, slots=True)
class HardReport:
    """One report to draw: what is hard about it, whose it is, and its actions in order of time."""

    name: str
    customer: Customer
    actions: tuple[ScopedAction, ...]


def hard_reports(catalogue: Catalogue, window: Window, source_id: str, rows: int) -> Iterator[HardReport]:
    """The reports, smallest first.

    Args:
        catalogue: Of the case; each of its kinds of action occurs.
        window: Of the case.
        source_id: A source of the case.
        rows: Actions of the largest report.
    """
    maker = _Maker(tuple(catalogue.by_code), window.start_at, source_id)
    plain = Customer(customer_id="LINT-1", name_ja="株式会社見本", name_en="Mihon K.K.", tenant_ids=("tn-lint",))
    letter = plain.model_copy(
        update={"languages": EN_FIRST, "paper": Paper.LETTER, "time_zone": "America/St_Johns", "name_ja": ""}
    )
    tenants = tuple(f"tn-lint-{number:02}-{'x' * (number % 40)}" for number in range(30))
    longest = {
        "name_ja": LONG_JA, "name_en": LONG_EN.strip(), "tenant_ids": tenants, "time_zone": "Pacific/Chatham",
        "department_ja": LONG_JA, "department_en": LONG_EN.strip(), "person_title_ja": LONG_JA[:60],
        "person_title_en": LONG_EN[:90].strip(), "person_ja": "寿限無" * 12, "person_en": "Wolfeschlegelstein " * 5,
    }  # fmt: skip
    unbroken = {"name_ja": "", "name_en": UNBROKEN_WORD * 2, "tenant_ids": (UNBROKEN_ID,)}
    yield HardReport("no rows", plain, ())
    yield HardReport("no rows, English first, Letter", letter, ())
    yield HardReport("one row", plain, tuple(maker.plain("tn-lint", 1)))
    yield HardReport("one row, English first, Letter", letter, tuple(maker.plain("tn-lint", 1)))
    yield HardReport("every kind of row", plain, tuple(maker.every_kind("tn-lint")))
    yield HardReport("hostile values", letter, tuple(maker.named("tn-lint", HOSTILE_NAMES)))
    yield HardReport(
        "longest names", plain.model_copy(update=longest), tuple(maker.named(tenants[-1], (LONG_JA, LONG_EN * 4)))
    )
    yield HardReport(
        "nothing to break at", plain.model_copy(update=unbroken), tuple(maker.named(UNBROKEN_ID, (UNBROKEN_ID,)))
    )
    yield HardReport(f"{rows:,} rows", plain, tuple(maker.plain("tn-lint", rows)))


class _Maker:
    """Makes actions, one after the other, all within the window."""

    def __init__(self, codes: Sequence[str], start: datetime, source_id: str) -> None:
        self._codes = (*codes, "su.nobody.described")
        self._start = start
        self._source_id = source_id

    def plain(self, tenant_id: str, number: int) -> Iterator[ScopedAction]:
        """``number`` actions over the first three days of the window, kinds and outcomes in turn."""
        outcomes = tuple(Outcome)
        step = timedelta(days=3) / max(number, 1)
        for line in range(number):
            action = self._action(tenant_id, line, line * step, self._codes[line % len(self._codes)])
            yield _scoped(replace(action, outcome=outcomes[line % len(outcomes)]))

    def every_kind(self, tenant_id: str) -> Iterator[ScopedAction]:
        """Each code with each outcome and each quality of time, with and without ticket, alone and shared."""
        kinds = product(self._codes, Outcome, TimeQuality)
        for line, (code, outcome, quality) in enumerate(kinds):
            action = self._action(tenant_id, line, timedelta(minutes=line), code)
            yield _scoped(replace(action, outcome=outcome, time_quality=quality), shared=line % 5 == 0)

    def named(self, tenant_id: str, names: Sequence[str]) -> Iterator[ScopedAction]:
        """One action for each name: of the object, of the reason, and of the ticket."""
        for line, name in enumerate(names):
            action = self._action(tenant_id, line, timedelta(hours=line), self._codes[0])
            targets = (Target("user", f"usr-{line}", name, tenant_id),)
            yield _scoped(replace(action, targets=targets, justification=Justification(None, name[:60], name)))

    def _action(self, tenant_id: str, line: int, after: timedelta, code: str) -> SupportAction:
        at, actor = self._start + after, f"lint-{line % 7}"
        evidence = EvidenceRef(f"evidence/{self._source_id}/lint.ndjson", line + 1, 0)
        return SupportAction(
            action_uid=f"{line:064x}",
            time=at,
            time_quality=TimeQuality.SECOND,
            actor_uid=actor,
            actor_native=ActorNative(actor),
            actor_kind=ActorKind.UNKNOWN,
            action_code=code,
            action_native=code,
            outcome=Outcome.SUCCESS,
            tenant_ids=(tenant_id,),
            tenant_basis=Basis.LOGGED,
            observations=(Observation(self._source_id, "0" * 64, evidence, f"lint-{line}", at.isoformat(), "0" * 64),),
            targets=(Target("user", f"usr-{line}", "見本 花子 / Hanako Mihon", tenant_id),),
            justification=Justification(None, f"{line:08}" if line % 3 else None, None),
            flags=frozenset({"id_conflict"} if line % 11 == 10 else ()),
        )


def _scoped(action: SupportAction, *, shared: bool = False) -> ScopedAction:
    return ScopedAction(action, Rule.ORGANISATION_LOGGED, None, 2 if shared else 1)
