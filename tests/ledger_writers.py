"""What other processes do to a ledger in the tests; each is told where it is, and which part is its own."""

import os
import signal
import sys
import threading
from pathlib import Path

from ledger_kit import RIKU, drafted, in_review, ledger_in, rules
from shirase.domain.review import Operator
from shirase.domain.standing import Anchor

TEXTS = 15


def say_things(folder: str, url: str | None, number: int) -> None:
    """Reviewer ``number`` approves their own reports and comments on report 1, at once with all others."""
    me = Operator(f"legal-{number}", ("legal",))
    with ledger_in(Path(folder), url, ids=f"w{number}") as ledger:
        for turn in range(TEXTS):
            ledger.talk.comment(me, "R-00001", Anchor(), f"{number}/{turn}")


def register_many(folder: str, url: str | None, first: int, count: int) -> None:
    """A ``draft`` that registers while the others talk."""
    drafts = [drafted(number) for number in range(first, first + count)]
    with ledger_in(Path(folder), url, ids="draft") as ledger, ledger.steps.run(RIKU, "draft") as token:
        ledger.drafts.register(RIKU, drafts, rules(*drafts), token=token)


def write_until_killed(folder: str, url: str | None, number: int, seconds: float) -> None:
    """Register and comment until this process kills itself in the middle of something."""
    threading.Timer(seconds, lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
    with ledger_in(Path(folder), url, ids=f"k{number}") as ledger:
        turn = 0
        while True:
            turn += 1
            drafts = [drafted(report, f"{number}/{turn}") for report in range(1, 6)]
            in_review(ledger, *drafts)
            sys.stdout.write(f"{drafts[0].pdf_digest}\n")
            sys.stdout.flush()


def hold_step(folder: str, url: str | None) -> None:
    """Run a step until killed; says so when it has the lock."""
    with ledger_in(Path(folder), url, ids="step") as ledger, ledger.steps.run(RIKU, "draft"):
        sys.stdout.write("running\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    name, folder_, url_, *rest = sys.argv[1:]
    given = [float(each) if "." in each else int(each) for each in rest]
    globals()[name](folder_, url_ or None, *given)
