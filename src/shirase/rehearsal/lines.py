"""Log lines as they are planted: what was done, how each console writes it, and the truth beside the bytes."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from shirase.rehearsal.instants import EPOCH, SECOND, pacific, rfc3339
from shirase.rehearsal.people import Person
from shirase.rehearsal.streams import opaque_id
from shirase.rehearsal.things import Thing
from shirase.rehearsal.truth import NO_TICKET, UNRECORDED, Owners, TicketTruth, Verdict, judge

CSV_COLUMNS = (
    "RequestID", "LocalTime", "EngineerID", "EngineerName", "Employer", "Action", "Tenants", "ObjectType", "ObjectID",
    "ObjectName", "Result", "Ticket", "Reason", "IP",
)  # fmt: skip


FileKey = date | str | None


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing somebody did.

    Attributes:
        at: When, microseconds UTC.
        person: Who.
        native: The console's code.
        tenant_ids: Tenants it touched, as the log names them.
        owners: Whose they are.
        things: What it touched.
        result: The console's word for the outcome.
        ticket: Support ticket.
        reason: Reason in free words.
        ticket_truth: What became of the ticket; a ticket of which nothing is said was never opened.
    """

    at: int
    person: Person
    native: str
    tenant_ids: tuple[str, ...]
    owners: Owners
    things: tuple[Thing, ...] = ()
    result: str = "OK"
    ticket: str | None = None
    reason: str | None = None
    ticket_truth: TicketTruth | None = None

    def verdict(self) -> Verdict:
        """The truth of it, as far as it is not a repeat."""
        verdict = judge(self.at, self.person.standing_at(self.at), self.owners, tenant_ids=self.tenant_ids)
        return replace(verdict, ticket=self.ticket_truth or (UNRECORDED if self.ticket else NO_TICKET))


@dataclass(frozen=True, slots=True)
class PlantedLine:
    """One log line.

    Attributes:
        file: Key of the file it stands in: a day of the NDJSON export, None for the CSV export, or the path below
            ``evidence/`` of the export of another system, with ``!`` before a member of an archive.
        order: Where it stands in the file: lines are sorted by this, in the order of planting where equal.
        raw: Its bytes without line end.
        verdict: Its truth; None for a blank line, which is no log line.
        aside: What it is when it is neither: ``preview`` or ``header``.
    """

    file: FileKey
    order: int
    raw: bytes
    verdict: Verdict | None
    aside: str = ""


@dataclass(slots=True)
class Logbook:
    """Collects the lines of all files while they are planted."""

    lines: list[PlantedLine] = field(default_factory=list)
    _requests: int = 0

    def request_id(self) -> str:
        """An event id that no other line has."""
        self._requests += 1
        return f"req-{opaque_id(self._requests, chars=12)}"

    def log(self, deed: Deed, changes: dict[str, Any] | None = None) -> PlantedLine:
        """Plant ``deed`` in the export of its day, as SuperUser writes it, with some values written differently."""
        record = ndjson_record(deed, self.request_id()) | (changes or {})
        return self.plant(day_of(deed.at), deed.at, encode(record), deed.verdict())

    def log_csv(self, deed: Deed) -> PlantedLine:
        """Plant ``deed`` in the CSV export; its time is cut to the second."""
        whole_second = replace(deed, at=deed.at // SECOND * SECOND)
        raw = encode_csv(csv_cells(whole_second, self.request_id()))
        return self.plant(None, whole_second.at, raw, whole_second.verdict())

    def plant(self, file: FileKey, order: int, raw: bytes, verdict: Verdict | None, *, aside: str = "") -> PlantedLine:
        """Plant bytes with their truth."""
        line = PlantedLine(file, order, raw, verdict, aside)
        self.lines.append(line)
        return line

    def count(self) -> int:
        """Log lines so far; blank lines are none."""
        return sum(1 for line in self.lines if line.verdict is not None)


def day_of(at: int) -> date:
    """The UTC day of an instant, which is the file its line stands in."""
    return (EPOCH + timedelta(microseconds=at)).date()


def ndjson_record(deed: Deed, request_id: str | None) -> dict[str, Any]:
    """The record of ``deed`` as SuperUser exports it."""
    person = deed.person
    engineer: dict[str, Any] = {"id": person.actor_id, "name": person.name, "email": person.email}
    if person.org is not None:
        engineer["org"] = person.org
    record: dict[str, Any] = {} if request_id is None else {"request_id": request_id}
    objects = [_thing(thing) for thing in deed.things]
    return record | {
        "ts": rfc3339(deed.at),
        "engineer": engineer,
        "action": deed.native,
        "tenants": list(deed.tenant_ids),
        "objects": objects,
        "result": deed.result,
        "ticket": deed.ticket,
        "reason": deed.reason,
        "ip": person.ip,
        "ua": person.ua,
        "session": person.session_at(deed.at),
    }


def encode(record: Any) -> bytes:
    """A record, or whatever stands where one should, as one line of NDJSON."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def csv_cells(deed: Deed, request_id: str) -> dict[str, str]:
    """The cells of ``deed`` as the older console exports them, by column."""
    person = deed.person
    thing = deed.things[0] if deed.things else Thing("", "", "")
    values = (
        request_id, pacific(deed.at), person.actor_id, person.name, person.org or "", deed.native,
        ";".join(deed.tenant_ids), thing.type, thing.id, thing.name, deed.result, deed.ticket or "", deed.reason or "",
        person.ip,
    )  # fmt: skip
    return dict(zip(CSV_COLUMNS, values, strict=True))


def encode_csv(cells: Mapping[str, str]) -> bytes:
    """One CSV record, every cell quoted, without line end."""
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="").writerow(cells.values())
    return text.getvalue().encode()


def _thing(thing: Thing) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": thing.type, "id": thing.id, "name": thing.name}
    if thing.tenant_id is not None:
        shown["tenant"] = thing.tenant_id
    return shown
