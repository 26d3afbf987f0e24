"""``shirase verify``: what can be said of sealed files, facet by facet, with as much beside them as there is.

A customer has a file and perhaps the manifest; the sender has the folder and the ledger. What is not there is said as
not checked, never as good.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from shirase.domain.errors import Problem, ShiraseError, TamperedError, UsageError
from shirase.domain.manifest import Manifest, SealedReport
from shirase.domain.seal_check import Facet, FacetCheck, SealCheck, Verdict, fails, holds, not_checked
from shirase.domain.standing import SealedRevision
from shirase.inspection.carried import Carried, read_carried
from shirase.inspection.finished import UnreadablePdfError
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.progress import Progress
from shirase.pipeline.sealed import SealedFolder, is_entry
from shirase.pipeline.spread import workers
from shirase.rendering.validation import PROFILES, breaches_of
from shirase.sealing.certificates import Certificate
from shirase.sealing.check import Trust, check_signature
from shirase.sealing.manifest_file import parse_manifest, require_signed


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known besides a file.

    Attributes:
        trust: Whom the one who checks believes; None when they named nobody.
        manifest: A manifest whose signature holds; None when there is none.
        trouble: What is wrong with the manifest that is there.
        signer: SHA-256 of the certificate that signed the manifest.
        revisions: Sealed revisions by the digest of the file, as the ledger has them; None without a ledger.
        journal: What is wrong with the journal; empty when it holds.
    """

    trust: Trust | None = None
    manifest: Manifest | None = None
    trouble: str = ""
    signer: str = ""
    revisions: Mapping[str, SealedRevision] | None = None
    journal: str = ""


def manifest_beside(path: Path, trust: Trust | None) -> Beside:
    """What the manifest at ``path`` says, if it holds."""
    try:
        content, signature = path.read_bytes(), path.with_name(f"{path.name}.p7s").read_bytes()
        signed = require_signed(content, signature, str(path), trust)
        if signed.is_trusted is False:
            return Beside(trust, trouble="none of the authorities you trust vouches for whoever signed it")
        return Beside(trust, parse_manifest(content, str(path)), "", signed.certificate.sha256.hex())
    except FileNotFoundError:
        return Beside(trust, trouble="" if not path.exists() else "its signature is not there")
    except ShiraseError as error:
        return Beside(trust, trouble=str(error))


