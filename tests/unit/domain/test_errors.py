"""Errors say what, where and what to do, also after they travelled from another process."""

import pickle

import pytest

from shirase.domain.errors import CaseError, EvidenceError, GateError, Problem, ShiraseError
from shirase.domain.exits import ExitCode


@pytest.mark.parametrize("kind", [CaseError, EvidenceError, GateError])
def test_errors_keep_their_problems_on_the_way(kind: type[ShiraseError]) -> None:
    """An error raised in a worker process has its problems and its exit code in the parent."""
    problems = (Problem("broken", "a.toml", "mend it"), Problem("gone"))
    arrived = pickle.loads(pickle.dumps(kind(*problems)))
    assert type(arrived) is kind
    assert (arrived.diagnostics(), arrived.exit_code) == (problems, kind.exit_code)


def test_a_problem_reads_as_one_line() -> None:
    """Place, problem and remedy stand in one line, without gaps where one is missing."""
    assert str(Problem("broken", "a.toml", "mend it")) == "a.toml: broken → mend it"
    assert str(Problem("broken")) == "broken"


def test_exit_codes_never_change() -> None:
    """Scripts rely on these numbers."""
    assert {code.name: code.value for code in ExitCode} == {
        "DONE": 0, "BUG": 1, "USAGE": 2, "PARTIAL": 3, "INPUT_UNUSABLE": 4, "GATE_REFUSED": 5, "NOT_APPROVED": 6,
        "TAMPERED": 7, "DELIVERY_OPEN": 8, "INTERRUPTED": 130,
    }  # fmt: skip
