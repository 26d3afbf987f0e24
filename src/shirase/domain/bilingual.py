"""Languages, and text that exists in both of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

NonEmpty = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Language(StrEnum):
    """A language a report is written in (BCP 47)."""

    JA = "ja"
    EN = "en"


class CaseModel(BaseModel):
    """Base of everything people write in a case: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Paired(CaseModel):
    """One text in Japanese and in English, saying the same."""

    ja: NonEmpty = Field(description="Japanese text")
    en: NonEmpty = Field(description="English text")

    def of(self, language: Language) -> str:
        """The text in ``language``."""
        return self.ja if language is Language.JA else self.en
