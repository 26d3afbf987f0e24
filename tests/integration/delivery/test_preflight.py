"""What is found out about a sender before the first mail, asked of a real name server and real mail servers."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from mail_servers import MailServers
from misbehaving_server import At, Close, Raw, Say, Script, always, misbehaving
from name_server import FAILS, SILENT, Zone, naming
from server_certificate import make_certificate
from shirase.delivery.names import Names
from shirase.delivery.preflight import Sending, check_sender, server_checks
from shirase.delivery.sender_records import record_checks
from shirase.delivery.spf import SpfFound, check_spf
from shirase.domain.delivery_settings import DeliverySettings, MailServer
from shirase.domain.preflight import Check, Verdict

NOW = datetime.now(UTC)
LATER = NOW + timedelta(hours=12)  # certificates are made for whole days


def key(bits: int) -> str:
    """The public half of a new key, as DNS has it."""
    made = rsa.generate_private_key(65537, bits) if bits else ed25519.Ed25519PrivateKey.generate()
    if isinstance(made, ed25519.Ed25519PrivateKey):
        return base64.b64encode(made.public_key().public_bytes_raw()).decode()
    der = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


KEY_2048 = key(2048)

GOOD: dict[tuple[str, str], Sequence[str] | str] = {
    ("sender.example", "TXT"): ["google-site-verification=x", "v=spf1 a:mail.sender.example include:_spf.relay.example -all"],
    ("_spf.relay.example", "TXT"): ["v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all"],
    ("mail.sender.example", "A"): ["198.51.100.7"],
    ("sender.example", "MX"): ["20 mail.sender.example.", "10 mail.sender.example."],
    ("mail2026._domainkey.sender.example", "TXT"): [f"v=DKIM1; k=rsa; p={KEY_2048}"],
    ("_dmarc.sender.example", "TXT"): ["v=DMARC1; p=reject; rua=mailto:dmarc@sender.example"],
}  # fmt: skip


def settings(**changes: object) -> DeliverySettings:
    given: dict[str, object] = {
        "sender": {
            "address": "incident@sender.example",
            "reply_to": "desk@sender.example",
            "bounces": "bounces@sender.example",
        },
        "server": {"host": "mail.sender.example"},
        "dkim": {"selector": "mail2026"},
    }
    return DeliverySettings.model_validate({**given, **changes})


def records(changes: Mapping[tuple[str, str], Sequence[str] | str], **other: object) -> dict[str, Check]:
    zone = {name: each for name, each in {**GOOD, **changes}.items() if each != []}
    with naming(zone) as resolver:
        return {check.name: check for check in record_checks(settings(**other), Names(resolver))}


# --- records ---


def test_a_sender_with_everything() -> None:
    """Every record there and right: every check is good, and none asks for anything."""
    found = records({})
    assert {name: check.verdict for name, check in found.items()} == dict.fromkeys(
        ("spf", "spf of the server", "dkim", "dmarc", "alignment", "mx of from", "mx of reply_to", "mx of bounces"),
        Verdict.GOOD,
    )
    assert "2 of 10 look-ups" in found["spf"].what
    assert "2048 bits" in found["dkim"].what


SPF, DKIM, DMARC, MX = (
    ("sender.example", "TXT"), ("mail2026._domainkey.sender.example", "TXT"), ("_dmarc.sender.example", "TXT"),
    ("sender.example", "MX"),
)  # fmt: skip
ELEVEN = "v=spf1 " + " ".join(f"a:h{number}.sender.example" for number in range(11)) + " -all"
HOSTS = {(f"h{number}.sender.example", "A"): ["192.0.2.1"] for number in range(11)}


@pytest.mark.parametrize(
    ("changes", "name", "verdict", "words"),
    [
        ({SPF: ["no spf"]}, "spf", "bad", "has no SPF record"),
        ({SPF: ["v=spf1 -all", "v=spf1 ~all"]}, "spf", "bad", "has 2 SPF records"),
        ({SPF: ["v=spf1 a:mail.sender.example +all"]}, "spf", "bad", "lets everybody send"),
        ({SPF: ["v=spf1 all"]}, "spf", "bad", "lets everybody send"),
        ({SPF: ["v=spf1 a:mail.sender.example ?all"]}, "spf", "warning", "nothing of everybody else"),
        ({SPF: ["v=spf1 ipv4:192.0.2.1 -all"]}, "spf", "bad", "'ipv4:192.0.2.1' is no term"),
        ({SPF: ["v=spf1 ip4:192.0.2.999 -all"]}, "spf", "bad", "no network"),
        ({SPF: ["v=spf1 include: -all"]}, "spf", "bad", "lacks what it is about"),
        ({SPF: ["v=spf1 include:gone.example -all"]}, "spf", "bad", "gone.example, which the record names"),
        ({SPF: ["v=spf1 redirect=sender.example"]}, "spf", "bad", "more than 10 look-ups"),
        ({SPF: [ELEVEN], **HOSTS}, "spf", "bad", "more than 10 look-ups"),
        ({SPF: ["v=spf1 a:x1.example a:x2.example mx:x3.example -all"]}, "spf", "bad", "stand for nothing, the last x3"),
        ({SPF: FAILS}, "spf", "unknown", "no answer about sender.example (TXT)"),
        ({SPF: ["v=spf1 ip4:203.0.113.1 -all"]}, "spf of the server", "warning", "says fail"),
        ({SPF: ["v=spf1 exists:%{i}.sender.example -all"]}, "spf of the server", "unknown", "says fail"),
        ({("mail.sender.example", "A"): []}, "spf of the server", "unknown", "no address"),
        ({DKIM: []}, "dkim", "bad", "has 0 keys"),
        ({DKIM: ["v=DKIM1; p="]}, "dkim", "bad", "is revoked"),
        ({DKIM: ["v=DKIM1; p=@@"]}, "dkim", "bad", "no base64"),
        ({DKIM: ["v=DKIM2; p=AAAA"]}, "dkim", "bad", "no DKIM key"),
        ({DKIM: [f"v=DKIM1; p={key(1024)}"]}, "dkim", "warning", "1024 bits"),
        ({DKIM: [f"v=DKIM1; t=s:y; p={KEY_2048}"]}, "dkim", "warning", "marked as a test"),
        ({DKIM: [f"p={KEY_2048[:100]} {KEY_2048[100:]}"]}, "dkim", "good", "rsa, 2048 bits"),
        ({DKIM: [f"v=DKIM1; k=ed25519; p={key(0)}"]}, "dkim", "good", "ed25519"),
        ({DMARC: []}, "dmarc", "warning", "has no DMARC record"),
        ({DMARC: [], ("_dmarc.example", "TXT"): ["v=DMARC1; p=reject"]}, "dmarc", "warning", "has no DMARC record"),
        ({DMARC: ["v=DMARC1; p=none"]}, "dmarc", "warning", "p=none"),
        ({DMARC: ["v=DMARC1; rua=mailto:x@sender.example"]}, "dmarc", "bad", "is broken"),
        ({DMARC: ["v=DMARC1; p=none", "v=DMARC1; p=reject"]}, "dmarc", "bad", "two records"),
        ({MX: ["0 ."]}, "mx of reply_to", "bad", "takes no mail"),
        ({MX: []}, "mx of bounces", "bad", "no server takes mail"),
        ({MX: [], ("sender.example", "A"): ["192.0.2.3"]}, "mx of bounces", "good", "sender.example takes mail"),
        ({MX: ["5 gone.sender.example."]}, "mx of from", "warning", "no server takes mail"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_record(changes: Zone, name: str, verdict: str, words: str) -> None:
    """Each fault of SPF, DKIM, DMARC and MX is told by itself, with what to do."""
    check = records(changes)[name]
    assert (check.verdict.value, words in check.what) == (verdict, True), check
    assert (check.mend == "") is (verdict == "good")


def test_a_silent_name_server_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody answers is unknown, never absent; the other checks go on."""
    monkeypatch.setattr("shirase.delivery.names._SECONDS", 0.5)
    found = records({DMARC: SILENT, DKIM: SILENT})
    assert (found["dmarc"].verdict, found["dkim"].verdict) == (Verdict.UNKNOWN, Verdict.UNKNOWN)
    assert found["mx of bounces"].verdict is Verdict.GOOD
    assert "alignment" not in found


