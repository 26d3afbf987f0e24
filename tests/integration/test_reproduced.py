"""A report whose bytes nobody can make again is stopped, although every digest on disk agrees with it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

from case_builder import write_case


def shirase(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "shirase", *map(str, arguments)], capture_output=True, text=True, check=False
    )


def test_other_bytes_than_the_case_gives_are_found(tmp_path: Path) -> None:
    """A byte behind the end of a PDF, its receipt forged to fit: made again, it is another file."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    drafted = shirase("draft", case, "--out", out, "--no-inspect")
    assert drafted.returncode == 0, drafted.stderr
    folder = out / "EX-2022-01"
    pdf = min((folder / "reports").glob("*.pdf"))
    pdf.write_bytes(pdf.read_bytes() + b"\n")
    path = folder / ".work" / "receipts" / f"{pdf.stem}.json"
    receipt = json.loads(path.read_bytes())
    path.write_text(json.dumps({**receipt, "pdf_digest": hashlib.sha256(pdf.read_bytes()).hexdigest()}))
    inspected = shirase("inspect", case, "--out", out, "--reproduce", "2", "--json")
    assert inspected.returncode == 5, inspected.stderr
    sheet = json.loads(inspected.stdout)
    assert [(each["report_id"], each["rule"]) for each in sheet["findings"]] == [(pdf.stem, "not-reproduced")]
    assert len(sheet["reproduced"]) == 1


def test_a_run_in_parts_has_the_sample_of_a_run_in_one_go(tmp_path: Path) -> None:
    """What was inspected and made again before, by itself, changes nothing in the sheet of all."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    assert shirase("draft", case, "--out", out).returncode == 0
    sheet = out / "EX-2022-01" / "run.json"
    in_one_go = sheet.read_bytes()
    for customer in ("C-1", "C-2"):
        assert shirase("inspect", case, "--out", out, "--again", "--customer", customer).returncode == 0
    assert shirase("inspect", case, "--out", out).returncode == 0
    assert sheet.read_bytes() == in_one_go
    assert len(json.loads(in_one_go)["inspection"]["reproduced"]) == 1


def test_with_nothing_changed_the_gate_is_not_made_again(tmp_path: Path) -> None:
    """The second draft says the same of everything; after a change of the case, the gate is another one."""
    case, out = write_case(tmp_path / "case"), tmp_path / "out"
    assert shirase("draft", case, "--out", out).returncode == 0
    folder = out / "EX-2022-01"
    sheet, gate = folder / "run.json", folder / ".work" / "gate.json"
    first, known = sheet.read_bytes(), json.loads(gate.read_bytes())
    stamp = gate.stat().st_mtime_ns
    assert shirase("draft", case, "--out", out).returncode == 0
    assert (sheet.read_bytes(), gate.stat().st_mtime_ns) == (first, stamp)
    assert json.loads(first)["inspection"]["not_searched"] == known["not_searched"]
    customers = case / "customers.csv"
    customers.write_text(customers.read_text(encoding="utf-8").replace("Kou", "Koh"), encoding="utf-8")
    assert shirase("draft", case, "--out", out).returncode == 0
    changed = json.loads(gate.read_bytes())
    assert changed["batch_key"] != known["batch_key"]
    assert changed["key"] != known["key"]
