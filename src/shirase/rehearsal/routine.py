"""The daily work of a support desk: cases worked through in a sitting, at the hours of those who work them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from shirase.domain.customer import Customer
from shirase.rehearsal.instants import DAY, DAYS, HOUR, MINUTE, SECOND, WINDOW_DAYS, day_start
from shirase.rehearsal.lines import Deed, csv_cells, encode, encode_csv, ndjson_record
from shirase.rehearsal.people import Person
from shirase.rehearsal.quotas import Quotas, share_heavy_tailed
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.side_work import Session, SideWork
from shirase.rehearsal.streams import stream
from shirase.rehearsal.things import is_japanese
from shirase.rehearsal.tickets import TicketDesk
from shirase.rehearsal.truth import NO_ACTION, NO_TICKET, Owners
from shirase.rehearsal.work import (
    CONSOLE_NOISE,
    LEGACY_NOISE,
    REASON_SHARE,
    REASONS_EN,
    REASONS_JA,
    RESULT_WEIGHTS,
    RESULTS,
    draw_work,
)

_DAY_LOADS = dict(zip(DAYS, (1.0, 0.3, 0.25, 1.0, 1.05, 1.0, 1.0, 0.9, 0.3, 0.25), strict=True))
"""14 January 2022 was a Friday."""

_OUTSIDE_DAYS = tuple(day for day in DAYS if day not in WINDOW_DAYS)
_CASE_SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 12)
_CASE_SIZE_WEIGHTS = (14, 16, 18, 16, 12, 10, 7, 4, 3)
_HOUR_LOADS = (4, 9, 10, 8, 5, 8, 10, 9, 5)
_LONGEST_CASE = 30 * MINUTE
_TICKET_SHARE = 0.85
_LEGACY_SHARE = 0.03
_LEGACY_NOISE_EVERY = 40
_TICKET_NUMBERS = 700_001
"""Prime, so that stepping through it by another prime meets each number once."""


@dataclass(frozen=True, slots=True)
class _Sitting:
    """What stays the same while one case is worked on."""

    customer: Customer
    person: Person
    tenant_id: str
    ticket: str | None
    legacy: bool


class Routine:
    """Plants routine work, all of it from one stream; its tickets are those of ``desk``, ``side`` goes with it."""

    def __init__(self, setting: Setting, side: SideWork) -> None:
        self._side = side
        self.desk = TicketDesk.of(setting.seed, setting.cast.customers)
        self._setting = setting
        self._chance = stream(setting.seed, "routine")
        self._cases = 0
        parts = setting.cast.parts
        self._served = (parts["kitahama"], parts["shin_kitahama"], parts["left"], *setting.cast.ordinary)

    def write(self, quotas: Quotas) -> None:
        """Plant all routine work but repeats and console noise."""
        self._write_in_scope(quotas.in_scope)
        people = self._setting.people
        self._write_scattered(quotas.outside, (*people.sitel, *people.staff), _OUTSIDE_DAYS, affected_share=0.4)
        self._write_scattered(quotas.elsewhere, people.staff, WINDOW_DAYS, affected_share=0.15)

    def _write_in_scope(self, total: int) -> None:
        amounts = share_heavy_tailed(total, len(self._served))
        for customer, amount in zip(self._by_weight(), amounts, strict=True):
            left = amount
            while left:
                person = self._chance.choice(self._setting.people.sitel)
                left -= self._work_case(customer, person, WINDOW_DAYS, left)

    def _by_weight(self) -> list[Customer]:
        """Customers from busiest to quietest; those with parts at a quarter, a half and three quarters of the way."""
        count = len(self._served)
        order = list(self._served[3:])
        self._chance.shuffle(order)
        for part, place in zip(self._served[:3], (count // 4, count // 2, 3 * count // 4), strict=True):
            order.insert(place, part)
        return order

    def _write_scattered(
        self, total: int, people: Sequence[Person], days: Sequence[date], *, affected_share: float
    ) -> None:
        chance, left = self._chance, total
        while left > 0:
            pool = self._served if chance.random() < affected_share else self._setting.cast.bystanders
            left -= self._work_case(chance.choice(pool), chance.choice(people), days, left)

    def _work_case(self, customer: Customer, person: Person, days: Sequence[date], most: int) -> int:
        """One sitting of ``person`` on one tenant of ``customer``; at most ``most`` lines."""
        chance, book = self._chance, self._setting.book
        size = min(most, chance.choices(_CASE_SIZES, _CASE_SIZE_WEIGHTS)[0])
        tenant_id = customer.tenant_ids[int(len(customer.tenant_ids) * chance.random() ** 2)]
        ticket = self._ticket() if chance.random() < _TICKET_SHARE else None
        legacy = chance.random() < _LEGACY_SHARE
        log = book.log_csv if legacy else book.log
        at, reason = self._start(person, days), self._reason(customer)
        truth = self.desk.open(ticket, customer, at) if ticket is not None else NO_TICKET
        sitting = _Sitting(customer, person, tenant_id, ticket, legacy)
        if ticket is not None:
            self._side.accompany(Session(customer, person, ticket, at, truth))
        mention = self.desk.foreign_mention(customer) if reason is not None else None
        if reason is not None and mention is not None:
            reason += f"（{mention}も参照）" if is_japanese(customer) else f", see also {mention}"
        for _ in range(size):
            withheld = reason is not None and (mention is not None or truth.kind == "not_yours")
            log(replace(self._deed(sitting, at, reason), ticket_truth=replace(truth, reason_withheld=withheld)))
            at += chance.randint(3 * SECOND, 140 * SECOND) // 1000 * 1000
            reason = None
        return size

    def _deed(self, sitting: _Sitting, at: int, reason: str | None) -> Deed:
        chance = self._chance
        work = draw_work(chance, legacy=sitting.legacy)
        return Deed(
            at=at,
            person=sitting.person,
            native=work.legacy if sitting.legacy else work.native,
            tenant_ids=(sitting.tenant_id,),
            owners=Owners((sitting.customer.customer_id,)),
            things=self._setting.inventory.draw(chance, work.thing, sitting.customer, sitting.tenant_id),
            result=chance.choices(RESULTS, RESULT_WEIGHTS)[0],
            ticket=sitting.ticket,
            reason=reason,
        )

    def _reason(self, customer: Customer) -> str | None:
        if self._chance.random() > REASON_SHARE:
            return None
        return self._chance.choice(REASONS_JA if is_japanese(customer) else REASONS_EN)

    def _start(self, person: Person, days: Sequence[date]) -> int:
        """A moment in the person's working hours, early enough that a case ends on the same UTC day."""
        chance = self._chance
        day = chance.choices(days, [_DAY_LOADS[day] for day in days])[0]
        hour = (person.shift + chance.choices(range(len(_HOUR_LOADS)), _HOUR_LOADS)[0]) % 24
        moment = hour * HOUR + chance.randrange(HOUR // 1000) * 1000
        return day_start(day) + min(moment, DAY - _LONGEST_CASE)

    def _ticket(self) -> str:
        self._cases += 1
        return f"CS-{200_000 + self._cases * 7919 % _TICKET_NUMBERS}"


def write_noise(setting: Setting, total: int) -> None:
    """Plant what the support consoles log about themselves: heartbeats, own sign-ins, moving about."""
    chance = stream(setting.seed, "noise")
    everybody = (*setting.people.sitel, *setting.people.staff, setting.people.service)
    loads = list(_DAY_LOADS.values())
    for number in range(total):
        person, day = chance.choice(everybody), chance.choices(DAYS, loads)[0]
        at = day_start(day) + chance.randrange(DAY // SECOND) * SECOND
        legacy = number % _LEGACY_NOISE_EVERY == 0
        deed = Deed(at, person, chance.choice(LEGACY_NOISE if legacy else CONSOLE_NOISE), (), Owners(()))
        request_id = setting.book.request_id()
        if legacy:
            setting.book.plant(None, at, encode_csv(csv_cells(deed, request_id)), NO_ACTION)
        else:
            setting.book.plant(day, at, encode(ndjson_record(deed, request_id)), NO_ACTION)