def test_a_domain_below_takes_the_policy_from_above() -> None:
    """The policy for domains below (sp=) is that of the record above, and both belong together."""
    sender = {"address": "a@mail.sender.example", "reply_to": "b@sender.example", "bounces": "c@sender.example"}
    found = records({DMARC: ["v=DMARC1; p=reject; sp=none"]}, sender=sender)
    assert found["dmarc"].verdict is Verdict.WARNING
    assert found["alignment"].verdict is Verdict.GOOD
    strict = records({DMARC: ["v=DMARC1; p=reject; aspf=s; adkim=s"]}, sender=sender, dkim=None)
    assert strict["alignment"].verdict is Verdict.BAD
    assert strict["dkim"].verdict is Verdict.UNKNOWN


def test_reports_to_a_stranger_need_a_signature() -> None:
    """Where failure reports go to another domain, only DKIM can speak for the sender."""
    sender = {"address": "a@sender.example", "reply_to": "b@sender.example", "bounces": "c@relay.example"}
    relay = {("relay.example", "TXT"): ["v=spf1 -all"], ("relay.example", "MX"): ["1 mail.sender.example."]}
    assert "DKIM can speak" in records(relay, sender=sender)["alignment"].what
    assert records(relay, sender=sender, dkim=None)["alignment"].verdict is Verdict.BAD


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.200", "pass"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.3.1", "fail"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", "pass"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "192.0.2.1", "softfail"),
        ("v=spf1 -ip4:192.0.2.1 +all", "192.0.2.1", "fail"),
        ("v=spf1 mx -all", "198.51.100.7", "pass"),
        ("v=spf1 mx/24 -all", "198.51.100.99", "pass"),
        ("v=spf1 a:mail.sender.example/31//64 -all", "198.51.100.6", "pass"),
        ("v=spf1 include:_spf.relay.example -all", "192.0.2.9", "pass"),
        ("v=spf1 include:_spf.relay.example -all", "203.0.113.9", "fail"),
        ("v=spf1 redirect=_spf.relay.example", "203.0.113.9", "softfail"),
        ("v=spf1 exists:mail.sender.example -all", "203.0.113.9", "pass"),
        ("v=spf1 ?all", "203.0.113.9", "neutral"),
        ("v=spf1", "203.0.113.9", "neutral"),
        ("V=SPF1 A:mail.sender.example -ALL", "198.51.100.7", "pass"),
        ("v=spf10 -all", "203.0.113.9", "none"),
    ],
)
def test_spf(record: str, address: str, result: str) -> None:
    """Mechanisms, qualifiers, prefixes, include and redirect decide as RFC 7208 says."""
    with naming({**GOOD, SPF: [record]}) as resolver:
        found = check_spf(Names(resolver), "sender.example", ip_address(address))
    assert isinstance(found, SpfFound)
    assert found.result.value == result


