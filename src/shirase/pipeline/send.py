"""``shirase send --really``: one mail after the other, each looked at once more, each on record before it is accepted.

Whatever ends this program, at any moment, the ledger knows of every mail whether a server can have it. A mail of which
that is not known is never sent again by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from shirase.delivery.dialogue import Ended, Envelope, MailConnection
from shirase.domain.delivery import EVENTS, WAITING, Attempt, Event, Outcome, Point
from shirase.domain.errors import NotApprovedError, Problem, ShiraseError
from shirase.domain.review import Operator
from shirase.domain.sending import BY_HAND, CANARY_WAVE, Delivery, Pacer, PlannedMail, Switch, masked, opens_at
from shirase.ledger.delivery_moves import Told
from shirase.ledger.open import Ledger
from shirase.pipeline.letters import Order, write_letter
from shirase.pipeline.mail_protection import require_content
from shirase.pipeline.outbox import Outbox, WrittenPlan
from shirase.pipeline.outgoing import Outgoing
from shirase.pipeline.progress import Progress
from shirase.pipeline.send_plan import get_ready, look_at

_BEFORE_MAIL = frozenset({Point.CONNECT, Point.GREETING, Point.HELLO, Point.TLS, Point.AUTH})
"""Up to here no mail was named: what goes wrong is no attempt of any."""

_SLICE = 1.0
"""Seconds after which somebody who waits looks whether the sending was stopped."""

_AFTER_FAILURE = 5.0
"""Seconds before a server that failed is asked again, times the failures in a row."""


class Ending(StrEnum):
    """Why a run ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILING = "failing"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class SendTools:
    """Clock, chance and network, which ``wiring`` and the command pick.

    Attributes:
        connect: A connection that is not open yet.
        now: The time, UTC.
        sleep: Waits so many seconds.
        chance: A number between 0 and 1.
    """

    connect: Callable[[], MailConnection]
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: Callable[[], float]


@dataclass(frozen=True, slots=True)
class SendOptions:
    """What is sent in this run.

    Attributes:
        wave: Only this one; all when None.
        limit: So many mails at most.
        until_done: Whether to wait for servers that put mails off, and for the hours of the customers.
    """

    wave: int | None = None
    limit: int | None = None
    until_done: bool = False


@dataclass(slots=True)
class SendRun:
    """What became of a run.

    Attributes:
        ending: Why it ended.
        reason: In words, where there is more to say.
        recovered: Mails of which an earlier run left nobody knowing.
        attempts: What each mail came to in this run, by delivery id.
        stopped: Mails that were not sent, with what stood against each.
        waiting: How many are left for another run.
    """

    ending: Ending = Ending.DONE
    reason: str = ""
    recovered: tuple[str, ...] = ()
    attempts: dict[str, Attempt] = field(default_factory=dict)
    stopped: dict[str, tuple[Problem, ...]] = field(default_factory=dict)
    waiting: int = 0

    def count(self, outcome: Outcome) -> int:
        """How many mails came to ``outcome``."""
        return sum(each.outcome is outcome for each in self.attempts.values())


