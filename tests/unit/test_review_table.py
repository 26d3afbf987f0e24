"""The table of moves, and the canonical form of the journal: by hand."""

import hashlib
import itertools

import pytest

from shirase.domain.errors import NotApprovedError
from shirase.domain.journal import canonical, entry_digest
from shirase.domain.review import MOVES, Move, Policy, Role, State, Vote, is_complete, missing, moved


@pytest.mark.parametrize(("state", "move"), list(itertools.product(State, Move)))
def test_every_move_that_is_not_in_the_table_is_refused_with_a_reason(state: State, move: Move) -> None:
    """And those in it lead where it says."""
    if (state, move) in MOVES:
        assert moved(state, move, "R-1") is MOVES[state, move]
    else:
        with pytest.raises(NotApprovedError, match=f"R-1: it is {state.value}, and this is for what is: "):
            moved(state, move, "R-1")


def test_what_is_final_is_final() -> None:
    """Nothing leads out of superseded and withdrawn; only approved leads to sealed, only sealed to sent."""
    assert not [state for state, _ in MOVES if state in {State.SUPERSEDED, State.WITHDRAWN}]
    assert [state for (state, _), after in MOVES.items() if after is State.SEALED] == [State.APPROVED]
    assert [state for (state, _), after in MOVES.items() if after is State.SENT] == [State.SEALED]
    assert [state for (state, _), after in MOVES.items() if after is State.APPROVED] == [State.IN_REVIEW]


def test_a_quorum_counts_people_and_nobody_is_no_quorum() -> None:
    """The same person twice is one; an empty quorum approves nothing."""
    policy = Policy({Role.LEGAL: 2})
    assert missing(policy, [Vote(Role.LEGAL, "K"), Vote(Role.LEGAL, "K")]) == (Role.LEGAL,)
    assert is_complete(policy, [Vote(Role.LEGAL, "K"), Vote(Role.LEGAL, "L")])
    assert not is_complete(Policy({}), [])


def test_the_canonical_form_can_be_hashed_by_anybody() -> None:
    """Sorted keys, no spaces, UTF-8, the digest itself left out; written here by hand."""
    assert canonical({"b": [1, None], "a": "知"}) == '{"a":"知","b":[1,null]}'
    by_hand = hashlib.sha256('{"number":1,"what":"知"}'.encode()).hexdigest()
    assert entry_digest({"what": "知", "digest": "left out", "number": 1}) == by_hand
    with pytest.raises(ValueError, match="Out of range"):
        canonical(float("nan"))