# --- servers ---


def of_server(
    server: MailServer, authority: Path | None = None, *, largest: int = 1000, **more: object
) -> dict[str, Check]:
    password, now = str(more.get("password", "")), more.get("now", LATER)
    assert isinstance(now, datetime)
    return {each.name: each for each in server_checks(server, Sending(largest, now, password, authority))}


def of_postfix(servers: MailServers, **changes: object) -> MailServer:
    given: dict[str, object] = {"host": "localhost", "port": servers.smtp_port, "user": servers.user}
    return MailServer.model_validate({**given, **changes})


def test_a_real_server_with_everything(mail_servers: MailServers) -> None:
    """Postfix with TLS, login, size, eight bits and failure reports: all is good, the whole check in one call."""
    given = settings(server={"host": "localhost", "port": mail_servers.smtp_port, "user": mail_servers.user})
    sending = Sending(1000, LATER, mail_servers.password, mail_servers.certificate.authority)
    with naming({**GOOD, ("localhost", "A"): ["127.0.0.1"]}) as resolver:
        found = {check.name: check for check in check_sender(given, Names(resolver), sending)}
    for name in ("starttls", "certificate", "login", "size", "8bitmime", "dsn"):
        assert found[name].verdict is Verdict.GOOD, found[name]
    assert "trusted, for 29 more days (TLSv1.3)" in found["certificate"].what
    assert found["spf of the server"].verdict is Verdict.WARNING


