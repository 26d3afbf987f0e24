"""``shirase send`` as people use it: nothing leaves by default; what leaves is what was shown, once."""

import hashlib
import json
from contextlib import closing
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from delivery_batch import INCIDENT_ID, approve_list, recipient_rows, settings
from misbehaving_server import GOOD, At, Close, MisbehavingServer, Say, Script, Turn, always, by_mail, misbehaving
from sealed_batch import SENDER, Made, run, run_with_secret, submit_and_approve
from shirase.domain.review import Operator
from shirase.wiring import open_incident_ledger

SORA = Operator(SENDER, ("sender",))
ADDRESSES = {f"{name}@cust{number:04d}.example" for name in ("ciso", "soc") for number in (1, 2)}


def send(root: Path, *words: object) -> Result:
    return run("send", root / "case", "--out", root / "out", "--json", *words)


def plan(root: Path, *words: object) -> dict[str, Any]:
    done = send(root, *words)
    assert done.exit_code == 0, done.output + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def really(root: Path, *words: object, count: int = 4, canary: bool = False) -> Result:
    """Look at the plan, and send it as it was shown."""
    found = plan(
        root, *(word for word in words if word in ("--canary", "--again") or "@" in str(word) or str(word).isalnum())
    )
    without = () if canary else ("--without-canary", "a test")
    confirm = ("--manifest", found["manifest"][:12], "--count", count, "--as", SENDER)
    return send(root, "--really", *confirm, *without, *words)


def use(root: Path, server: MisbehavingServer, **changed: str) -> None:
    (root / "case/delivery.toml").write_text(settings(server.port, **changed), encoding="utf-8")


def states(root: Path) -> dict[str, str]:
    """State of every delivery by its mailbox."""
    listed = json.loads(run("deliveries", "list", root / "out" / INCIDENT_ID, "--all", "--json").stdout)
    return {one["address"]: one["state"] for report in listed["reports"] for one in report["deliveries"]}


def deliveries(root: Path) -> dict[str, str]:
    """Id of every delivery by its mailbox."""
    listed = json.loads(run("deliveries", "list", root / "out" / INCIDENT_ID, "--all", "--json").stdout)
    return {one["address"]: one["delivery_id"] for report in listed["reports"] for one in report["deliveries"]}


def test_nothing_is_sent_by_default(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        found = plan(root)
        assert server.transcripts() == []
    assert {mail["address"] for mail in found["mails"]} == ADDRESSES
    assert (found["pending"], found["refused"]) == (4, {})
    written = sorted((root / "out" / INCIDENT_ID / "mail").glob("*.eml"))
    assert sorted(path.stem for path in written) == sorted(mail["delivery_id"] for mail in found["mails"])
    assert states(root) == {}


def test_a_dry_run_is_the_same_each_time(root: Path) -> None:
    first = plan(root)
    folder = root / "out" / INCIDENT_ID / "mail"
    mails = {path.name: path.read_bytes() for path in folder.glob("*.eml")}
    assert plan(root) == first
    assert {path.name: path.read_bytes() for path in folder.glob("*.eml")} == mails


def test_each_recipient_gets_the_report_of_their_own_company_once(root: Path, tmp_path: Path) -> None:
    """As the server has it: envelope, header and attachment agree with what was sealed for that customer."""
    sealed = {path.name: path.read_bytes() for path in (root / "out" / INCIDENT_ID / "sealed").glob("*.pdf")}
    copies = (root / "out" / INCIDENT_ID / "reports").glob("*.json")
    owners = {
        copy["report_id"]: copy["customer"]["id"] for copy in map(json.loads, (path.read_bytes() for path in copies))
    }
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        done = really(root)
        assert done.exit_code == 0, done.output + done.stderr
        again = send(root, "--really", "--manifest", "0" * 12, "--count", 4, "--as", SENDER, "--without-canary", "x")
        assert again.exit_code == 6
        taken = server.accepted()
    assert {mail.recipients[0] for mail in taken} == ADDRESSES
    assert len(taken) == 4
    for mail in taken:
        parsed = BytesParser(policy=policy.default).parsebytes(mail.content())
        (attached,) = parsed.iter_attachments()
        name = str(attached.get_filename())
        assert attached.get_content() == sealed[name]
        assert parsed["To"] == mail.recipients[0]
        assert owners[name.removesuffix(".pdf")] == f"C-{int(mail.recipients[0].split('cust')[1][:4])}"
        assert name.removesuffix(".pdf") in parsed["Subject"]
    assert set(states(root).values()) == {"accepted"}
    standing = json.loads(run("status", root / "out" / INCIDENT_ID, "--json").stdout)
    assert {each["state"] for each in standing["review"]["reports"]} == {"sent"}


def test_sending_again_sends_nothing(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        assert really(root).exit_code == 0
        found = plan(root)
        assert found["pending"] == 0
        assert really(root, count=0).exit_code == 0
        assert len(server.accepted()) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--manifest", "0" * 12, "--count", 4), "the newest manifest is"),
        (("--count", 4), "the newest manifest is"),
        (("--manifest", "{manifest}", "--count", 3), "4 mails would go out, and not 3"),
        (("--manifest", "{manifest}"), "4 mails would go out"),
    ],
)
def test_what_was_seen_has_to_be_typed(root: Path, tmp_path: Path, words: tuple[object, ...], said: str) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        manifest = plan(root)["manifest"][:12]
        typed = [manifest if word == "{manifest}" else word for word in words]
        done = send(root, "--really", *typed, "--as", SENDER, "--without-canary", "x")
        assert server.transcripts() == []
    assert done.exit_code == 6
    assert said in done.stderr


