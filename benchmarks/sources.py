"""Records per second and core of intake, by source and wrapper, against DuckDB's bare ``read_json``; and its memory."""

import json
import multiprocessing
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from shirase.domain.bilingual import Paired
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Fields, Profile, RecordFormat, TargetFields, TimeField
from shirase.intake.intake_file import IntakeParts, arrive
from shirase.intake.read import read_file
from shirase.pipeline.garbage import no_cycle_collection

RECORDS = 100_000
BEGIN = datetime(2022, 1, 16, tzinfo=UTC)

PROFILE = Profile(
    format=RecordFormat.NDJSON,
    fields=Fields(
        time=TimeField(columns=("ts",)),
        actor_id=("who",),
        action=("what",),
        tenant_ids=("tenants",),
        event_id=("id",),
        outcome=("result",),
        ticket_id=("ticket",),
        src_ip=("ip",),
        target=TargetFields(type=("object_type",), id=("object_id",)),
    ),
    action_codes={"su.view": "tenant.view"},
)


def run() -> None:
    """Print CPU time per record of each kind, and the peak of memory of one file and of one four times as large."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for adapter, make in (("mapped", _superuser), ("slack-audit", _slack), ("okta-system-log", _okta)):
            by_line, array = folder / "lines", folder / "array"
            size = _write(by_line, array, make, RECORDS)
            print(
                f"{adapter}, {size:,} bytes a record: by line {_rate(by_line, adapter):,.0f}/s, "
                f"array {_rate(array, adapter):,.0f}/s; bare read_json {_bare(by_line):,.0f}/s (one core, CPU time)"
            )
        for times in (1, 4):
            _write(folder / "lines", folder / "array", _okta, times * RECORDS)
            peak = _in_process(_peak, folder / "array", "okta-system-log")
            print(f"okta-system-log, one array of {times * RECORDS:,} records: peak {peak:,.0f} MiB")


def _write(by_line: Path, array: Path, make: Callable[[int], dict[str, Any]], count: int) -> int:
    with by_line.open("w", encoding="utf-8") as lines, array.open("w", encoding="utf-8") as whole:
        for number in range(count):
            text = json.dumps(make(number), ensure_ascii=False)
            lines.write(f"{text}\n")
            whole.write(f"{',' if number else '['}\n{text}")
        whole.write("\n]\n")
    return by_line.stat().st_size // count


def _rate(path: Path, adapter: str) -> float:
    return max(_in_process(_read, path, adapter) for _ in range(2))


def _read(path: Path, adapter: str) -> float:
    profile = PROFILE if adapter == "mapped" else None
    source = SourceSection(
        id="bench",
        name=Paired(ja="計測", en="Bench"),
        adapter=adapter,
        profile="profiles/bench.toml" if profile else None,
        files=(path.name,),
    )
    with tempfile.TemporaryDirectory() as name, no_cycle_collection():
        parts = IntakeParts(Path(name) / "lines", Path(name) / "rejects")
        file = arrive(path.parent, path.name, source, profile)
        begun = time.process_time()
        summary = read_file(path.parent, file, parts, lambda _: None)
        return summary.count.records / (time.process_time() - begun)


def _peak(path: Path, adapter: str) -> float:
    """MiB. From /proc, because ru_maxrss of a process begins at what its parent had."""
    _read(path, adapter)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _bare(path: Path) -> float:
    with duckdb.connect(config={"threads": 1}) as connection:
        begun = time.process_time()
        connection.sql(f"SELECT count(*), max(COLUMNS(*)::VARCHAR) FROM read_json('{path}')").fetchall()
        return RECORDS / (time.process_time() - begun)


def _in_process(measure: Callable[[Path, str], float], path: Path, adapter: str) -> float:
    """Measured in a process of its own, so that nothing of before counts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (path, adapter))


def _at(number: int) -> str:
    return f"{(BEGIN + timedelta(seconds=3 * number)).isoformat(timespec='milliseconds')[:-6]}Z"


def _superuser(number: int) -> dict[str, Any]:
    return {
        "ts": _at(number), "who": f"e{number % 300}", "what": "su.view", "tenants": [f"t{number % 5000}"],
        "id": f"r{number}", "result": "OK", "ticket": f"CS-{number % 9000}", "ip": f"198.51.100.{number % 250}",
        "object_type": "user", "object_id": f"u{number}",
    }  # fmt: skip


def _slack(number: int) -> dict[str, Any]:
    return {
        "id": str(uuid.UUID(int=number)), "date_create": 1_642_291_200 + number, "action": "file_downloaded",
        "actor": {"type": "user", "user": {"id": f"W{number % 400}", "email": f"n{number % 400}@example.com"}},
        "entity": {"type": "file", "file": {"id": f"F{number}", "name": "a.pdf", "filetype": "pdf", "title": "a"}},
        "context": {
            "location": {"type": "workspace", "id": "T1", "name": "v", "domain": "v"}, "ua": "Mozilla/5.0",
            "session_id": 10**11 + number, "ip_address": "198.51.100.7",
        },
        "details": {},
    }  # fmt: skip


def _okta(number: int) -> dict[str, Any]:
    person = {"id": f"00u{number % 500:012}", "type": "User", "alternateId": f"u{number % 500}@example.com"}
    return {
        "uuid": str(uuid.UUID(int=number)), "published": _at(number), "eventType": "user.session.start",
        "version": "0", "severity": "INFO", "displayMessage": "User login to Okta", "legacyEventType": "core.user",
        "actor": {**person, "displayName": f"利用者 {number % 500}", "detailEntry": None},
        "client": {
            "userAgent": {"rawUserAgent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64)", "os": "Windows 10"},
            "zone": "null", "device": "Computer", "id": None, "ipAddress": f"198.51.100.{number % 250}",
            "geographicalContext": {"city": "Tokyo", "country": "Japan", "geolocation": {"lat": 35.68, "lon": 139.69}},
        },
        "authenticationContext": {"authenticationStep": 0, "externalSessionId": f"s{number % 900}"},
        "outcome": {"result": "SUCCESS", "reason": None}, "transaction": {"type": "WEB", "id": f"t{number}"},
        "debugContext": {"debugData": {"requestId": f"r{number}", "threatSuspected": "false"}},
        "target": [{**person, "displayName": "X", "detailEntry": None}],
    }  # fmt: skip
