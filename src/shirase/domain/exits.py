"""Exit codes: a stable interface that scripts and runbooks may rely on."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What a ``shirase`` command ended with. Values never change their meaning."""

    DONE = 0
    BUG = 1
    USAGE = 2
    PARTIAL = 3
    INPUT_UNUSABLE = 4
    GATE_REFUSED = 5
    NOT_APPROVED = 6
    TAMPERED = 7
    DELIVERY_OPEN = 8
    INTERRUPTED = 130
