"""Every finished PDF is judged by a second program before it counts as made: PDF/A-3a and PDF/UA-1."""

import re
from dataclasses import dataclass

import page

from shirase.domain.errors import Problem, ShiraseError

PROFILES = {"PDF/A-3a": page.ValidationProfile.PDF_A_3A, "PDF/UA-1": page.ValidationProfile.PDF_UA_1}
"""What a report has to conform to (ISO 19005-3, ISO 14289-1), by its name."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One rule that a file breaks.

    Attributes:
        standard: ``PDF/A-3a`` or ``PDF/UA-1``.
        rule: The validator's name of the rule.
        what: What it says about it.
        place: The object of the file, for example ``object 12``; ``file`` when the rule concerns all of it.
    """

    standard: str
    rule: str
    what: str
    place: str


class StandardsError(ShiraseError):
    """A file breaks rules."""

    kind = "standards"


def require_standards(pdf: bytes) -> None:
    """Accept ``pdf`` or say what is wrong with it.

    Raises:
        StandardsError: When a rule of either standard is broken, or the file cannot be examined.
    """
    found = tuple(breach for standard in PROFILES for breach in breaches_of(pdf, standard))
    if found:
        raise StandardsError(
            *(
                Problem(
                    f"{breach.rule}: {breach.what}",
                    f"{breach.standard}, {breach.place}",
                    "correct the template that draws it, or report it with the run sheet",
                )
                for breach in found
            )
        )


def breaches_of(pdf: bytes, standard: str) -> tuple[Breach, ...]:
    """Every rule of ``standard`` that ``pdf`` breaks, each once, with the first place."""
    try:
        # Limits protect against files of strangers. This one is ours, and a large report must not fail for its size.
        report = page.validate_pdf_bytes(pdf, profile=PROFILES[standard], limits=page.SafetyLimits.unlimited())
    except page.PageError as error:
        return (Breach(standard, type(error).__name__, str(error), "file"),)
    real = [failure for failure in report.failures if not _is_mistaken(failure, pdf)]
    found = {failure.rule_id: failure for failure in reversed(real)}
    if not report.is_compliant and not report.failures:
        return (Breach(standard, "unknown", "the validator refuses the file without saying why", "file"),)
    return tuple(
        Breach(standard, rule, failure.message, _place(failure.object_id)) for rule, failure in sorted(found.items())
    )


_STREAM_LENGTH = re.compile(r"-STREAM-LENGTH-\d+$")
_STREAM = re.compile(rb"/Length (\d+)[^\r\n]*>>\nstream\n")


def _is_mistaken(failure: page.ValidationFailure, pdf: bytes) -> bool:
    """Whether the validator only took the last byte of a stream for a part of the line end after it.

    ISO 32000-1, 7.3.8.1: ``Length`` decides where a stream ends; a compressed one may well end with a carriage return,
    which stands before the line feed and ``endstream``. Version 0.11.0 counts it to the line end; veraPDF does not.
    """
    if not _STREAM_LENGTH.search(failure.rule_id):
        return False
    ends = [start.end() + int(start[1]) for start in _STREAM.finditer(pdf)]
    return all(pdf[end : end + 10] == b"\nendstream" for end in ends) and any(
        pdf[end - 1 : end] in (b"\r", b"\n") for end in ends
    )


def _place(object_id: page.PdfObjectId | None) -> str:
    return "file" if object_id is None else f"object {object_id.object_number}"
