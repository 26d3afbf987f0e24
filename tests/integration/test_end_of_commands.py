"""What a command leaves on the terminal when it ends."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("arguments", [["--help"], ["sources"], ["sources", "--json"]])
def test_a_command_ends_quietly(arguments: list[str]) -> None:
    """Its answer, and no complaints of libraries about memory that the end of the process frees."""
    ran = subprocess.run(
        [sys.executable, "-m", "shirase", *arguments], capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout
