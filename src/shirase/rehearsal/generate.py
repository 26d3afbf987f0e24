"""Write a whole synthetic incident: the case folder, its logs, and the answer key."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from shirase.domain.disposition import Disposition
from shirase.rehearsal.answer_key import build_key, key_as_bytes
from shirase.rehearsal.broken import write_broken
from shirase.rehearsal.case_files import Written, write_case_files
from shirase.rehearsal.customers import cast_customers
from shirase.rehearsal.evidence_files import lay_out, write_files
from shirase.rehearsal.laid import Laid
from shirase.rehearsal.lines import Logbook
from shirase.rehearsal.odd_values import write_value_traps
from shirase.rehearsal.other_traps import Signed, write_other_traps
from shirase.rehearsal.people import gather_people
from shirase.rehearsal.quotas import plan_quotas, refuse_too_small
from shirase.rehearsal.repeats import write_overlaps, write_repeat_traps
from shirase.rehearsal.routine import Routine, write_noise
from shirase.rehearsal.setting import Setting
from shirase.rehearsal.side_work import SideWork
from shirase.rehearsal.sign_offs import line_is_nobodys, tenant_belongs_to, training_tenant_is_nobodys
from shirase.rehearsal.splunk_copies import write_copies
from shirase.rehearsal.story import Story
from shirase.rehearsal.things import Inventory
from shirase.rehearsal.tickets import RegisteredTicket
from shirase.rehearsal.traps import (
    write_people_traps,
    write_tenant_traps,
    write_window_traps,
    write_workstation_traps,
)

ANSWER_KEY = "answer-key.json"

MANY = 1_000
"""More lines of other systems than traps need."""

FULL_LINES = 100_000
"""From here on the case is sized like a real one: each kind of broken line twice, and few enough of them."""

FULL_REJECT_LIMIT = 0.001
"""Share of unusable lines a real case would tolerate; a small rehearsal has as many kinds of them on fewer lines."""
SMALL_REJECT_LIMIT = 0.15


@dataclass(frozen=True, slots=True)
class Size:
    """How large an incident, and which one: the same size gives the same bytes.

    Attributes:
        seed: Which of all possible incidents.
        customers: Customers in the register.
        affected: Customers that must be told.
        lines: Log lines, traps included.
    """

    seed: int = 2022
    customers: int = 14_640
    affected: int = 366
    lines: int = 126_500


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written."""

    folder: str
    files: int
    lines: int
    in_scope: int
    customers: int
    affected: int

    def __str__(self) -> str:
        return (
            f"{self.lines:,} log lines in {self.files} files, {self.in_scope:,} of them in scope;"
            f" {self.affected:,} of {self.customers:,} customers affected: {self.folder}"
        )


def write_incident(folder: Path, *, story: Path, size: Size) -> Summary:
    """Write the case ``size`` asks for into ``folder``.

    Args:
        folder: Where; made if missing.
        story: Folder of the story's texts.
        size: How large, and from which seed.

    Raises:
        UsageError: When the size has no room for every trap, or a text of the story is missing.
    """
    refuse_too_small(customers=size.customers, affected=size.affected, lines=size.lines)
    texts = Story(story)
    cast = cast_customers(texts, size.seed, total=size.customers, affected=size.affected)
    setting = Setting(size.seed, cast, gather_people(texts, size.seed), Inventory(texts, size.seed), Logbook())
    side = SideWork.of(size.seed, setting.book, MANY)
    no_tenant_digest = _write_traps(setting, rounds=2 if size.lines >= FULL_LINES else 1)
    signed = write_other_traps(setting, side)
    tickets = _write_routine(setting, side, size.lines)
    laid = lay_out(setting.book.lines)
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, laid)
    written = _what_people_wrote(setting, size, no_tenant_digest, tickets)
    write_case_files(folder, texts, _with_other_systems(written, setting, texts, side, signed))
    tenants = {entry.customer_id: entry.tenant_ids for entry in cast.customers}
    tenants[cast.parts["decided_only"].customer_id] += (cast.retired_tenant,)
    key = build_key(asdict(size), laid, tenants, missing_ids={"jira": side.missing_groups}, with_tickets=True)
    (folder / ANSWER_KEY).write_bytes(key_as_bytes(key))
    return summarise(folder, laid, size.customers)


def summarise(folder: Path, laid: Sequence[Laid], customers: int) -> Summary:
    """What was written into ``folder``, in figures."""
    verdicts = [line.verdict for entry in laid for line in entry.placed]
    return Summary(
        folder=str(folder),
        files=len(laid),
        lines=len(verdicts),
        in_scope=sum(1 for verdict in verdicts if verdict.disposition is Disposition.IN_SCOPE),
        customers=customers,
        affected=len({customer_id for verdict in verdicts for customer_id in verdict.customer_ids}),
    )


def _write_traps(setting: Setting, *, rounds: int) -> str:
    """Plant every trap; returns the SHA-256 of the line without a tenant."""
    write_window_traps(setting)
    write_workstation_traps(setting)
    write_people_traps(setting)
    no_tenant_digest = write_tenant_traps(setting)
    write_value_traps(setting)
    write_repeat_traps(setting)
    write_broken(setting, rounds=rounds)
    return no_tenant_digest


def _with_other_systems(written: Written, setting: Setting, story: Story, side: SideWork, signed: Signed) -> Written:
    """What people would have written besides, because further systems logged something."""
    own_log = {"tenant_id": setting.cast.parts["kitahama"].tenant_ids[0]}
    sources = story.toml("sources.toml")["sources"]
    rows = (*(written.tickets or ()), *side.cases.values())
    return replace(
        written,
        attributions=(*written.attributions, *signed.attributions),
        resolutions=signed.resolutions,
        tickets=tuple(sorted(rows, key=lambda row: row.ticket_id)),
        contacts=tuple((phone, customer_id, "") for phone, customer_id in sorted(side.contacts.items())),
        accounts=tuple((account, *owner) for account, owner in sorted(side.accounts.items())),
        sources=tuple(source | (own_log if source["id"] == "okta" else {}) for source in sources),
    )


def _write_routine(setting: Setting, side: SideWork, lines: int) -> tuple[RegisteredTicket, ...]:
    """Fill the logs up to exactly ``lines`` log lines; returns the register of the tickets they name."""
    planted = [line.verdict for line in setting.book.lines if line.verdict is not None]
    in_scope = sum(1 for verdict in planted if verdict.disposition is Disposition.IN_SCOPE)
    quotas = plan_quotas(lines, planted=len(planted), planted_in_scope=in_scope)
    side.left = quotas.beside
    routine = Routine(setting, side)
    routine.write(quotas)
    write_copies(setting, quotas.copies)
    write_overlaps(setting, quotas.repeats)
    write_noise(setting, lines - setting.book.count())
    return tuple(sorted(routine.desk.rows, key=lambda row: row.ticket_id))


def _what_people_wrote(
    setting: Setting, size: Size, no_tenant_digest: str, tickets: tuple[RegisteredTicket, ...]
) -> Written:
    cast = setting.cast
    return Written(
        customers=cast.customers,
        customer_total=size.customers,
        entries=setting.people.entries(),
        attributions=(
            training_tenant_is_nobodys(),
            tenant_belongs_to(cast.retired_tenant, cast.parts["decided_only"].customer_id),
            line_is_nobodys(no_tenant_digest),
        ),
        reject_limit=FULL_REJECT_LIMIT if size.lines >= FULL_LINES else SMALL_REJECT_LIMIT,
        tickets=tickets,
    )
