"""Sketches for ``preview --watch``: the pages of the report, and only what changed is laid out again."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import weasyprint

import sample_report as sample
from shirase.domain.bilingual import Paired
from shirase.domain.incident import NarrativeSection
from shirase.domain.report import Report
from shirase.rendering.fast.writer import FastWriter
from shirase.rendering.refusal import RefusedError
from shirase.rendering.worker import Drawing, Rendered, WorkerSettings, initialise, render_report

FOOTER = re.compile(r"^(\d+(?: / \d+)?(?: SAMP-\S+)?|SAMP-\S+|.*日本語\b.*|.*English\b.*)$", re.MULTILINE)


def pages(report: Report, *, sketch: bool) -> list[str]:
    """Text of each page without its number and the links to the other language, which name a page."""
    outcome = render_report(report, sketch=sketch)
    assert isinstance(outcome, Rendered), outcome
    with pypdfium2.PdfDocument(outcome.pdf) as document:
        texts = [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    return [" ".join(FOOTER.sub("", text).split()) for text in texts]


def with_cause(report: Report, english: str) -> Report:
    """The report with another English text about the cause."""
    narrative = tuple(
        NarrativeSection(name=section.name, text=Paired(ja=section.text.ja, en=english))
        if section.name == "cause" else section
        for section in report.batch.narrative
    )  # fmt: skip
    return replace(report, batch=replace(report.batch, narrative=narrative))


def test_a_sketch_has_the_pages_of_the_report(renderer: WorkerSettings) -> None:
    """Same pages, same breaks, same words."""
    report = sample.sample_report()
    assert pages(report, sketch=True) == pages(report, sketch=False)


def test_only_the_part_that_changed_is_laid_out(renderer: WorkerSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit of one text in one language costs one letter, and is seen."""
    laid_out = []
    render = weasyprint.HTML.render

    def counted(self: Any, *args: Any, **values: Any) -> Any:
        laid_out.append(self)
        return render(self, *args, **values)

    monkeypatch.setattr(weasyprint.HTML, "render", counted)
    report = with_cause(sample.sample_report(), "A cause nobody has named yet.")
    assert "A cause nobody has named yet." in " ".join(pages(report, sketch=True))
    before = len(laid_out)
    assert "A cause with another name." in " ".join(
        pages(with_cause(report, "A cause with another name."), sketch=True)
    )
    assert len(laid_out) == before + 1
    assert pages(report, sketch=True) != []
    assert len(laid_out) == before + 2


@pytest.fixture
def fast(renderer: WorkerSettings) -> Iterator[None]:
    """This process, drawing the fast way."""
    initialise(replace(renderer, drawing=Drawing.FAST))
    yield
    initialise(renderer)


def whole_text(report: Report, *, sketch: bool) -> list[str]:
    """Text of each page with all there is in its margins."""
    outcome = render_report(report, sketch=sketch)
    assert isinstance(outcome, Rendered), outcome
    assert outcome.refused is None
    with pypdfium2.PdfDocument(outcome.pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_the_fast_way_sketches_with_the_page_numbers_of_the_report(fast: None) -> None:
    """Nothing is numbered part by part, and an edit is seen."""
    report = sample.sample_report()
    assert whole_text(report, sketch=True) == whole_text(report, sketch=False)
    assert "A cause with another name." in " ".join(
        " ".join(text.split()) for text in whole_text(with_cause(report, "A cause with another name."), sketch=True)
    )


def test_what_the_fast_way_refuses_is_sketched_all_the_same(fast: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference sketches it, and the reason is told."""

    def refuse(*arguments: object) -> None:
        raise RefusedError("a background that ends on another page")

    monkeypatch.setattr(FastWriter, "write", refuse)
    outcome = render_report(sample.sample_report(), sketch=True)
    assert isinstance(outcome, Rendered), outcome
    assert outcome.refused == "a background that ends on another page"
    assert outcome.pdf.startswith(b"%PDF")
