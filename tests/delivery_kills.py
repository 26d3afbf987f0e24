"""Sending killed at random moments, again and again, until it comes to its end; then both sides are compared.

``python tests/delivery_kills.py 300`` prints the table of the docs; a test runs a few.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from delivery_batch import INCIDENT_ID, TODAY, approve_list, settings, write_sendable
from misbehaving_server import Chooser, MisbehavingServer, Script, always, at_random, misbehaving
from sealed_batch import SENDER, make_key
from shirase.delivery.dialogue import MailConnection, Patience
from shirase.domain.delivery import DeliveryState
from shirase.domain.review import Operator
from shirase.pipeline.outbox import WrittenPlan
from shirase.pipeline.outgoing import Outgoing, read_outgoing
from shirase.pipeline.progress import Silent
from shirase.pipeline.send import Ending, Sending, SendOptions, SendTools
from shirase.pipeline.send_plan import PlanOptions, PlanTools, list_orders, make_plan
from shirase.wiring import open_incident_ledger

SORA = Operator(SENDER, ("sender",))
HAS_IT = frozenset({DeliveryState.ACCEPTED, DeliveryState.DELIVERED})


@dataclass
class Outcome:
    """What both sides know in the end.

    Attributes:
        kills: How often the sending was killed before it ended by itself.
        states: How many deliveries stand how.
        twice: Mails that the server took more than once.
        believed: Mails that the ledger calls accepted and the server does not have.
        hidden: Mails that the server has, and the ledger calls neither accepted nor unknown.
        unknown_had: Of the unknown ones, how many the server has.
        breaks: What the journal's own check finds.
    """

    kills: int
    states: Counter[str]
    twice: list[str] = field(default_factory=list)
    believed: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    unknown_had: int = 0
    breaks: int = 0


@dataclass
class Batch:
    """A batch that is ready to be sent, planned once; each child process that is forked off finds it in its memory."""

    root: Path
    outgoing: Outgoing
    plan: WrittenPlan

    @property
    def folder(self) -> Path:
        return self.root / "out" / INCIDENT_ID


def prepare(root: Path, port: int, *, count: int) -> Batch:
    """Everything but the sending."""
    case = root / "case"
    (case / "delivery.toml").write_text(settings(port, stop_after="1000"), encoding="utf-8")
    outgoing = read_outgoing(case, root / "out", Silent(), today=TODAY, jobs=1)
    assert len(outgoing.reports) == count
    with closing(open_incident_ledger(root / "out" / INCIDENT_ID)) as ledger:
        planned = make_plan(outgoing, ledger, PlanOptions(), PlanTools(lambda: datetime.now(UTC)), Silent())
    assert not planned.refused
    return Batch(root, outgoing, planned.written)


def send(batch: Batch) -> Ending:
    """One run in this process, with a real connection."""
    server = batch.outgoing.settings.server

    def connect() -> MailConnection:
        return MailConnection(server, "", authority=None, patience=Patience(5, 5, 5))

    tools = SendTools(connect, lambda: datetime.now(UTC), lambda seconds: time.sleep(min(seconds, 0.01)), lambda: 0.0)
    with closing(open_incident_ledger(batch.folder)) as ledger:
        orders = {
            each.order.delivery_id: each.order
            for each in list_orders(batch.outgoing, ledger, PlanOptions(), batch.plan.made_at)
        }
        return (
            Sending(batch.outgoing, ledger, SORA, tools)
            .run(batch.plan, orders, SendOptions(until_done=True), Silent())
            .ending
        )


def run_to_the_end(batch: Batch, chance: random.Random, *, longest: float) -> int:
    """Send, kill, send again …; returns how often it was killed. The last run ends by itself."""
    kills = 0
    while True:
        child = os.fork()
        if child == 0:
            try:
                os._exit(0 if send(batch) is Ending.DONE else 1)
            except BaseException as error:  # noqa: BLE001 - the child must not come back into the test
                sys.stderr.write(f"{error!r}\n")
                os._exit(70)
        deadline = time.monotonic() + chance.uniform(0.02, longest)
        status = None
        while status is None and time.monotonic() < deadline:
            found, code = os.waitpid(child, os.WNOHANG)
            status = code if found else None
            time.sleep(0.001)
        if status is None:
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            assert os.WEXITSTATUS(status) == 0, f"the sending ended with {os.WEXITSTATUS(status)}"
            return kills
        kills += 1
        longest = min(longest * 1.02, 30)


def compare(batch: Batch, server: MisbehavingServer, kills: int) -> Outcome:
    """What the server took, against what the ledger says."""
    times = server.times_accepted()
    with closing(open_incident_ledger(batch.folder)) as ledger:
        deliveries = ledger.deliveries.all()
        breaks = len(ledger.find_breaks())
    outcome = Outcome(kills, Counter(each.state.value for each in deliveries), breaks=breaks)
    outcome.twice = [name for name, number in times.items() if number > 1]
    for each in deliveries:
        has = times[each.mail.message_id] > 0
        if each.state in HAS_IT and not has:
            outcome.believed.append(each.id)
        if has and each.state not in {*HAS_IT, DeliveryState.UNKNOWN}:
            outcome.hidden.append(each.id)
        outcome.unknown_had += has and each.state is DeliveryState.UNKNOWN
    assert set(times) <= {each.mail.message_id for each in deliveries}
    return outcome


def campaign(root: Path, seed: int, *, count: int, choose: Chooser, longest: float) -> Outcome:
    """One whole batch with kills."""
    with misbehaving(root / "server", choose) as server:
        batch = prepare(root, server.port, count=count)
        kills = run_to_the_end(batch, random.Random(seed), longest=longest)
        return compare(batch, server, kills)


def campaigns(wanted: int, *, count: int = 8) -> Iterator[tuple[str, Outcome]]:
    """Batches until ``wanted`` kills have happened: by turns with a good server, and with one that misbehaves as well."""
    kills = 0
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first"
        write_sendable(first, make_key(Path(folder) / "key"), count=count)
        approve_list(first)
        for seed in range(10_000):
            root = Path(folder) / f"run{seed}"
            shutil.copytree(first, root)
            misbehaves = seed % 2 == 1
            choose = at_random(seed, 0.3) if misbehaves else always(Script())
            outcome = campaign(root, seed, count=count, choose=choose, longest=0.6)
            shutil.rmtree(root)
            kills += outcome.kills
            yield ("misbehaving" if misbehaves else "good"), outcome
            if kills >= wanted:
                return


def main() -> None:
    """Print the table."""
    totals: dict[str, Counter[str]] = {"good": Counter(), "misbehaving": Counter()}
    for name, outcome in campaigns(int(sys.argv[1]) if len(sys.argv) > 1 else 100):
        total = totals[name]
        total.update(outcome.states)
        total.update(
            {
                "kills": outcome.kills, "batches": 1, "twice": len(outcome.twice), "believed": len(outcome.believed),
                "hidden": len(outcome.hidden), "unknown, server has it": outcome.unknown_had, "breaks": outcome.breaks,
            }
        )  # fmt: skip
        sys.stdout.write(f"{name} {dict(total)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
