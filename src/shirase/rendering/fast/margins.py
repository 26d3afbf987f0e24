"""Which margins collapse (CSS 2.1, 8.3.1)."""

from collections.abc import Sequence

from shirase.rendering.fast.nodes import Block
from shirase.rendering.fast.placed import PlacedBlock, is_marker


def collapsed(margins: Sequence[float]) -> float:
    """What margins that collapse come to (CSS 2.1, 8.3.1)."""
    return max((margin for margin in margins if margin > 0), default=0.0) + min(
        (margin for margin in margins if margin < 0), default=0.0
    )


def opens(node: Block, *, begins: bool) -> bool:
    """Whether its upper margin collapses with that of its first kid."""
    spaced = begins and (node.border_top or node.padding_top)
    return not (spaced or node.new_context or node.wraps_table)


def closes(node: Block) -> bool:
    """Whether its lower margin collapses with that of its last kid."""
    return not (node.border_bottom or node.padding_bottom or node.new_context or node.wraps_table)


def is_hollow(placed: PlacedBlock) -> bool:
    """Whether nothing stands in it that takes room."""
    return all(map(is_marker, placed.kids))


def can_vanish(node: Block) -> bool:
    """Whether its own margins collapse with each other where nothing stands in it."""
    return not (node.border_top or node.padding_top or node.border_bottom or node.padding_bottom or node.new_context)
