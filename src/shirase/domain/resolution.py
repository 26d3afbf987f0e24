"""Whose a record is, found from its clues. The types only; the rules that find it are a caller's."""

from typing import NamedTuple, Protocol

from shirase.domain.action import Basis
from shirase.domain.clues import Clue


class Resolution(NamedTuple):
    """Whose a record is, found from its clues.

    Attributes:
        tenant_ids: Every tenant found; empty when none or when it is ambiguous.
        basis: How it was found: ``join`` over a register, or ``text`` that names a customer.
        flags: Marks the action gets, for example ``tenant_ambiguous``.
    """

    tenant_ids: tuple[str, ...]
    basis: Basis
    flags: frozenset[str] = frozenset()


class TenantResolver(Protocol):
    """Finds tenants from clues. Called for each record that names no tenant, in worker processes: must be picklable."""

    def __call__(self, clues: tuple[Clue, ...]) -> Resolution | None:
        """The tenants, or None when the clues say nothing."""
