"""Replies of a mail server, read as strictly as they matter: half a reply is none (RFC 5321, 4.2)."""

import re
from typing import BinaryIO

LONGEST_LINE = 4096
MOST_LINES = 200
_LINE = re.compile(rb"([2-5][0-9]{2})([ -].*)?\r?\n", re.DOTALL)


class BrokenReply(Exception):  # noqa: N818 - what a server said, not a fault of this program
    """The connection ended, or what came is no reply."""


def read_reply(file: BinaryIO) -> tuple[int, str]:
    """The next whole reply: its code, and the texts of its lines with line feeds between them.

    Raises:
        BrokenReply: When the connection ended before its last line was whole, or it is no reply.
        OSError: When the connection broke or nothing came in time.
    """
    code, texts = 0, list[str]()
    for _ in range(MOST_LINES):
        line = file.readline(LONGEST_LINE)
        if not line.endswith(b"\n"):
            said = f" after {line[:80]!r}" if line else ""
            raise BrokenReply(f"the connection ended{said}")
        found = _LINE.fullmatch(line)
        if found is None or code not in (0, int(found[1])):
            raise BrokenReply(f"no reply: {line[:80]!r}")
        code, rest = int(found[1]), found[2] or b" "
        texts.append(rest[1:].decode("utf-8", "replace").strip())
        if not rest.startswith(b"-"):
            return code, "\n".join(texts)
    raise BrokenReply("a reply without an end")


def printable(text: str) -> str:
    """``text`` as a journal and a terminal can have it: one line, no control characters, not without end."""
    line = " ".join(text.split())
    return "".join(char if char.isprintable() else "·" for char in line)[:500]
