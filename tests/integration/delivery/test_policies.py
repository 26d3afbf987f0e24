"""What each customer wished for: a mail that carries nothing, a visit, a signed mail; and what follows a first mail."""

import json
import shutil
import time
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from delivery_batch import INCIDENT_ID, approve_list, settings
from mail_keys import make_mail_key
from misbehaving_server import Accepted, MisbehavingServer, misbehaving
from sealed_batch import SENDER, output_of, run, run_with_secret, tool


def wish(root: Path, server: MisbehavingServer, policies: dict[int, str], more: str = "") -> None:
    """These customers wish for that, and the list is approved again."""
    path = root / "case/customers.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, wanted in policies.items():
        lines[number] = lines[number].rpartition(",")[0] + f",{wanted}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (root / "case/delivery.toml").write_text(settings(server.port) + more, encoding="utf-8")
    approve_list(root)


def plan(root: Path, *words: object) -> dict[str, Any]:
    done = run("send", root / "case", "--out", root / "out", "--json", *words)
    assert done.exit_code == 0, done.output + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def really(root: Path, *words: object) -> dict[str, Any]:
    """What the plan shows, sent."""
    found = plan(root, *words)
    confirm = ("--really", "--manifest", found["manifest"][:12], "--count", found["pending"], "--as", SENDER)
    return plan(root, *words, *confirm, "--without-canary", "a test")


def accounts(root: Path) -> dict[str, dict[str, Any]]:
    listed = json.loads(run("deliveries", "list", root / "out" / INCIDENT_ID, "--all", "--json").stdout)
    return {each["customer_id"]: each for each in listed["reports"]}


def to(mails: list[Accepted], customer: int) -> Any:
    """The mail to the first mailbox of a customer, read by Python."""
    (mail,) = [each for each in mails if each.recipients == (f"ciso@cust{customer:04d}.example",)]
    return BytesParser(policy=policy.default).parsebytes(mail.content())


