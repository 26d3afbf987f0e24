"""Edge: one-time links by which reviewers sign in. Only the digest of a link is kept; using it removes it, once."""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

LIFETIME = timedelta(hours=24)
"""How long a link waits for its reviewer."""


@dataclass(frozen=True, slots=True)
class LinkFolder:
    """Where links wait, and what they need: a clock, and tokens that nobody can guess."""

    folder: Path
    now: Callable[[], datetime]
    token: Callable[[], str]

    def issue(self, operator: str) -> str:
        """A new link for ``operator``: the token that goes into its address."""
        token = self.token()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = {"operator": operator, "until": (self.now() + LIFETIME).isoformat()}
        path = self._path(token)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file)
        return token

    def redeem(self, token: str) -> str | None:
        """Whose link it is; None when there is none, it was used, or it is too old. Of two at once one gets it."""
        path = self._path(token)
        taken = path.with_suffix(f".{os.getpid()}.{self.token()[:8]}")
        try:
            path.rename(taken)
            content = json.loads(taken.read_text(encoding="utf-8"))
            taken.unlink()
        except (OSError, ValueError):
            return None
        if self.now() > datetime.fromisoformat(content["until"]):
            return None
        return str(content["operator"])

    def _path(self, token: str) -> Path:
        return self.folder / f"{hashlib.sha256(token.encode()).hexdigest()}.link"
