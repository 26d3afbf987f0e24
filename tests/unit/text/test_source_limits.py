"""What each export cannot show is stated for every adapter of ours, and for nothing else."""

from shirase.pipeline.sniffing import list_sources
from shirase.text.source_limits import source_limits


def test_every_adapter_has_its_limits() -> None:
    """An adapter without a table would claim, by silence, that its log shows everything."""
    cards, registry = list_sources()
    ours = {card.name for card in cards if registry.providers.get(card.name) is None}
    assert len(ours) > 20
    assert set(source_limits()) == ours


def test_what_an_export_cannot_show_is_said_in_both_languages() -> None:
    """No pair has an empty half."""
    pairs = [(name, pair) for name, limits in source_limits().items() for pair in limits.cannot_show]
    assert len(pairs) > 5
    assert [name for name, pair in pairs if not (pair.ja.strip() and pair.en.strip())] == []
