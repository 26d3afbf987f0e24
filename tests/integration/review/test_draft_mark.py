"""DRAFT 草案: on every page, in both languages, whatever the template; and in black and white."""

import io

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

import sample_report as sample
from shirase.pipeline.circulate import draft_fonts, marked, review_copy
from shirase.rendering.worker import Rendered, WorkerSettings, render_report
from shirase.review.pictures import overlaid, page_count, page_picture


@pytest.fixture(scope="module")
def report(renderer: WorkerSettings) -> Rendered:
    made = render_report(sample.sample_report())
    assert isinstance(made, Rendered)
    return made


@pytest.fixture(scope="module")
def fonts(renderer: WorkerSettings) -> tuple[str, ...]:
    return draft_fonts()


def grey(pdf: bytes, number: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        image: Image.Image = document[number].render(scale=1, grayscale=True).to_pil().copy()
    return image.convert("L")


def test_every_page_is_marked_even_in_black_and_white(report: Rendered, fonts: tuple[str, ...]) -> None:
    """On each page grey ink lies across it; and printed in pure black and white, its two edges still say it."""
    copy = marked(report.pdf, fonts)
    assert page_count(copy) == page_count(report.pdf)
    for number in range(page_count(copy)):
        before, after = grey(report.pdf, number), grey(copy, number)
        inked = ImageChops.difference(before, after).point(lambda value: 255 if value > 20 else 0)
        assert inked.histogram()[255] > 0.02 * inked.width * inked.height
        black = after.point(lambda value: 0 if value < 128 else 255)
        height = black.height
        for edge in ((0, 4, black.width, 40), (0, height - 40, black.width, height - 4)):
            assert black.crop(edge).histogram()[0] > 300, f"page {number + 1}"


def test_the_report_itself_stays_readable_under_the_mark(report: Rendered, fonts: tuple[str, ...]) -> None:
    """Its text is still there, word for word, and its data inside is untouched."""
    copy = marked(report.pdf, fonts)
    with pypdfium2.PdfDocument(report.pdf) as one, pypdfium2.PdfDocument(copy) as other:
        for before, after in zip(one, other, strict=True):
            assert before.get_textpage().get_text_bounded() == after.get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(report.pdf)) as one_pdf, pikepdf.open(io.BytesIO(copy)) as other_pdf:
        files = [
            {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
            for pdf in (one_pdf, other_pdf)
        ]
    assert files[0] == files[1]


def test_the_same_report_gives_the_same_copy(report: Rendered, fonts: tuple[str, ...]) -> None:
    """Marking twice gives the same bytes; they no longer claim to be an archive file."""
    copy = marked(report.pdf, fonts)
    assert copy == marked(report.pdf, fonts)
    assert b"pdfaid:part" not in copy
    assert b"pdfuaid:part" not in copy


def test_the_review_copy_has_both_languages_and_the_mark(report: Rendered, fonts: tuple[str, ...]) -> None:
    """Every section stands there in Japanese beside English, with the digest of the report it was read from."""
    copy = review_copy(report.pdf, report.data.json, fonts)
    with pypdfium2.PdfDocument(copy) as document:
        text = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert report.sha256 in text.replace("\r\n", "").replace("\n", "")
    for number in range(1, 14):
        assert text.count(f"{number} ") >= 2
    first = grey(copy, 0).point(lambda value: 0 if value < 128 else 255)
    assert first.crop((0, 4, first.width, 40)).histogram()[0] > 300


def test_pages_on_top_of_each_other_show_what_differs(report: Rendered, fonts: tuple[str, ...]) -> None:
    """A page on itself differs nowhere; on its marked copy it does, in blue."""
    assert overlaid(report.pdf, report.pdf, 1).differs == 0
    both = overlaid(report.pdf, marked(report.pdf, fonts), 1)
    assert both.differs > 0.01
    with Image.open(io.BytesIO(both.png)) as image:
        colours = image.convert("RGB").getcolors(1 << 20)
    assert colours is not None
    assert any(isinstance(colour, tuple) and colour[2] > colour[0] + 40 for _, colour in colours)
    assert overlaid(None, report.pdf, 1).differs > 0


def test_words_on_a_picture_stand_where_they_are_printed(report: Rendered) -> None:
    """Each word's box lies on the page, and where it is there is ink."""
    picture = page_picture(report.pdf, 1)
    with Image.open(io.BytesIO(picture.png)) as opened:
        image = opened.convert("L")
    assert picture.words
    for word in picture.words:
        box = (
            int(word.left * picture.width), int(word.top * picture.height),
            int((word.left + word.width) * picture.width) + 1, int((word.top + word.height) * picture.height) + 1,
        )  # fmt: skip
        assert 0 <= box[0] < box[2] <= picture.width + 1
        assert sum(image.crop(box).histogram()[:160]) > 0, word.text
