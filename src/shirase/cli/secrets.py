"""Where a passphrase comes from: a prompt, a file descriptor, the keyring, or the credentials of a service.

Never from an argument or the environment: others can read those.
"""

import os
import sys
from pathlib import Path

import keyring
import typer
from keyring.errors import KeyringError

from shirase.domain.errors import Problem, UsageError
from shirase.settings import credentials_folder

SERVICE = "shirase"


def read_secret(what: str, *, descriptor: int | None, name: str | None, confirm: bool = False) -> str:
    """A passphrase or PIN.

    Args:
        what: What it opens, as the prompt says it.
        descriptor: Number of an open file descriptor from which it is read.
        name: Entry of ``$CREDENTIALS_DIRECTORY``, else of the keyring under the service ``shirase``.
        confirm: Whether a new one is chosen, which a prompt asks for twice.

    Raises:
        UsageError: When there is none.
    """
    if descriptor is not None:
        found = _from_descriptor(descriptor)
    elif name is not None:
        found = _from_store(name)
    elif sys.stdin.isatty():
        found = str(typer.prompt(what, hide_input=True, confirmation_prompt=confirm))
    else:
        mend = "give --passphrase-fd, or --credential NAME; nobody can be asked without a terminal"
        raise UsageError(Problem(f"{what} is wanted", "passphrase", mend))
    if not found:
        raise UsageError(Problem(f"{what} is empty", "passphrase", "give one"))
    return found


def _from_descriptor(descriptor: int) -> str:
    """One line, and not a byte more: the next secret may stand in the next one."""
    line = bytearray()
    try:
        while (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            line += byte
        return line.decode().rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        mend = "for example --passphrase-fd 3 3<passphrase.txt"
        raise UsageError(Problem("cannot be read", f"file descriptor {descriptor}", mend)) from error


def _from_store(name: str) -> str:
    folder = credentials_folder()
    if folder is not None and "/" not in name and (path := Path(folder) / name).is_file():
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    try:
        found = keyring.get_password(SERVICE, name)
    except KeyringError:
        found = None
    if found is None:
        mend = f"`keyring set {SERVICE} {name}`, or load it as a credential of the service"
        raise UsageError(Problem("there is no such credential", name, mend))
    return found
