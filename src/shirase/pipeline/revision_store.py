"""Edge: the bytes of every revision that went into review, by their digests. Nothing here is ever changed or deleted.

Approvals name a digest; these are the bytes behind it, also after ``reports/`` holds a later revision.
"""

import hashlib
from pathlib import Path

from shirase.domain.errors import Problem, TamperedError
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.pipeline.receipts import Receipt, digest_of

PDF, DATA = "pdf", "json"


def revision_path(output: OutputFolder, digest: str, ending: str) -> Path:
    """Where the file with ``digest`` is kept."""
    return output.root / "revisions" / digest[:2] / f"{digest}.{ending}"


def keep_revision(output: OutputFolder, receipt: Receipt) -> None:
    """Keep the PDF and the data copy that ``receipt`` speaks of; again is no harm.

    Raises:
        TamperedError: When ``reports/`` holds other bytes than the receipt says.
    """
    files = (
        (output.report_pdf(receipt.report_id), receipt.pdf_digest, PDF),
        (output.report_data(receipt.report_id), receipt.data_digest, DATA),
    )
    for source, digest, ending in files:
        kept = revision_path(output, digest, ending)
        if digest_of(kept) == digest:
            continue
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            mend = "draft it again; nobody may review bytes that no draft has written"
            raise TamperedError(Problem("was changed after it was written", str(source), mend))
        kept.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
        write_whole(kept, content)


def read_revision(output: OutputFolder, digest: str, ending: str) -> bytes:
    """The bytes with that digest, proved on reading.

    Raises:
        TamperedError: When they are gone or are others.
    """
    path = revision_path(output, digest, ending)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise TamperedError(Problem("the bytes of this revision are gone", str(path), "restore the file")) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise TamperedError(Problem("other bytes than its name says", str(path), "restore the file"))
    return content
