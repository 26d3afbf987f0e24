"""The list of recipients, as people make, read and approve it."""

import json
from pathlib import Path

from delivery_batch import HEADER, INCIDENT_ID, TODAY, recipient_rows
from sealed_batch import SENDER, run


def check(root: Path) -> dict[str, object]:
    done = run("recipients", "check", root / "case", "--out", root / "out", "--json")
    assert done.exit_code == 0, done.output + done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_list_is_drafted_from_the_register_and_has_to_be_checked(root: Path) -> None:
    case = root / "case"
    customers = (case / "customers.csv").read_text(encoding="utf-8")
    customers = customers.replace(",active,,attach", ",active,a@cust0001.example;b@cust0001.example,attach", 1)
    (case / "customers.csv").write_text(customers, encoding="utf-8")
    assert run("recipients", "draft", case).exit_code == 4
    (case / "recipients.csv").unlink()
    assert json.loads(run("recipients", "draft", case, "--json").stdout)["rows"] == 2
    lines = (case / "recipients.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADER
    assert [line.split(",")[1] for line in lines[1:]] == ["a@cust0001.example", "b@cust0001.example"]
    done = run("recipients", "check", case, "--out", root / "out")
    assert (done.exit_code, "checked_on" in done.stderr) == (4, True)


def test_a_list_that_is_not_ready_stops_no_draft(root: Path) -> None:
    (root / "case/recipients.csv").write_text("customer_id\n", encoding="utf-8")
    assert run("scope", root / "case", "--out", root / "out").exit_code == 0
    done = run("check", root / "case")
    assert (done.exit_code, "recipients.csv" in done.stderr) == (4, True)


def test_what_a_second_person_should_look_at_is_said(root: Path) -> None:
    more = [
        f"C-1,root@cust0001.example,admin,,contract,{TODAY},true,,,",
        f"C-2,ito@lawyers.example,legal,Ms Ito,letter of 3 March,{TODAY},,her counsel,true,",
    ]
    (root / "case/recipients.csv").write_text(recipient_rows(2, more=more), encoding="utf-8")
    found = check(root)
    assert found["approved"] is False
    assert found["remarks"] == [
        "C-1: root@cust0001.example is an emergency mailbox of administrators",
        "C-2: ito@lawyers.example is of another domain: her counsel",
    ]


def test_whoever_approves_names_the_list_they_saw(root: Path) -> None:
    words = (root / "case", "--out", root / "out")
    before = str(check(root)["digest"])
    assert check(root)["approved"] is True
    more = [f"C-1,third@cust0001.example,other,,contract,{TODAY},,,,"]
    (root / "case/recipients.csv").write_text(recipient_rows(2, more=more), encoding="utf-8")
    assert check(root)["approved"] is False
    assert run("recipients", "submit", *words, "--as", SENDER).exit_code == 0
    for listed in (before[:12], "0" * 12, str(check(root)["digest"])[:5]):
        done = run("recipients", "approve", *words, "--list", listed, "--as", "Dana")
        assert (done.exit_code, "the list on disk is" in done.stderr) == (6, True)
    now = str(check(root)["digest"])
    assert run("recipients", "approve", *words, "--list", now[:12], "--as", SENDER).exit_code == 6
    assert run("recipients", "approve", *words, "--list", now[:12], "--as", "Dana").exit_code == 0
    assert run("recipients", "revoke", *words, "--reason", "one has left", "--as", "Keiko").exit_code == 0
    assert check(root)["approved"] is False
    journal = json.loads(run("journal", root / "out" / INCIDENT_ID, "--json").stdout)
    kinds = [entry["what"] for entry in journal["entries"] if entry["what"].startswith("recipients")]
    assert kinds[:3] == ["recipients_revoked", "recipients_approved", "recipients_submitted"]
