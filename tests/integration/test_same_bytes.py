"""The same input gives the same bytes, wherever and however it is drafted."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from case_builder import FILES, edited, ndjson, record, write_case

MORNING = ndjson(record(f"m-{number}", ts=f"2022-01-18T0{number}:00:00Z", tenants=["t-1"]) for number in range(6))
EVENING = ndjson(
    record(f"e-{number}", ts=f"2022-01-18T2{number}:30:00Z", tenants=["t-2"], objects=[]) for number in range(4)
)
EVIDENCE: dict[str, str | bytes | None] = {
    "evidence/superuser.ndjson": None,
    "evidence/b.ndjson": MORNING,
    "evidence/a.ndjson": EVENING,
}


def drafted(case: Path, out: Path, *, jobs: int, **environment: str) -> dict[str, str]:
    """Digest of every file that may not differ, by name, after a draft in a process with ``environment``."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    ran = subprocess.run(
        [sys.executable, "-m", "shirase", "draft", str(case), "--out", str(out), "--jobs", str(jobs)],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    (folder,) = out.iterdir()
    files = [*folder.glob("reports/*"), folder / "run.json", folder / "rejects.ndjson", folder / "actions.parquet"]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_no_machine_setting_shows_in_the_bytes(tmp_path: Path) -> None:
    """Time zone, language, hash seed, working folder and number of workers leave every byte as it is."""
    case = write_case(tmp_path / "case", **EVIDENCE)
    first = drafted(case, tmp_path / "one", jobs=1, TZ="UTC", LANG="C.UTF-8", PYTHONHASHSEED="0")
    second = drafted(case, tmp_path / "two", jobs=2, TZ="Asia/Tokyo", LANG="ja_JP.UTF-8", PYTHONHASHSEED="4711")
    third = drafted(
        case, tmp_path / "three", jobs=3, TZ="America/Los_Angeles", LC_ALL="tr_TR.UTF-8", PYTHONHASHSEED="1"
    )
    assert len(first) == 2 * 3 + 3
    assert first == second == third


def test_the_order_in_which_files_are_named_means_nothing(tmp_path: Path) -> None:
    """Two sources files listed the other way round give the same reports."""
    named = 'files = ["evidence/a.ndjson", "evidence/b.ndjson"]'
    turned = 'files = ["evidence/b.ndjson", "evidence/a.ndjson"]'
    assert 'files = ["evidence/*.ndjson"]' in FILES["incident.toml"]
    results = []
    for number, files in enumerate((named, turned)):
        overrides = {**EVIDENCE, **edited("incident.toml", 'files = ["evidence/*.ndjson"]', files)}
        case = write_case(tmp_path / f"case{number}", **overrides)
        results.append(drafted(case, tmp_path / f"out{number}", jobs=1))
    assert results[0].pop("run.json") != results[1].pop("run.json")
    assert results[0] == results[1]
