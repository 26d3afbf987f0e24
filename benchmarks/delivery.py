"""What sending costs: mails made and looked at, and sent to a server on this machine: 366 reports, 10,000 notices.

The reports are few and their mailboxes many: what a mail costs does not depend on how many share a report, except that
the pages of a report are read once for all of them, which is said.
"""

import csv
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from benchmarks.sealing import PEOPLE
from shirase.pipeline.rehearse import run_rehearse
from shirase.rehearsal.generate import Size
from shirase.settings import story

SIZE = Size(customers=300, affected=8, lines=2_600)
BATCHES = ((366, "attach"), (10_000, "notify_only"))
"""How many mails, and what they carry: ten thousand reports would be ten gigabytes of mails on this disk."""
COLUMNS = (
    "customer_id", "address", "role", "name", "source", "checked_on", "break_glass", "waiver", "alternate",
    "certificate",
)  # fmt: skip
SETTINGS = """\
[sender]
address = "incident@sender.example"
reply_to = "desk@sender.example"
bounces = "bounces@sender.example"
[server]
host = "127.0.0.1"
port = {port}
tls = "none"
[pace]
per_minute = 1000000
per_domain_per_minute = 1000000
[pick_up]
ja = "お客様窓口でお受け取りください。"
en = "Please collect it at the customer desk."
"""


class _Keeps:
    """A server that takes everything, counts it, and throws it away."""

    def __init__(self) -> None:
        self.mails = 0
        self.megabytes = 0.0

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Take one mail."""
        self.mails += 1
        self.megabytes += len(envelope.original_content or b"") / 1e6
        return "250 taken"


def run() -> None:
    """Seal a few reports, and send them to many mailboxes."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        folder = _sealed(root)
        customers = [row for row in _rows(root / "case/customers.csv") if _is_sealed(folder, row["customer_id"])]
        for wanted, policy in BATCHES:
            _choose(root / "case/customers.csv", policy)
            _send(root, folder, customers, wanted)


def _send(root: Path, folder: Path, customers: list[dict[str, str]], wanted: int) -> None:
    keeps = _Keeps()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(keeps, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        (root / "case/delivery.toml").write_text(SETTINGS.format(port=port), encoding="utf-8")
        _write_list(root / "case/recipients.csv", customers, wanted)
        _shirase("recipients", "submit", root / "case", "--out", root / "out", "--as", "Sora")
        listed = _shirase("recipients", "check", root / "case", "--out", root / "out", "--json").split('"digest": "')[1]
        _shirase("recipients", "approve", root / "case", "--list", listed[:12], "--out", root / "out", "--as", "Dana")
        words = ("send", root / "case", "--out", root / "out", "--json")
        planned, memory, said = _measured(*words)
        manifest = said.split('"manifest": "')[1][:12]
        confirm = ("--manifest", manifest, "--count", wanted, "--as", "Sora", "--without-canary", "a measurement")
        sent, most, _ = _measured(*words, "--really", *confirm)
    finally:
        controller.stop()
    assert keeps.mails == wanted
    size = keeps.megabytes / wanted
    print(f"{wanted:>6} mails of {size:.2f} MB", flush=True)
    for what, seconds, used in (("made and looked at", planned, memory), ("once more, sent, on record", sent, most)):
        print(f"{what:>28}: {seconds:6.1f} s, {1000 * seconds / wanted:4.0f} ms each, {used:.0f} MB at most")
    for path in (folder / "mail").glob("*.eml"):
        path.unlink()


def _sealed(root: Path) -> Path:
    run_rehearse(root / "case", story(), SIZE)
    _choose(root / "case/customers.csv", "attach")
    _shirase("draft", root / "case", "--out", root / "out")
    [folder] = (root / "out").iterdir()
    for name, role in PEOPLE.items():
        _shirase("operators", "add", folder, name, "--role", role, "--as", "Riku")
    _shirase("submit", folder, "--as", "Riku")
    for name in ("Keiko", "Dana"):
        _shirase("approve", folder, "--all", "--role", PEOPLE[name], "--as", name)
    (root / "passphrase").write_text("correct horse battery\n", encoding="utf-8")
    with (root / "passphrase").open("rb") as file:
        _shirase("keys", "init", root / "key.p12", "--passphrase-fd", file.fileno(), secret=file.fileno())
    with (root / "passphrase").open("rb") as file:
        key = ("--key", root / "key.p12", "--passphrase-fd", file.fileno(), "--as", "Sora")
        _shirase("seal", folder, *key, secret=file.fileno())
    return folder


def _choose(path: Path, policy: str) -> None:
    rows = _rows(path)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0].keys())
        table.writeheader()
        table.writerows({**row, "delivery_policy": policy} for row in rows)


def _is_sealed(folder: Path, customer_id: str) -> bool:
    found = [path for path in (folder / "reports").glob("*.json") if f'"{customer_id}"'.encode() in path.read_bytes()]
    return bool(found)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _write_list(path: Path, customers: list[dict[str, str]], wanted: int) -> None:
    """So many mailboxes in all, an equal share for each customer."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(wanted):
            customer = customers[number % len(customers)]
            address = f"box{number}@{customer['domains'].split(';')[0]}"
            table.writerow(
                [customer["customer_id"], address, "security", "", "made up", datetime.now(UTC).date(), *[""] * 4]
            )


def _measured(*words: object) -> tuple[float, float, str]:
    """Seconds that a command takes, the most memory of one of its processes in MB, and what it prints."""
    begun = time.perf_counter()
    process = subprocess.Popen(_command(words), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"{words[0]} ended with {os.waitstatus_to_exitcode(status)}: {said[-400:]!r}")
    return time.perf_counter() - begun, _most(used), said.decode()


def _most(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024


def _shirase(*words: object, secret: int | None = None) -> str:
    passed = () if secret is None else (secret,)
    done = subprocess.run(_command(words), capture_output=True, text=True, pass_fds=passed, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return done.stdout


def _command(words: tuple[object, ...]) -> list[str]:
    return [sys.executable, "-P", "-m", "shirase", *map(str, words)]
