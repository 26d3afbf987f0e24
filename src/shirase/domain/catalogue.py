"""The catalogue of actions, and what the support tool can and cannot do, as people describe them in the case."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from shirase.domain.action import Effect
from shirase.domain.bilingual import CaseModel, NonEmpty, Paired

OTHER_CODE = "other"
"""Code of an action that the profile does not map: kept raw, listed for the responder, said in the report."""


class ActionKind(CaseModel):
    """One entry of ``actions.toml``: what an action code means to a reader who has never seen the tool.

    Attributes:
        personal_data: Personal data that the action displays or changes; absent when there is none.
        own_log_events: Names under which the customer's own log records the action; none when it leaves no trace there.
    """

    code: str = Field(pattern=r"^[a-z][a-z0-9_.]*$")
    effect: Effect
    label: Paired
    explanation: Paired
    personal_data: Paired | None = None
    own_log_events: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:/-]+$")], ...] = ()


class Permission(CaseModel):
    """One entry of ``permissions.toml``: something the tool can or cannot do, and the action codes it speaks of."""

    text: Paired
    action_codes: tuple[NonEmpty, ...] = ()


class Permissions(CaseModel):
    """What the support tool allows, in both directions."""

    can: tuple[Permission, ...]
    cannot: tuple[Permission, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Finds the meaning of an action code."""

    by_code: dict[str, ActionKind]

    @classmethod
    def build(cls, kinds: tuple[ActionKind, ...]) -> "Catalogue":
        """Index ``kinds``.

        Raises:
            ValueError: When a code is described twice, or claims the reserved code ``other``.
        """
        by_code: dict[str, ActionKind] = {}
        for kind in kinds:
            if kind.code == OTHER_CODE:
                raise ValueError("the code 'other' is reserved for actions that nobody has described yet")
            if kind.code in by_code:
                raise ValueError(f"action code {kind.code!r} is described twice")
            by_code[kind.code] = kind
        return cls(by_code)

    def find(self, code: str) -> ActionKind | None:
        """The entry for ``code``, or None when nobody has described it."""
        return self.by_code.get(code)
