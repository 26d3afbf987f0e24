"""Edge: the translations of a case as a whole, read without its registers and logs, and written back."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from shirase.case.problems import Reading, place
from shirase.case.translatable import Translatable, replace_texts, translatables_of
from shirase.case.translation_file import MEMORY, read_memory
from shirase.case.written_files import WrittenFile, read_written
from shirase.domain.bilingual import Language
from shirase.domain.errors import CaseError, Problem
from shirase.domain.translation import ConfirmedPair, JudgedUnit, judge_units

NARRATIVE = "narrative"


@dataclass(frozen=True, slots=True)
class Translations:
    """Every text of a case in both languages.

    Attributes:
        incident_id: Whose texts.
        drafted_in: Language of the sources.
        files: The files they stand in, by path below the case.
        spots: Every text and where it stands.
        judged: The same texts in the same order, each with its state.
    """

    incident_id: str
    drafted_in: Language
    files: Mapping[str, WrittenFile]
    spots: tuple[Translatable, ...]
    judged: tuple[JudgedUnit, ...]


def read_translations(folder: Path) -> Translations:
    """The texts of the case in ``folder``.

    Only their files have to be readable: what a translator has yet to bring into line keeps nobody from exporting it.

    Raises:
        CaseError: When a file cannot be read, or is not what its name says.
    """
    if not folder.is_dir():
        raise CaseError(Problem("there is no such folder", str(folder), "`shirase init` writes one to start from"))
    problems: list[Problem] = []
    files = {}
    for path in _paths(folder):
        reading = read_written(folder, path)
        problems += reading.problems
        if reading.value is not None:
            files[path] = reading.value
    if problems:
        raise CaseError(*problems)
    drafted_in, incident_id = _heading(files["incident.toml"])
    spots = _spots(files, drafted_in)
    judged = judge_units((spot.unit for spot in spots), stored_pairs(folder))
    return Translations(incident_id, drafted_in, files, spots, judged)


def stored_pairs(folder: Path) -> tuple[ConfirmedPair, ...]:
    """The pairs of ``translations.po`` in ``folder``; none when nobody has confirmed any.

    Raises:
        CaseError: When the file is there and cannot be used.
    """
    if not (folder / MEMORY).exists():
        return ()
    file = read_written(folder, MEMORY)
    reading = read_memory(file.value) if file.value is not None else Reading(None, file.problems)
    if reading.value is None:
        raise CaseError(*reading.problems)
    return reading.value


def with_texts(translations: Translations, changes: Mapping[str, str]) -> dict[str, str]:
    """The files that other translations change, as text by path.

    Args:
        translations: The case as it stands.
        changes: New translation by place.
    """
    by_file: dict[str, list[tuple[Translatable, str]]] = {}
    for spot in translations.spots:
        text = changes.get(spot.unit.place)
        if text is not None and text != spot.unit.target:
            by_file.setdefault(spot.file, []).append((spot, text))
    return {
        path: replace_texts(translations.files[path], found, translations.drafted_in) for path, found in by_file.items()
    }


def rewritten(translations: Translations, texts: Mapping[str, str], memory: Iterable[ConfirmedPair]) -> Translations:
    """The same case once ``texts`` stand in their files.

    Raises:
        CaseError: When a narrative would hold what it may not.
    """
    files = dict(translations.files)
    for path, text in texts.items():
        files[path] = WrittenFile(path, text, hashlib.sha256(text.encode()).hexdigest())
    spots = _spots(files, translations.drafted_in)
    judged = judge_units((spot.unit for spot in spots), tuple(memory))
    return replace(translations, files=files, spots=spots, judged=judged)


def _paths(folder: Path) -> list[str]:
    found = [path for pattern in ("*.toml", f"{NARRATIVE}/*.md", "profiles/*.toml") for path in folder.glob(pattern)]
    paths = {path.relative_to(folder).as_posix() for path in found} | {"incident.toml"}
    return sorted(paths)


def _spots(files: Mapping[str, WrittenFile], drafted_in: Language) -> tuple[Translatable, ...]:
    try:
        return translatables_of(files, drafted_in)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(Problem(f"a file is not TOML: {error}", mend="`shirase check` names it")) from error


def _heading(file: WrittenFile) -> tuple[Language, str]:
    try:
        document = tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as error:
        raise CaseError(Problem(f"this is not TOML: {error}", file.path, "mend the line named")) from error
    drafted_in, incident_id = document.get("drafted_in"), document.get("id")
    if drafted_in not in list(Language) or not isinstance(incident_id, str):
        keys = "drafted_in and id"
        raise CaseError(
            Problem(f"{keys} are needed to know what to translate", place(file.path, key=keys), "write both")
        )
    return Language(drafted_in), incident_id
