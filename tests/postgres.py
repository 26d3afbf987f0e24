"""A PostgreSQL server of the tests' own: started on a loopback port, by somebody who is not root, and stopped by its id."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_ROOT = Path("/usr/lib/postgresql")
USER, PASSWORD = "shirase", "s3cret-of-the-test"


def server_programs() -> Path | None:
    """Debian's newest server, or the one on the path."""
    found = sorted(_ROOT.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else None


@contextmanager
def running_server(programs: Path) -> Iterator[str]:
    """The URL of a server that runs as long as the block."""
    folder = Path(tempfile.mkdtemp(prefix="shirase-pg-", dir="/tmp"))
    other: dict[str, Any] = {}
    if os.geteuid() == 0:  # initdb refuses root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        other = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    password = folder / "password"
    password.write_text(PASSWORD)
    password.chmod(0o644)
    data = folder / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)}
    settings: dict[str, Any] = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL, **other}
    subprocess.run(
        [programs / "initdb", "-D", data, "-U", USER, f"--pwfile={password}", "-A", "scram-sha-256", "-E", "UTF8", "-N"],
        check=True, capture_output=True, **settings,
    )  # fmt: skip
    port = _free_port()
    arguments: list[str | Path] = [
        programs / "postgres", "-D", data, "-p", str(port), "-k", folder,
        "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        server: subprocess.Popen[bytes] = subprocess.Popen(arguments, stdout=log, stderr=log, **settings)
    try:
        url = f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres"
        _wait_for(server, url, folder / "log")
        yield url
    finally:
        server.send_signal(signal.SIGINT)  # "fast": clients are gone
        server.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    """Ask until it answers; libpq waits while the port is not open yet."""
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            if server.poll() is not None:
                raise RuntimeError(log.read_text()) from None
            continue
        return


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
