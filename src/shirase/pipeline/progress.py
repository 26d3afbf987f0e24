"""The seam through which long steps tell how far they are. The command line draws it; tests keep it silent."""

from typing import Protocol


class Progress(Protocol):
    """Told about one stage after the other."""

    def begin(self, stage: str, total: int) -> None:
        """A stage of ``total`` units begins."""

    def advance(self, amount: int, note: str = "") -> None:
        """``amount`` more units are done; ``note`` says what is notable now."""

    def end(self) -> None:
        """The stage is done."""


class Silent:
    """Tells nobody."""

    def begin(self, stage: str, total: int) -> None:
        """Say nothing."""

    def advance(self, amount: int, note: str = "") -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
