"""A scope in a process that goes on living: after a change of words, only the words are read again."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from shirase.case.folder import read_case
from shirase.pipeline.garbage import no_cycle_collection
from shirase.pipeline.progress import Silent
from shirase.pipeline.scope import ScopeRun, own_answers, require_adapters, run_scope
from shirase.pipeline.scope_cache import TEXTS

Stamps = tuple[tuple[int, int], ...]
"""Of each file, which one it is and when it was written."""


class HeldScope:
    """The last scope of a case, for whoever is told of every change of its folder.

    What was decided lies in the output folder: when another process has put a new scope there, it is looked at again.
    """

    def __init__(self, case_folder: Path, out: Path) -> None:
        self._folder = case_folder
        self._out = out
        self._last: ScopeRun | None = None
        self._stamps: Stamps = ()

    def tell(self, changes: Iterable[Path]) -> None:
        """Take note of every file of the case that was written, made or removed; absolute paths."""
        if not all(map(self._is_words, changes)):
            self._last = None

    def now(self) -> ScopeRun:
        """The scope of the case as it stands, provided that every change was told.

        Raises:
            ShiraseError: As :func:`shirase.pipeline.scope.run_scope` does.
        """
        if self._last is None or _stamps(self._last) != self._stamps:
            self._last = None
            self._last = run_scope(self._folder, self._out, Silent())
            self._stamps = _stamps(self._last)
        else:
            self._last = _with_words(self._last, self._folder)
        return self._last

    def _is_words(self, path: Path) -> bool:
        """Whether a file is printed and never asked while lines are decided."""
        folder, file = self._folder.resolve(), path.resolve()
        return file.is_relative_to(folder) and file.relative_to(folder).as_posix().startswith(TEXTS)


def _with_words(run: ScopeRun, folder: Path) -> ScopeRun:
    with no_cycle_collection():
        case = read_case(folder)
    require_adapters(case)
    answers = run.own_answers if case.claims == run.case.claims else own_answers(case, run.output)
    return replace(run, case=case, own_answers=answers)


def _stamps(run: ScopeRun) -> Stamps:
    paths = (run.output.actions, run.grouped)
    return tuple((stat.st_ino, stat.st_mtime_ns) for stat in (path.stat() for path in paths if path.exists()))
