"""Text in mail headers: what may stand there, and how it is written. One mailbox, one line, one meaning.

Everything is written here and read back by another library (``read_back``): the generator of Python's email package has
let encoded words with line ends through into new headers (python/cpython#121650, #144125).
"""

import base64
import re
import unicodedata

from shirase.domain.errors import GateError, Problem
from shirase.domain.recipients import is_address

LINE = 76
"""Characters of a line that holds an encoded word (RFC 2047, 2), which is within the 78 of RFC 5322, 2.1.1."""

_ENCODED_WORD = 12
"""Characters around the text of ``=?utf-8?b?…?=``, which may have 75 in all."""

_FOREIGN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9][A-Za-z0-9.-]*>")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}")
_LONGEST = 998


def require_header_text(text: str, where: str) -> str:
    """``text``, when it is fit for a header. Nothing is normalised: that would change how names are written.

    Raises:
        GateError: When it is empty, holds control, bidirectional or other hidden characters, or ``=?``, which a reader
            would decode once more (RFC 2047).
    """
    wrong = next((each for each in text if _is_foreign(each)), "")
    if wrong:
        what = f"holds U+{ord(wrong):04X}, which no header may hold"
    elif "=?" in text:
        what = "holds =?, which mail programs read as the beginning of encoded text"
    elif not text.strip() or text != text.strip():
        what = "is empty, or begins or ends with a space"
    else:
        return text
    raise GateError(Problem(what, where, "mend it in the case"))


def _is_foreign(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":  # a kanji that this interpreter does not know yet is one all the same
        return not 0x20000 <= ord(character) <= 0x3FFFF or ord(character) & 0xFFFE == 0xFFFE
    return category in _FOREIGN or (character.isspace() and character not in " \u3000")


def require_address(text: str, where: str) -> str:
    """``text``, when it is one address and nothing else.

    Raises:
        GateError: When it is not.
    """
    if not is_address(text):
        raise GateError(Problem(f"{text!r} is no mail address", where, "write one mailbox, in ASCII"))
    return text


def require_message_id(text: str, where: str) -> str:
    """``text``, when it is one Message-ID with its angle brackets (RFC 5322, 3.6.4).

    Raises:
        GateError: When it is not.
    """
    if len(text) > _LONGEST - len("In-Reply-To: ") or _MESSAGE_ID.fullmatch(text) is None:
        raise GateError(Problem(f"{text!r} is no Message-ID", where, "the ledger has what was sent"))
    return text


def require_token(text: str, where: str) -> str:
    """``text``, when it is letters, digits and hyphens.

    Raises:
        GateError: When it is not.
    """
    if _TOKEN.fullmatch(text) is None:
        raise GateError(Problem(f"{text!r} is no identifier", where, "the ledger has what was planned"))
    return text


def require_file_name(text: str, report_id: str) -> str:
    """``text``, when it is a plain ASCII name of a PDF that has the report id in it.

    Names in other letters need RFC 2231, which gateways and older programs mangle: the file arrives nameless.

    Raises:
        GateError: When it is not.
    """
    if _FILE_NAME.fullmatch(text) is None or not text.endswith(".pdf") or report_id not in text or ".." in text:
        raise GateError(Problem(f"{text!r} is no name for the attached file", report_id, "name it after the report"))
    return text


def text_header(name: str, text: str) -> str:
    """A header of free text, folded, with its CRLF; UTF-8 in base 64 where it is not ASCII (RFC 2047).

    Raises:
        GateError: See :func:`require_header_text`.
    """
    require_header_text(text, name)
    if text.isascii():
        return _folded(name, text.split(" "))
    return _folded(name, _encoded_words(text, len(name) + 2))


def mailbox_header(name: str, display: str, address: str) -> str:
    """A header with one mailbox, with its CRLF; ``display`` may be empty.

    Raises:
        GateError: When either is not fit for it.
    """
    require_address(address, name)
    if not display:
        return _folded(name, [address])
    require_header_text(display, name)
    if display.isascii():
        quoted = display.replace("\\", "\\\\").replace('"', '\\"')
        return _folded(name, [*f'"{quoted}"'.split(" "), f"<{address}>"])
    return _folded(name, [*_encoded_words(display, len(name) + 2), f"<{address}>"])


def _encoded_words(text: str, column: int) -> list[str]:
    """``text`` as encoded words that each end with a whole character and fit on a line; the first at ``column``."""
    words, taken, room = [], b"", _room(column)
    for character in text:
        more = character.encode()
        if len(taken) + len(more) > room:
            words.append(taken)
            taken, room = b"", _room(1)
        taken += more
    return [f"=?utf-8?b?{base64.b64encode(each).decode()}?=" for each in (*words, taken)]


def _room(column: int) -> int:
    """Bytes of text in an encoded word that begins at ``column``."""
    return (LINE - column - _ENCODED_WORD) // 4 * 3


def _folded(name: str, words: list[str]) -> str:
    """Words after ``name``, a new line wherever the next would go beyond :data:`LINE`.

    Raises:
        GateError: When a word alone is longer than a line may be.
    """
    lines, line = [], f"{name}:"
    for position, word in enumerate(words):
        if position and word and len(line) + 1 + len(word) > LINE:
            lines.append(line)
            line = ""
        line += f" {word}"
    lines.append(line)
    if any(len(each) > _LONGEST for each in lines):
        raise GateError(Problem("has a word that is longer than a line may be", name, "shorten it in the case"))
    return "\r\n".join(lines) + "\r\n"
