"""Edge: the mailboxes that failure reports and answers come to, only looked at: nothing is marked, moved or deleted."""

import imaplib
import os
import re
import ssl
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from shirase.domain.delivery_settings import ImapServer
from shirase.domain.errors import CaseError, EvidenceError, Problem

_SECONDS = 60.0
_PIECE = 200
"""Mails whose sizes are asked for at once."""

LARGEST = 64_000_000
"""Bytes of a mail that is read; of a larger one the first so many, which hold its headers and what it says."""

_UID, _SIZE = re.compile(rb"UID (\d+)"), re.compile(rb"RFC822\.SIZE (\d+)")
_RETRY = "start again: what was read once is not read a second time"


@dataclass(frozen=True, slots=True)
class Kept:
    """One mail in a mailbox.

    Attributes:
        key: The same whenever the mailbox is looked at: ``uidvalidity/uid`` of IMAP (RFC 3501, 2.3.1.1), or the unique
            name of a file in a maildir, without the marks that mail programs append to it.
        raw: The mail.
    """

    key: str
    raw: bytes


class Mailbox(Protocol):
    """A mailbox that can be looked at."""

    def new(self, seen: Container[str]) -> Iterator[Kept]:
        """Every mail whose key is not in ``seen``, in the order in which they came.

        Raises:
            EvidenceError: When the mailbox cannot be read any further.
        """


