"""``shirase translate``: texts out to a translator and back, and who confirmed that both languages say the same."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shirase.case.folder import read_case
from shirase.case.translation_file import MEMORY, TranslatedEntry, read_work, write_memory, write_work
from shirase.case.translations import Translations, read_translations, rewritten, stored_pairs, with_texts
from shirase.domain.errors import CaseError, GateError, Problem, UsageError
from shirase.domain.translation import ConfirmedPair, JudgedUnit, TranslationState, waiting
from shirase.pipeline.output import write_whole

_REWRITTEN = ("narrative", "profiles")
"""Folders in which texts may change; of the others, the logs among them, no copy is made."""

Chosen = Callable[[JudgedUnit], bool]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who vouches for a translation, and on which day.

    Raises:
        UsageError: When the name is none, or more than one line.
    """

    name: str
    day: date

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.name.isprintable():
            raise UsageError(Problem("a name is needed, on one line", f"--by {self.name!r}", "name who read both"))


@dataclass(frozen=True, slots=True)
class TranslationRound:
    """What an import or a confirmation changed.

    Attributes:
        texts: Places whose translation is another one now.
        confirmed: Places confirmed now.
        waiting: Places that still wait for somebody.
    """

    texts: tuple[str, ...]
    confirmed: tuple[str, ...]
    waiting: tuple[str, ...]


def translation_status(case_folder: Path) -> Translations:
    """Every text of the case and its state.

    Raises:
        CaseError: When a file cannot be read.
    """
    return read_translations(case_folder)


def export_translations(case_folder: Path, path: Path, today: date) -> Translations:
    """Write the file for a translator to ``path``: every text, those that nobody has confirmed marked fuzzy.

    Raises:
        CaseError: When a file of the case cannot be read.
    """
    translations = read_translations(case_folder)
    write_whole(path, write_work(translations.judged, translations.drafted_in, translations.incident_id, today))
    return translations


def import_translations(case_folder: Path, path: Path, signer: Signer) -> TranslationRound:
    """Take over what a translator sent back. An entry no longer fuzzy is confirmed in the name of ``signer``.

    Everything is checked before the first file is written, with the whole case as it would then be.

    Raises:
        CaseError: When the file or the case that would result cannot be used.
        GateError: When a source was changed after the export, or an entry is of no text of this case.
    """
    reading = read_work(path.read_bytes(), path.name)
    if reading.value is None:
        raise CaseError(*reading.problems)
    now = read_translations(case_folder)
    entries = {entry.place: entry for entry in reading.value}
    _require_same_sources(now, reading.value, path.name)
    texts = with_texts(now, {place: entry.target for place, entry in entries.items()})
    memory = stored_pairs(case_folder)
    then = rewritten(now, texts, memory)
    pairs = _sign(then, memory, signer, _vouched_for(reading.value))
    content = {file: text.encode() for file, text in texts.items()}
    _require_usable(case_folder, content)
    content[MEMORY] = write_memory(pairs, now.drafted_in, now.incident_id)
    return _take_over(case_folder, now, content)


def confirm_translations(case_folder: Path, signer: Signer, places: tuple[str, ...] = ()) -> TranslationRound:
    """Confirm pairs in the name of ``signer``: those at ``places`` (a place, or what it begins with), or all.

    Raises:
        CaseError: When the case cannot be read.
        UsageError: When nothing stands at a place named.
    """
    now = read_translations(case_folder)
    unknown = [name for name in places if not any(entry.unit.place.startswith(name) for entry in now.judged)]
    if unknown:
        mend = "`shirase translate status` lists the places"
        raise UsageError(*(Problem("no text stands at this place", name, mend) for name in unknown))
    pairs = _sign(now, stored_pairs(case_folder), signer, lambda entry: entry.unit.place.startswith(places or ("",)))
    return _take_over(case_folder, now, {MEMORY: write_memory(pairs, now.drafted_in, now.incident_id)})


def _vouched_for(entries: Iterable[TranslatedEntry]) -> Chosen:
    """Texts no longer fuzzy; and the blocks of a narrative that could only be exported as a whole."""
    sound = [entry for entry in entries if not entry.fuzzy]
    pairs = {(entry.source.strip(), entry.target.strip()) for entry in sound}
    places = {entry.place for entry in sound}
    return lambda entry: (
        (entry.unit.source, entry.unit.target) in pairs or entry.unit.place.rpartition(", block ")[0] in places
    )


def _require_same_sources(now: Translations, entries: Iterable[TranslatedEntry], name: str) -> None:
    sources = {spot.unit.place: spot.unit.source for spot in now.spots}
    problems = []
    for entry in entries:
        where = f"{name}, {entry.place}"
        if entry.place not in sources:
            problems.append(Problem("no text stands at this place now", where, "export again: the case was changed"))
        elif sources[entry.place] != entry.source.strip():
            what = "the source was changed after the export, so this translates another text"
            problems.append(Problem(what, where, "export again; the translator's tool takes over what is still right"))
    if problems:
        raise GateError(*problems)


def _sign(
    translations: Translations, memory: Iterable[ConfirmedPair], signer: Signer, chosen: Chosen
) -> list[ConfirmedPair]:
    """What ``translations.po`` holds afterwards: pairs as they stand, and of texts that wait the pair before."""
    kept = set(memory)
    pairs = []
    for entry in translations.judged:
        unit = entry.unit
        if entry.state is TranslationState.CONFIRMED and entry.confirmed is not None:
            own = (
                pair
                for pair in kept
                if (pair.place, pair.source, pair.target) == (unit.place, unit.source, unit.target)
            )
            by = next(own, entry.confirmed)
            pairs.append(ConfirmedPair(unit.place, unit.source, unit.target, by.confirmed_by, by.confirmed_on))
        elif chosen(entry):
            pairs.append(ConfirmedPair(unit.place, unit.source, unit.target, signer.name, signer.day))
        elif entry.confirmed is not None:
            pairs.append(entry.confirmed)
    return list(dict.fromkeys(pairs))


def _require_usable(case_folder: Path, changed: dict[str, bytes]) -> None:
    """Read a copy of the case, without its logs, in which the new texts stand already."""
    with tempfile.TemporaryDirectory(prefix="shirase-") as name:
        copy = Path(name)
        for path in case_folder.iterdir():
            if path.is_dir() and path.name in _REWRITTEN:
                shutil.copytree(path, copy / path.name)
            elif path.is_dir():
                (copy / path.name).symlink_to(path.resolve())
            else:
                shutil.copyfile(path, copy / path.name)
        for file, content in changed.items():
            (copy / file).write_bytes(content)
        read_case(copy)


def _take_over(case_folder: Path, before: Translations, content: dict[str, bytes]) -> TranslationRound:
    """Write the files, the confirmations last: after a crash in between some texts wait, and none passes for read."""
    for file in sorted(content, key=lambda name: (name == MEMORY, name)):
        write_whole(case_folder / file, content[file])
    after = read_translations(case_folder)
    texts = {entry.unit.place: entry.unit.target for entry in before.judged}
    stood = {entry.unit.place for entry in before.judged} - {entry.unit.place for entry in waiting(before.judged)}
    waits = {entry.unit.place for entry in waiting(after.judged)}
    return TranslationRound(
        texts=tuple(e.unit.place for e in after.judged if texts.get(e.unit.place) != e.unit.target),
        confirmed=tuple(e.unit.place for e in after.judged if e.unit.place not in stood | waits),
        waiting=tuple(e.unit.place for e in after.judged if e.unit.place in waits),
    )
