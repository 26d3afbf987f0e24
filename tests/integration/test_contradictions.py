"""What reports say the tool cannot do is held against the log: a contradiction stops the batch and names the line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from case_builder import EVIDENCE, FILES, edited, ndjson, record, write_case
from shirase.cli.app import app

CANNOT = """\
[[cannot]]
text = { ja = "利用者を削除できません。", en = "Delete users." }
action_codes = ["user.delete"]
"""
DELETE = """
[[actions]]
code = "user.delete"
effect = "delete"
label = { ja = "削除", en = "Deleted" }
explanation = { ja = "利用者を削除しました。", en = "Deleted a user." }
"""
PERMISSIONS = FILES["permissions.toml"].partition("[[cannot]]")[0] + CANNOT
MAPPED = {
    "actions.toml": FILES["actions.toml"] + DELETE,
    **edited("profiles/superuser.toml", "[action_codes]", '[action_codes]\n"su.user.delete" = "user.delete"'),
}
OWN = {"id": "own-1", "name": "Own One", "email": "one@sender.example", "org": "Example Inc."}


def attempt(case: Path, out: Path, command: str = "draft") -> tuple[int, str]:
    """Exit code and what was said."""
    result = CliRunner().invoke(app, [command, str(case), "--out", str(out)])
    return result.exit_code, " ".join(result.stderr.split())


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"result": "MAYBE"},
        {"engineer": OWN},
        {"ts": "2021-03-01T00:00:00Z"},
    ],
    ids=["in scope", "outcome not recorded", "by somebody not in scope", "long before the window"],
)
@pytest.mark.parametrize("command", ["scope", "draft"])
def test_a_line_that_contradicts_stops_everything(tmp_path: Path, line: dict[str, object], command: str) -> None:
    """Whoever did it, and whenever: it shows that the tool can."""
    evidence = EVIDENCE + ndjson([record("r-3", action="su.user.delete", **line)])
    files = {**MAPPED, "permissions.toml": PERMISSIONS, "evidence/superuser.ndjson": evidence}
    code, said = attempt(write_case(tmp_path / "case", **files), tmp_path / "out", command)
    assert code == 5
    assert "Delete users." in said
    assert "1 log lines show 'user.delete'" in said
    assert "permissions.toml, cannot[1], against evidence/superuser.ndjson:3" in said
    assert list((tmp_path / "out").rglob("*.pdf")) == []
    sheet = json.loads((tmp_path / "out/EX-2022-01/run.json").read_text(encoding="utf-8"))
    assert [found["code"] for found in sheet["scope"]["contradicted_permissions"]] == ["user.delete"]


@pytest.mark.parametrize("outcome", ["FAILED", "DENIED"])
def test_a_refused_attempt_contradicts_nothing(tmp_path: Path, outcome: str) -> None:
    """That it was refused is what the sentence says."""
    evidence = EVIDENCE + ndjson([record("r-3", action="su.user.delete", result=outcome)])
    files = {**MAPPED, "permissions.toml": PERMISSIONS, "evidence/superuser.ndjson": evidence}
    code, said = attempt(write_case(tmp_path / "case", **files), tmp_path / "out", "scope")
    assert (code, "cannot" in said) == (0, False)


def test_a_claim_that_is_changed_is_judged_anew(tmp_path: Path) -> None:
    """The scope of the run before is not taken over when the permission matrix is another one."""
    evidence = EVIDENCE + ndjson([record("r-3", action="su.user.delete")])
    case = write_case(tmp_path / "case", **MAPPED, **{"evidence/superuser.ndjson": evidence})
    assert attempt(case, tmp_path / "out", "scope")[0] == 0
    (case / "permissions.toml").write_text(PERMISSIONS, encoding="utf-8")
    assert attempt(case, tmp_path / "out", "scope")[0] == 5
