"""What an inspection objects to: never a bare yes or no."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One objection.

    Attributes:
        rule: Which rule objects.
        place: Where: file, page, row.
        what: What is wrong, with the words concerned.
        mend: What a person can do.
        blocker: Whether the report must not go on; otherwise it is a remark.
    """

    rule: str
    place: str
    what: str
    mend: str
    blocker: bool = True