def test_without_a_dry_run_nothing_is_sent(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        done = send(root, "--really", "--manifest", "0" * 12, "--count", 4, "--as", SENDER)
        assert server.transcripts() == []
    assert (done.exit_code, "nobody has looked at the mails yet" in done.stderr) == (6, True)


def test_without_a_canary_nothing_is_sent(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server, canary="canary@sender.example")
        done = really(root, canary=True)
        assert server.transcripts() == []
    assert (done.exit_code, "no canary came back from canary@sender.example" in done.stderr) == (6, True)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("recipients.csv", "ciso@cust0001.example", "cso@cust0001.example"),
        ("recipients.csv", ",security,,contract,", ",security,Someone,contract,"),
        ("customers.csv", "cust0001.example", "cust0001.example;cust1.example"),
    ],
)
def test_a_changed_list_is_another_list(root: Path, tmp_path: Path, path: str, old: str, new: str) -> None:
    """Whoever changes an address, or what decides about addresses, asks for another approval."""
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        plan(root)
        text = (root / "case" / path).read_text(encoding="utf-8")
        assert old in text
        (root / "case" / path).write_text(text.replace(old, new), encoding="utf-8")
        done = really(root)
        assert server.transcripts() == []
    assert (done.exit_code, "this very list of recipients is not approved" in done.stderr) == (6, True)


