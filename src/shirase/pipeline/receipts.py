"""Edge: receipts of finished reports, by which the next run knows what need not be made again."""

import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from shirase.pipeline.output import OutputFolder, write_json


@dataclass(frozen=True, slots=True)
class Receipt:
    """One finished report.

    Attributes:
        report_id: Which.
        customer_id: Whose.
        fingerprint: Digest of everything that went into it.
        pdf_digest: SHA-256 of the PDF.
        data_digest: SHA-256 of the data copy.
        csv_digest: SHA-256 of the rows as a table; None when the customer wants no data, and there must be none.
        page_count: Pages of the PDF.
        action_count: Rows of Annex A.
        run_key: Which run made it, or found it to be still the right one.
        engine: How its pages were to be made.
        refused: Why they were made in the other way instead, if so.
        batch_key: What decided all reports of the batch in which it was made or taken over last.
    """

    report_id: str
    customer_id: str
    fingerprint: str
    pdf_digest: str
    data_digest: str
    csv_digest: str | None
    page_count: int
    action_count: int
    run_key: str
    engine: str = "reference"
    refused: str | None = None
    batch_key: str = ""


def write_receipt(output: OutputFolder, receipt: Receipt) -> None:
    """Keep ``receipt``; written after the files it speaks of."""
    write_json(output.receipt(receipt.report_id), asdict(receipt))


def valid_receipt(output: OutputFolder, report_id: str, fingerprint: str) -> Receipt | None:
    """The receipt of a report that is finished, made from the same things, and unchanged on disk; else None."""
    receipt = read_receipt(output.receipt(report_id))
    if receipt is None or receipt.fingerprint != fingerprint:
        return None
    return receipt if is_intact(output, receipt) else None


def same_batch(output: OutputFolder, report_id: str, batch_key: str) -> Receipt | None:
    """The receipt of a report that was finished in a batch decided by the same things, unchanged on disk; else None."""
    receipt = read_receipt(output.receipt(report_id))
    if receipt is None or receipt.batch_key != batch_key:
        return None
    return receipt if is_intact(output, receipt) else None


def is_intact(output: OutputFolder, receipt: Receipt) -> bool:
    """Whether the files a receipt speaks of lie there byte for byte, and no others of this report."""
    found = tuple(map(digest_of, output.report_files(receipt.report_id)))
    return found == (receipt.pdf_digest, receipt.data_digest, receipt.csv_digest)


def read_receipt(path: Path) -> Receipt | None:
    """The receipt at ``path``, or None when there is none that can be read."""
    try:
        return Receipt(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def read_receipts(output: OutputFolder) -> tuple[Receipt, ...]:
    """All receipts, by report id."""
    found = (read_receipt(path) for path in sorted((output.work / "receipts").glob("*.json")))
    return tuple(receipt for receipt in found if receipt is not None)


def engine_of(output: OutputFolder) -> str | None:
    """How the finished reports were to be made; of several ways, that of most. None when there is no report."""
    counts = Counter(receipt.engine for receipt in read_receipts(output))
    return max(counts, key=lambda name: (counts[name], name)) if counts else None


def digest_of(path: Path) -> str | None:
    """SHA-256 of the file, or None when there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