def test_a_notice_carries_nothing(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        wish(root, server, {1: "notify_only"})
        really(root)
        mail, other = to(server.accepted(), 1), to(server.accepted(), 2)
    assert (list(mail.iter_attachments()), len(list(other.iter_attachments()))) == ([], 1)
    said = mail.get_body(("plain",)).get_content()
    assert "お客様窓口でお受け取りください。" in said
    assert "Please collect it at the customer desk." in said
    assert {each["reached"] for each in accounts(root).values()} == {"accepted"}


def test_without_a_place_to_pick_it_up_nobody_is_told_to(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        wish(root, server, {1: "notify_only"})
        path = root / "case/delivery.toml"
        path.write_text(path.read_text(encoding="utf-8").partition("[pick_up]")[0], encoding="utf-8")
        done = run("send", root / "case", "--out", root / "out")
    assert (done.exit_code, "write [pick_up]" in done.stderr) == (4, True)


def test_a_report_is_brought_by_hand(root: Path, tmp_path: Path) -> None:
    """No mail: a letter and a script lie ready, and the account stays open until somebody says that it is done."""
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server") as server:
        wish(root, server, {1: "by_hand"})
        really(root)
        assert {mail.recipients[0] for mail in server.accepted()} == {"ciso@cust0002.example", "soc@cust0002.example"}
    mine = accounts(root)["C-1"]
    assert (mine["reached"], mine["open"]) == ("by_hand", True)
    sheets = sorted((folder / "mail/by-hand").glob(f"{mine['report_id']}.*.html"))
    assert [path.name.rpartition(".html")[0].rpartition(".")[2] for path in sheets] == ["call", "letter"]
    for sheet in sheets:
        text = sheet.read_text(encoding="utf-8")
        assert mine["report_id"] in text
        assert "甲乙商事株式会社" in text
        assert "Bluewater" not in text
    delivery = mine["deliveries"][0]["delivery_id"]
    words = ("--how", "handed to Ms Ito at the front desk", "--as", SENDER)
    assert run("deliveries", "acknowledge", folder, delivery, *words).exit_code == 0
    assert accounts(root)["C-1"]["reached"] == "acknowledged"
    standing = json.loads(run("status", folder, "--json").stdout)["review"]["reports"]
    assert {each["report_id"]: each["state"] for each in standing}[mine["report_id"]] == "sent"


def test_a_reminder_follows_the_first_mail(root: Path, tmp_path: Path) -> None:
    """It carries nothing, stands in the same thread, and is no second delivery of the report."""
    with misbehaving(tmp_path / "server") as server:
        (root / "case/delivery.toml").write_text(settings(server.port), encoding="utf-8")
        really(root)
        first = {mail.recipients[0]: mail.message_id for mail in server.accepted()}
        time.sleep(1.1)  # silent for no day at all, and a second
        really(root, "--remind", 0)
        reminders = [BytesParser(policy=policy.default).parsebytes(mail.content()) for mail in server.accepted()[4:]]
    assert len(reminders) == 4
    for mail in reminders:
        assert mail["In-Reply-To"] == first[mail["To"]]
        assert list(mail.iter_attachments()) == []
    assert {each["reached"] for each in accounts(root).values()} == {"accepted"}
    assert sum(len(each["deliveries"]) for each in accounts(root).values()) == 4


def test_the_phone_list_names_everybody_who_is_silent(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        wish(root, server, {1: "by_hand"})
        really(root)
    done = run("deliveries", "phone-list", root / "case", "--out", root / "out", "--days", 0, "--json")
    assert done.exit_code == 0, done.output + done.stderr
    told = json.loads(done.stdout)
    text = Path(told["file"]).read_text(encoding="utf-8-sig")
    assert told["calls"] == 2
    assert "甲乙商事株式会社" in text
    assert "Bluewater Harbor Ltd." in text
    scripts = {}
    for row in text.splitlines()[1:]:
        scripts[row.split(",")[1]] = Path(told["file"]).parent / "by-hand" / row.rpartition(",")[2]
    by_hand, silent = (scripts[name].read_text(encoding="utf-8") for name in ("C-1", "C-2"))
    assert ("メールではお送りいたしません" in by_hand, "メールではお送りいたしません" in silent) == (True, False)
    assert "@cust0002.example" in silent
    assert "@cust0001.example" not in by_hand


@pytest.mark.parametrize("wanted", ["smime_signed", "smime_encrypted"])
def test_mails_are_signed_and_encrypted_for_who_asks(root: Path, tmp_path: Path, wanted: str) -> None:
    """OpenSSL verifies the signature and opens the envelope; inside is the sealed file."""
    openssl = tool("openssl")
    signer = make_mail_key(tmp_path / "sender", "incident@sender.example")
    shutil.copy(signer.pkcs12, root / "case/mail.p12")
    lines = (root / "case/recipients.csv").read_text(encoding="utf-8").splitlines()
    readers = {}
    for number, line in enumerate(lines[1:], start=1):
        address = line.split(",")[1]
        readers[address] = make_mail_key(tmp_path / address, address)
        (root / f"case/{address}.pem").write_bytes(readers[address].certificate.read_bytes())
        lines[number] = f"{line}{address}.pem"
    (root / "case/recipients.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with misbehaving(tmp_path / "server") as server:
        wish(root, server, {1: wanted}, '[smime]\nkey = "mail.p12"\n')
        words = ("send", root / "case", "--out", root / "out", "--json")
        first = run_with_secret(*words, flag="--smime-passphrase-fd")
        assert first.exit_code == 0, first.output + first.stderr
        found = json.loads(first.stdout)
        confirm = (
            "--really",
            "--manifest",
            found["manifest"][:12],
            "--count",
            4,
            "--as",
            SENDER,
            "--without-canary",
            "x",
        )
        done = run_with_secret(*words, *confirm, flag="--smime-passphrase-fd")
        assert done.exit_code == 0, done.output + done.stderr
        taken = [mail for mail in server.accepted() if mail.recipients[0] == "ciso@cust0001.example"]
        plain = [mail for mail in server.accepted() if mail.recipients[0] == "ciso@cust0002.example"]
    assert b"multipart/mixed" in plain[0].content()[:2000]
    path = taken[0].path
    if wanted == "smime_encrypted":
        reader = readers["ciso@cust0001.example"]
        opened = tmp_path / "opened.eml"
        output_of(
            openssl, "cms", "-decrypt", "-in", path, "-recip", reader.certificate, "-inkey", reader.key, "-out", opened
        )
        path = opened
    content = tmp_path / "content.eml"
    output_of(openssl, "cms", "-verify", "-in", path, "-CAfile", signer.authority, "-out", content)
    parsed = BytesParser(policy=policy.default).parsebytes(content.read_bytes())
    (attached,) = [part.get_content() for part in parsed.walk() if part.get_content_type() == "application/pdf"]
    name = next(iter(parsed.iter_attachments())).get_filename()
    assert attached == (root / "out" / INCIDENT_ID / "sealed" / str(name)).read_bytes()
