"""The one family of errors. Each says what is wrong, where, and what to do about it.

A bad log line and a failed customer are values, not errors; an error ends the command.
"""

from dataclasses import dataclass

from shirase.domain.exits import ExitCode


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way.

    Attributes:
        what: What is wrong, in one sentence.
        where: File, line, key or customer concerned; empty when the whole run is.
        mend: What the person can do about it.
    """

    what: str
    where: str = ""
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        mend = f" → {self.mend}" if self.mend else ""
        return f"{place}{self.what}{mend}"


class ShiraseError(Exception):
    """Root of every error this program raises on purpose."""

    exit_code: ExitCode = ExitCode.BUG

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type["ShiraseError"], tuple[Problem, ...]]:
        # Errors travel from worker processes; by default only the joined text would.
        return (type(self), self.problems)

    def diagnostics(self) -> tuple[Problem, ...]:
        """All problems found, so that one run shows everything there is to mend."""
        return self.problems


class UsageError(ShiraseError):
    """The command was asked for something that does not exist or cannot be combined."""

    exit_code = ExitCode.USAGE


class CaseError(ShiraseError):
    """The case folder cannot be used as it stands."""

    exit_code = ExitCode.INPUT_UNUSABLE


class EvidenceError(ShiraseError):
    """A log file cannot be read, or too many of its lines cannot be used."""

    exit_code = ExitCode.INPUT_UNUSABLE


class GateError(ShiraseError):
    """A gate refused: going on would leave something out or say something untrue."""

    exit_code = ExitCode.GATE_REFUSED


class NotApprovedError(ShiraseError):
    """A move that people have to allow, and have not."""

    exit_code = ExitCode.NOT_APPROVED


class TamperedError(ShiraseError):
    """Something that must not change has changed."""

    exit_code = ExitCode.TAMPERED


class PlatformError(ShiraseError):
    """The machine lacks something the program needs."""

    exit_code = ExitCode.INPUT_UNUSABLE
