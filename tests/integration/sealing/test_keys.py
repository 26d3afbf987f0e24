"""Keys: what is refused, what is warned of, and a token that never gives its key away."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pkcs11
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pkcs11 import Attribute
from pkcs11.util.ec import decode_ec_private_key
from pkcs11.util.x509 import decode_x509_certificate

from sealed_batch import NOW, PASSPHRASE, SENDER, Made, make_key, output_of, run, run_with_secret, told, tool
from shirase.domain.exits import ExitCode
from shirase.sealing.certificates import expires_soon
from shirase.sealing.keys import open_file

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "4711-0815"


def shown(key: Path, secret: str = PASSPHRASE) -> tuple[int, str]:
    done = run_with_secret("keys", "show", "--key", key, secret=secret)
    return done.exit_code, " ".join(done.stderr.split())


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_key_that_others_may_read_is_refused(made: Made, tmp_path: Path, mode: int) -> None:
    """Whatever it is that others may do with it."""
    key = tmp_path / "seal.p12"
    key.write_bytes(made.key.read_bytes())
    key.chmod(mode)
    code, says = shown(key)
    assert code == ExitCode.USAGE
    assert "others may read or change this key" in says
    assert "chmod 600" in says


def test_a_link_to_a_key_is_refused(made: Made, tmp_path: Path) -> None:
    """Its mode is that of another file."""
    (tmp_path / "link.p12").symlink_to(made.key)
    code, says = shown(tmp_path / "link.p12")
    assert (code, "is a link" in says) == (ExitCode.USAGE, True)


def test_a_wrong_passphrase_and_what_is_no_key(made: Made, tmp_path: Path) -> None:
    """One message for both, without the passphrase in it."""
    other = tmp_path / "other.p12"
    other.write_bytes(b"no key")
    other.chmod(0o600)
    for path, secret in ((made.key, "wrong one"), (other, PASSPHRASE)):
        code, says = shown(path, secret)
        assert code == ExitCode.USAGE
        assert "cannot be opened as PKCS#12 with that passphrase" in says
        assert secret not in says
    assert shown(tmp_path / "none.p12")[0] == ExitCode.USAGE


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"rsa_bits": 2048}, "RSA key of 2048 bits"),
        ({"days": (-30, -1)}, "expired on"),
        ({"days": (2, 30)}, "is valid from"),
        ({"signs": False}, "is not for signing"),
        ({"is_authority": True}, "is that of an authority"),
    ],
)
def test_what_readers_would_not_believe_is_refused(tmp_path: Path, wrong: dict[str, object], says: str) -> None:
    """Weak, out of its time, made for something else: named before anything is sealed."""
    made = make_key(tmp_path, **wrong)  # type: ignore[arg-type]
    code, printed = shown(made.key)
    assert code == ExitCode.USAGE
    assert says in printed


def test_nothing_is_sealed_with_an_expired_key(folder: Path, tmp_path: Path) -> None:
    """`seal` asks the same of a key as `keys show`."""
    made = make_key(tmp_path / "old", days=(-30, -1))
    done = run_with_secret("seal", folder, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.USAGE
    assert "expired on" in done.stderr
    assert not (folder / "sealed").exists()


def test_rsa_3072_seals(folder: Path, tmp_path: Path) -> None:
    """Many authorities issue RSA only; poppler agrees with the seal."""
    made = make_key(tmp_path / "rsa", rsa_bits=3072)
    told(run_with_secret("seal", folder, "--key", made.key, "--as", SENDER, "--json"))
    says = output_of(tool("pdfsig"), "-nocert", min((folder / "sealed").glob("*.pdf")))
    assert "Signature Validation: Signature is Valid." in says


def test_a_certificate_about_to_expire_is_warned_of(tmp_path: Path) -> None:
    """Thirty days before its end, and not earlier."""
    soon = make_key(tmp_path / "soon", days=(-1, 20))
    code, says = shown(soon.key)
    assert (code, "get the next one" in says) == (0, True)
    certificate = make_key(tmp_path / "later", days=(-1, 60)).opened().certificate
    assert not expires_soon(certificate, NOW + timedelta(days=29))
    assert expires_soon(certificate, NOW + timedelta(days=31))


def test_exactly_one_key_is_named(folder: Path, made: Made) -> None:
    """None and two are both refused."""
    for words in ([], ["--key", made.key, "--pkcs11", "lib.so"]):
        done = run_with_secret("seal", folder, *words, "--as", SENDER)
        assert done.exit_code == ExitCode.USAGE
        assert "name one key" in done.stderr


def test_a_development_key_says_that_it_is_a_test(folder: Path, tmp_path: Path) -> None:
    """In its certificate, on the terminal, in the manifest, on the page for customers, and whenever it is verified."""
    key = tmp_path / "test.p12"
    made = run_with_secret("keys", "init", key, "--organisation", "株式会社例", "--json")
    assert json.loads(made.stdout)["is_test"] is True
    assert key.stat().st_mode & 0o777 == 0o600
    opened = pkcs12.load_pkcs12(key.read_bytes(), PASSPHRASE.encode())
    assert opened.cert is not None
    assert "TEST - not for customers" in opened.cert.certificate.subject.rfc4514_string()
    done = run_with_secret("seal", folder, "--key", key, "--as", SENDER)
    assert done.exit_code == 0, done.stderr
    assert "TEST certificate" in done.stderr
    assert json.loads((folder / "sealed" / "manifest.json").read_bytes())["is_test"] is True
    page = (folder / "sealed" / "check.html").read_text(encoding="utf-8")
    assert (page.count("TEST: "), page.count("【テスト】")) == (1, 1)
    trust = tmp_path / "test.authority.pem"
    assert "a TEST certificate: it proves nothing" in run("verify", folder, "--quick", "--trust", trust).stdout


def test_a_development_key_replaces_nothing(tmp_path: Path) -> None:
    """Neither key nor authority."""
    (tmp_path / "test.p12").write_text("precious", encoding="utf-8")
    assert run_with_secret("keys", "init", tmp_path / "test.p12").exit_code == ExitCode.USAGE
    assert (tmp_path / "test.p12").read_text(encoding="utf-8") == "precious"
    assert not (tmp_path / "test.authority.pem").exists()


def test_without_a_terminal_nobody_is_asked(folder: Path, made: Made) -> None:
    """A passphrase has to come from somewhere; the command says from where it can."""
    done = run("seal", folder, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.USAGE
    assert "--passphrase-fd" in done.stderr


def test_a_credential_of_the_service(made: Made, tmp_path: Path) -> None:
    """systemd's $CREDENTIALS_DIRECTORY (systemd.exec(5)); a name with a slash reads nothing outside of it."""
    (tmp_path / "credentials").mkdir()
    (tmp_path / "credentials" / "seal").write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    env = {
        "CREDENTIALS_DIRECTORY": str(tmp_path / "credentials"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }
    assert run("keys", "show", "--key", made.key, "--credential", "seal", env=env).exit_code == 0
    done = run("keys", "show", "--key", made.key, "--credential", "../credentials/seal", env=env)
    assert done.exit_code == ExitCode.USAGE
    assert "there is no such credential" in done.stderr


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """A token in software, with a key that cannot be taken out of it; the library reads its settings only once."""
    util, folder = tool("softhsm2-util"), tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n", encoding="utf-8"
    )
    made = make_key(folder / "made")
    opened = pkcs12.load_pkcs12(made.key.read_bytes(), PASSPHRASE.encode())
    assert opened.key is not None
    assert opened.cert is not None
    private = opened.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    kept = {
        **decode_ec_private_key(private), Attribute.LABEL: "seal", Attribute.ID: b"1", Attribute.TOKEN: True,
        Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True,
    }  # fmt: skip
    certificate = decode_x509_certificate(opened.cert.certificate.public_bytes(Encoding.DER))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        output_of(util, "--init-token", "--free", "--label", "shirase", "--so-pin", "12345678", "--pin", PIN)
        with pkcs11.lib(str(LIBRARY)).get_token(token_label="shirase").open(rw=True, user_pin=PIN) as session:
            session.create_object(kept)
            session.create_object({**certificate, Attribute.LABEL: "seal", Attribute.ID: b"1", Attribute.TOKEN: True})
        yield made


