"""The commands a person types, and the locks they install from."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORDS = ("setup", "demo", "test", "check", "bench", "golden", "i18n", "docs", "lock", "help")
LOCKS = ("run.lock", "dev.lock")

# --- the words ---


def test_alone_it_lists_every_word() -> None:
    """``./run`` without a word, or with help, succeeds and explains each word on a line of its own."""
    for arguments in ((), ("help",)):
        ended = _run(*arguments)
        assert ended.returncode == 0
        assert tuple(re.findall(r"^  (\w+) +\S", ended.stdout, re.MULTILINE)) == WORDS


def test_it_knows_no_unlisted_word() -> None:
    """Every word that the script acts on is one that it lists."""
    script = (ROOT / "run").read_text(encoding="utf-8")
    acted_on = re.findall(r"^    ([a-z0-9]+)\)", script, re.MULTILINE)
    assert sorted(acted_on) == sorted(WORDS)


@pytest.mark.parametrize("arguments", [("no-such-word",), ("setup", "everything")])
def test_wrong_use_exits_2(arguments: tuple[str, ...]) -> None:
    """A word or argument that does not exist is refused with exit code 2 and named on standard error only."""
    ended = _run(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert arguments[0] in ended.stderr


@pytest.mark.parametrize("script", ["run", ".ci/run"])
def test_scripts_are_plain_posix_shell(script: str) -> None:
    """The scripts parse in Debian's small shell (or the system's sh) and may be executed."""
    shell = shutil.which("dash") or "/bin/sh"
    assert subprocess.run([shell, "-n", ROOT / script], check=False).returncode == 0
    assert (ROOT / script).stat().st_mode & 0o111


def test_ci_runs_the_tests(tmp_path: Path) -> None:
    """``bash .ci/run`` from any folder is ``./run test``, and ends as that ends."""
    _write_program(tmp_path / "run", 'echo "$@"; exit 7')
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    ended = subprocess.run(["bash", tmp_path / ".ci/run"], cwd="/", capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (7, "test\n")


# --- machines that cannot be set up ---


@pytest.mark.parametrize(
    ("sudo", "typed"), [(None, "su -c"), ("exit 1", "sudo sh -c")], ids=["no sudo", "sudo wants a password"]
)
def test_without_root_it_says_what_to_type(tmp_path: Path, sudo: str | None, typed: str) -> None:
    """Where it may not install, it prints one whole line to type, exits 4 and has changed nothing."""
    programs = {
        "id": "echo 1000",
        "dpkg-query": "exit 1",
        "apt-cache": '[ "$2" != libharfbuzz-subset0 ]',
        "apt-get": f"echo called >>{tmp_path}/apt-get-was-called",
    }
    if sudo is not None:
        programs["sudo"] = sudo
    checkout = _bare_checkout(tmp_path, programs)
    ended = _run("demo", checkout=checkout, path=tmp_path / "bin")
    assert ended.returncode == 4
    assert re.search(
        rf"^  {typed} 'apt-get update && apt-get install --no-install-recommends ca-certificates fontconfig"
        r" fonts-dejavu-core fonts-noto-cjk libpango-1\.0-0 libpangoft2-1\.0-0 python3\S* python3\S*-venv"
        r" fonts-morisawa-bizud-gothic fonts-symbola'$",
        ended.stderr,
        re.MULTILINE,
    )
    assert not (checkout / ".venv").exists()
    assert not (tmp_path / "apt-get-was-called").exists()


@pytest.mark.parametrize(
    ("word", "javac", "wished"), [("test", False, True), ("test", True, False), ("demo", False, False)]
)
def test_only_the_tests_wish_for_a_jdk(tmp_path: Path, word: str, javac: bool, wished: bool) -> None:
    """A JDK is among the packages to type when the tests are to run and there is none; never for the demo."""
    programs = {"id": "echo 1000", "dpkg-query": "exit 1", "apt-cache": "exit 0", "apt-get": "exit 1"}
    if javac:
        programs["javac"] = "exit 0"
    ended = _run(word, checkout=_bare_checkout(tmp_path, programs), path=tmp_path / "bin")
    assert ended.returncode == 4
    assert "fonts-noto-cjk" in ended.stderr
    assert ("default-jdk-headless" in ended.stderr) is wished


@pytest.mark.parametrize(("works", "word"), [(True, "test"), (False, "test"), (True, "demo")])
def test_a_ready_machine_gets_the_jdk_it_lacks(tmp_path: Path, works: bool, word: str) -> None:
    """Where everything else is there, the tests install a JDK and nothing more, and run even when that fails."""
    asked = tmp_path / "asked"
    programs = {
        "id": "echo 0",
        "env": 'while [ "${1#*=}" != "$1" ]; do shift; done; exec "$@"',
        "dpkg-query": 'shift 3; for package; do [ "$package" = default-jdk-headless ] || printf " $package=installed "; done',
        "apt-cache": "exit 0",
        "apt-get": f'echo "$*" >>{asked}; {"exit 0" if works else "exit 100"}',
        "python3": "echo /usr/bin/python3",
    }
    checkout = _bare_checkout(tmp_path, programs)
    (checkout / ".venv/bin").mkdir(parents=True)
    for name in ("ruff", "mypy", "lint-imports", "python", "shirase"):
        _write_program(checkout / ".venv/bin" / name, f"echo {name}")
    (checkout / ".venv/dev.stamp").write_text("python\n")
    ended = _run(word, checkout=checkout, path=tmp_path / "bin")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("shirase\n" if word == "demo" else "python\n")
    if word == "demo":
        assert not asked.exists()
        return
    assert re.search(r"install -y --no-install-recommends default-jdk-headless\s*$", asked.read_text())
    assert ("going on without default-jdk-headless" in ended.stderr) is not works


def test_on_macos_it_says_what_to_type(tmp_path: Path) -> None:
    """A Mac without Python or Pango gets Homebrew's lines and exit code 4, and nothing is made."""
    checkout = _bare_checkout(tmp_path, {"uname": "echo Darwin"})
    ended = _run("demo", checkout=checkout, path=tmp_path / "bin")
    assert ended.returncode == 4
    assert "\n  brew install python@3.13 pango\n" in ended.stderr
    assert not (checkout / ".venv").exists()


