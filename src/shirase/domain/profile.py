"""Mapping profiles: how the records of a source that has no public schema become actions."""

from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from shirase.domain.action import Outcome
from shirase.domain.bilingual import CaseModel, NonEmpty

Paths = tuple[NonEmpty, ...]
"""Column names, or dotted paths into a JSON record (``actor.id``, ``target[0].name``); the first with a value wins."""


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{value!r} is not an IANA time zone such as America/Los_Angeles") from error
    return value


Zone = Annotated[NonEmpty, AfterValidator(_known_zone)]
"""The name of an IANA time zone."""


class RecordFormat(StrEnum):
    """How records follow each other in a file."""

    NDJSON = "ndjson"
    CSV = "csv"


class TimeFormat(StrEnum):
    """How an instant is written. The unit of a number is declared, never guessed from its size."""

    RFC3339 = "rfc3339"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"
    EPOCH_US = "epoch_us"
    EPOCH_NS = "epoch_ns"
    STRPTIME = "strptime"


class TimeField(CaseModel):
    """Where the time stands and how it is written.

    Attributes:
        columns: Where to look.
        format: How it is written.
        pattern: ``strptime`` pattern, with ``format = "strptime"`` only.
        zone: IANA zone of times that carry no offset. Without it such a line is quarantined, never guessed.
    """

    columns: Paths = Field(min_length=1)
    format: TimeFormat = TimeFormat.RFC3339
    pattern: NonEmpty | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def _pattern_with_strptime(self) -> Self:
        if (self.format is TimeFormat.STRPTIME) != (self.pattern is not None):
            raise ValueError("pattern goes with format = 'strptime', and only with it")
        return self


class TargetFields(CaseModel):
    """Where the objects of an action stand: one set of columns, or a list of records under ``each``."""

    each: NonEmpty | None = None
    type: Paths = ()
    id: Paths = ()
    name: Paths = ()
    tenant_id: Paths = ()


class Fields(CaseModel):
    """Where each value of an action stands. Time, actor and action are required of every record."""

    time: TimeField
    actor_id: Paths = Field(min_length=1)
    action: Paths = Field(min_length=1)
    tenant_ids: Paths = ()
    event_id: Paths = ()
    actor_name: Paths = ()
    actor_email: Paths = ()
    actor_organisation: Paths = ()
    outcome: Paths = ()
    target: TargetFields = TargetFields()
    acting_as: Paths = ()
    reason_type: Paths = ()
    reason_text: Paths = ()
    ticket_id: Paths = ()
    src_ip: Paths = ()
    user_agent: Paths = ()
    session_id: Paths = ()
    transaction_id: Paths = ()


class Profile(CaseModel):
    """One file under ``profiles/``.

    Attributes:
        format: NDJSON or CSV; compression (gzip, Zstandard) is recognised by its content.
        record: Dotted path to the record inside each JSON object, for exports that wrap it.
        delimiter: CSV only.
        list_separator: What separates several tenants in one text value.
        fields: Where the values stand.
        known_columns: Further columns that are expected and not used; anything else is counted as unknown.
        absent: Values that mean "nothing" in the fields named (for example ``src_ip = ["null"]``).
        action_codes: The source's own action codes and what they are in ``actions.toml``.
        not_actions: Own codes that are no action on a customer's tenant (heartbeats, the engineer's own sign-in).
        outcomes: The source's own words for an outcome.
    """

    format: RecordFormat
    record: NonEmpty | None = None
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    list_separator: NonEmpty = ";"
    fields: Fields
    known_columns: tuple[NonEmpty, ...] = ()
    absent: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    action_codes: dict[str, NonEmpty] = Field(default_factory=dict)
    not_actions: tuple[NonEmpty, ...] = ()
    outcomes: dict[str, Outcome] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _codes_are_disjoint(self) -> Self:
        both = sorted(set(self.action_codes) & set(self.not_actions))
        if both:
            raise ValueError(f"listed as actions and as no actions: {', '.join(both)}")
        unknown = sorted(set(self.absent) - set(Fields.model_fields))
        if unknown:
            raise ValueError(f"[absent] names fields that do not exist: {', '.join(unknown)}")
        return self