def test_a_token_seals(folder: Path, token: Made) -> None:
    """PKCS#11: the key stays where it is, and poppler and the manifest's check agree with what it made."""
    words = ["--pkcs11", LIBRARY, "--token", "shirase", "--label", "seal", "--as", SENDER, "--json"]
    told(run_with_secret("seal", folder, *words, secret=PIN))
    for path in (folder / "sealed").glob("*.pdf"):
        assert "Signature Validation: Signature is Valid." in output_of(tool("pdfsig"), "-nocert", path)
    assert told(run("verify", folder, "--trust", token.authority, "--quick", "--json"))["holds"] is True


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"secret": "0000"}, "cannot be opened: PinIncorrect"),
        ({"--token": "another"}, "cannot be opened"),
        ({"--label": "another"}, "another"),
        ({"--pkcs11": "/nowhere/lib.so"}, "there is no such PKCS#11 library"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(change: dict[str, str], says: str) -> None:
    """PIN, token, label and library: each has its own message."""
    words = {"--pkcs11": str(LIBRARY), "--token": "shirase", "--label": "seal", "secret": PIN, **change}
    secret = words.pop("secret")
    done = run_with_secret("keys", "show", *(word for pair in words.items() for word in pair), secret=secret)
    assert done.exit_code in {ExitCode.USAGE, ExitCode.INPUT_UNUSABLE}
    assert says in " ".join(done.stderr.split())


def test_a_key_opened_is_that_of_its_certificate(made: Made) -> None:
    """And the authority's certificate goes along in the chain."""
    opened = open_file(made.key, PASSPHRASE)
    assert [each.subject.native["common_name"] for each in opened.chain] == ["seal authority"]
    assert opened.is_test is False
