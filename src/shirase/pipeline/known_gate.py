"""Edge: what the leak gate of a batch came to, kept: with nothing changed, it need not be made only to say so."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from shirase.pipeline.output import OutputFolder, write_json


@dataclass(frozen=True, slots=True)
class KnownGate:
    """The gate of a batch, but for what it searches with.

    Attributes:
        batch_key: What decides the batch, as :func:`shirase.pipeline.batch_key.batch_key` has it.
        key: What decides an inspection, as :func:`shirase.pipeline.inspection_facts.inspection_key` has it.
        not_searched: Identifiers that would be found everywhere, by the reason.
    """

    batch_key: str
    key: str
    not_searched: Mapping[str, list[str]]


def write_gate(output: OutputFolder, gate: KnownGate) -> None:
    """Keep ``gate`` in the place of the last one."""
    write_json(output.work / "gate.json", asdict(gate))


def read_gate(output: OutputFolder, batch_key: str) -> KnownGate | None:
    """The gate of the batch that ``batch_key`` stands for; None when the last one was another, or cannot be read."""
    try:
        gate = KnownGate(**json.loads((output.work / "gate.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return gate if gate.batch_key == batch_key else None
