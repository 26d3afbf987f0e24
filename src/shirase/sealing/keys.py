"""Edge: the organisation's key, opened once: a PKCS#12 file, or a token by PKCS#11 that never gives the key away."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pkcs11
from asn1crypto import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.sign import signers
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

from shirase.domain.errors import PlatformError, Problem, UsageError
from shirase.sealing.certificates import facts_of


@dataclass(frozen=True, slots=True)
class Token:
    """A key on a token.

    Attributes:
        module: Path of the token's PKCS#11 library.
        token: Label of the token.
        key: Label of key and certificate.
    """

    module: str
    token: str
    key: str


@dataclass(frozen=True, slots=True)
class SealingKey:
    """An opened key: it signs, and its certificates are known."""

    signer: signers.Signer
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def is_test(self) -> bool:
        """Whether a development authority made it."""
        return facts_of(self.certificate).is_test

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate."""
        return str(self.certificate.sha256.hex())


def open_file(path: Path, passphrase: str) -> SealingKey:
    """The key in a PKCS#12 file.

    Raises:
        UsageError: When the file may be read or changed by others, is not there, or the passphrase does not open it.
    """
    content = read_private(path)
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, [], passphrase.encode())
    except (ValueError, OSError):
        signer = None
    if signer is None or signer.signing_cert is None:
        mend = "check file and passphrase; `openssl pkcs12 -info -in FILE -nokeys` reads the certificates"
        raise UsageError(Problem("cannot be opened as PKCS#12 with that passphrase", str(path), mend))
    return _key(signer)


@contextmanager
def open_token(token: Token, pin: str) -> Iterator[SealingKey]:
    """The key on a token, as long as the block runs.

    The token is given digests to sign: many, SoftHSM among them, cannot hash for EC keys themselves.

    Raises:
        UsageError: When there is no such token or key, or the PIN is wrong.
        PlatformError: When the library cannot be loaded.
    """
    if not Path(token.module).is_file():
        raise PlatformError(Problem("there is no such PKCS#11 library", token.module, "install the token's software"))
    where = f"token {token.token!r}"
    try:
        session = open_pkcs11_session(token.module, token_criteria=TokenCriteria(label=token.token), user_pin=pin)
    except pkcs11.PKCS11Error as error:
        what = f"cannot be opened: {type(error).__name__}"
        raise UsageError(
            Problem(what, where, "check label and PIN; some tokens lock after three wrong ones")
        ) from error
    try:
        with session:
            signer = PKCS11Signer(session, cert_label=token.key, key_label=token.key, use_raw_mechanism=True)
            if signer.signing_cert is None:
                raise UsageError(Problem(f"has no certificate {token.key!r}", where, "put it beside the key"))
            yield _key(signer)
    except pkcs11.PKCS11Error as error:
        what = f"failed: {type(error).__name__}"
        raise UsageError(Problem(what, where, f"is there a key with the label {token.key!r}?")) from error


def read_private(path: Path) -> bytes:
    """The bytes of a file that nobody else may read or change, and that is no link to another.

    Raises:
        UsageError: When it is not there, a link, somebody else's, or others may read or change it.
    """
    mend = "chmod 600 FILE, as its owner; keep it outside of the case folder"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise UsageError(
            Problem("there is no such key file", str(path), "`shirase keys init` makes a test one")
        ) from error
    except OSError as error:
        what = f"cannot be opened, or is a link: {os.strerror(error.errno or 0)}"
        raise UsageError(Problem(what, str(path), mend)) from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise UsageError(Problem("is no file", str(path), "name the PKCS#12 file"))
        if status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise UsageError(Problem("others may read or change this key", str(path), mend))
        if status.st_uid != os.geteuid():
            raise UsageError(Problem("this key belongs to another account", str(path), mend))
        return file.read()


def _key(signer: signers.Signer) -> SealingKey:
    certificate = signer.signing_cert
    assert certificate is not None
    others = {each.sha256: each for each in signer.cert_registry if each.sha256 != certificate.sha256}
    return SealingKey(signer, certificate, tuple(others[digest] for digest in sorted(others)))
