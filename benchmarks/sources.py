"""Records per second and core of intake, by source and wrapper, against DuckDB's bare ``read_json``; and its memory."""

import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import duckdb

from benchmarks import source_records as made
from shirase.domain.bilingual import Paired
from shirase.domain.incident import SourceSection
from shirase.domain.profile import Fields, Profile, RecordFormat, TargetFields, TimeField
from shirase.intake.intake_file import IntakeParts, arrive
from shirase.intake.read import read_file
from shirase.pipeline.garbage import no_cycle_collection

RECORDS = 100_000

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


class Kind(NamedTuple):
    """What is measured: the adapter, and the name of its records in :data:`RECORDS_OF`."""

    title: str
    adapter: str
    records: str
    wrapper: str | None = None
    origin: str | None = None
    escaped: bool = False


RECORDS_OF: dict[str, made.Make] = {
    "superuser": made.superuser,
    "noted": made.noted,
    "wrapped": made.wrapped(made.superuser),
    "slack": made.slack,
    "okta": made.okta,
    "okta-many": made.okta_of_many_layouts,
    "okta-wrapped": made.wrapped(made.okta),
    "splunk-superuser": made.carried(made.superuser, "su"),
    "splunk-slack": made.carried(made.slack, "slack:audit"),
    "splunk-okta": made.carried(made.okta, "OktaIM2:log"),
    "cloudtrail": made.cloudtrail,
    "ecs": made.ecs,
    "jira-cloud": made.jira_cloud,
    "jira-cloud-edit": made.jira_cloud_edit,
    "jira-dc": made.jira_dc,
    "org-events": made.org_event,
    "ringcentral": made.ringcentral,
    "ocsf": made.ocsf,
    "salesforce-elf": made.salesforce_elf,
    "salesforce-collected": made.salesforce_collected,
    "salesforce-rtem": made.salesforce_rtem,
    "salesforce-rtem-stored": made.salesforce_rtem_stored,
}

KINDS = (
    Kind("SuperUser-like, by profile", "mapped", "superuser"),
    Kind("SuperUser-like, wrapped", "mapped", "wrapped", wrapper="event"),
    Kind("SuperUser-like, with escapes", "mapped", "noted", escaped=True),
    Kind("SuperUser-like, carried by Splunk", "splunk", "splunk-superuser", origin="mapped"),
    Kind("Slack audit log", "slack-audit", "slack"),
    Kind("Slack audit log, carried by Splunk", "splunk", "splunk-slack"),
    Kind("Okta System Log", "okta-system-log", "okta"),
    Kind("Okta System Log, of many layouts", "okta-system-log", "okta-many"),
    Kind("Okta System Log, wrapped", "okta-system-log", "okta-wrapped", wrapper="event"),
    Kind("Okta System Log, with escapes", "okta-system-log", "okta", escaped=True),
    Kind("Okta System Log, carried by Splunk", "splunk", "splunk-okta"),
    Kind("CloudTrail", "cloudtrail", "cloudtrail"),
    Kind("ECS", "ecs", "ecs"),
    Kind("OCSF", "ocsf", "ocsf"),
    Kind("Jira Cloud", "jira-cloud", "jira-cloud"),
    Kind("Jira Cloud, changes of issues", "jira-cloud", "jira-cloud-edit"),
    Kind("Jira Data Center, from REST", "jira-dc-rest", "jira-dc"),
    Kind("Atlassian organisation", "atlassian-org-events", "org-events"),
    Kind("RingCentral audit trail", "ringcentral-audit", "ringcentral"),
    Kind("Salesforce event log", "salesforce-elf", "salesforce-elf"),
    Kind("Salesforce event log, collected", "salesforce-elf", "salesforce-collected"),
    Kind("Salesforce real-time, streamed", "salesforce-rtem", "salesforce-rtem"),
    Kind("Salesforce real-time, stored", "salesforce-rtem", "salesforce-rtem-stored"),
)


def run() -> None:
    """Print CPU time per record of each kind, and the peak of memory of one file and of one four times as large."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("records | bytes | a line each /s | one array /s | bare read_json /s | times (one core, CPU time)")
        for kind in KINDS:
            by_line, array = folder / "lines", folder / "array"
            size = _write(by_line, array, kind, RECORDS)
            rate, in_array, bare = _rate(by_line, kind), _rate(array, kind), _bare(by_line)
            print(
                f"{kind.title} | {size:,} | {rate:,.0f} | {in_array:,.0f} | {bare:,.0f} | {bare / rate:.1f}", flush=True
            )
        for times in (1, 4):
            _write(folder / "lines", folder / "array", Kind("", "okta-system-log", "okta"), times * RECORDS)
            peak = _in_process(_peak, folder / "array", Kind("", "okta-system-log", "okta"))
            print(f"okta-system-log, one array of {times * RECORDS:,} records: peak {peak:,.0f} MiB")


def _write(by_line: Path, array: Path, kind: Kind, count: int) -> int:
    make = RECORDS_OF[kind.records]
    with by_line.open("w", encoding="utf-8") as lines, array.open("w", encoding="utf-8") as whole:
        for number in range(count):
            text = json.dumps(make(number), ensure_ascii=kind.escaped)
            lines.write(f"{text}\n")
            whole.write(f"{',' if number else '['}\n{text}")
        whole.write("\n]\n")
    return by_line.stat().st_size // count


def _rate(path: Path, kind: Kind) -> float:
    return max(_in_process(_read_after_a_small_one, path, kind) for _ in range(3))


def _read_after_a_small_one(path: Path, kind: Kind) -> float:
    """As a process reads the second of its files: what it loads for the first one takes a tenth of a second."""
    with tempfile.TemporaryDirectory() as name:
        lines, array = Path(name) / "lines", Path(name) / "array"
        _write(lines, array, kind, 200)
        _read(lines, kind)
    return _read(path, kind)


def _read(path: Path, kind: Kind) -> float:
    profile = PROFILE if "mapped" in (kind.adapter, kind.origin) else None
    source = SourceSection(
        id="bench",
        name=Paired(ja="計測", en="Bench"),
        adapter=kind.adapter,
        record=kind.wrapper,
        origin=kind.origin,
        profile="profiles/bench.toml" if profile else None,
        files=(path.name,),
    )
    with tempfile.TemporaryDirectory() as name, no_cycle_collection():
        parts = IntakeParts(Path(name) / "lines", Path(name) / "rejects")
        file = arrive(path.parent, path.name, source, profile)
        begun = time.process_time()
        summary = read_file(path.parent, file, parts, lambda _: None)
        return summary.count.records / (time.process_time() - begun)


def _peak(path: Path, kind: Kind) -> float:
    """MiB. From /proc, because ru_maxrss of a process begins at what its parent had."""
    _read(path, kind)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _bare(path: Path) -> float:
    with duckdb.connect(config={"threads": 1}) as connection:
        begun = time.process_time()
        connection.sql(f"SELECT count(*), max(COLUMNS(*)::VARCHAR) FROM read_json('{path}')").fetchall()
        return RECORDS / (time.process_time() - begun)


def _in_process(measure: Callable[[Path, Kind], float], path: Path, kind: Kind) -> float:
    """Measured in a process of its own, so that nothing of before counts."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (path, kind))
