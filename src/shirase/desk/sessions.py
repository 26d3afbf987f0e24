"""Who is signed in. Sessions live in the memory of the desk: when it stops, everybody signs in again."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

IDLE = timedelta(hours=2)
"""Without a click for so long, a reviewer signs in again."""

LONGEST = timedelta(hours=12)
"""So does anybody after so long."""


@dataclass(frozen=True, slots=True)
class Session:
    """One reviewer in one browser.

    Attributes:
        identifier: Value of the cookie.
        operator: Who.
        csrf: What every form of this session carries.
        began_at: When it began.
        seen_at: Last request.
    """

    identifier: str
    operator: str
    csrf: str
    began_at: datetime
    seen_at: datetime


class Sessions:
    """All sessions of one desk; safe for several threads."""

    def __init__(self, now: Callable[[], datetime], token: Callable[[], str]) -> None:
        self._now = now
        self._token = token
        self._open: dict[str, Session] = {}
        self._lock = Lock()

    def begin(self, operator: str) -> Session:
        """A new session: never one that a browser brought along."""
        at = self._now()
        session = Session(self._token(), operator, self._token(), at, at)
        with self._lock:
            self._open = {key: each for key, each in self._open.items() if self._is_alive(each, at)}
            self._open[session.identifier] = session
        return session

    def find(self, identifier: str) -> Session | None:
        """The session with that cookie; None when there is none, or it has ended."""
        at = self._now()
        with self._lock:
            session = self._open.get(identifier)
            if session is None or not self._is_alive(session, at):
                self._open.pop(identifier, None)
                return None
            self._open[identifier] = seen = Session(
                session.identifier, session.operator, session.csrf, session.began_at, at
            )
            return seen

    def end(self, identifier: str) -> None:
        """Sign out."""
        with self._lock:
            self._open.pop(identifier, None)

    @staticmethod
    def _is_alive(session: Session, at: datetime) -> bool:
        return at - session.seen_at <= IDLE and at - session.began_at <= LONGEST


def carries(session: Session, sent: str) -> bool:
    """Whether a form was made by a page of this very session."""
    return hmac.compare_digest(session.csrf.encode(), sent.encode())
