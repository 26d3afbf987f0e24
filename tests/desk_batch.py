"""A small batch with hostile text in it, drafted by the command as a person would."""

from pathlib import Path

from typer.testing import CliRunner

from case_builder import ndjson, record, write_case
from shirase.cli.app import app
from shirase.domain.exits import ExitCode
from shirase.domain.identifiers import report_id

INCIDENT = "EX-2022-01"
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=alert(1)>{{ 7*7 }}"
FIRST, SECOND = report_id(INCIDENT, "C-1"), report_id(INCIDENT, "C-2")


def draft(case: Path, out: Path) -> None:
    result = CliRunner().invoke(app, ["draft", str(case), "--out", str(out), "--jobs", "2"])
    assert result.exit_code == ExitCode.DONE, result.output + result.stderr


def drafted_batch(root: Path) -> Path:
    """A case with two customers, one of whom was touched by hostile text, and its reports in ``out``."""
    hostile = [{"type": "user", "id": "u-1", "name": HOSTILE, "tenant": "t-1"}]
    evidence = ndjson(
        [
            record("r-1", tenants=["t-1"], objects=hostile),
            record("r-2", tenants=["t-1"], objects=[]),
            record("r-3", tenants=["t-2"], objects=[]),
        ]
    )
    draft(write_case(root / "case", **{"evidence/superuser.ndjson": evidence}), root / "out")
    return root
