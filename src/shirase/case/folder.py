"""Edge: the case folder as a whole. All files are read first, then all problems are reported at once."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from shirase.case.canary_key import CANARY_KEY, parse_key
from shirase.case.cross_checks import Parts, cross_check
from shirase.case.file_models import ActionsFile, TimelineFile
from shirase.case.narrative_files import read_narrative
from shirase.case.previous_reports import read_previous
from shirase.case.problems import Reading, dotted, place
from shirase.case.registers import build_register
from shirase.case.tables import Table, read_accounts, read_actors, read_contacts, read_customers, read_inquiries
from shirase.case.ticket_table import read_tickets
from shirase.case.toml_files import read_toml
from shirase.case.translatable import translatables_of
from shirase.case.translation_file import MEMORY, read_memory
from shirase.case.written_files import WrittenFile, read_written
from shirase.domain.bilingual import CaseModel
from shirase.domain.catalogue import Catalogue, Permissions
from shirase.domain.claims import ClaimsFile
from shirase.domain.completeness import Regime
from shirase.domain.decisions import Decisions
from shirase.domain.errors import CaseError, Problem
from shirase.domain.glossary import Glossary
from shirase.domain.incident import Case, Incident
from shirase.domain.narrative import NOT_AFFECTED_SECTIONS, PLACEHOLDERS
from shirase.domain.organisation import Organisation, OrganisationRegister
from shirase.domain.profile import Profile
from shirase.domain.self_check import SelfCheck
from shirase.domain.stated import StatedFacts
from shirase.domain.supersession import PreviousReport
from shirase.domain.translation import ConfirmedPair, judge_units

T = TypeVar("T")
M = TypeVar("M", bound=CaseModel)

FILES = (
    "incident.toml",
    "timeline.toml",
    "permissions.toml",
    "actions.toml",
    "facts.toml",
    "checks.toml",
    "terms.toml",
    "contract.toml",
    "claims.toml",
    "decisions.toml",
    "customers.csv",
    "actors.csv",
    "inquiries.csv",
    "tickets.csv",
    "accounts.csv",
    "contacts.csv",
    "recipients.csv",
    "delivery.toml",
)
"""Files in a case folder. Those for checks, terms, contract, claims, decisions, inquiries, tickets, accounts, contacts
and delivery may be absent.
"""


def read_case(folder: Path) -> Case:
    """Read and check everything people wrote under ``folder``; never the evidence.

    Raises:
        CaseError: With every problem of every file.
    """
    if not folder.is_dir():
        raise CaseError(Problem("there is no such folder", str(folder), "`shirase init` writes one to start from"))
    reader = _Reader(folder)
    parts = reader.read_parts()
    confirmed = reader.read_confirmed_pairs()
    key = reader.read_canary_key()
    problems = (*reader.problems, *cross_check(parts))
    if problems:
        raise CaseError(*problems)
    assert key is not None
    return _assemble(parts, reader, confirmed, key)


class _Reader:
    """Reads file after file, keeping the digests and the problems of those before."""

    def __init__(self, folder: Path) -> None:
        self.problems: list[Problem] = _strangers(folder)
        self.digests: dict[str, str] = {}
        self.files: dict[str, WrittenFile] = {}
        self._folder = folder

    def read_parts(self) -> Parts:
        """Read every file."""
        incident = self._toml("incident.toml", Incident)
        timeline = self._toml("timeline.toml", TimelineFile)
        permissions = self._toml("permissions.toml", Permissions)
        actions = self._toml("actions.toml", ActionsFile)
        customers = self._text("customers.csv")
        actors = self._text("actors.csv")
        has_tickets = (self._folder / "tickets.csv").exists()
        tickets = self._text("tickets.csv") if has_tickets else None
        profile_paths = tuple(sorted(f"profiles/{path.name}" for path in (self._folder / "profiles").glob("*.toml")))
        profiles = {path: self._toml(path, Profile) for path in profile_paths}
        claims = self._toml("claims.toml", ClaimsFile) if self._has("claims.toml") else ClaimsFile(claims=())
        values = frozenset(claim.id for claim in claims.claims) if claims is not None else frozenset()
        narrative, narrative_files = read_narrative(self._folder, self._variants(incident), PLACEHOLDERS | values)
        for narrative_file in narrative_files:
            self._note(narrative_file)
        return Parts(
            incident=incident,
            organisations=self._organisations(incident),
            timeline=timeline.entries if timeline is not None else None,
            permissions=permissions,
            catalogue=self._catalogue(actions),
            decisions=self._toml("decisions.toml", Decisions) if self._has("decisions.toml") else Decisions(),
            stated=self._toml("facts.toml", StatedFacts),
            terms=self._toml("terms.toml", Glossary) if self._has("terms.toml") else None,
            contract=self._toml("contract.toml", Regime) if self._has("contract.toml") else None,
            claims=claims,
            self_check=self._toml("checks.toml", SelfCheck) if self._has("checks.toml") else None,
            inquiries=self._table("inquiries.csv", read_inquiries),
            previous=self._previous(incident),
            customers=self._keep(read_customers(customers)) if customers is not None else None,
            actors=self._keep(read_actors(actors)) if actors is not None else None,
            tickets=self._keep(read_tickets(tickets)) if tickets is not None else None,
            accounts=self._table("accounts.csv", read_accounts),
            contacts=self._table("contacts.csv", read_contacts),
            narrative=self._keep(narrative),
            profile_paths=profile_paths,
            profiles={path: profile for path, profile in profiles.items() if profile is not None},
        )

    def _organisations(self, incident: Incident | None) -> OrganisationRegister | None:
        if incident is None:
            return None

        def where(index: int) -> str:
            return place("incident.toml", key=dotted(("organisations", index)))

        ids = [organisation.id for organisation in incident.organisations]
        self.problems += [
            Problem(f"two organisations have the id {key!r}", f"{where(index)}.id", "give each its own")
            for index, key in enumerate(ids)
            if key in ids[:index]
        ]
        entries: tuple[Organisation, ...] = incident.organisations
        return self._keep(build_register(OrganisationRegister.build, entries, where=where))

    def _has(self, path: str) -> bool:
        return (self._folder / path).exists()

    def _variants(self, incident: Incident | None) -> frozenset[str]:
        """Sections that this very case needs besides those of every case."""
        needed: set[str] = set()
        if incident is not None and incident.supersedes is not None:
            needed.add("changes")
        if needed or self._has("inquiries.csv"):
            needed.update(NOT_AFFECTED_SECTIONS)
        return frozenset(needed)

    def _table(self, path: str, read: Callable[[WrittenFile], Reading[Table[M]]]) -> Table[M] | None:
        """An optional table."""
        file = self._text(path) if self._has(path) else None
        return self._keep(read(file)) if file is not None else None

    def _previous(self, incident: Incident | None) -> dict[str, PreviousReport]:
        if incident is None or incident.supersedes is None:
            return {}
        reading, digests = read_previous(self._folder, incident)
        self.digests.update(digests)
        return self._keep(reading) or {}

    def read_confirmed_pairs(self) -> tuple[ConfirmedPair, ...]:
        """Read ``translations.po``; nothing is confirmed without."""
        file = self._text(MEMORY) if self._has(MEMORY) else None
        return (self._keep(read_memory(file)) or ()) if file is not None else ()

    def read_canary_key(self) -> bytes | None:
        """Read ``canary.key``."""
        if not self._has(CANARY_KEY):
            mend = "`shirase canary CASE` writes one; without it nobody can tell where a page came from"
            self.problems.append(Problem("this file is missing", CANARY_KEY, mend))
            return None
        file = self._text(CANARY_KEY)
        return self._keep(parse_key(file)) if file is not None else None

    def _catalogue(self, actions: ActionsFile | None) -> Catalogue | None:
        if actions is None:
            return None

        def where(index: int) -> str:
            return place("actions.toml", key=f"{dotted(('actions', index))}.code")

        return self._keep(build_register(Catalogue.build, actions.actions, where=where))

    def _toml(self, path: str, model: type[M]) -> M | None:
        file = self._text(path)
        return self._keep(read_toml(file, model)) if file is not None else None

    def _text(self, path: str) -> WrittenFile | None:
        file = self._keep(read_written(self._folder, path))
        if file is not None:
            self._note(file)
        return file

    def _note(self, file: WrittenFile) -> None:
        self.files[file.path] = file
        self.digests[file.path] = file.digest

    def _keep(self, reading: Reading[T]) -> T | None:
        self.problems += reading.problems
        return reading.value


def _strangers(folder: Path) -> list[Problem]:
    """Tables and TOML files that nobody would read: a misspelt ``decisions.toml`` must not pass for an absent one."""
    found = sorted(path.name for path in folder.iterdir() if path.suffix.lower() in (".toml", ".csv"))
    mend = f"rename or remove it; a case has {', '.join(FILES)}"
    return [Problem("nothing reads this file", name, mend) for name in found if name not in FILES]


def _assemble(parts: Parts, reader: _Reader, confirmed: tuple[ConfirmedPair, ...], canary_key: bytes) -> Case:
    """The case, once every file has been read without a problem."""
    assert parts.incident is not None
    assert parts.organisations is not None
    assert parts.timeline is not None
    assert parts.permissions is not None
    assert parts.catalogue is not None
    assert parts.decisions is not None
    assert parts.customers is not None
    assert parts.actors is not None
    assert parts.narrative is not None
    assert parts.stated is not None
    texts = translatables_of(reader.files, parts.incident.drafted_in)
    return Case(
        incident=parts.incident,
        window=parts.incident.window.build(),
        organisations=parts.organisations,
        roster=parts.actors[1],
        customers=parts.customers[1],
        catalogue=parts.catalogue,
        permissions=parts.permissions,
        timeline=parts.timeline,
        narrative=parts.narrative,
        stated=parts.stated,
        terms=parts.terms.terms if parts.terms is not None else (),
        self_check=parts.self_check,
        contract=parts.contract,
        claims=parts.claims.claims if parts.claims is not None else (),
        inquiries=parts.inquiries.entries if parts.inquiries is not None else (),
        previous=parts.previous,
        decisions=parts.decisions,
        profiles=parts.profiles,
        digests=dict(sorted(reader.digests.items())),
        canary_key=canary_key,
        translations=judge_units((text.unit for text in texts), confirmed),
        tickets=parts.tickets[1] if parts.tickets is not None else None,
        accounts=parts.accounts.entries if parts.accounts is not None else (),
        contacts=parts.contacts.entries if parts.contacts is not None else (),
    )