class Sending:
    """The sending of one incident."""

    def __init__(self, outgoing: Outgoing, ledger: Ledger, by: Operator, tools: SendTools) -> None:
        self._outgoing = outgoing
        self._ledger = ledger
        self._by = by
        self._tools = tools
        self._pacer = Pacer(outgoing.settings.pace)
        self._connection = tools.connect()
        self._failures = 0

    def run(self, plan: WrittenPlan, orders: dict[str, Order], options: SendOptions, progress: Progress) -> SendRun:
        """Send what is planned, and what an earlier run put off.

        Raises:
            GateError: When somebody else is sending.
            NotApprovedError: When the list of recipients is not approved, or a mail may not be sent as it is.
        """
        deliveries, digests = self._ledger.deliveries, (plan.list_digest, plan.manifest_digest)
        self._outgoing.require_same_recipients()
        get_ready(self._outgoing)
        done = SendRun()
        with deliveries.sender(self._by) as left:
            done.recovered = tuple(each.id for each in left)
            deliveries.plan(self._by, plan.mails, list_digest=digests[0], manifest_digest=digests[1])
            queue = self._queue(plan, options)
            progress.begin("sending", len(queue))
            try:
                self._send_all(queue, orders, options, done, progress)
            finally:
                self._connection.close()
                progress.end()
        done.waiting = len(queue)
        return done

    def _queue(self, plan: WrittenPlan, options: SendOptions) -> list[Delivery]:
        waiting = {each.id: each for each in self._ledger.deliveries.all(WAITING)}
        found = [waiting[each.delivery_id] for each in plan.mails if each.delivery_id in waiting]
        found = [each for each in found if each.mail.kind != BY_HAND]
        chosen = [each for each in found if options.wave is None or each.mail.wave == options.wave]
        return chosen[: options.limit]

    def _send_all(
        self, queue: list[Delivery], orders: dict[str, Order], options: SendOptions, done: SendRun, progress: Progress
    ) -> None:
        while queue:
            place = self._next(queue)
            due = queue[place]
            if not self._wait_for(due, options, done, progress):
                return
            del queue[place]
            again = self._send_one(due, orders[due.id], done)
            progress.advance(1 if again is None else 0, f"{masked(due.mail.address)}")
            if again is not None:
                queue.append(again)
            if self._failures >= self._outgoing.settings.pace.stop_after:
                done.ending = Ending.FAILING
                return

    def _next(self, queue: Sequence[Delivery]) -> int:
        """Place of the first mail that can go as soon as any can; where none can soon, of the one that can first."""
        soon = self._pacer.ready_at("", self._tools.now())
        first = next((place for place, each in enumerate(queue) if self._ready_at(each, soon) <= soon), None)
        if first is not None:
            return first
        return min(range(len(queue)), key=lambda place: self._ready_at(queue[place], soon))

    def _ready_at(self, delivery: Delivery, now: datetime) -> datetime:
        moments = [self._pacer.ready_at(delivery.mail.address, now), delivery.next_at or now]
        moments.append(opens_at(self._outgoing.settings.pace, self._zone(delivery.mail), now))
        return max(moments)

    def _zone(self, mail: PlannedMail) -> str:
        """Own mailboxes have no hours of their own: those of the incident's zone are as good as any."""
        if mail.wave == CANARY_WAVE:
            return self._outgoing.case.incident.window.zone
        return self._outgoing.owners[mail.report_id].time_zone

    def _wait_for(self, due: Delivery, options: SendOptions, done: SendRun, progress: Progress) -> bool:
        """Wait until it is the turn of ``due``; False when the run ends instead."""
        while True:
            switch, who, reason = self._ledger.deliveries.switch()
            if switch is Switch.STOPPED:
                done.ending, done.reason = Ending.STOPPED, f"{who}: {reason}"
                return False
            if switch is Switch.PAUSED:
                progress.advance(0, f"paused by {who}: {reason}")
            now = self._tools.now()
            ready = self._ready_at(due, now)
            if switch is Switch.OPEN and ready <= now:
                return True
            is_pace = ready <= now + timedelta(minutes=1) / min(
                self._outgoing.settings.pace.per_minute, self._outgoing.settings.pace.per_domain_per_minute
            )
            if switch is Switch.OPEN and not is_pace and not options.until_done:
                done.ending, done.reason = Ending.WAITING, f"the next mail is due at {ready:%Y-%m-%d %H:%M:%S}Z"
                return False
            self._tools.sleep(min(_SLICE, max(0.01, (ready - now).total_seconds())))

    def _send_one(self, delivery: Delivery, order: Order, done: SendRun) -> Delivery | None:
        """Send one mail. Returns it when it has to be tried again in this run."""
        try:
            message = self._proved(delivery.mail, order)
            attempt = self._attempt(delivery, message)
        except ShiraseError as error:
            self._connection.close()
            if self._ledger.deliveries.switch()[0] is not Switch.OPEN:
                return delivery  # somebody turned it in this very moment: the mail is not at fault
            done.stopped[delivery.id] = error.problems
            return None
        done.attempts[delivery.id] = attempt
        if attempt.outcome is Outcome.ACCEPTED:
            self._failures = 0
        else:
            self._failures += 1
            done.reason = f"{attempt.point.value}: {attempt.reply}"
        if attempt.point in _BEFORE_MAIL:
            del done.attempts[delivery.id]
            if attempt.point is Point.AUTH and attempt.reply[:1] == "5":
                self._failures = self._outgoing.settings.pace.stop_after  # more tries lock the account
            self._pause()
            return delivery
        after = self._record(delivery, attempt)
        if attempt.concerns_all:
            self._pause()
        return after if after.state in WAITING else None

    def _proved(self, mail: PlannedMail, order: Order) -> bytes:
        """The bytes to hand over, after everything that can be looked at was looked at once more.

        Raises:
            NotApprovedError: When the mail would say something else by now.
            TamperedError: When a file is another one.
        """
        self._outgoing.require_same_recipients()
        letter = write_letter(self._outgoing, order)
        if letter.content_digest != mail.content_digest:
            what = "a template, a file or the recipient changed since it was planned"
            raise NotApprovedError(Problem(what, mail.delivery_id, "`shirase send` says what is planned now"))
        if problems := look_at(letter):
            raise NotApprovedError(*problems)
        message = Outbox.of(self._outgoing.output).read_mail(mail)
        require_content(message, letter.content, letter.notice.protection)
        return message

    def _attempt(self, delivery: Delivery, message: bytes) -> Attempt:
        mail, list_digest = delivery.mail, self._outgoing.recipients.digest
        self._pacer.note(mail.address, self._tools.now())
        if not self._connection.is_open:
            try:
                self._connection.open()
            except Ended as ended:
                return ended.attempt
        return_path = self._outgoing.settings.sender.return_path(mail.delivery_id)
        envelope = Envelope(return_path, mail.address, mail.delivery_id)
        return self._connection.send(
            envelope, message, lambda: self._ledger.deliveries.commit(self._by, mail, list_digest=list_digest)
        )

    def _record(self, delivery: Delivery, attempt: Attempt) -> Delivery:
        event, next_at = EVENTS[attempt.outcome], None
        if attempt.outcome is Outcome.DEFERRED:
            back_off = self._outgoing.settings.pace.back_off
            attempts = delivery.attempts + 1
            if back_off.is_over(attempts):
                event = Event.TOO_OFTEN
            else:
                seconds = back_off.seconds(attempts, self._tools.chance())
                next_at = self._tools.now() + timedelta(seconds=seconds)
        told = Told(attempt.point.value, attempt.reply, next_at=next_at)
        return self._ledger.deliveries.end(self._by, delivery.id, event, told)

    def _pause(self) -> None:
        self._tools.sleep(_AFTER_FAILURE * self._failures)