# --- the locks ---


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_pinned_and_hashed(name: str) -> None:
    """No entry of a lock lacks its exact version or its hashes."""
    for package, entry in _read_lock(name).items():
        assert re.match(r"\S+==\S+ ", entry), package
        assert re.search(r" --hash=sha256:[0-9a-f]{64}\b", entry), package


@pytest.mark.parametrize("name", LOCKS)
def test_locks_name_no_index(name: str) -> None:
    """A lock says what to install, never where from: no address, no index option, no path."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|file:|@ ", text)


def test_locks_hold_what_the_project_asks_for() -> None:
    """Each requirement of pyproject.toml is in the lock with the same version: nobody forgot ``./run lock``."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {"run.lock": project["dependencies"], "dev.lock": project["optional-dependencies"]["dev"]}
    for name, requirements in asked.items():
        locked = {entry.split()[0] for entry in _read_lock(name).values()}
        assert {re.sub(r"\[.*?\]", "", requirement) for requirement in requirements} <= locked


def test_the_developers_lock_holds_the_other() -> None:
    """An environment made for developers holds exactly the packages that users get."""
    assert _read_lock("run.lock").items() <= _read_lock("dev.lock").items()


# --- helpers ---


def _run(*arguments: str, checkout: Path = ROOT, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(path)} if path else None
    return subprocess.run(
        ["/bin/sh", "./run", *arguments],
        cwd=checkout,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _bare_checkout(folder: Path, programs: Mapping[str, str]) -> Path:
    """A checkout with nothing set up, and ``folder/bin``: the few real tools the script needs, and ``programs``."""
    (folder / "bin").mkdir()
    for tool in ("cat", "dirname"):
        (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
    for name, body in programs.items():
        _write_program(folder / "bin" / name, body)
    checkout = folder / "checkout"
    shutil.copytree(ROOT / "requirements", checkout / "requirements")
    shutil.copy(ROOT / "run", checkout / "run")
    return checkout


def _write_program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def _read_lock(name: str) -> dict[str, str]:
    """Package name to its whole entry (version, marker, hashes), on one line."""
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8").replace("\\\n", " ")
    return {line.split("==")[0]: " ".join(line.split()) for line in text.splitlines()}
