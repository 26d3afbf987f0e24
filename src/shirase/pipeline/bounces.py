"""``shirase bounces``: what came back is read, kept, and told to the ledger; a canary that came round is compared."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from pathlib import Path

from shirase.delivery.failure_reports import read_returned
from shirase.delivery.mailbox import Kept, Mailbox
from shirase.delivery.round_trip import RoundTrip, compare_round_trip
from shirase.domain.delivery import Event
from shirase.domain.returned import Returned
from shirase.domain.review import Operator
from shirase.domain.sending import CANARY, Delivery
from shirase.ledger.open import Ledger
from shirase.pipeline.outbox import Outbox
from shirase.pipeline.output import write_json, write_whole
from shirase.pipeline.progress import Progress

_SEEN = "seen.json"


@dataclass(slots=True)
class CameBack:
    """What was found.

    Attributes:
        returned: Mails that came back and were new, with what each says.
        rounds: Canaries that came round, by delivery id.
        looked_at: How many mails were looked at.
    """

    returned: list[Returned] = field(default_factory=list)
    rounds: dict[str, RoundTrip] = field(default_factory=dict)
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox with a name under which is remembered what was read of it."""

    name: str
    mailbox: Mailbox


class Bounces:
    """Reads mailboxes for one incident."""

    def __init__(self, outbox: Outbox, ledger: Ledger, by: Operator, bounces: str) -> None:
        self._outbox = outbox
        self._ledger = ledger
        self._by = by
        self._bounces = bounces
        self._deliveries: Mapping[str, Delivery] = {
            each.mail.message_id: each for each in ledger.deliveries.all() if each.mail.message_id
        }
        self._known = {name: each.id for name, each in self._deliveries.items()}

    def read(self, boxes: Iterable[Box], progress: Progress) -> CameBack:
        """Read what is new in every box. It may be broken off at any time: a mail counts once, by its digest.

        Raises:
            EvidenceError: When a mailbox cannot be read.
        """
        found = CameBack()
        self._outbox.make()
        for box in boxes:
            seen = self._seen()
            known = set(seen.get(box.name, ()))
            progress.begin(f"reading {box.name}", 0)
            try:
                for kept in box.mailbox.new(known):
                    self._take(kept, found)
                    known.add(kept.key)
                    found.looked_at += 1
                    progress.advance(1)
            finally:
                write_json(self._seen_path, {**seen, box.name: sorted(known)})
                progress.end()
        return found

    def _take(self, kept: Kept, found: CameBack) -> None:
        own = self._deliveries.get(_message_id(kept.raw))
        if own is not None:
            self._take_round(own, kept.raw, found)
            return
        returned = read_returned(kept.raw, self._known, self._bounces)
        write_whole(self._outbox.returned(returned.digest), kept.raw)
        new = self._ledger.deliveries.came_back(
            self._by, returned.digest, returned.detail(), event=returned.event, delivery_id=returned.delivery_id
        )
        if new:
            found.returned.append(returned)

    def _take_round(self, delivery: Delivery, raw: bytes, found: CameBack) -> None:
        """One of our own mails, in a mailbox of our own."""
        trip = compare_round_trip(self._outbox.mail(delivery.id).read_bytes(), raw)
        found.rounds[delivery.id] = trip
        digest = hashlib.sha256(raw).hexdigest()
        write_whole(self._outbox.returned(digest), raw)
        says = "; ".join(each.what for each in trip.differences) or "as it was sent"
        detail = {
            "kind": "round_trip", "matched_by": "Message-ID", "recipient": delivery.mail.address, "status": "",
            "diagnostic": says, "message_id": delivery.mail.message_id,
        }  # fmt: skip
        event = Event.ANSWERED if delivery.mail.kind == CANARY and trip.is_good else None
        self._ledger.deliveries.came_back(self._by, digest, detail, event=event, delivery_id=delivery.id)

    @property
    def _seen_path(self) -> Path:
        return self._outbox.root / "returned" / _SEEN

    def _seen(self) -> dict[str, list[str]]:
        try:
            found: dict[str, list[str]] = json.loads(self._seen_path.read_bytes())
        except (OSError, ValueError):
            return {}  # read again: what is known already is not taken twice
        return found


def _message_id(raw: bytes) -> str:
    return str(BytesHeaderParser().parsebytes(raw[:65536]).get("Message-ID", "")).strip()
