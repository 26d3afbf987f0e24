"""Sending that is killed at random moments: no mail twice, none believed sent that is not, none forgotten.

A few kills here; ``python tests/delivery_kills.py 400`` makes the table in the docs.
"""

import shutil
from pathlib import Path

import pytest

from delivery_kills import campaign
from misbehaving_server import Chooser, Script, always, at_random
from shirase.domain.delivery import DeliveryState


@pytest.mark.parametrize(("name", "choose"), [("good", always(Script())), ("misbehaving", at_random(11, 0.3))])
def test_a_killed_sending_sends_nothing_twice_and_forgets_nothing(
    sendable: Path, tmp_path: Path, name: str, choose: Chooser
) -> None:
    root = tmp_path / name
    shutil.copytree(sendable, root)
    outcome = campaign(root, 3, count=2, choose=choose, longest=0.3)
    assert outcome.kills > 2, "nothing was killed: the moments are not well chosen"
    assert (outcome.twice, outcome.believed, outcome.hidden, outcome.breaks) == ([], [], [], 0)
    assert sum(outcome.states.values()) == 4
    ended = {DeliveryState.ACCEPTED, DeliveryState.UNKNOWN, DeliveryState.REFUSED, DeliveryState.GIVEN_UP}
    assert outcome.states.keys() <= ended