def test_a_sealed_file_that_was_changed_stops_its_mail(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        first, second = sorted((root / "out" / INCIDENT_ID / "sealed").glob("*.pdf"))
        first.write_bytes(second.read_bytes())
        done = send(root)
        found = json.loads(done.stdout)
    assert done.exit_code == 5
    assert {problem["what"] for each in found["refused"].values() for problem in each} == {
        "is not the file that was sealed"
    }
    assert {mail["report_id"] for mail in found["mails"]} == {second.stem}
    assert len(found["refused"]) == 2


def test_a_mail_that_was_changed_after_the_plan_is_not_sent(root: Path, tmp_path: Path) -> None:
    """Between the last dry run and the sending, in the folder of mails: the sending makes each anew and compares."""
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        found = plan(root)
        mail = root / "out" / INCIDENT_ID / "mail" / f"{found['mails'][0]['delivery_id']}.eml"
        whole = mail.read_bytes()
        mail.write_bytes(whole.replace(b"incident@sender.example", b"incident@sender.invalid"))
        assert really(root).exit_code == 0
        assert {each.content() for each in server.accepted() if each.recipients[0] == found["mails"][0]["address"]} == {
            whole
        }


def test_a_recipient_at_another_company_is_refused(root: Path) -> None:
    rows = recipient_rows(2).replace("soc@cust0001.example", "soc@cust0002.example.net")
    (root / "case/recipients.csv").write_text(rows, encoding="utf-8")
    done = send(root)
    assert done.exit_code == 4
    assert "cust0002.example.net is none of the customer's domains" in " ".join(done.stderr.split())


def test_what_a_server_refuses_and_puts_off(root: Path, tmp_path: Path) -> None:
    """One recipient is unknown, one is put off and taken at the next attempt; the others are not their business."""
    script = {
        1: Script({At.RECIPIENT: (Say(550, "5.1.1 no such user"),)}),
        2: Script({At.DOT: (Say(451, "4.7.1 later"),)}),
    }
    with misbehaving(tmp_path / "server", by_mail(script)) as server:
        use(root, server, first_wait="8")
        done = really(root)
        run_of = json.loads(done.stdout)
        assert done.exit_code == 8
        assert sorted(each["outcome"] for each in run_of["attempts"].values()) == [
            "accepted",
            "accepted",
            "deferred",
            "refused",
        ]
        assert sorted(states(root).values()) == ["accepted", "accepted", "deferred", "refused"]
        later = really(root, "--until-done", count=1)
        assert later.exit_code == 0, later.output + later.stderr
        assert set(server.times_accepted().values()) == {1}
        assert len(server.accepted()) == 3
    assert sorted(states(root).values()) == ["accepted", "accepted", "accepted", "refused"]


def test_what_is_unknown_waits_for_a_person(root: Path, tmp_path: Path) -> None:
    """The connection is lost after the dot: not sent again, listed, decided with evidence, and only then sent again."""
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server", by_mail({1: Script({At.DOT: (Close(),)}, keep=False)})) as server:
        use(root, server)
        assert really(root).exit_code == 8
        (address,) = [address for address, state in states(root).items() if state == "unknown"]
        delivery = deliveries(root)[address]
        assert plan(root)["pending"] == 0
        assert really(root, count=0).exit_code == 0
        assert len(server.accepted()) == 3
        shown = run("deliveries", "show", folder, delivery)
        assert f"<{delivery}@sender.example>" in shown.stdout
        assert (
            run("deliveries", "resolve", folder, delivery, "--not-sent", "--evidence", " ", "--as", SENDER).exit_code
            == 2
        )
        words = ("--not-sent", "--evidence", "mail log of the relay: no such Message-ID", "--as", SENDER)
        assert run("deliveries", "resolve", folder, delivery, *words).exit_code == 0
        assert really(root, count=1).exit_code == 0
        assert len(server.accepted()) == 4
        assert set(server.times_accepted().values()) == {1}


def test_a_server_that_refuses_everybody_stops_the_run(root: Path, tmp_path: Path) -> None:
    """No recipient is marked for it."""
    with misbehaving(tmp_path / "server", always(Script({At.MAIL: (Say(550, "not from you"),)}))) as server:
        use(root, server, stop_after="2", first_wait="0.01", attempts="9")
        done = really(root)
        found = json.loads(done.stdout)
    assert (done.exit_code, found["ending"]) == (8, "failing")
    assert "not from you" in found["reason"]
    assert set(states(root).values()) <= {"planned", "deferred"}


def test_the_switch(root: Path, tmp_path: Path) -> None:
    """Anybody stops the sending; it begins again when somebody opens it."""
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        assert run("sending", "stop", folder, "--reason", "section 3 is wrong", "--as", "Keiko").exit_code == 0
        done = really(root)
        assert json.loads(done.stdout)["ending"] == "stopped"
        assert "section 3 is wrong" in json.loads(done.stdout)["reason"]
        assert server.accepted() == []
        assert run("sending", "open", folder, "--reason", "it is right", "--as", SENDER).exit_code == 0
        assert really(root).exit_code == 0
        assert len(server.accepted()) == 4


def test_the_whole_batch_goes_to_a_sink_and_no_ledger_hears_of_it(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        done = send(root, "--to-sink", f"127.0.0.1:{server.port}")
        assert (done.exit_code, json.loads(done.stdout)) == (0, {"mails": 4, "accepted": 4, "others": []})
        taken = {mail.message_id: mail.content() for mail in server.accepted()}
    mails = json.loads((root / "out" / INCIDENT_ID / "mail/plan.json").read_bytes())["mails"]
    folder = root / "out" / INCIDENT_ID / "mail"
    assert taken == {each["message_id"]: (folder / f"{each['delivery_id']}.eml").read_bytes() for each in mails}
    assert states(root) == {}


@pytest.mark.parametrize("sink", ["mail.example:25", "192.0.2.1:25", "127.0.0.1", "localhost:0", "[::1]:x"])
def test_a_sink_elsewhere_is_refused(root: Path, sink: str) -> None:
    done = send(root, "--to-sink", sink)
    assert (done.exit_code, "no capture server on this machine" in done.stderr) == (2, True)


def test_a_sink_that_is_not_there_fails(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        port = server.port
    assert send(root, "--to-sink", f"127.0.0.1:{port}").exit_code == 8


def test_another_mailbox_after_a_refusal(root: Path, tmp_path: Path) -> None:
    """The alternate of the list is written to, linked to the first attempt; who was reached is not written to again."""
    rows = recipient_rows(
        2, more=[f"C-1,front@cust0001.example,other,,contract,{recipient_rows(1).split(',contract,')[1][:10]},,,true,"]
    )
    (root / "case/recipients.csv").write_text(rows, encoding="utf-8")
    approve_list(root)
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        found = plan(root)
        assert "front@cust0001.example" not in {mail["address"] for mail in found["mails"]}
        ciso = next(mail for mail in found["mails"] if mail["address"] == "ciso@cust0001.example")
        number = 1 + [mail["address"] for mail in found["mails"]].index("ciso@cust0001.example")
    with misbehaving(
        tmp_path / "server", by_mail({number: Script({At.RECIPIENT: (Say(550, "5.1.1 gone"),)})})
    ) as server:
        use(root, server)
        assert really(root).exit_code == 8
        again = ("--again", ciso["delivery_id"], "--to", "front@cust0001.example")
        manifest = plan(root, *again)["manifest"][:12]
        confirm = ("--really", "--manifest", manifest, "--count", 1, "--as", SENDER, "--without-canary", "x")
        assert send(root, *again, *confirm).exit_code == 0
        assert len(server.accepted()) == 4
    listed = json.loads(run("deliveries", "list", folder, "--all", "--json").stdout)
    (account,) = [each for each in listed["reports"] if each["customer_id"] == "C-1"]
    assert {one["address"]: (one["state"], one["previous"]) for one in account["deliveries"]} == {
        "soc@cust0001.example": ("accepted", ""), "front@cust0001.example": ("accepted", ciso["delivery_id"]),
    }  # fmt: skip


def test_what_changed_since_the_plan_is_refused(root: Path, tmp_path: Path) -> None:
    """Between looking and sending, and between a run that was broken off and the next."""
    with misbehaving(tmp_path / "server", by_mail({2: Script({At.RECIPIENT: (Say(451, "later"),)})})) as server:
        use(root, server, first_wait="8")
        found = plan(root)
        confirm = ("--manifest", found["manifest"][:12], "--count", 4, "--as", SENDER, "--without-canary", "x")
        changed = settings(server.port).replace("desk@sender.example", "help@sender.example")
        (root / "case/delivery.toml").write_text(changed, encoding="utf-8")
        done = send(root, "--really", *confirm)
        said = " ".join(done.stderr.split())
        assert (done.exit_code, "the mails are not those that were shown: 4 are new or others" in said) == (6, True)
        assert server.transcripts() == []
        use(root, server, first_wait="8")
        assert really(root).exit_code == 8
        (root / "case/delivery.toml").write_text(changed, encoding="utf-8")
        again = really(root, count=1)
        said = " ".join(again.stderr.split())
        assert (again.exit_code, "was planned with other content" in said) == (6, True)
        assert len(server.accepted()) == 3


def test_a_stop_counts_before_the_next_mail(root: Path, tmp_path: Path) -> None:
    """Even while a mail is under way: the last look before its dot refuses."""
    folder = root / "out" / INCIDENT_ID

    def stop_at_the_second(turn: Turn) -> Script:
        if turn.mail == 2 and not (tmp_path / "stopped").exists():
            (tmp_path / "stopped").touch()
            assert run("sending", "stop", folder, "--reason", "a mistake", "--as", "Keiko").exit_code == 0
        return GOOD

    with misbehaving(tmp_path / "server", stop_at_the_second) as server:
        use(root, server)
        done = really(root)
        found = json.loads(done.stdout)
        assert (done.exit_code, found["ending"], found["waiting"]) == (8, "stopped", 3)
        assert "Keiko: a mistake" in found["reason"]
        assert len(server.accepted()) == 1
    assert sorted(states(root).values()) == ["accepted", "planned", "planned", "planned"]


def test_only_one_sends(root: Path, tmp_path: Path) -> None:
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        found = plan(root)
        confirm = ("--manifest", found["manifest"][:12], "--count", 4, "--as", SENDER, "--without-canary", "x")
        with closing(open_incident_ledger(root / "out" / INCIDENT_ID)) as ledger, ledger.deliveries.sender(SORA):
            done = send(root, "--really", *confirm)
        assert (done.exit_code, "somebody else is sending" in done.stderr) == (5, True)
        assert server.transcripts() == []


def test_a_newer_report_replaces_what_was_sent(root: Path, tmp_path: Path, seal_key: Made) -> None:
    """It says so, names the file it replaces, and stands in the same thread; who is owed it is counted anew."""
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        assert really(root).exit_code == 0
        first = {mail.recipients[0]: mail for mail in server.accepted()}
        timeline = root / "case/timeline.toml"
        timeline.write_text(timeline.read_text(encoding="utf-8").replace("23:18", "23:17"), encoding="utf-8")
        assert run("draft", root / "case", "--out", root / "out", "--jobs", 2, "--as", "Riku").exit_code == 0
        submit_and_approve(folder)
        sealed = run_with_secret("seal", folder, "--key", seal_key.key, "--as", SENDER)
        assert sealed.exit_code == 0, sealed.output + sealed.stderr
        listed = json.loads(run("deliveries", "list", folder, "--json").stdout)
        assert {each["reached"] for each in listed["reports"]} == {"not_planned"}
        found = plan(root)
        assert ({mail["kind"] for mail in found["mails"]}, found["pending"]) == ({"replacement"}, 4)
        assert really(root).exit_code == 0
        later = server.accepted()[4:]
    assert len(later) == 4
    for mail in later:
        parsed = BytesParser(policy=policy.default).parsebytes(mail.content())
        before = first[mail.recipients[0]]
        assert parsed["In-Reply-To"] == before.message_id != mail.message_id
        (old,) = BytesParser(policy=policy.default).parsebytes(before.content()).iter_attachments()
        body = parsed.get_body(("plain",))
        assert body is not None
        digest = hashlib.sha256(old.get_content()).hexdigest()[:12]
        assert digest in "".join(body.get_content().split())
    assert set(states(root).values()) == {"accepted"}


def test_what_went_out_stays_as_it_was(root: Path, tmp_path: Path) -> None:
    """A change after it neither stops the rest nor touches the mails that prove what was sent."""
    folder = root / "out" / INCIDENT_ID
    with misbehaving(tmp_path / "server") as server:
        use(root, server)
        assert really(root).exit_code == 0
        sent = {path.name: path.read_bytes() for path in (folder / "mail").glob("*.eml")}
        changed = settings(server.port).replace("desk@sender.example", "help@sender.example")
        (root / "case/delivery.toml").write_text(changed, encoding="utf-8")
        more = [recipient_rows(1).splitlines()[1].replace("ciso@", "third@")]
        (root / "case/recipients.csv").write_text(recipient_rows(2, more=more), encoding="utf-8")
        approve_list(root)
        assert plan(root)["pending"] == 1
        done = really(root, count=1)
        assert done.exit_code == 0, done.output + done.stderr
        last = server.accepted()[4:]
    assert [mail.recipients for mail in last] == [("third@cust0001.example",)]
    assert b"help@sender.example" in last[0].content()
    assert {name: (folder / "mail" / name).read_bytes() for name in sent} == sent
    report = json.loads(run("deliveries", "list", folder, "--all", "--json").stdout)["reports"][0]["report_id"]
    assert run("deliveries", "proof", folder, report).exit_code == 0
