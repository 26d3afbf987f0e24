"""Which key seals, and where its passphrase comes from: options of ``seal`` and ``keys``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.console import err
from shirase.cli.secrets import read_secret
from shirase.domain.errors import Problem, UsageError
from shirase.sealing.certificates import expires_soon, facts_of, require_usable
from shirase.sealing.keys import SealingKey, Token, open_file, open_token
from shirase.wiring import now

KeyFile = Annotated[
    Path | None, typer.Option("--key", metavar="FILE", help="PKCS#12 file (.p12), readable by you alone.")
]
Module = Annotated[str | None, typer.Option("--pkcs11", metavar="LIBRARY", help="PKCS#11 library of a token, instead.")]
TokenLabel = Annotated[str, typer.Option("--token", help="Label of the token.")]
KeyLabel = Annotated[str, typer.Option("--label", help="Label of key and certificate on the token.")]
Descriptor = Annotated[
    int | None, typer.Option("--passphrase-fd", metavar="N", help="Read passphrase or PIN from this file descriptor.")
]
Credential = Annotated[
    str | None,
    typer.Option("--credential", metavar="NAME", help="Take it from $CREDENTIALS_DIRECTORY, else from the keyring."),
]


@dataclass(frozen=True, slots=True)
class KeyChoice:
    """What was asked for."""

    file: Path | None
    module: str | None
    token: str
    label: str
    descriptor: int | None
    credential: str | None


@contextmanager
def chosen_key(choice: KeyChoice) -> Iterator[SealingKey]:
    """The key, opened once; refused when it is not fit for sealing, with a warning when it soon will not be.

    Raises:
        UsageError: When none or two are named, or it cannot be used.
    """
    if (choice.file is None) == (choice.module is None):
        mend = "`shirase keys init` makes a test key"
        raise UsageError(Problem("name one key", "--key or --pkcs11", mend))
    if choice.file is not None:
        what = f"Passphrase of {choice.file.name}"
        secret = read_secret(what, descriptor=choice.descriptor, name=choice.credential)
        yield _fit(open_file(choice.file, secret))
        return
    assert choice.module is not None
    secret = read_secret(f"PIN of token {choice.token}", descriptor=choice.descriptor, name=choice.credential)
    with open_token(Token(choice.module, choice.token, choice.label), secret) as key:
        yield _fit(key)


def _fit(key: SealingKey) -> SealingKey:
    at = now()
    require_usable(key.certificate, at)
    facts = facts_of(key.certificate)
    if key.is_test:
        err.print(Text("TEST certificate: what it seals proves nothing about who sealed it.", style="bold yellow"))
    if expires_soon(key.certificate, at):
        err.print(Text(f"The certificate expires on {facts.not_after:%Y-%m-%d}: get the next one.", style="yellow"))
    return key
