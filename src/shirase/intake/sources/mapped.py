"""The adapter for logs without a public format: a profile of the case gives the meaning."""

from shirase.intake.json_records import Record
from shirase.intake.mapping import ProfileReader
from shirase.intake.sources.contract import Card, Framing, Options, Reader, RecordContext, Shape


class MappedAdapter:
    """Reads anything by a profile."""

    @property
    def card(self) -> Card:
        """What people are told about it."""
        return Card(
            name="mapped",
            title="Any log, by a mapping profile (SuperUser and other internal tools)",
            wrappers="JSON (one object a line, array, concatenated) or CSV",
            event_id="the profile's event_id; without one, equal lines of one file are different events",
            actor="the profile's actor_id",
            tenant="the profile's tenant_ids, or the source's tenant_id",
            limits="what the profile does not map is counted, and not read",
            needs=("profile",),
        )

    @property
    def framing(self) -> Framing:
        """JSON or CSV, as the profile says."""
        return Framing(frozenset({Shape.JSON, Shape.CSV}))

    def knows(self, record: Record, context: RecordContext) -> bool:  # noqa: ARG002
        """No: what has no public format cannot be recognised."""
        return False

    def reader(self, options: Options) -> Reader:
        """A reader by the profile of the source.

        Raises:
            ValueError: When there is none.
        """
        if options.profile is None:
            raise ValueError("declare profile: the file that says where each value stands")
        return ProfileReader(options.profile)