class _Maildir:
    """Files named ``unique`` in ``new``, and ``unique:2,marks`` in ``cur``; a program may move them meanwhile."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def new(self, seen: Container[str]) -> Iterator[Kept]:
        found: dict[str, Path] = {}
        for part in ("new", "cur", "new"):  # twice, for what moves from one to the other in between
            for path in self._listed(part):
                found.setdefault(path.name.partition(":")[0], path)
        for key in sorted((each for each in found if each not in seen), key=_in_order):
            content = self._read(key, found[key])
            if content is not None:
                yield Kept(key, content)

    def _listed(self, part: str) -> list[Path]:
        try:
            with os.scandir(self._path / part) as entries:
                return [Path(each.path) for each in entries if not each.name.startswith(".") and each.is_file()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise _unreadable(self._path / part, error) from error

    def _read(self, key: str, path: Path) -> bytes | None:
        """The mail, wherever it is by now; None when somebody deleted it meanwhile."""
        candidates = [
            path,
            *(each for part in ("cur", "new") for each in (self._path / part).glob(f"{_literal(key)}*")),
        ]
        for each in candidates:
            if each.name.partition(":")[0] != key:
                continue
            try:
                with each.open("rb") as file:
                    return file.read(LARGEST)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise _unreadable(each, error) from error
        return None


def open_maildir(path: Path) -> Mailbox:
    """The mailbox in a folder with ``cur`` and ``new``.

    Raises:
        CaseError: When there is no such folder.
    """
    if not (path / "new").is_dir() and not (path / "cur").is_dir():
        mend = "name the folder that holds `cur`, `new` and `tmp`"
        raise CaseError(Problem("is no maildir", str(path), mend))
    return _Maildir(path)


class _Imap:
    """A folder of an IMAP server (RFC 3501), selected with EXAMINE: the server itself refuses to change it."""

    def __init__(self, client: imaplib.IMAP4, validity: str, where: str) -> None:
        self._client, self._validity, self._where = client, validity, where

    def new(self, seen: Container[str]) -> Iterator[Kept]:
        sizes = self._sizes()
        for uid in sorted(sizes):
            key = f"{self._validity}/{uid}"
            if key in seen:
                continue
            content = self._fetch(uid, sizes[uid])
            if content is not None:
                yield Kept(key, content)

    def _sizes(self) -> dict[int, int]:
        """Bytes of every mail; 0 of one that the server does not tell."""
        uids = b" ".join(each for each in self._asked("SEARCH", "ALL") if isinstance(each, bytes)).split()
        sizes = {int(each): 0 for each in uids if each.isdigit()}
        for start in range(0, len(uids), _PIECE):
            wanted = b",".join(uids[start : start + _PIECE]).decode("ascii", "replace")
            for line in self._asked("FETCH", wanted, "(RFC822.SIZE)"):
                if isinstance(line, bytes) and (uid := _UID.search(line)) and (size := _SIZE.search(line)):
                    sizes[int(uid[1])] = int(size[1])
        return sizes

    def _fetch(self, uid: int, size: int) -> bytes | None:
        """The mail; None when it was deleted meanwhile."""
        what = "BODY.PEEK[]" if size <= LARGEST else f"BODY.PEEK[]<0.{LARGEST}>"
        for item in self._asked("FETCH", str(uid), f"({what})"):
            if isinstance(item, tuple):
                return bytes(item[1])
        return None

    def _asked(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
        try:
            status, answer = self._client.uid(command, *arguments)
        except (imaplib.IMAP4.error, OSError) as error:
            raise EvidenceError(Problem(f"broke off: {error}", self._where, _RETRY)) from error
        if status != "OK":
            raise EvidenceError(Problem(f"the server answers {status} to {command}", self._where, _RETRY))
        return list(answer)


@contextmanager
def open_imap(server: ImapServer, password: str, authority: Path | None = None) -> Iterator[Mailbox]:
    """The mailbox on an IMAP server, over TLS from the first byte (RFC 8314), until the block ends.

    Args:
        server: Which one.
        password: Of its user; it is not in any error.
        authority: The certificate (PEM) of the server's authority, where it is one of your own.

    Raises:
        EvidenceError: When there is no connection, no trust, no login or no such folder.
    """
    where = f"{server.host}:{server.port}"
    client = _connected(server, where, authority)
    try:
        _log_in(client, server, password, where)
        yield _Imap(client, _validity(client, server.folder, where), where)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            client.logout()
        with suppress(OSError):
            client.shutdown()  # a logout that breaks off leaves the connection open


def _connected(server: ImapServer, where: str, authority: Path | None) -> imaplib.IMAP4_SSL:
    try:
        trust = ssl.create_default_context(cafile=None if authority is None else str(authority))
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=trust, timeout=_SECONDS)
    except ssl.SSLCertVerificationError as error:
        mend = "mend the host's name; for an authority of your own name its certificate in `authority`"
        raise EvidenceError(Problem(f"the certificate is not good: {error.verify_message}", where, mend)) from error
    except (imaplib.IMAP4.error, OSError) as error:
        mend = "look whether host and port are right and reachable; the port is for TLS from the start"
        raise EvidenceError(Problem(f"no connection: {error}", where, mend)) from error


def _log_in(client: imaplib.IMAP4, server: ImapServer, password: str, where: str) -> None:
    try:
        if "AUTH=PLAIN" in client.capabilities:  # it carries all letters (RFC 4616), LOGIN only ASCII
            client.authenticate("PLAIN", lambda _: f"\0{server.user}\0{password}".encode())
        else:
            client.login(server.user, password)
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        said = "letters beyond ASCII" if isinstance(error, UnicodeError) else str(error).replace(password or "\0", "…")
        mend = "look whether the password is right and the account may use IMAP"
        raise EvidenceError(Problem(f"the login of {server.user} fails: {said}", where, mend)) from error


def _validity(client: imaplib.IMAP4, folder: str, where: str) -> str:
    """Select the folder; UIDs are the same only as long as this number is (RFC 3501, 2.3.1.1)."""
    quoted = '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
    try:
        status, answer = client.select(quoted, readonly=True)
        told = client.response("UIDVALIDITY")[1][0]
    except (imaplib.IMAP4.error, OSError) as error:
        raise EvidenceError(Problem(f"folder {folder}: {error}", where, "mend `folder`")) from error
    if status != "OK" or not isinstance(told, bytes):
        said = answer[0].decode("utf-8", "replace") if answer and isinstance(answer[0], bytes) else status
        raise EvidenceError(Problem(f"folder {folder} cannot be opened: {said}", where, "mend `folder`"))
    return told.decode("ascii", "replace")


def _in_order(key: str) -> tuple[int, str]:
    """Unique names begin with the second of arrival."""
    seconds = key.partition(".")[0]
    return (int(seconds) if seconds.isascii() and seconds.isdigit() else 0, key)


def _literal(name: str) -> str:
    return re.sub(r"([*?\[])", r"[\1]", name)


def _unreadable(path: Path, error: OSError) -> EvidenceError:
    mend = "let this user read the mailbox, and start again"
    return EvidenceError(Problem(f"cannot be read: {error.strerror}", str(path), mend))
