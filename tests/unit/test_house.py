"""The house stays readable: small modules, nothing at the root, every command described."""

import re
from pathlib import Path

import pytest
import typer
from typer.models import TyperInfo

from shirase.cli.app import app

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "src").rglob("*.py"))
LONGEST_MODULE = 350


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_has_one_idea(module: Path) -> None:
    """A module longer than this has two."""
    assert len(module.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE


def test_the_root_imports_nothing() -> None:
    """Every cycle of a package runs through its root."""
    assert "import" not in re.sub(r'""".*?"""', "", (ROOT / "src/shirase/__init__.py").read_text(), flags=re.DOTALL)


def test_every_command_is_described() -> None:
    """A command that no page mentions does not exist for its users."""
    pages = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
    names = [*_names(app), *(f"{group.name} {name}" for group in app.registered_groups for name in _names(group))]
    assert len(names) > 10  # otherwise the names are looked for in the wrong place
    assert [name for name in names if f"`shirase {name}" not in pages and f"shirase {name} " not in pages] == []


def _names(commands: typer.Typer | TyperInfo) -> list[str]:
    found = commands.typer_instance if isinstance(commands, TyperInfo) else commands
    assert found is not None
    return [str(command.name or getattr(command.callback, "__name__", "")) for command in found.registered_commands]
