"""How far the logs of a case reach: in the run sheet for the sender, and in every report as far as it names nobody."""

import json
from pathlib import Path

from case_builder import INCIDENT, ndjson, record, write_case
from shirase.domain.bilingual import Paired
from shirase.pipeline.coverage import shown_coverage
from shirase.pipeline.progress import Silent
from shirase.pipeline.run_sheet import run_sheet
from shirase.pipeline.scope import run_scope

OWN_LOG = """
[[sources]]
id = "kou-own"
kind = "mapped"
name = { ja = "甲の監査ログ", en = "Audit log of Kou" }
profile = "profiles/superuser.toml"
files = ["evidence/own/*.ndjson"]
tenant_id = "t-1"
"""


def test_the_run_sheet_has_every_source_and_reports_only_those_that_name_nobody(tmp_path: Path) -> None:
    """Files, lines, ends and silent days of each source; the export of one tenant's own log stays with the sender."""
    case = write_case(
        tmp_path / "case",
        **{
            "incident.toml": INCIDENT + OWN_LOG,
            "evidence/second.ndjson": ndjson(
                [
                    record("r-3", ts="2022-01-14T00:00:00Z"),
                    record("r-4", action="su.session.start", ts="2022-01-16T01:00:00Z"),
                ]
            ),
            "evidence/own/log.ndjson": ndjson([record("r-5", ts="2022-01-20T23:59:59.5Z")]),
        },
    )
    run = run_scope(case, tmp_path / "out", Silent())
    expected = {
        "superuser": {
            "files": 2,
            "lines": 4,
            "first_at": "2022-01-14T00:00:00+00:00",
            "last_at": "2022-01-19T08:30:00+00:00",
            "silent_days": ["2022-01-17", "2022-01-20"],
            "retained_until": None,
            "clock_offset_us": None,
            "missing_ids": [],
        },
        "kou-own": {
            "files": 1,
            "lines": 1,
            "first_at": "2022-01-20T23:59:59.500000+00:00",
            "last_at": "2022-01-20T23:59:59.500000+00:00",
            "silent_days": ["2022-01-16", "2022-01-17", "2022-01-18", "2022-01-19"],
            "retained_until": None,
            "clock_offset_us": None,
            "missing_ids": [],
        },
    }
    sheet = run_sheet(run, {})["coverage"]
    limits = {source: values.pop("cannot_show") for source, values in sheet.items()}
    assert sheet == expected
    assert limits == {"superuser": [], "kou-own": []}  # nobody knows what a tool mapped by a profile cannot show
    assert [(source.source_id, source.name) for source in shown_coverage(run.case, run.intake, run.result)] == [
        ("superuser", Paired(ja="SuperUser", en="SuperUser"))
    ]
    again = run_scope(case, tmp_path / "out", Silent())
    once_more = run_sheet(again, {})["coverage"]
    assert {source: values.pop("cannot_show") for source, values in once_more.items()} == limits
    assert json.dumps(once_more) == json.dumps(expected)
