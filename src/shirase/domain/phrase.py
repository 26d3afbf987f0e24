"""Sentences that are written in English where a rule is, and read in Japanese where a person is told of it."""

from collections.abc import Mapping
from typing import Self


class Phrase(str):
    """An English sentence that remembers how it was made, so that a page can say it in another language.

    Attributes:
        sentence: With places for values, such as ``%(name)s``: what the catalogue translates.
        values: What stands in these places; several words are a tuple.
    """

    __slots__ = ("sentence", "values")

    sentence: str
    values: Mapping[str, object]

    def __new__(cls, sentence: str, values: Mapping[str, object]) -> Self:
        """The sentence with its values in it."""
        made = super().__new__(cls, sentence % {name: _written(value) for name, value in values.items()})
        made.sentence, made.values = sentence, values
        return made

    def __reduce__(self) -> tuple[type["Phrase"], tuple[str, Mapping[str, object]]]:
        # Problems travel from worker processes.
        return (type(self), (self.sentence, dict(self.values)))


def phrase(sentence: str, **values: object) -> Phrase:
    """``sentence`` with ``values`` in its places. ``./run i18n`` collects what this function is given."""
    return Phrase(sentence, values)


def _written(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
