"""Keys and certificates for mail, made by OpenSSL."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sealed_batch import PASSPHRASE, tool
from shirase.sealing.keys import SealingKey, open_file


@dataclass(frozen=True)
class MailKey:
    """A key, its certificate, and the authority that issued it, as files."""

    key: Path
    certificate: Path
    authority: Path
    pkcs12: Path

    def opened(self) -> SealingKey:
        return open_file(self.pkcs12, PASSPHRASE)


def openssl(*words: object, content: bytes = b"") -> bytes:
    """What OpenSSL answers; it fails the test when it fails."""
    done = subprocess.run([tool("openssl"), *map(str, words)], input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def make_mail_key(
    folder: Path,
    address: str,
    *,
    key: Sequence[str] = ("rsa:2048",),
    extensions: Sequence[str] = (),
    days: int = 30,
) -> MailKey:
    """A key whose certificate names ``address``, issued by an authority of its own.

    Args:
        folder: Where the files go.
        address: In the alternative names; none when empty.
        key: What ``openssl req -newkey`` takes.
        extensions: Instead of those of a certificate for mail.
        days: Days for which it is valid; negative: it has expired.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = MailKey(*(folder / name for name in ("key.pem", "certificate.pem", "authority.pem", "key.p12")))
    named = [f"subjectAltName=email:{address}"] if address else []
    given = extensions or (
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature,keyEncipherment",
        "extendedKeyUsage=emailProtection",
    )
    openssl(
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 60, "-subj", "/O=Example/CN=Authority",
        "-keyout", folder / "authority.key", "-out", made.authority,
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip
    request = openssl("req", "-new", "-newkey", *key, "-nodes", "-subj", "/CN=Incident desk", "-keyout", made.key)
    (folder / "extensions").write_text("\n".join([*named, *given]) + "\n")
    openssl(
        "x509", "-req", "-CA", made.authority, "-CAkey", folder / "authority.key", "-days", days, "-set_serial", "77",
        "-extfile", folder / "extensions", "-out", made.certificate, content=request,
    )  # fmt: skip
    openssl(
        "pkcs12", "-export", "-inkey", made.key, "-in", made.certificate, "-certfile", made.authority,
        "-out", made.pkcs12, "-passout", f"pass:{PASSPHRASE}",
    )  # fmt: skip
    made.pkcs12.chmod(0o600)
    return made
