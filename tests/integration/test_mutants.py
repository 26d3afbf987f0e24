"""Faults drawn by chance, each kind several times, in finished reports of a synthetic incident: none gets through.

``./run bench inspection`` draws more of them and prints the shares as a table.
"""

import pytest

import mutants
from shirase.rendering.worker import WorkerSettings

ROUNDS = 2


@pytest.fixture(scope="module")
def subjects(renderer: WorkerSettings, tmp_path_factory: pytest.TempPathFactory) -> tuple[mutants.Subject, ...]:
    """Two small reports of one incident, with the identifiers of all its customers."""
    return tuple(mutants.subjects(tmp_path_factory.mktemp("mutants"), 2))


def test_the_reports_themselves_are_clean(subjects: tuple[mutants.Subject, ...]) -> None:
    """Otherwise everything would count as caught."""
    for subject in subjects:
        assert not mutants.is_caught(subject, mutants.Mutant("none", subject.files))


@pytest.mark.parametrize("gate", sorted(mutants.FAULTS))
def test_no_planted_fault_gets_through(subjects: tuple[mutants.Subject, ...], gate: str) -> None:
    """Every kind of fault that a gate is there for."""
    missed = [words for tried in mutants.try_all(subjects, ROUNDS, gates=(gate,)) for words in tried.missed]
    assert missed == []
