"""The whole way over a real Postfix and a real Dovecot, by the commands that people type."""

import hashlib
import json
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from delivery_batch import HEADER, INCIDENT_ID, TODAY, approve_list, customer_rows, settings
from mail_servers import MailServers
from sealed_batch import SENDER, run
from shirase.cli.app import app

SERVER_FILES = """
[imap]
host = "localhost"
port = {imap}
user = "bounces@sender.example"
authority = "authority.pem"
[canary.imap]
host = "localhost"
port = {imap}
user = "canary@sender.example"
authority = "authority.pem"
"""


def with_password(servers: MailServers, *words: object) -> tuple[int, Any]:
    """A command that logs in; its exit code, and what it prints for machines."""
    with tempfile.TemporaryFile() as file:
        file.write(f"{servers.password}\n{servers.password}\n".encode())
        file.flush()
        file.seek(0)
        arguments = [str(word) for word in (*words, "--passphrase-fd", os.dup(file.fileno()), "--json")]
        done = CliRunner().invoke(app, arguments)
    assert done.stdout.startswith(("{", "[")), done.output + done.stderr
    return done.exit_code, json.loads(done.stdout)


def prepare(root: Path, servers: MailServers) -> None:
    """Two customers with mailboxes that these servers have, and one that they do not."""
    case = root / "case"
    customers = (
        customer_rows(2).replace("cust0001.example", "customer.example").replace("cust0002.example", "leave.example")
    )
    (case / "customers.csv").write_text(customers, encoding="utf-8")
    rows = [
        f"C-{number},{address},security,,contract,{TODAY},,,,"
        for number, address in (
            (1, "security@customer.example"), (1, "gone@customer.example"), (2, "manager@leave.example"),
            (2, "admin@leave.example"),
        )
    ]  # fmt: skip
    (case / "recipients.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    (case / "authority.pem").write_bytes(servers.certificate.authority.read_bytes())
    text = settings(
        servers.smtp_port, host="localhost", tls="starttls", user=servers.user, authority="authority.pem",
        canary="canary@sender.example",
    )  # fmt: skip
    (case / "delivery.toml").write_text(text + SERVER_FILES.format(imap=servers.imap_port), encoding="utf-8")
    approve_list(root)


def test_the_whole_way(root: Path, mail_servers: MailServers) -> None:
    """Canary, its round trip, the mails, what came back, everyone accounted for, the proof.

    The second customer's mails are handed on to a server that reports nothing: they stay accepted, and are not called
    delivered.
    """
    prepare(root, mail_servers)
    case, folder = root / "case", root / "out" / INCIDENT_ID
    words = (case, "--out", root / "out")

    _, plan = with_password(mail_servers, "send", *words, "--canary")
    confirm = ("--really", "--manifest", plan["manifest"][:12], "--as", SENDER)
    code, sent = with_password(mail_servers, "send", *words, "--canary", *confirm, "--count", 1)
    assert (code, [each["outcome"] for each in sent["attempts"].values()]) == (0, ["accepted"])

    _, plan = with_password(mail_servers, "send", *words)
    refused = run("send", *words, *confirm, "--count", plan["pending"])
    assert (refused.exit_code, "no canary came back" in " ".join(refused.stderr.split())) == (6, True)

    mail_servers.wait_for_mails("canary@sender.example")
    code, back = with_password(mail_servers, "bounces", *words, "--as", SENDER)
    (trip,) = back["round_trips"].values()
    assert (code, trip["good"], trip["differences"]) == (0, True, [])

    code, sent = with_password(mail_servers, "send", *words, *confirm, "--count", plan["pending"])
    assert (code, sorted(each["outcome"] for each in sent["attempts"].values())) == (0, ["accepted"] * 4)

    (report,) = mail_servers.wait_for_mails("security@customer.example")
    assert b"application/pdf" in report

    def read_back() -> dict[str, Any]:
        _, found = with_password(mail_servers, "bounces", *words, "--as", SENDER)
        return dict(found)

    kinds: list[str] = []

    def look() -> list[str]:
        kinds.extend(each["kind"] for each in read_back()["returned"])
        return kinds

    mail_servers.wait(look, lambda found: {"failed", "delivered"} <= set(found))
    assert kinds.count("failed") == 1
    assert with_password(mail_servers, "bounces", *words, "--as", SENDER)[1]["returned"] == []

    listed = json.loads(run("deliveries", "list", folder, "--all", "--json").stdout)
    states = {one["address"]: one["state"] for report in listed["reports"] for one in report["deliveries"]}
    assert states == {
        "security@customer.example": "delivered", "gone@customer.example": "bounced",
        "manager@leave.example": "accepted", "admin@leave.example": "accepted",
    }  # fmt: skip
    assert {each["customer_id"]: (each["reached"], each["failed"]) for each in listed["reports"]} == {
        "C-1": ("delivered", 1), "C-2": ("accepted", 0),
    }  # fmt: skip

    (first,) = [each for each in listed["reports"] if each["customer_id"] == "C-1"]
    done = run("deliveries", "proof", folder, first["report_id"], "--json")
    with zipfile.ZipFile(json.loads(done.stdout)["files"][0]) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    lines = (line.split("  ") for line in held["SHA256SUMS"].decode().splitlines())
    sums = {name: digest for digest, name in lines}
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in held.items() if name != "SHA256SUMS"}
    for one in first["deliveries"]:
        assert held[f"mail/{one['delivery_id']}.eml"] == (folder / f"mail/{one['delivery_id']}.eml").read_bytes()
    told = json.loads(held["deliveries.json"])
    assert {mail["kind"] for each in told for mail in each["returned"]} == {"delivered", "failed"}
    everything = b"".join(held.values())
    assert b"leave.example" not in everything
    assert json.loads(run("journal", folder, "--verify", "--json").stdout)["breaks"] == []
