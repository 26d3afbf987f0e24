"""PO files (gettext): ``translations.po``, the pairs that somebody confirmed, and the file a translator works on.

In both, ``msgctxt`` is the place of a text, ``msgid`` the text as drafted and ``msgstr`` its translation. In the
translator's file, an entry that nobody has confirmed is fuzzy, and names the source confirmed before (``#| msgid``).
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from shirase.case.problems import Reading, place
from shirase.case.written_files import WrittenFile
from shirase.domain.bilingual import Language
from shirase.domain.errors import Problem
from shirase.domain.translation import ConfirmedPair, JudgedUnit, TranslationState

MEMORY = "translations.po"

_SIGNED = re.compile(r"confirmed by (?P<by>.+) on (?P<on>\d{4}-\d{2}-\d{2})")

_MEMORY_HEADER = """\
# Texts of this case of which somebody confirmed that both languages say the same.
# Written by `shirase translate`; an edited text loses its confirmation by itself."""
_WORK_HEADER = """\
# Translate or check the entries marked fuzzy, take the mark away, and send this file back.
# {{ … }} stands for a value: keep it as it is."""


@dataclass(frozen=True, slots=True)
class TranslatedEntry:
    """One entry that came back from a translator; ``fuzzy`` while they do not vouch for it."""

    place: str
    source: str
    target: str
    fuzzy: bool


def read_memory(file: WrittenFile) -> Reading[tuple[ConfirmedPair, ...]]:
    """The pairs of ``translations.po``."""
    reading = _read(file.text.encode(), MEMORY)
    if reading.value is None:
        return Reading(None, reading.problems)
    pairs, problems = [], list(reading.problems)
    for message in reading.value:
        signed = _SIGNED.fullmatch(" ".join(message.user_comments))
        day = _day(signed["on"]) if signed else None
        if signed is None or day is None:
            mend = "write '# confirmed by NAME on YYYY-MM-DD' above it, or confirm it with `shirase translate confirm`"
            problems.append(
                Problem("nobody is named who confirmed this pair", place(MEMORY, key=_context(message)), mend)
            )
        else:
            pairs.append(ConfirmedPair(_context(message), _text(message.id), _text(message.string), signed["by"], day))
    return Reading(None if problems else tuple(pairs), tuple(problems))


def write_memory(pairs: Iterable[ConfirmedPair], drafted_in: Language, incident_id: str) -> bytes:
    """``translations.po`` with ``pairs``: the same bytes for the same pairs, in order of their places."""
    ordered = sorted(pairs, key=lambda pair: (pair.place, pair.source, pair.target))
    newest = max((pair.confirmed_on for pair in ordered), default=date(2000, 1, 1))
    catalogue = _catalogue(_MEMORY_HEADER, drafted_in, incident_id, newest)
    for pair in ordered:
        signed = f"confirmed by {pair.confirmed_by} on {pair.confirmed_on.isoformat()}"
        catalogue.add(pair.source, pair.target, context=pair.place, user_comments=[signed])
    return _written(catalogue)


def write_work(judged: Iterable[JudgedUnit], drafted_in: Language, incident_id: str, today: date) -> bytes:
    """The file for a translator: every text, fuzzy where nobody has confirmed it."""
    catalogue = _catalogue(_WORK_HEADER, drafted_in, incident_id, today)
    for entry in judged:
        fuzzy = entry.state is not TranslationState.CONFIRMED
        before = entry.confirmed.source if entry.state is TranslationState.STALE and entry.confirmed else None
        catalogue.add(
            entry.unit.source, entry.unit.target, context=entry.unit.place,
            flags=["fuzzy"] if fuzzy else [], auto_comments=[_REMARKS[entry.state]],
            previous_id=[before] if before else [],
        )  # fmt: skip
    return _written(catalogue)


_REMARKS = {
    TranslationState.CONFIRMED: "confirmed",
    TranslationState.STALE: "the source was changed after this translation had been confirmed",
    TranslationState.EDITED: "this translation was changed after it had been confirmed",
    TranslationState.NEW: "nobody has confirmed this translation yet",
}


def read_work(content: bytes, name: str) -> Reading[tuple[TranslatedEntry, ...]]:
    """The entries of a file that came back from a translator; those without a translation are left out."""
    reading = _read(content, name)
    if reading.value is None:
        return Reading(None, reading.problems)
    return Reading(
        tuple(
            TranslatedEntry(_context(message), _text(message.id), _text(message.string), message.fuzzy)
            for message in reading.value
            if _text(message.string).strip()
        )
    )


def _read(content: bytes, name: str) -> Reading[list[Message]]:
    try:
        catalogue = read_po(BytesIO(content.removeprefix(codecs.BOM_UTF8)), abort_invalid=True)
    except (PoFileError, ValueError) as error:
        return Reading(None, (Problem(f"this is not a PO file: {error}", name, "export it again, or mend the line"),))
    return Reading([message for message in catalogue if message.id])


def _catalogue(header: str, drafted_in: Language, incident_id: str, day: date) -> Catalog:
    moment = datetime.combine(day, time(), UTC)
    return Catalog(
        locale=Language.EN if drafted_in is Language.JA else Language.JA,
        header_comment=header, project=incident_id, version="1", creation_date=moment, revision_date=moment,
        msgid_bugs_address="-", last_translator="-", language_team="-", fuzzy=False,
    )  # fmt: skip


def _written(catalogue: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalogue, width=0, include_previous=True)
    return stream.getvalue()


def _context(message: Message) -> str:
    return message.context or ""


def _text(value: object) -> str:
    """A singular text; Babel gives tuples for plural forms, which a case has none of."""
    if isinstance(value, list | tuple):
        return str(value[0]) if value else ""
    return str(value or "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
