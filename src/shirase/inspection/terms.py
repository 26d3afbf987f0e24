"""One thing has one name: decided terms and the glossary, held against the text of a finished report."""

import re
from collections.abc import Iterable, Iterator, Sequence

from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.domain.glossary import Term
from shirase.inspection.finished import Element
from shirase.inspection.letters import read_letter
from shirase.text.wording import lint_wording

_PROSE = frozenset({"P", "LI"})


def term_findings(root: Element, terms: Iterable[Term], waived: Sequence[str]) -> Iterator[Finding]:
    """Objections to the words of the two letters.

    Words that are not used, wherever they stand, are blockers. A term of the glossary that a section uses in one
    language only is a remark: the other may say it with a pronoun.

    Args:
        root: Structure of the PDF.
        terms: The glossary.
        waived: Sentences, or parts of them, that somebody signed for.
    """
    letters = {language: read_letter(root, language) for language in Language}
    for language, sections in letters.items():
        for section in sections:
            for block in section.blocks:
                for found in lint_wording(block.text, language, f"section {section.number}, page {block.page}"):
                    if found.rule == "term" and not any(text in found.sentence for text in waived):
                        yield Finding("term", found.place, f"{found.found!r}: 「{found.sentence}」", found.mend)
    english = {section.number: section for section in letters[Language.EN]}
    known = tuple(terms)
    for section in letters[Language.JA]:
        if section.number not in english:
            continue
        ja, en = (
            "\n".join(block.text for block in each.blocks if block.kind in _PROSE)
            for each in (section, english[section.number])
        )
        for term in known:
            shared = [form for form in (term.ja, *term.forms_ja, term.en, *term.forms_en) if form.isascii()]
            in_ja = _uses(ja, (term.ja, *term.forms_ja, *shared))
            in_en = _uses(en, (term.en, *term.forms_en, *shared))
            if in_ja != in_en:
                said, missing = (term.ja, term.en) if in_ja else (term.en, term.ja)
                what = f"says {said!r} in one language and never {missing!r} in the other"
                mend = f"use {term.ja} and {term.en} for the same thing"
                yield Finding("term-differs", f"section {section.number}", what, mend, blocker=False)


def _uses(text: str, forms: Iterable[str]) -> bool:
    """Words of Latin letters are whole, with or without a plural s; Japanese may go on around them."""
    whole = (rf"(?<![A-Za-z]){re.escape(form)}s?(?![A-Za-z])" if form.isascii() else re.escape(form) for form in forms)
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in whole)
