"""The manifest: what was sealed in one batch, as anybody may know it."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shirase.domain.review import State
from shirase.domain.standing import SealedRevision

COUNTING = (State.SEALED, State.SENT)
"""States of a revision whose sealed file counts."""


@dataclass(frozen=True, slots=True)
class SealedReport:
    """One sealed file, named by what it holds.

    Attributes:
        report_id: As on its pages; also the name of its file.
        revision: Number of the revision that was approved.
        customer_key: :func:`customer_key` of the code on its pages: whose it is, to who has that code and nobody else.
        approved_digest: SHA-256 of the bytes that every role approved, in hexadecimal digits.
        approved_size: How many bytes that are: the sealed file begins with exactly them.
        sealed_digest: SHA-256 of the whole sealed file.
        sealed_size: Its bytes.
        data_digest: SHA-256 of the data copy that was approved with it.
        page_count: Its pages.
    """

    report_id: str
    revision: int
    customer_key: str
    approved_digest: str
    approved_size: int
    sealed_digest: str
    sealed_size: int
    data_digest: str
    page_count: int


@dataclass(frozen=True, slots=True)
class ReplacedReport:
    """A sealed file that counts no more, and what replaced it.

    Attributes:
        report_id: As on its pages.
        revision: Its number.
        sealed_digest: SHA-256 of the file.
        state: ``superseded`` or ``withdrawn``.
        replaced_by: SHA-256 of the sealed file of the same report that counts instead; empty while none does.
    """

    report_id: str
    revision: int
    sealed_digest: str
    state: str
    replaced_by: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """All sealed files of an incident that count, after one batch, in the order of their report ids.

    Attributes:
        incident_id: Of the case.
        sealed_at: When the batch was begun, in UTC to the second (RFC 3339).
        salt: Random hexadecimal digits, the same in all manifests of an incident; customer keys mean nothing beyond it.
        previous_digest: SHA-256 of the manifest before this one; empty for the first.
        is_test: Sealed with a development certificate: proves nothing about who sealed.
        number: 1, 2, 3 … for each incident.
        reports: What counts.
        replaced: What counts no more.
    """

    incident_id: str
    number: int
    sealed_at: str
    salt: str
    previous_digest: str
    is_test: bool
    reports: tuple[SealedReport, ...]
    replaced: tuple[ReplacedReport, ...] = ()

    def find(self, report_id: str) -> SealedReport | None:
        """The file of a report that counts."""
        return next((each for each in self.reports if each.report_id == report_id), None)


def customer_key(salt: str, code: str) -> str:
    """HMAC-SHA-256 (RFC 2104) of a customer's ``code``, the one on every page of its report, under the manifest's salt.

    A manifest may be public: it names no customer, and who holds a report can find it there by the code on its pages.
    """
    return hmac.new(bytes.fromhex(salt), code.encode("ascii"), hashlib.sha256).hexdigest()


def next_manifest(
    begun: Manifest,
    sealed: Mapping[str, SealedReport],
    before: Manifest | None,
    revisions: Sequence[SealedRevision],
) -> Manifest:
    """The manifest after a batch: what was sealed, what still counts of before, and what counts no more.

    Args:
        begun: The manifest as it is begun, without reports.
        sealed: What the batch sealed, by report id.
        before: The manifest before it.
        revisions: Every sealed revision, as the ledger has it now.
    """
    earlier = before.reports if before is not None else ()
    states = {each.sealed_digest: State(each.state) for each in revisions}
    kept = {each.report_id: each for each in earlier if states.get(each.sealed_digest) in COUNTING}
    reports = {**kept, **sealed}
    gone = [
        ReplacedReport(each.report_id, each.revision, each.sealed_digest, _why_not(each, states).value, "")
        for each in earlier
        if reports.get(each.report_id) is not each
    ]
    return replace(
        begun,
        is_test=begun.is_test or (before is not None and before.is_test and bool(kept)),
        reports=tuple(reports[name] for name in sorted(reports)),
        replaced=tuple(
            replace(each, replaced_by=reports[each.report_id].sealed_digest if each.report_id in reports else "")
            for each in (*(before.replaced if before is not None else ()), *gone)
        ),
    )


def _why_not(entry: SealedReport, states: Mapping[str, State]) -> State:
    """Withdrawn, or superseded: also when the ledger, of a file that was sent, does not yet say so."""
    state = states.get(entry.sealed_digest, State.WITHDRAWN)
    return State.SUPERSEDED if state in COUNTING else state


def is_outdated(manifest: Manifest, revisions: Sequence[SealedRevision]) -> bool:
    """Whether ``manifest`` lists something that counts no more."""
    counting = {each.sealed_digest for each in revisions if each.state in COUNTING}
    return any(each.sealed_digest not in counting for each in manifest.reports)
