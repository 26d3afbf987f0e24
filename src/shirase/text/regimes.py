"""Edge: the checklists of laws, ``locales/regimes.toml``, edited beside the catalogues."""

import tomllib
from functools import cache
from typing import Any

from pydantic import ValidationError

from shirase.domain.completeness import Regime
from shirase.domain.errors import PlatformError, Problem
from shirase.text.resources import locales_root


@cache
def regimes() -> tuple[Regime, ...]:
    """Every checklist, those that are not in force yet or any more included.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "regimes.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["regimes"]
        written = {entry["id"]: entry.get("items", []) for entry in entries}
        return tuple(Regime.model_validate(_with_items(entry, written)) for entry in entries)
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValidationError) as error:
        raise PlatformError(
            Problem(f"the checklists cannot be used: {error}", str(path), "restore the file")
        ) from error


def _with_items(entry: dict[str, Any], written: dict[str, list[Any]]) -> dict[str, Any]:
    """The entry with the items it shares with another list, its own first where they begin with 0."""
    own = dict(entry)
    shared = written[own.pop("same_items_as")] if "same_items_as" in own else []
    return {**own, "items": sorted([*own.get("items", []), *shared], key=_number)} if shared else own


def _number(item: dict[str, Any]) -> int:
    return int(item["id"])
