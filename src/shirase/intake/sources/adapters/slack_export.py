"""Slack's message export. ``ts`` is an id: its whole seconds are the time, all of it is the id, and it stays text.

Who wrote in which channel, and when, is kept; what was written is shown to the resolver and gone.
"""

from typing import Any

from shirase.domain.action import ActorKind, Target, TimeQuality
from shirase.domain.clues import Clue, ClueKind
from shirase.domain.profile import TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.sources.contract import Aside, Instant, Meaning, Record, RecordContext, RecordError
from shirase.intake.sources.table import TableAdapter, TableReader
from shirase.intake.values import as_text, dig, epoch_time, items, need


class SlackExportReader(TableReader):
    """Reads messages, with the people of ``users.json``."""

    _people: dict[str, Any] | None = None

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:
        """What one message says, without what it says."""
        stamp = record.get("ts")
        if not isinstance(stamp, str) or not stamp:
            raise RecordError(RejectReason.MISSING_VALUE, "no ts as text")
        seconds = epoch_time(stamp.partition(".")[0], TimeFormat.EPOCH_S)
        channel = context.member.partition("/")[0] or as_text(record.get("channel")) or ""
        user = as_text(record.get("user"))
        actor = user or need(record, "bot_id")
        kind, subtype = need(record, "type"), as_text(record.get("subtype"))
        action = f"{kind}/{subtype}" if subtype is not None else kind
        person = self._person(actor, context)
        text = as_text(record.get("text"))
        clues = (Clue(ClueKind.CHANNEL, channel),) if channel else ()
        return Meaning(
            time=Instant(seconds.at, TimeQuality.SECOND, stamp),
            actor_id=actor,
            actor_name=as_text(dig(person, "real_name")) or as_text(dig(person, "name")),
            actor_email=as_text(dig(person, "profile", "email")),
            actor_kind=ActorKind.PERSON if user is not None else ActorKind.SERVICE,
            action=action,
            code=self.code(action),
            event_id=f"{channel}/{stamp}",
            targets=(Target("channel", None, channel),) if channel else (),
            clues=clues + ((Clue(ClueKind.TEXT, text),) if text is not None else ()),
        )

    def _person(self, user_id: str, context: RecordContext) -> Any:
        if self._people is None:
            listed = (*items(context.side.get("users.json")), *items(context.side.get("org_users.json")))
            self._people = {str(entry.get("id")): entry for entry in listed if isinstance(entry, dict)}
        return self._people.get(user_id)


ADAPTER = TableAdapter.load("slack-export", SlackExportReader)
