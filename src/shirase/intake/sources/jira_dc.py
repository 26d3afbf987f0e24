"""Records of Jira's Data Center audit log, which REST pages and files write in two ways."""

from typing import Any

from shirase.domain.action import ActorKind, Change, Target
from shirase.intake.sources.contract import Aside, Instant, Meaning, Record, RecordContext
from shirase.intake.sources.hints import text_clues, ticket_clues
from shirase.intake.sources.table import TableReader
from shirase.intake.values import as_text, dig, known, need, read_address

ANONYMOUS = "-2"


class DataCenterReader(TableReader):
    """Reads records; subclasses say where the time and the type stand. Records have no id of their own."""

    type_key = ""
    change_keys = ("", "", "")

    def when(self, record: Record) -> Instant:
        """When it happened."""
        raise NotImplementedError

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:  # noqa: ARG002
        """What one record says; the key of its text is stable, the text follows the language."""
        author = need(record, "author", "id")
        action = need(record, self.type_key, "actionI18nKey")
        targets = tuple(_targets(record.get("affectedObjects")))
        ip, text = read_address(known(record.get("source")))
        names = [target.name for target in targets]
        return Meaning(
            time=self.when(record),
            actor_id=author,
            actor_name=as_text(dig(record, "author", "name")),
            actor_kind=ActorKind.SYSTEM if author == ANONYMOUS else ActorKind.UNKNOWN,
            action=action,
            code=self.code(action),
            targets=targets,
            changes=tuple(_changes(record.get("changedValues"), self.change_keys)),
            src_ip=ip,
            src_text=text,
            clues=ticket_clues(*names) + text_clues(names),
        )


def _targets(listed: Any) -> list[Target]:
    objects = listed if isinstance(listed, list) else []
    return [
        Target(as_text(item.get("type")), as_text(item.get("id")), as_text(item.get("name")))
        for item in objects
        if isinstance(item, dict)
    ]


def _changes(listed: Any, keys: tuple[str, str, str]) -> list[Change]:
    field, old, new = keys
    items = listed if isinstance(listed, list) else []
    return [
        Change(as_text(item.get(field)) or "", as_text(item.get(old)), as_text(item.get(new)))
        for item in items
        if isinstance(item, dict)
    ]