def verify_file(path: Path, beside: Beside, *, quick: bool = False) -> SealCheck:
    """Every facet of one file.

    Raises:
        UsageError: When there is no such file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(Problem("cannot be read", str(path), "name a sealed PDF")) from error
    return SealCheck(str(path), tuple(_facets(path.stem, content, beside, quick=quick)))


def verify_folder(
    output: OutputFolder, beside: Beside, progress: Progress, *, quick: bool, jobs: int
) -> list[SealCheck]:
    """Every sealed file of an incident: those that are listed, and those that nobody lists.

    Raises:
        TamperedError: When the manifest does not hold.
        UsageError: When nothing is sealed.
    """
    folder = SealedFolder.of(output)
    if beside.trouble:
        raise TamperedError(Problem(beside.trouble, str(folder.manifest), "restore it"))
    if beside.manifest is None:
        raise UsageError(
            Problem("nothing is sealed there", str(output.root), "name a sealed PDF or an incident's folder")
        )
    listed = [folder.pdf(entry.report_id) for entry in beside.manifest.reports]
    there = sorted({*folder.root.glob("*.pdf"), *folder.root.glob("earlier/*.pdf"), *listed})
    checks: list[SealCheck] = []
    progress.begin("verifying", len(there))
    with workers(len(there), jobs=jobs) as hands:
        for check in hands.each(partial(_verify_listed, beside, quick), there):
            checks.append(check)
            progress.advance(1, Path(check.file).name)
    progress.end()
    return checks


def _verify_listed(beside: Beside, quick: bool, path: Path) -> SealCheck:
    if not path.exists():
        return SealCheck(str(path), (fails(Facet.SIGNED, "the manifest lists it, and it is not there"),))
    return verify_file(path, beside, quick=quick)


def _facets(name: str, content: bytes, beside: Beside, *, quick: bool) -> Iterator[FacetCheck]:
    said = check_signature(content, beside.trust)
    yield from said.facets
    yield _standards(content) if not quick else not_checked(Facet.STANDARDS, "left out")
    yield _manifest_signed(said.certificate, beside)
    digest = hashlib.sha256(content).hexdigest()
    entry = None
    if beside.manifest is None:
        for facet in (Facet.IN_MANIFEST, Facet.APPROVED_PREFIX):
            yield not_checked(facet, "there is no manifest beside it; give one with --manifest")
    else:
        entry = next((each for each in beside.manifest.reports if each.sealed_digest == digest), None)
        yield _other_name(name, beside.manifest, entry) or _listed(content, digest, beside.manifest, entry)
        yield _prefix(content, entry)
    yield _data_copy(content, entry, quick=quick)
    yield _journal(digest, beside)


def _standards(content: bytes) -> FacetCheck:
    broken = [f"{standard}: {found[0].what}" for standard in PROFILES if (found := breaches_of(content, standard))]
    if broken:
        return fails(Facet.STANDARDS, "; ".join(broken))
    return holds(Facet.STANDARDS, f"conforms to {' and '.join(PROFILES)}")


def _manifest_signed(certificate: Certificate | None, beside: Beside) -> FacetCheck:
    if beside.trouble:
        return fails(Facet.MANIFEST_SIGNED, beside.trouble)
    if beside.manifest is None:
        return not_checked(Facet.MANIFEST_SIGNED, "there is no manifest beside it; give one with --manifest")
    if certificate is not None and certificate.sha256.hex() != beside.signer:
        return FacetCheck(Facet.MANIFEST_SIGNED, Verdict.NOTED, "signed with another certificate than this file")
    return holds(Facet.MANIFEST_SIGNED, f"manifest {beside.manifest.number} of {beside.manifest.sealed_at}")


def _other_name(name: str, manifest: Manifest, entry: SealedReport | None) -> FacetCheck | None:
    """A file that bears the name of another report is as good as in the wrong envelope."""
    if entry is None or name == entry.report_id or manifest.find(name) is None:
        return None
    return fails(Facet.IN_MANIFEST, f"the file is named {name} and is {entry.report_id}")


def _listed(content: bytes, digest: str, manifest: Manifest, entry: SealedReport | None) -> FacetCheck:
    if entry is not None:
        if not is_entry(content, entry):
            return fails(Facet.IN_MANIFEST, "length or beginning are not those that the manifest lists")
        return holds(Facet.IN_MANIFEST, f"{entry.report_id}, revision {entry.revision}, counts")
    for gone in manifest.replaced:
        if gone.sealed_digest == digest:
            by = f", replaced by the file with SHA-256 {gone.replaced_by}" if gone.replaced_by else ""
            says = f"{gone.report_id}, revision {gone.revision}, is {gone.state} and counts no more{by}"
            return FacetCheck(Facet.IN_MANIFEST, Verdict.NOTED, says)
    return fails(Facet.IN_MANIFEST, f"manifest {manifest.number} does not have this file")


def _prefix(content: bytes, entry: SealedReport | None) -> FacetCheck:
    if entry is None:
        return not_checked(
            Facet.APPROVED_PREFIX, "only the manifest that lists the file knows which bytes were approved"
        )
    if hashlib.sha256(content[: entry.approved_size]).hexdigest() != entry.approved_digest:
        return fails(Facet.APPROVED_PREFIX, "the file does not begin with the bytes that were approved")
    return holds(Facet.APPROVED_PREFIX, f"begins with the {entry.approved_size:,} bytes that were approved")


def _data_copy(content: bytes, entry: SealedReport | None, *, quick: bool) -> FacetCheck:
    try:
        carried = read_carried(content, pages=not quick)
    except UnreadablePdfError as error:
        return fails(Facet.DATA_COPY, f"cannot be read: {error}")
    if carried.data is None:
        return not_checked(Facet.DATA_COPY, "the file carries no data copy")
    if wrong := carried.wrong or _not_that_of(entry, carried, carried.data):
        return fails(Facet.DATA_COPY, wrong)
    if quick:
        return not_checked(Facet.DATA_COPY, "rows on the pages: left out")
    return holds(Facet.DATA_COPY, f"rows on the pages: {carried.rows:,}, as in the data copy inside")


def _not_that_of(entry: SealedReport | None, carried: Carried, data: bytes) -> str:
    if entry is None:
        return ""
    if carried.report_id != entry.report_id:
        return f"the data copy inside is that of {carried.report_id}"
    return "" if hashlib.sha256(data).hexdigest() == entry.data_digest else "it is not the one that was approved"


def _journal(digest: str, beside: Beside) -> FacetCheck:
    if beside.revisions is None:
        return not_checked(Facet.JOURNAL, "there is no ledger beside it")
    if beside.journal:
        return fails(Facet.JOURNAL, beside.journal)
    revision = beside.revisions.get(digest)
    if revision is None:
        return fails(Facet.JOURNAL, "the journal knows of no seal with this digest")
    return holds(Facet.JOURNAL, f"revision {revision.number} was sealed; it is {revision.state} now")


def by_digest(revisions: Sequence[SealedRevision]) -> dict[str, SealedRevision]:
    """Sealed revisions by the SHA-256 of the sealed file."""
    return {each.sealed_digest: each for each in revisions}
