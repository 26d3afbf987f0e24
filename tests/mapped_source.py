"""A source and its profiles, as plain as they come, for tests of intake."""

from shirase.domain.action import Outcome
from shirase.domain.bilingual import Paired
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Fields, Profile, RecordFormat, TargetFields, TimeField

SOURCE = SourceSection(
    id="su",
    kind="superuser",
    name=Paired(ja="SuperUser", en="SuperUser"),
    profile="profiles/su.toml",
    files=("evidence/*",),
)


def profile(record_format: RecordFormat = RecordFormat.NDJSON, **changes: object) -> Profile:
    """A profile whose columns bear the names of the fields."""
    fields = Fields(
        time=TimeField(columns=("ts",)),
        actor_id=("who",),
        action=("what",),
        tenant_ids=("tenants",),
        event_id=("id",),
        outcome=("result",),
        ticket_id=("ticket",),
        src_ip=("ip",),
        target=TargetFields(type=("object_type",), id=("object_id",)),
    )
    values = {
        "format": record_format,
        "fields": fields,
        "action_codes": {"su.view": "tenant.view"},
        "not_actions": ("su.ping",),
        "outcomes": {"OK": Outcome.SUCCESS},
        **changes,
    }
    return Profile.model_validate(values)
