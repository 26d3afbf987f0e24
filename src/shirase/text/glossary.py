"""Edge: the general glossary, ``locales/glossary.toml``, edited beside the catalogues."""

import tomllib
from functools import cache

from pydantic import ValidationError

from shirase.domain.errors import PlatformError, Problem
from shirase.domain.glossary import Glossary, Term
from shirase.text.resources import locales_root


@cache
def general_terms() -> tuple[Term, ...]:
    """The terms that any report may use.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "glossary.toml"
    try:
        return Glossary.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).terms
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PlatformError(Problem(f"the glossary cannot be used: {error}", str(path), "restore the file")) from error
