"""What a comment is about, found again from what somebody gives in the terminal: a section, words, a row."""

from shirase.desk.library import section_key, text_key
from shirase.domain.errors import Problem, UsageError
from shirase.domain.read_report import ReadReport, wording_of
from shirase.domain.standing import Anchor


def find_anchor(report: ReadReport, given: Anchor) -> Anchor:
    """``given`` with the key by which the comment shows in every report that says the same.

    Without a section, words or a row it is about the report as a whole, and has no key.

    Raises:
        UsageError: When the report has no such section, words or row.
    """
    if given.section == "row":
        if given.key not in report.rows:
            raise UsageError(Problem("the report has no such action", "--row", "its data copy has the identifiers"))
        return given
    if given.quote:
        return _of_words(report, given)
    if not given.section:
        return given
    if given.section not in {section.number for section in report.sections}:
        raise UsageError(Problem(f"the report has no section {given.section}", "--section", "1 to 13, A to E"))
    return Anchor(given.section, given.language, section_key(report, given.section))


def _of_words(report: ReadReport, given: Anchor) -> Anchor:
    for section in report.sections:
        if given.section not in ("", section.number) or given.language not in ("", section.language):
            continue
        for block in section.blocks:
            if given.quote in block.text:
                key = text_key(section.number, section.language, wording_of(block.text, report.own))
                return Anchor(section.number, section.language, key, given.quote)
    where = f" section {given.section}" if given.section else " the report"
    raise UsageError(Problem(f"these words do not stand in{where}", "--quote", "copy them from one line of the report"))
