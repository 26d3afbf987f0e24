"""Edge: the forms in which names are written, ``locales/names.toml``, edited beside the catalogues."""

import tomllib
from functools import cache
from typing import Annotated

from pydantic import Field, ValidationError

from shirase.domain.bilingual import CaseModel, NonEmpty
from shirase.domain.errors import PlatformError, Problem
from shirase.text.resources import locales_root


class NameForms(CaseModel):
    """``names.toml``.

    Attributes:
        variants: Characters that stand for one another, the usual one first.
        legal_forms_ja: Legal forms in Japanese.
        legal_forms_latin: Legal forms in Latin letters.
    """

    variants: tuple[Annotated[str, Field(min_length=2)], ...]
    legal_forms_ja: tuple[NonEmpty, ...] = Field(min_length=1)
    legal_forms_latin: tuple[NonEmpty, ...] = Field(min_length=1)


@cache
def name_forms() -> NameForms:
    """The forms.

    Raises:
        PlatformError: When the file is missing or broken.
    """
    path = locales_root() / "names.toml"
    try:
        return NameForms.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PlatformError(Problem(f"the forms cannot be used: {error}", str(path), "restore the file")) from error
