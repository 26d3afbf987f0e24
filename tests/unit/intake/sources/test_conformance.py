"""Every adapter keeps the contract, and the examination of adapters finds those that do not."""

import pytest

from made_up_exports import EXPORTS, OPTIONS
from shirase.intake.sources.conformance import examine, read_export
from shirase.intake.sources.contract import Options
from shirase.intake.sources.registry import find_adapters

ADAPTERS = find_adapters().adapters


def test_every_adapter_has_exports_to_be_tried_on() -> None:
    """An adapter without a fixture would never be examined."""
    assert set(EXPORTS) == set(ADAPTERS)


@pytest.mark.parametrize("name", ADAPTERS)
def test_an_adapter_conforms(name: str) -> None:
    """No damage to a record crashes it, nothing is lost, nothing that is said to be sensitive passes."""
    assert examine(ADAPTERS[name], EXPORTS[name], OPTIONS.get(name, Options())) == ()


@pytest.mark.parametrize(("name", "wrapper"), [(name, wrapper) for name, files in EXPORTS.items() for wrapper in files])
def test_a_wrapper_gives_actions_and_rejects_nothing(name: str, wrapper: str) -> None:
    """Each wrapper of each adapter is read whole: at least one action, and no record that cannot be used."""
    found = read_export(ADAPTERS[name], EXPORTS[name][wrapper], OPTIONS.get(name, Options()))
    assert [reject.detail for reject in found.rejects] == []
    assert found.rows
