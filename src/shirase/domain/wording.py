"""What is wrong with a sentence that a customer would read."""

from dataclasses import dataclass

from shirase.domain.bilingual import Language


@dataclass(frozen=True, slots=True)
class WordingFinding:
    """An objection to one sentence.

    Attributes:
        rule: Which rule objects.
        place: Where the text stands in the case.
        language: Language of the sentence.
        sentence: The sentence.
        found: The words objected to.
        reason: Why.
        mend: What to write instead.
        blocker: Whether it has to be mended or waived; otherwise it is a remark.
    """

    rule: str
    place: str
    language: Language
    sentence: str
    found: str
    reason: str
    mend: str
    blocker: bool
