"""Annex B says, in both languages, which numbers are missing between the records of a log whose ids count up."""

from dataclasses import replace

import pypdfium2
import pytest

import sample_report as sample
from shirase.rendering.worker import Rendered, render_report
from variant_reports import batch

pytestmark = pytest.mark.usefixtures("renderer")


def text_of(missing: tuple[tuple[int, int], ...]) -> str:
    made = batch()
    coverage = tuple(replace(source, missing_ids=missing) for source in made.coverage)
    drawn = render_report(sample.sample_report(batch=replace(made, coverage=coverage)))
    assert isinstance(drawn, Rendered), drawn
    document = pypdfium2.PdfDocument(drawn.pdf)
    pages = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return "".join(pages.split())


def test_missing_numbers_stand_in_annex_b() -> None:
    """How many, and the first eight gaps."""
    text = text_of(((40_003, 40_003), (40_010, 40_012)))
    assert "4recordswhosenumbersaremissingbetweentheothers" in text
    assert "連番のうち、記録のない番号が4件あります" in text
    assert "(40003,40010–40012)" in text
    many = text_of(tuple((10 * number, 10 * number) for number in range(1, 12)))
    assert "(10,20,30,40,50,60,70,80,…)" in many


def test_nothing_is_said_where_no_number_is_missing() -> None:
    """A log that is whole, or whose ids say nothing."""
    assert "missingbetween" not in text_of(())
