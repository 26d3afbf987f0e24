"""Edge: everything in the case folder that people would have written."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import tomli_w

from shirase.domain.actor import ActorEntry
from shirase.domain.customer import Customer
from shirase.rehearsal.sign_offs import SignOff
from shirase.rehearsal.story import Story
from shirase.rehearsal.tickets import RegisteredTicket

_CUSTOMER_COLUMNS = (
    "customer_id", "name_ja", "name_en", "tenant_ids", "domains", "languages", "time_zone", "status", "recipients",
    "delivery_policy", "name_language", "paper",
)  # fmt: skip
_ACTOR_COLUMNS = (
    "actor_id", "pseudonym", "organisation", "job_title_ja", "job_title_en", "country", "valid_from", "valid_to",
    "other_ids",
)  # fmt: skip

_TICKET_COLUMNS = ("ticket_id", "customer_id", "opened_at", "opened_by")


@dataclass(frozen=True, slots=True)
class Written:
    """What people would have written for this very incident; the rest of the case is the same for all.

    Attributes:
        customers: The register.
        customer_total: All customers of the sender, the population of every percentage.
        entries: The roster.
        attributions: Sign-offs, as :mod:`shirase.rehearsal.sign_offs` makes them.
        reject_limit: Share of unusable lines (0 to 1) above which a run stops.
        tickets: The register of support tickets; None for a sender who has none to compare with.
        accounts: Customers' records in other systems: id, customer, tenant.
        contacts: Telephone numbers: number, customer, country.
        resolutions: Decisions about clues.
        sources: Tables of further sources, as ``incident.toml`` has them.
    """

    customers: tuple[Customer, ...]
    customer_total: int
    entries: tuple[ActorEntry, ...]
    attributions: tuple[SignOff, ...]
    reject_limit: float
    tickets: tuple[RegisteredTicket, ...] | None = None
    accounts: tuple[tuple[str, str, str], ...] = ()
    contacts: tuple[tuple[str, str, str], ...] = ()
    resolutions: tuple[SignOff, ...] = ()
    sources: tuple[dict[str, Any], ...] = ()


def write_case_files(folder: Path, story: Story, written: Written) -> None:
    """Write everything but the logs and the answer key. The key of the canaries is no secret here: all is invented."""
    for path in story.kept_files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((story.root / path).read_bytes())
    figures = {"customer_total": written.customer_total, "reject_limit": written.reject_limit}
    incident = story.toml("incident.toml") | figures
    _write_toml(folder / "incident.toml", incident | {"sources": [*incident["sources"], *written.sources]})
    key = hashlib.sha256(f"canary\x00{written.customer_total}".encode()).hexdigest()
    (folder / "canary.key").write_text(f"{key}\n", encoding="ascii")
    decisions = {"attributions": list(written.attributions)}
    if written.resolutions:
        decisions["resolutions"] = list(written.resolutions)
    _write_toml(folder / "decisions.toml", decisions)
    _write_csv(folder / "customers.csv", _CUSTOMER_COLUMNS, map(_customer_row, written.customers))
    _write_csv(folder / "actors.csv", _ACTOR_COLUMNS, map(_actor_row, written.entries))
    if written.tickets is not None:
        _write_csv(folder / "tickets.csv", _TICKET_COLUMNS, map(astuple, written.tickets))
    if written.accounts:
        _write_csv(folder / "accounts.csv", ("account_id", "customer_id", "tenant_id"), written.accounts)
    if written.contacts:
        _write_csv(folder / "contacts.csv", ("phone", "customer_id", "region"), written.contacts)


def _customer_row(entry: Customer) -> tuple[str, ...]:
    return (
        entry.customer_id, entry.name_ja, entry.name_en, ";".join(entry.tenant_ids), ";".join(entry.domains),
        ";".join(entry.languages), entry.time_zone, entry.status.value, ";".join(entry.recipients),
        entry.delivery_policy.value, entry.name_language, entry.paper.value,
    )  # fmt: skip


def _actor_row(entry: ActorEntry) -> tuple[str, ...]:
    since, until = (day.isoformat() if day else "" for day in (entry.valid_from, entry.valid_to))
    return (
        entry.actor_id, entry.pseudonym, entry.organisation, entry.job_title_ja, entry.job_title_en, entry.country,
        since, until, ";".join(entry.other_ids),
    )  # fmt: skip


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _write_toml(path: Path, content: dict[str, Any]) -> None:
    path.write_bytes(tomli_w.dumps(content).encode())
