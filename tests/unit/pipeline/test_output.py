"""The output folder: files are whole or absent, and receipts tell what is finished."""

import hashlib
import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from shirase.pipeline.output import OutputFolder, write_json, write_whole
from shirase.pipeline.receipts import Receipt, is_intact, read_receipts, valid_receipt, write_receipt

PDF, DATA, TABLE = b"%PDF-1.7 pages", b'{"rows": []}', b"number\r\n"
RECEIPT = Receipt(
    report_id="INC-1-AAAA-BBBB",
    customer_id="C-1",
    fingerprint="f" * 64,
    pdf_digest=hashlib.sha256(PDF).hexdigest(),
    data_digest=hashlib.sha256(DATA).hexdigest(),
    csv_digest=hashlib.sha256(TABLE).hexdigest(),
    page_count=3,
    action_count=5,
    run_key="k" * 64,
)


@pytest.fixture
def output(tmp_path: Path) -> OutputFolder:
    folder = OutputFolder(tmp_path / "INC-1")
    folder.make()
    write_whole(folder.report_pdf(RECEIPT.report_id), PDF)
    write_whole(folder.report_data(RECEIPT.report_id), DATA)
    write_whole(folder.report_csv(RECEIPT.report_id), TABLE)
    write_receipt(folder, RECEIPT)
    return folder


def test_a_finished_report_is_recognised(output: OutputFolder) -> None:
    """Same fingerprint and same bytes: nothing to do."""
    assert valid_receipt(output, RECEIPT.report_id, RECEIPT.fingerprint) == RECEIPT
    assert read_receipts(output) == (RECEIPT,)


def test_another_fingerprint_means_another_report(output: OutputFolder) -> None:
    """When anything that goes into a report changed, being there is not enough."""
    assert valid_receipt(output, RECEIPT.report_id, "e" * 64) is None


@pytest.mark.parametrize("which", ["pdf", "json", "csv"])
def test_changed_or_missing_bytes_are_noticed(output: OutputFolder, which: str) -> None:
    """A report that was changed or removed after it was written is not finished."""
    path = output.reports / f"{RECEIPT.report_id}.{which}"
    path.write_bytes(path.read_bytes() + b"\n")
    assert not is_intact(output, RECEIPT)
    path.unlink()
    assert valid_receipt(output, RECEIPT.report_id, RECEIPT.fingerprint) is None


def test_a_table_that_nobody_wants_is_noticed(output: OutputFolder) -> None:
    """Where the receipt knows of no table, one that lies there is a leftover, and the report is not finished."""
    without = replace(RECEIPT, csv_digest=None)
    assert not is_intact(output, without)
    output.report_csv(RECEIPT.report_id).unlink()
    assert is_intact(output, without)


def test_a_broken_receipt_counts_as_none(output: OutputFolder) -> None:
    """A receipt that cannot be read makes the report be made again, not the run fail."""
    output.receipt(RECEIPT.report_id).write_text("{")
    assert valid_receipt(output, RECEIPT.report_id, RECEIPT.fingerprint) is None
    output.receipt(RECEIPT.report_id).write_text('{"report_id": "x"}')
    assert read_receipts(output) == ()


def test_a_failed_write_leaves_the_old_file(output: OutputFolder) -> None:
    """When the folder cannot take the new file, the old one is still whole and nothing lies beside it."""
    path = output.report_pdf(RECEIPT.report_id)
    (output.reports / f"{path.name}.part").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_whole(path, b"new")
    assert path.read_bytes() == PDF


def test_parts_of_killed_runs_are_swept(output: OutputFolder) -> None:
    """What a killed run left half-written is gone when the next one begins."""
    (output.reports / "x.pdf.part").write_bytes(b"half")
    output.make()
    assert sorted(path.name for path in output.reports.iterdir()) == [
        f"{RECEIPT.report_id}.csv",
        f"{RECEIPT.report_id}.json",
        f"{RECEIPT.report_id}.pdf",
    ]


def test_reports_are_for_their_owner_only(output: OutputFolder) -> None:
    """Nobody else on the machine can read reports or list them."""
    assert stat.S_IMODE(output.report_pdf(RECEIPT.report_id).stat().st_mode) == 0o600
    assert stat.S_IMODE(output.reports.stat().st_mode) == 0o700


def test_json_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    """Two dictionaries that say the same give the same bytes."""
    write_json(tmp_path / "a", {"b": 1, "a": "知"})
    write_json(tmp_path / "b", {"a": "知", "b": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert json.loads((tmp_path / "a").read_text(encoding="utf-8")) == {"a": "知", "b": 1}
