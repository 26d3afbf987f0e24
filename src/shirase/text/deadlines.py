"""Edge: the deadlines of laws, ``locales/deadlines.toml``, edited beside the checklists they belong to."""

import tomllib
from functools import cache

from pydantic import ValidationError

from shirase.domain.deadlines import DeadlineRule
from shirase.domain.errors import PlatformError, Problem
from shirase.text.resources import locales_root


@cache
def deadline_rules() -> tuple[DeadlineRule, ...]:
    """Every rule, in the order of the file.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "deadlines.toml"
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))["deadlines"]
        rules = tuple(DeadlineRule.model_validate(entry) for entry in entries)
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValidationError) as error:
        raise PlatformError(Problem(f"the deadlines cannot be used: {error}", str(path), "restore the file")) from error
    return rules
