"""The built wheel carries templates and catalogues, and its command runs outside the checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_wheel_is_whole(tmp_path: Path) -> None:
    """Every template and catalogue of the checkout is inside the wheel, and `check` runs from it alone."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "site")
    for folder in ("templates", "locales"):
        expected = {f"shirase/{path.relative_to(ROOT)}" for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert expected
        assert expected <= names
    ran = subprocess.run(
        [sys.executable, "-c", "from shirase.__main__ import main; main()", "init", str(tmp_path / "case")],
        cwd=tmp_path, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "case" / "incident.toml").exists()
