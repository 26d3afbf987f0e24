"""``shirase lint``: templates at their limits pass as they are, and a template that was broken on purpose does not."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from case_builder import write_case
from shirase.cli.app import app
from shirase.text import resources
from shirase.text.environment import forget_texts


def lint(case: Path, *options: str) -> tuple[int, dict[str, list[str]], dict[str, int]]:
    """Exit code; the rules with an objection by hard case; the rows of each."""
    result = CliRunner().invoke(app, ["lint", str(case), "--rows", "90", "--json", *options])
    listed = json.loads(result.stdout)
    rules = {entry["name"]: [finding["rule"] for finding in entry["findings"]] for entry in listed}
    return result.exit_code, rules, {entry["name"]: entry["rows"] for entry in listed}


def test_templates_hold_at_their_limits(tmp_path: Path) -> None:
    """Nothing runs off the page or over other text, and every row of every hard case is printed."""
    code, rules, rows = lint(write_case(tmp_path / "case"), "--keep", str(tmp_path / "kept"))
    assert (code, {rule for found in rules.values() for rule in found}) == (0, set())
    assert rows["no rows"] == 0
    assert rows["one row"] == 1
    assert rows["90 rows"] == 90
    assert len(list((tmp_path / "kept").glob("*.pdf"))) == len(rows) == 10


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (".actions td { white-space: pre-wrap; }", ".actions td { white-space: nowrap; }", "overprint"),
        ("overflow-wrap: anywhere;", "overflow-wrap: normal;", "off-page"),
        (".actions .total", ".actions .no, .actions .total", None),
    ],
    ids=["cells that do not break", "words that do not break", "a harmless edit"],
)
def test_a_broken_stylesheet_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, rule: str | None
) -> None:
    """Each of these edits passes every other check: extraction finds all the words."""
    templates = tmp_path / "templates"
    shutil.copytree(resources.templates_root(), templates)
    css = templates / "report/report.css"
    text = css.read_text(encoding="utf-8")
    assert old in text
    css.write_text(text.replace(old, new, 1), encoding="utf-8")
    for module in ("shirase.rendering.worker", "shirase.text.environment"):
        monkeypatch.setattr(f"{module}.templates_root", lambda: templates)
    forget_texts()
    code, rules, _ = lint(write_case(tmp_path / "case"))
    forget_texts()
    found = {name for names in rules.values() for name in names}
    assert (code == 5, rule in found) == ((True, True) if rule else (False, False))
