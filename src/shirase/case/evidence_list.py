"""Edge: which file under ``evidence/`` belongs to which source. A log that nobody names stops the run."""

import fnmatch
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shirase.case.characters import describe_character, foreign_characters
from shirase.case.problems import dotted, place
from shirase.domain.errors import CaseError, Problem
from shirase.domain.incident import Case

FOLDER = "evidence"

_RENAME = "rename the file, and note that you did"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One log file: the source that exported it, and its path below the case folder, with ``/``."""

    source_id: str
    path: str


def list_evidence(folder: Path, case: Case) -> tuple[SourceFile, ...]:
    """Every log file of the case ``folder`` with its source, sorted by path.

    Raises:
        CaseError: When a file belongs to no source or to two, a source's pattern matches nothing, or a file cannot be
            evidence (a link out of the case, a device, a name that cannot be printed). All such problems at once.
    """
    paths, problems = _list_files(folder)
    owners: dict[str, list[str]] = {path: [] for path in paths}
    for source_index, source in enumerate(case.incident.sources):
        matched: set[str] = set()
        for index, pattern in enumerate(source.files):
            found = [path for path in paths if is_match(path, pattern)]
            matched.update(found)
            if not found:
                where = place("incident.toml", key=dotted(("sources", source_index, "files", index)))
                mend = f"write a path or pattern below the case folder, such as {FOLDER}/*.ndjson"
                problems.append(Problem(f"{pattern!r} matches no file", where, mend))
        for path in sorted(matched):
            owners[path].append(source.id)
    problems += _ignored_in_vain(case, owners)
    problems += _without_one_owner(case, owners)
    if problems:
        raise CaseError(*problems)
    return tuple(SourceFile(ids[0], path) for path, ids in sorted(owners.items()) if ids)


def is_match(path: str, pattern: str) -> bool:
    """Whether ``path`` is ``pattern``, or matches it: ``*`` within one folder, ``**`` over any number of them.

    Written here because ``pathlib`` answers ``evidence/**`` differently before and after Python 3.13.
    """
    return path == pattern or _steps_match(path.split("/"), pattern.split("/"))


def _steps_match(steps: list[str], patterns: list[str]) -> bool:
    if not patterns:
        return not steps
    if patterns[0] == "**":
        return any(_steps_match(steps[skipped:], patterns[1:]) for skipped in range(len(steps) + 1))
    return bool(steps) and fnmatch.fnmatchcase(steps[0], patterns[0]) and _steps_match(steps[1:], patterns[1:])


def _list_files(folder: Path) -> tuple[list[str], list[Problem]]:
    root = folder / FOLDER
    if not root.is_dir():
        return [], [Problem("this folder is missing", f"{FOLDER}/", "put the exported logs there, unchanged")]
    paths: list[str] = []
    problems: list[Problem] = []
    for entry in _walk(root):
        path = entry.relative_to(folder).as_posix()
        problem = _unfit(entry, path, folder.resolve())
        if problem is None:
            paths.append(path)
        else:
            problems.append(problem)
    return sorted(paths), sorted(problems, key=lambda problem: problem.where)


def _walk(root: Path) -> Iterator[Path]:
    """Everything below ``root`` but real folders; links to folders are not followed."""
    for place_, folders, files in os.walk(root):
        here = Path(place_)
        yield from (here / name for name in files)
        yield from (here / name for name in folders if (here / name).is_symlink())


def _unfit(entry: Path, path: str, folder: Path) -> Problem | None:
    try:
        path.encode()
    except UnicodeEncodeError:
        return Problem("the name is not UTF-8", ascii(path), _RENAME)
    for character in sorted(foreign_characters(path)):
        return Problem(f"the name holds {describe_character(character)}", ascii(path), _RENAME)
    if entry.is_symlink() and not entry.resolve().is_relative_to(folder):
        return Problem("this link leads out of the case folder", path, "copy the file itself into the case")
    if entry.is_dir():
        return Problem("this is a link to a folder", path, "copy the files themselves")
    try:
        is_file = stat.S_ISREG(entry.stat().st_mode)
    except OSError as error:
        return Problem(f"this file cannot be read: {error.strerror}", path, "copy the file itself into the case")
    return None if is_file else Problem("this is not a file", path, "evidence is read from files only")


def _ignored_in_vain(case: Case, owners: dict[str, list[str]]) -> Iterator[Problem]:
    for index, entry in enumerate(case.decisions.ignored_files):
        where = place("decisions.toml", key=f"{dotted(('ignored_files', index))}.path")
        if entry.path not in owners:
            yield Problem(f"there is no file {entry.path!r}", where, f"write the whole path, beginning with {FOLDER}/")
        elif owners[entry.path]:
            what = f"{entry.path!r} is ignored here, but source {owners[entry.path][0]!r} reads it"
            yield Problem(what, where, "remove the decision, or narrow the source's files")


def _without_one_owner(case: Case, owners: dict[str, list[str]]) -> Iterator[Problem]:
    ignored = {entry.path for entry in case.decisions.ignored_files}
    for path, ids in owners.items():
        if not ids and path not in ignored:
            mend = (
                "add it to a source's files in incident.toml, or to [[ignored_files]] in decisions.toml with a reason"
            )
            yield Problem("no source reads this file", path, mend)
        elif len(ids) > 1:
            yield Problem(f"sources {' and '.join(ids)} both read this file", path, "name it in one source only")
