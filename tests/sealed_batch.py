"""Approved batches and keys for tests of the seal: real drafts, a real ledger, certificates made on the spot."""

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from typer.testing import CliRunner, Result

from shirase.cli.app import app
from shirase.sealing.keys import SealingKey, open_file

PASSPHRASE = "correct horse 電池 staple"
SENDER = "Sora"
NOW = datetime.now(UTC).replace(microsecond=0)


def run(*words: object, env: dict[str, str] | None = None) -> Result:
    """A command of shirase."""
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


def run_with_secret(*words: object, secret: str = PASSPHRASE, flag: str = "--passphrase-fd") -> Result:
    """A command that reads its passphrase from a file descriptor."""
    with tempfile.TemporaryFile() as file:
        file.write(f"{secret}\n".encode())
        file.flush()
        file.seek(0)
        return run(*words, flag, os.dup(file.fileno()))


def told(result: Result) -> Any:
    """What a command with ``--json`` prints."""
    assert result.exit_code == 0, result.output + result.stderr
    return json.loads(result.stdout)


@dataclass(frozen=True)
class Made:
    """A key for sealing in a file, and the authority that made it."""

    key: Path
    authority: Path

    def opened(self) -> SealingKey:
        return open_file(self.key, PASSPHRASE)


def make_key(
    folder: Path,
    name: str = "seal",
    *,
    rsa_bits: int | None = None,
    days: tuple[int, int] = (-1, 365),
    signs: bool = True,
    is_authority: bool = False,
) -> Made:
    """A key whose certificate is no test, valid for days from and to now."""
    folder.mkdir(exist_ok=True, parents=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    key = rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(
        f"{name} authority", f"{name} authority", authority_key, authority_key, (-10, 3650), ca=True
    )
    own = _certificate(name, f"{name} authority", key, authority_key, days, ca=is_authority, signs=signs)
    made = Made(folder / f"{name}.p12", folder / f"{name}.pem")
    encryption = serialization.BestAvailableEncryption(PASSPHRASE.encode())
    made.key.write_bytes(pkcs12.serialize_key_and_certificates(name.encode(), key, own, [authority], encryption))
    made.key.chmod(0o600)
    made.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    return made


def _certificate(
    subject: str, issuer: str, key: Any, signer: Any, days: tuple[int, int], *, ca: bool, signs: bool = True
) -> x509.Certificate:
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + timedelta(days=days[0]))
        .not_valid_after(NOW + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and not ca, key_cert_sign=ca, **{**usage, "key_agreement": not signs}
            ),
            critical=True,
        )
        .sign(signer, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, common), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example K.K.")]
    )


def approve_all(folder: Path) -> None:
    """Four people, and everything that was drafted approved by both roles."""
    for name, role in (("Riku", "responder"), ("Keiko", "legal"), ("Dana", "comms"), (SENDER, "sender")):
        assert run("operators", "add", folder, name, "--role", role, "--as", "Riku").exit_code == 0
    submit_and_approve(folder)


def submit_and_approve(folder: Path) -> None:
    """What lies drafted goes into review, and both roles approve it."""
    assert run("submit", folder, "--as", "Riku").exit_code == 0
    for name, role in (("Keiko", "legal"), ("Dana", "comms")):
        done = run("approve", folder, "--all", "--role", role, "--as", name)
        assert done.exit_code == 0, done.stderr


def tool(name: str) -> str:
    """A program of the system; on the machine that decides, its absence is a failure."""
    found = shutil.which(name)
    if found is None and os.environ.get("CI"):
        pytest.fail(f"{name} is not installed; ./run setup dev installs it")
    if found is None:
        pytest.skip(f"NOT CHECKED: {name} is not installed; ./run setup dev installs it")
    return str(found)


def output_of(*words: object) -> str:
    """What a program of the system prints; it has to end well."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
