"""Edge: everything that sending rests on, read once: the case, its recipients, the sealed files, the leak gate."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from shirase.case.delivery_files import RECIPIENTS, read_delivery_settings, read_recipients
from shirase.domain.canary import canary
from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.delivery_settings import DeliverySettings
from shirase.domain.errors import CaseError, NotApprovedError, Problem, TamperedError
from shirase.domain.identifiers import report_id
from shirase.domain.incident import Case
from shirase.domain.manifest import Manifest, SealedReport, customer_key
from shirase.domain.recipients import RecipientList
from shirase.pipeline.inspection_facts import GateFacts, gate_facts
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.progress import Progress
from shirase.pipeline.scope import run_scope
from shirase.pipeline.sealed import read_manifest
from shirase.text.catalogues import NOTICE, fixed_texts


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to go out, and by what it is judged.

    Attributes:
        folder: Of the case.
        case: The case.
        output: Where its files lie.
        settings: How mails are sent.
        recipients: Who receives them.
        recipients_file: SHA-256 of ``recipients.csv`` as it was read.
        manifest: What is sealed and counts.
        manifest_digest: Its SHA-256.
        owners: By report id: whose it is.
        gate: Identifiers of all customers.
    """

    folder: Path
    case: Case
    output: OutputFolder
    settings: DeliverySettings
    recipients: RecipientList
    recipients_file: str
    manifest: Manifest
    manifest_digest: str
    owners: Mapping[str, Customer]
    gate: GateFacts

    @property
    def reports(self) -> tuple[SealedReport, ...]:
        """Everything that is sealed and counts."""
        return self.manifest.reports

    def code_of(self, customer_id: str) -> str:
        """The code on every page of a customer's report, made from the secret of the case, not read from the file."""
        return canary(self.case.canary_key, self.case.incident.id, customer_id)

    def require_same_recipients(self) -> None:
        """Refuse to go on when somebody changed ``recipients.csv`` meanwhile.

        Raises:
            NotApprovedError: When it is another file.
        """
        if digest_of_recipients(self.folder) != self.recipients_file:
            mend = "`shirase recipients check`, have the list approved, then plan again"
            raise NotApprovedError(Problem("was changed since the mails were planned", RECIPIENTS, mend))


def read_outgoing(case_folder: Path, out: Path, progress: Progress, *, today: date, jobs: int) -> Outgoing:
    """Read it all, and refuse what does not fit together.

    Raises:
        CaseError: When the case, its recipients or its settings cannot be used.
        UsageError: When nothing is sealed.
        TamperedError: When the manifest is not the one that was signed, or lists a report that is nobody's.
    """
    run = run_scope(case_folder, out, progress, jobs=jobs)
    manifest, digest = read_manifest(run.output)
    owners = owners_of(run.case, manifest)
    before = digest_of_recipients(case_folder)
    addressed = [each.customer_id for each in owners.values()]
    recipients = read_recipients(case_folder, run.case.customers, addressed=addressed, today=today)
    settings = read_delivery_settings(case_folder)
    _require_pick_up(settings, owners.values())
    gate = gate_facts(run)
    gate = replace(gate, common=(*gate.common, *fixed_texts(NOTICE)))
    return Outgoing(
        case_folder, run.case, run.output, settings, recipients, before, manifest, digest, owners, gate
    )  # fmt: skip


def owners_of(case: Case, manifest: Manifest) -> dict[str, Customer]:
    """Whose each sealed report is. The customer's code, made anew, has to give the key that the manifest names.

    Raises:
        TamperedError: When a report is of no customer of this case, or the key is another's.
    """
    incident = case.incident.id
    by_report = {report_id(incident, name): customer for name, customer in case.customers.by_id.items()}
    owners, wrong = {}, []
    for entry in manifest.reports:
        customer = by_report.get(entry.report_id)
        code = canary(case.canary_key, incident, customer.customer_id) if customer is not None else ""
        if customer is None or customer_key(manifest.salt, code) != entry.customer_key:
            wrong.append(entry.report_id)
        else:
            owners[entry.report_id] = customer
    if wrong:
        mend = "use the case, with its canary.key, from which the reports were made"
        raise TamperedError(*(Problem("is sealed for no customer of this case", each, mend) for each in wrong))
    return owners


def digest_of_recipients(case_folder: Path) -> str:
    """SHA-256 of ``recipients.csv``; empty when it is not there."""
    try:
        return hashlib.sha256((case_folder / RECIPIENTS).read_bytes()).hexdigest()
    except OSError:
        return ""


def _require_pick_up(settings: DeliverySettings, customers: Iterable[Customer]) -> None:
    if settings.pick_up is None:
        without = [each.customer_id for each in customers if each.delivery_policy is DeliveryPolicy.NOTIFY_ONLY]
        if without:
            what = f"{len(without)} customers are only notified, and nothing says where they get the report"
            raise CaseError(Problem(what, "delivery.toml", "write [pick_up], or choose another policy"))
