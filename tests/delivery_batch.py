"""A sealed batch that can be sent: some customers with two mailboxes each, and the list of them approved."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from case_builder import INCIDENT, ndjson, record, write_case
from sealed_batch import SENDER, Made, approve_all, run, run_with_secret

INCIDENT_ID = "EX-2022-01"
TODAY = date.today()  # noqa: DTZ011 - the day on which this machine checks a list
HEADER = "customer_id,address,role,name,source,checked_on,break_glass,waiver,alternate,certificate"
NAMES = (
    "甲乙商事株式会社",
    "Bluewater Harbor Ltd.",
    "第二みなと信用金庫",
    "Quillon Optics GmbH",
    "髙﨑測器",
    "Redfern Mutual",
)
"""Names without a word in common, so that the leak gate has something to look for."""


def customer_rows(count: int, policy: str = "attach") -> str:
    """``count`` customers, one in each language by turns."""
    rows = ["customer_id,name_ja,name_en,tenant_ids,domains,languages,time_zone,status,recipients,delivery_policy"]
    for number in range(1, count + 1):
        name = NAMES[(number - 1) % len(NAMES)]
        ja = name if not name.isascii() else ""
        en = name if name.isascii() else ""
        tail = f" {number}" if number > len(NAMES) else ""
        languages = "ja;en" if ja else "en;ja"
        ja, en = (f"{ja}{tail}" if ja else ""), (f"{en}{tail}" if en else "")
        rows.append(
            f"C-{number},{ja},{en},tn-{number:04d},cust{number:04d}.example,{languages},Asia/Tokyo,active,,{policy}"
        )
    return "\n".join(rows) + "\n"


def recipient_rows(count: int, *, more: Iterable[str] = ()) -> str:
    """Two mailboxes for each customer."""
    rows = [
        f"C-{number},{name}@cust{number:04d}.example,security,,contract,{TODAY},,,,"
        for number in range(1, count + 1)
        for name in ("ciso", "soc")
    ]
    return "\n".join([HEADER, *rows, *more]) + "\n"


def settings(port: int, host: str = "127.0.0.1", **changed: str) -> str:
    """``delivery.toml`` for a server on this machine, as fast as it can."""
    values = {
        "tls": "none", "user": "", "authority": "", "per_minute": "60000", "attempts": "3", "first_wait": "0.2",
        "stop_after": "5", "canary": "", **changed,
    }  # fmt: skip
    canary = f'[canary]\nmailboxes = ["{values["canary"]}"]\n' if values["canary"] else ""
    return f"""
[sender]
address = "incident@sender.example"
reply_to = "desk@sender.example"
bounces = "bounces@sender.example"
[server]
host = "{host}"
port = {port}
tls = "{values["tls"]}"
user = "{values["user"]}"
authority = "{values["authority"]}"
[pace]
per_minute = {values["per_minute"]}
per_domain_per_minute = {values["per_minute"]}
attempts = {values["attempts"]}
first_wait = {values["first_wait"]}
stop_after = {values["stop_after"]}
{canary}
[pick_up]
ja = "お客様窓口でお受け取りください。"
en = "Please collect it at the customer desk."
"""


def write_sendable(root: Path, key: Made, *, count: int = 2, **overrides: str) -> Path:
    """A case whose reports are sealed, and a list of recipients that nobody has approved yet; the case folder."""
    lines = ndjson(
        record(
            f"r-{number}", tenants=[f"tn-{number:04d}"],
            objects=[{"type": "tenant", "id": f"tn-{number:04d}", "name": f"tn-{number:04d}", "tenant": f"tn-{number:04d}"}],
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    files = {
        "incident.toml": INCIDENT.replace("customer_total = 2", f"customer_total = {count}"),
        "customers.csv": customer_rows(count), "recipients.csv": recipient_rows(count), "delivery.toml": settings(25),
        "evidence/superuser.ndjson": lines, **overrides,
    }  # fmt: skip
    case = write_case(root / "case", **files)
    assert run("translate", "confirm", case, "--by", "Keiko").exit_code == 0
    done = run("draft", case, "--out", root / "out", "--jobs", 2)
    assert done.exit_code == 0, done.output + done.stderr
    folder = root / "out" / INCIDENT_ID
    approve_all(folder)
    done = run_with_secret("seal", folder, "--key", key.key, "--as", SENDER)
    assert done.exit_code == 0, done.output + done.stderr
    return case


def approve_list(root: Path) -> None:
    """The list as it lies there, put up by the sender and approved by somebody else."""
    words = ("--out", root / "out", "--json")
    put_up = run("recipients", "submit", root / "case", *words, "--as", SENDER)
    assert put_up.exit_code == 0, put_up.output + put_up.stderr
    digest = run("recipients", "check", root / "case", *words).stdout.split('"digest": "')[1][:12]
    done = run("recipients", "approve", root / "case", "--list", digest, *words, "--as", "Dana")
    assert done.exit_code == 0, done.output + done.stderr
