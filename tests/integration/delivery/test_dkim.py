"""DKIM signatures, verified by Perl's Mail::DKIM, which did not make them."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mail_keys import openssl
from mail_readers import dkim_verdict
from notices import PDF, notice
from shirase.delivery.dkim import DkimDomain, sign_for_domain
from shirase.delivery.message import build_message
from shirase.domain.errors import GateError, UsageError
from shirase.domain.notice import NoticeKind
from shirase.sealing.mail_certificates import read_dkim_key
from shirase.text.notices import words_of

AT = datetime(2022, 4, 1, 1, 30, tzinfo=UTC)
DOMAIN = DkimDomain("kagimori.example", "sr2022.mail")


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "key.pem"
    path.write_bytes(openssl("genrsa", "2048"))
    return path


def signed(key: Path, message: bytes) -> bytes:
    return sign_for_domain(message, DOMAIN, AT, read_dkim_key(key.read_bytes(), str(key)))


def message(kind: NoticeKind = NoticeKind.REPORT) -> bytes:
    made = notice(kind)
    return build_message(made, words_of(made), PDF if made.is_carrying else None)


@pytest.mark.parametrize("kind", NoticeKind)
def test_another_implementation_verifies_it(key: Path, kind: NoticeKind) -> None:
    """With the key that it finds under selector and domain; the message behind the new header is untouched."""
    made = signed(key, message(kind))
    assert made.endswith(b"\r\n" + message(kind))
    assert dkim_verdict(key, made) == ("pass", "sr2022.mail._domainkey.kagimori.example TXT")
    header = made[: -len(message(kind))]
    assert header.isascii()
    assert max(map(len, header.split(b"\r\n"))) <= 78
    assert signed(key, message(kind)) == made


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "another recipient": lambda it: it.replace(b"To: security@", b"To: recurity@"),
    "another subject": lambda it: it.replace(b"=?utf-8?b?44CQ", b"=?utf-8?b?44CR"),
    "a second subject": lambda it: it.replace(b"Subject:", b"Subject: another\r\nSubject:"),
    "a second From": lambda it: it.replace(b"From:", b"From: a@b.example\r\nFrom:"),
    "a copy": lambda it: it.replace(b"From:", b"Cc: a@b.example\r\nFrom:"),
    "another file": lambda it: it.replace(b"JVBERi0x", b"JVBERi0y"),
    "more text": lambda it: it + b"more\r\n",
    "another day": lambda it: it.replace(b"t=1648776600", b"t=1648776601"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(key: Path, change: str) -> None:
    """Headers changed or added, text, file, and the signature's own tags."""
    made = signed(key, message())
    changed = CHANGES[change](made)
    assert changed != made
    assert dkim_verdict(key, changed)[0].startswith("fail")


def test_servers_may_fold_and_stamp(key: Path) -> None:
    """Received headers, other folding and empty lines at the end do not break it."""
    made = signed(key, message())
    changed = b"Received: from a by b; Fri, 01 Apr 2022 01:30:09 +0000\r\n" + made.replace(
        b"Auto-Submitted: auto", b"Auto-Submitted:\r\n\tauto"
    )
    assert dkim_verdict(key, changed + b"\r\n\r\n")[0] == "pass"


@pytest.mark.parametrize("content", [b"", b"hello", b"ed25519", b"small", b"public"])
def test_only_an_rsa_key_signs(content: bytes) -> None:
    """Other files, other kinds of keys, small ones and public ones are named, not used."""
    made = {
        b"ed25519": lambda: openssl("genpkey", "-algorithm", "ed25519"),
        b"small": lambda: openssl("genrsa", "1024"),
        b"public": lambda: openssl("rsa", "-pubout", content=openssl("genrsa", "2048")),
    }.get(content, lambda: content)()
    with pytest.raises(UsageError, match="is no"):
        read_dkim_key(made, "dkim.pem")


@pytest.mark.parametrize(
    ("domain", "selector"), [("a.example; x=1", "s"), ("example", "s"), ("a.example", "s;\r\nx"), ("a.example", "")]
)
def test_a_domain_is_a_domain(key: Path, domain: str, selector: str) -> None:
    """What stands in delivery.toml cannot add a tag or a header."""
    with pytest.raises(GateError):
        sign_for_domain(message(), DkimDomain(domain, selector), AT, read_dkim_key(key.read_bytes(), "key"))
