"""One operator at a time runs a step that changes reports.

The lock belongs to the running process, not to a row: the kernel drops a file lock, and PostgreSQL an advisory lock,
when its owner dies. A row that says "runs" while the lock is free was left by a killed step, and the next one says so
in the journal. A step that lost its lock on the way (a restarted server) cannot register: the token is another one's.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from sqlalchemy import select

from shirase.domain.errors import GateError, Problem
from shirase.domain.journal import Kind
from shirase.domain.review import Operator
from shirase.ledger import tables
from shirase.ledger.locks import ledger_lock
from shirase.ledger.writing import Store


class Steps:
    """Steps that change reports."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def run(self, by: Operator, what: str) -> Iterator[str]:
        """Hold the lock for a step. Yields its token, which registering asks for.

        Raises:
            GateError: When another one runs; it says whose, and since when.
        """
        with ExitStack() as stack:
            if not stack.enter_context(ledger_lock(self._store, "step")):
                raise self._busy()
            token = self._begin(by, what)
            try:
                yield token
            finally:
                self._end(by, what, token)

    def _begin(self, by: Operator, what: str) -> str:
        with self._store.found(by) as change:
            left = change.connection.execute(select(tables.steps)).one_or_none()
            if left is not None:
                detail = {"token": left.token, "operator": left.operator, "since": left.since}
                change.record(Kind.STEP_RECOVERED, left.what, detail)
            token = change.new_id()
            change.record(Kind.STEP_BEGUN, what, {"token": token})
        return token

    def _end(self, by: Operator, what: str, token: str) -> None:
        with self._store.found(by) as change:
            running = change.connection.execute(select(tables.steps.c.token)).scalar_one_or_none()
            if running == token:
                change.record(Kind.STEP_ENDED, what, {"token": token})

    def _busy(self) -> GateError:
        with self._store.read() as connection:
            row = connection.execute(select(tables.steps)).one_or_none()
        who = (
            "another step is about to begin or end"
            if row is None
            else f"{row.operator} runs {row.what} since {row.since}"
        )
        return GateError(Problem(who, "step", "one at a time: wait, or ask them to stop"))