@pytest.mark.parametrize(
    ("changes", "more", "expected"),
    [
        ({}, {"password": "s3cret-wrong"}, ("login", "bad", "fails: 535")),
        ({}, {}, ("login", "unknown", "was not tried")),
        ({"user": ""}, {}, ("login", "good", "no login")),
        ({"max_bytes": 30_000_000}, {}, ("size", "warning", "takes 26000000 bytes")),
        ({}, {"largest": 25_000_001}, ("size", "bad", "the limit is 25000000")),
        ({"host": "127.0.0.2"}, {}, ("server", "bad", "refused")),
        ({"tls": "implicit"}, {}, ("server", "bad", "SSL")),
        ({}, {"now": LATER + timedelta(days=20)}, ("certificate", "warning", "for 9 more days")),
    ],
)
def test_what_is_wrong_with_a_real_server(
    mail_servers: MailServers, changes: dict[str, object], more: dict[str, object], expected: tuple[str, str, str]
) -> None:
    """Each is told by itself; no password is repeated."""
    name, verdict, words = expected
    rest = {key: value for key, value in more.items() if key != "largest"}
    largest = 25_000_001 if "largest" in more else 1000
    authority = mail_servers.certificate.authority
    check = of_server(of_postfix(mail_servers, **changes), authority, largest=largest, **rest)[name]
    assert (check.verdict.value, words in check.what) == (verdict, True), check
    assert "s3cret" not in check.what


def test_a_certificate_that_nobody_trusts(mail_servers: MailServers) -> None:
    """Nothing is said over a connection that is not trusted, so nothing else is told."""
    found = of_server(of_postfix(mail_servers))
    assert list(found) == ["certificate"]
    assert found["certificate"].verdict is Verdict.BAD


@pytest.fixture(scope="module")
def other_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("certificates")
    make_certificate(folder / "other", ("mail.other.example",))
    make_certificate(folder / "over", ends=NOW - timedelta(days=1))
    return folder


@pytest.mark.parametrize(("which", "words"), [("other", "not valid for 'localhost'"), ("over", "expired")])
def test_certificates_of_others_and_old_ones(tmp_path: Path, other_names: Path, which: str, words: str) -> None:
    """A certificate for another host, or one that has run out, is none."""
    folder = other_names / which
    context = make_certificate(tmp_path / "unused").context()
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    with misbehaving(tmp_path / "kept", tls=context, implicit=True) as server:
        given = MailServer.model_validate({"host": "localhost", "port": server.port, "tls": "implicit"})
        found = of_server(given, folder / "authority.pem")
    assert words in found["certificate"].what


@pytest.mark.parametrize(
    ("script", "name", "verdict", "words"),
    [
        (Script(), "starttls", "bad", "offers no STARTTLS"),
        (Script({At.GREETING: [Say(554, "no \x07 service")]}), "server", "bad", "554 no service"),
        (Script({At.CONNECT: [Close()]}), "server", "bad", ""),
        (Script({At.HELLO: [Raw(b"25"), Close()]}), "server", "bad", ""),
    ],
    ids=["no TLS", "no service", "closes", "half a reply"],
)
def test_servers_that_refuse(tmp_path: Path, script: Script, name: str, verdict: str, words: str) -> None:
    """Whatever a server does is told in one line, and the check ends."""
    with misbehaving(tmp_path, always(script)) as server:
        found = of_server(MailServer.model_validate({"host": "127.0.0.1", "port": server.port}))
    assert (found[name].verdict.value, words in found[name].what) == (verdict, True), found
    assert len(found) == 1


def test_a_server_that_offers_little(tmp_path: Path) -> None:
    """Missing extensions are warnings, a login that cannot be had is bad."""
    with misbehaving(tmp_path, always(Script(keywords=("SIZE",)))) as server:
        given = MailServer.model_validate({"host": "127.0.0.1", "port": server.port, "tls": "none", "user": "u"})
        found = of_server(given)
    verdicts = {name: check.verdict.value for name, check in found.items()}
    assert verdicts == {"login": "bad", "size": "good", "8bitmime": "warning", "dsn": "warning"}
