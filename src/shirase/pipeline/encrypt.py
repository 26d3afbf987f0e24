"""``shirase encrypt``: an extra copy under a passphrase beside the sealed file, for a recipient who wishes one."""

from pathlib import Path

from shirase.domain.errors import Problem, UsageError
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.pipeline.sealed import SealedFolder, read_manifest, read_sealed
from shirase.sealing.encrypted_copy import encrypted_copy


def encrypt(output: OutputFolder, report_id: str, passphrase: str) -> Path:
    """The copy, in ``sealed/encrypted/``; the sealed file stays as it is.

    Raises:
        UsageError: When the report is not sealed, or the passphrase is too short.
        TamperedError: When the sealed file is another one.
    """
    manifest, _ = read_manifest(output)
    entry = manifest.find(report_id)
    if entry is None:
        raise UsageError(Problem("is not sealed", report_id, "`shirase seal` seals what is approved"))
    sealed = read_sealed(output, report_id, manifest)
    content = encrypted_copy(sealed[: entry.approved_size], sealed, f"{report_id}.pdf", passphrase)
    path = SealedFolder.of(output).encrypted(report_id, entry.sealed_digest)
    path.parent.mkdir(mode=FOLDER_MODE, exist_ok=True)
    write_whole(path, content)
    return path
