"""Edge: ``sealed/``: the sealed files that count, the manifest that lists them, and those that count no more."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from shirase.domain.errors import Problem, TamperedError, UsageError
from shirase.domain.manifest import Manifest, SealedReport
from shirase.pipeline.output import OutputFolder
from shirase.sealing.manifest_file import manifest_digest, parse_manifest, require_signed

_MEND = "restore the file; `shirase verify` says what else is wrong"


@dataclass(frozen=True, slots=True)
class SealedFolder:
    """What lies where in ``sealed/``."""

    root: Path

    @classmethod
    def of(cls, output: OutputFolder) -> "SealedFolder":
        """That of an incident."""
        return cls(output.root / "sealed")

    @property
    def manifest(self) -> Path:
        """A copy of the newest manifest, to hand out: the list of what counts."""
        return self.root / "manifest.json"

    @property
    def signature(self) -> Path:
        """Its detached signature."""
        return self.root / "manifest.json.p7s"

    @property
    def check_page(self) -> Path:
        """A page for the sender's web site, on which a customer checks a file."""
        return self.root / "check.html"

    @property
    def batch(self) -> Path:
        """A batch under way, of which nothing counts yet."""
        return self.root / ".batch"

    def numbered(self, number: int) -> tuple[Path, Path]:
        """A manifest by its number, and its signature."""
        folder = self.root / "manifests"
        return folder / f"{number:04d}.json", folder / f"{number:04d}.json.p7s"

    def pdf(self, report_id: str) -> Path:
        """The sealed file of a report."""
        return self.root / f"{report_id}.pdf"

    def earlier(self, report_id: str, digest: str) -> Path:
        """A sealed file that counts no more."""
        return self.root / "earlier" / f"{report_id}.{digest[:16]}.pdf"

    def encrypted(self, report_id: str, digest: str) -> Path:
        """An extra copy of the sealed file with this SHA-256, under a passphrase."""
        return self.root / "encrypted" / f"{report_id}.{digest[:16]}.pdf"


def newest_manifest(output: OutputFolder) -> tuple[Manifest, str] | None:
    """The newest manifest, and its digest; None when nothing was sealed yet.

    The numbered ones are what counts: each appears whole, after its signature. ``manifest.json`` is a copy to hand out.

    Raises:
        TamperedError: When it is not canonical, or its signature is not of these bytes.
    """
    numbered = sorted((SealedFolder.of(output).root / "manifests").glob("[0-9][0-9][0-9][0-9]*.json"))
    if not numbered:
        return None
    path = numbered[-1]
    try:
        content, signature = path.read_bytes(), path.with_name(f"{path.name}.p7s").read_bytes()
    except FileNotFoundError as error:
        raise TamperedError(Problem("its signature is gone", str(path), _MEND)) from error
    require_signed(content, signature, str(path))
    return parse_manifest(content, str(path)), manifest_digest(content)


def read_manifest(output: OutputFolder) -> tuple[Manifest, str]:
    """The newest manifest, and its digest.

    Raises:
        UsageError: When nothing was sealed yet.
        TamperedError: When it is not canonical, or its signature is not of these bytes.
    """
    found = newest_manifest(output)
    if found is None:
        mend = "`shirase seal` seals what is approved"
        raise UsageError(Problem("nothing is sealed yet", str(output.root), mend))
    return found


def read_sealed(output: OutputFolder, report_id: str, manifest: Manifest) -> bytes:
    """The sealed file of a report, proved on reading.

    Raises:
        UsageError: When the manifest does not have it.
        TamperedError: When the file is gone or another.
    """
    entry = manifest.find(report_id)
    if entry is None:
        raise UsageError(Problem("is not in the manifest", report_id, "`shirase seal` seals what is approved"))
    path = SealedFolder.of(output).pdf(report_id)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise TamperedError(Problem("the sealed file is gone", str(path), _MEND)) from error
    if not is_entry(content, entry):
        raise TamperedError(Problem("is not the file that was sealed", str(path), _MEND))
    return content


def is_entry(content: bytes, entry: SealedReport) -> bool:
    """Whether ``content`` is the file that the manifest speaks of, and begins with the bytes that were approved."""
    return (
        len(content) == entry.sealed_size
        and hashlib.sha256(content).hexdigest() == entry.sealed_digest
        and hashlib.sha256(content[: entry.approved_size]).hexdigest() == entry.approved_digest
    )
