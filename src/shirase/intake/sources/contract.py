"""The contract of an adapter: everything a module needs in order to teach Shirase another kind of export.

An adapter is framing (how records lie in the file), which it declares, and meaning (what a record says), which its
reader gives. It opens no file, reads no clock and no environment, keeps nothing of a record once it has answered,
and never guesses: a record it cannot understand is raised as :class:`RecordError` and becomes a reject.

``docs/how-to/add-a-source.md`` walks through one; ``conformance`` holds the rules every adapter has to pass.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from shirase.domain.profile import Profile, TimeFormat
from shirase.domain.reject import RejectReason
from shirase.intake.by_column.carried import Carriage, Carried
from shirase.intake.by_column.columns import (
    ChangeColumns,
    Columns,
    Derived,
    Steps,
    TargetColumns,
    TargetRow,
    TextColumn,
    TimeColumn,
)
from shirase.intake.fields import count_unknown, unknown_fields
from shirase.intake.json_records import Record
from shirase.intake.meaning import Aside, AsideKind, Instant, Meaning
from shirase.intake.records import RecordError

__all__ = [
    "Adapter",
    "Aside",
    "AsideKind",
    "Card",
    "Carriage",
    "Carried",
    "ChangeColumns",
    "Columns",
    "Derived",
    "Envelope",
    "FileFacts",
    "Fit",
    "Framing",
    "Instant",
    "Meaning",
    "Opened",
    "Options",
    "Reader",
    "Record",
    "RecordContext",
    "RecordError",
    "RejectReason",
    "Remark",
    "Shape",
    "Steps",
    "TargetColumns",
    "TargetRow",
    "TextColumn",
    "TimeColumn",
]


class Shape(StrEnum):
    """How records lie in a file, told by its content and never by its name.

    ``json``: one object a line, concatenated objects, an array, or a list inside an envelope. ``csv``: a header and
    rows. ``xml``: one document or several in one stream. ``zip``: a folder of JSON files. ``xlsx``: a spreadsheet.
    """

    JSON = "json"
    CSV = "csv"
    XML = "xml"
    ZIP = "zip"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Framing:
    """How the records of an adapter lie in its files.

    Attributes:
        shapes: Shapes it reads.
        envelopes: Dotted keys of the lists that hold records in enveloping objects: ``records``, ``data.events``.
        tables: Lists of rows in envelopes, each with the key of its column names: ``rows`` and ``fields``.
        document: In XML, the tag of a document; several may follow each other in one stream.
        element: In XML, the tag of a record inside a document.
        members: In a zip, the pattern of the files that hold records (lists of objects).
        companions: In a zip, files at its top that are read beforehand and handed to the reader.
        stop_at_blank: Whether the first blank row ends the table and what follows is a footer.
    """

    shapes: frozenset[Shape]
    envelopes: tuple[str, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)
    document: str = ""
    element: str = ""
    members: str = ""
    companions: tuple[str, ...] = ()
    stop_at_blank: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """What people are told about an adapter: ``shirase sources`` prints it, the reference page lists it.

    Attributes:
        name: What ``adapter = "…"`` in incident.toml calls it: small letters, digits, hyphens.
        title: Product and kind of export.
        wrappers: Shapes of files it reads, in words.
        event_id: What the source's own id of an event is.
        actor: Where the actor stands.
        tenant: On what ground the customer's tenant can be known.
        limits: What the export cannot show, or what a reader of it has to know.
        needs: Options the source must declare in incident.toml.
    """

    name: str
    title: str
    wrappers: str
    event_id: str
    actor: str
    tenant: str
    limits: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """What a case declares about one source, for what its export leaves open.

    Attributes:
        zone: IANA zone of times without an offset.
        locale: Order of day and month in dates written by hand: ``mdy``, ``dmy`` or ``ymd``.
        site: The site or workspace the export is of, where ids repeat between sites.
        tenant_id: The tenant of all records, for the export of one tenant's own log.
        profile: The mapping profile, for adapters that read by one.
        origin: For a carrier: the adapter of the system that logged first.
    """

    zone: str | None = None
    locale: str | None = None
    site: str | None = None
    tenant_id: str | None = None
    profile: Profile | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class RecordContext:
    """Where a record lies besides its own bytes.

    Attributes:
        envelope: What stood beside the list of records, as far as it was read; empty for a bare record.
        member: Path inside a zip, or the name of a sheet; empty elsewhere.
        side: Parsed companion files of a zip by their names, such as ``users.json``.
    """

    envelope: Mapping[str, Any] = field(default_factory=dict)
    member: str = ""
    side: Mapping[str, Any] = field(default_factory=dict)


BARE = RecordContext()
"""The context of a record that lies by itself."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One enveloping object read to its end: what stood beside its list, and how many records that held."""

    values: Mapping[str, Any]
    rows: int


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file that was read to its end.

    Attributes:
        records: Records it held.
        asides: Those of them that were no action, by kind.
        envelopes: Its envelopes; the last thousand of very many.
    """

    records: int
    asides: Mapping[str, int]
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a whole file that a person must be told, loudly: that it is probably cut off, or empty."""

    what: str
    mend: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How well an adapter fits some records: how many of ``seen`` it knows by their shape, and by what."""

    known: int
    seen: int
    reason: str

    @property
    def share(self) -> float:
        """Part of the records that it knows."""
        return self.known / self.seen if self.seen else 0.0


TIME_OF_CARRIER = "time_of_carrier"
"""Mark of an action whose time is that of the system that forwarded it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Some records of a run.

    Attributes:
        reader: Whose columns read them.
        places: Where in the run each of them stands.
        records: The records themselves, without wrappers.
        unknown: Counts the fields that nobody knows in some of :attr:`records`.
        beside: Counts those that stand beside them, in the wrappers at some of :attr:`places`.
        carried: What a carrier says of them.
        stands: The way at which something stands in the record of the run, by the place of a record among
            :attr:`records` and the way in that.
    """

    reader: "Reader"
    places: Sequence[int]
    records: Sequence[Record]
    unknown: Callable[[Sequence[Record]], Counter[str]]
    beside: Callable[[Sequence[int]], Counter[str]] | None = None
    carried: Carried | None = None
    stands: Callable[[int, Steps], Steps] = lambda _, way: way


class Reader:
    """Gives the meaning of the records of one file. A new one is made for each file; subclass and write :meth:`read`.

    Attributes:
        known: Top-level fields that the adapter knows. Others are counted as unknown, and never get past intake.
        inside: Names that the adapter knows inside parts of a record, by the dotted path of the part (of a list: inside
            each of its objects). Others are counted as unknown; parts that are not listed are not looked into.
        time_field: Dotted path of the time, and how it is written there. With it, a record that a carrier forwarded and
            that has no time of its own gets the carrier's, and is marked (:data:`TIME_OF_CARRIER`).
        sensitive: Dotted paths that are known to hold something that never gets past intake, and what it is
            (``secret``, ``token``, ``message_body``, ``phone_number``, ``personal``); counted by kind.
        stripped: What :meth:`read` itself took out, by kind.
    """

    known: frozenset[str] = frozenset()
    inside: Mapping[str, frozenset[str]] = {}
    time_field: tuple[str, TimeFormat] | None = None
    sensitive: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.stripped: Counter[str] = Counter()

    def read(self, record: Record, context: RecordContext) -> Meaning | Aside:
        """What ``record`` says.

        Raises:
            RecordError: When time, actor or action are missing or cannot be read.
        """
        raise NotImplementedError

    def fields(self, record: Record) -> Record:
        """The record whose top-level fields are counted: ``record`` itself, or the one inside a wrapper."""
        return record

    def unknown(self, record: Record) -> Iterable[str]:
        """Fields of ``record`` that nobody knows, as dotted paths; asked after :meth:`read`."""
        return unknown_fields(self.fields(record), self.known, self.inside)

    def form(self, record: Record) -> Hashable:  # noqa: ARG002  most exports are read record by record
        """What :meth:`columns` depend on: they are the same for all records of one form; None to be read by itself.

        Only plain values are read by columns. A record in which a list or an object stands on one of their ways, where
        none should, is read by itself whatever its form.
        """
        return None

    def columns(self, sample: Record) -> Columns | None:  # noqa: ARG002  most exports are read record by record
        """Where everything stands that :meth:`read` says of records that have the form of ``sample``; None for nowhere.

        Only for speed: it must never say anything else than :meth:`read` does.
        """
        return None

    def open(self, records: Sequence[Record | None], context: RecordContext) -> Iterable[Opened]:  # noqa: ARG002
        """Records out of their wrappers, many at a time, with the reader whose :meth:`columns` read them.

        Only for speed, and only what is sure: records that are in none of the answers are read by themselves. Of None
        nothing is known.
        """
        if type(self).form is Reader.form:
            return ()
        places = [place for place, record in enumerate(records) if record is not None]
        kept = [record for record in records if record is not None]
        return (Opened(self, places, kept, lambda some: count_unknown(some, self.known, self.inside)),)

    def carriage(self, record: Record, context: RecordContext) -> Carriage | None:  # noqa: ARG002  few are carriers
        """For a carrier: where everything stands in its records that are laid out as ``record``; None for nowhere.

        Only for speed, as :meth:`columns`.
        """
        return None

    def close(self, file: FileFacts) -> tuple[Remark, ...]:  # noqa: ARG002  what most exports have to say
        """What has to be said about the file, once all of it was read: that it seems to be cut off, for example."""
        return ()


@runtime_checkable
class Adapter(Protocol):
    """One kind of export. An entry point of the group ``shirase.sources`` names an object of this shape."""

    @property
    def card(self) -> Card:
        """What people are told about it."""

    @property
    def framing(self) -> Framing:
        """How its records lie in a file."""

    def knows(self, record: Record, context: RecordContext) -> bool:
        """Whether ``record`` has the shape that this export, and no other, gives its records."""

    def reader(self, options: Options) -> Reader:
        """A reader for one file.

        Raises:
            ValueError: When ``options`` lack something the adapter needs, or hold what it cannot use.
        """
