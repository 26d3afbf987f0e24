"""A copy for reviewers without access to the desk: Japanese beside English, section by section."""

from dataclasses import dataclass
from pathlib import Path

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from shirase.domain.bilingual import Language
from shirase.domain.read_report import Passage, ReadReport, ReadSection, are_aligned, beside, passages_of
from shirase.rendering.fetcher import NoFetch
from shirase.rendering.pdf import DrawingError, Drawn
from shirase.text.desk_environment import desk_environment

_NONE = ReadSection("", "", Language.JA, ())


@dataclass(frozen=True, slots=True)
class SidePair:
    """What stands beside each other; None where one language has nothing there."""

    ja: Passage | None
    en: Passage | None


@dataclass(frozen=True, slots=True)
class SideSection:
    """One section in both languages.

    ``aligned`` says that both are divided alike, so that what stands beside each other says the same.
    """

    number: str
    title_ja: str
    title_en: str
    pairs: tuple[SidePair, ...]
    aligned: bool


def side_by_side(report: ReadReport) -> tuple[SideSection, ...]:
    """The sections of ``report``, Japanese beside English."""
    by_number: dict[str, dict[Language, ReadSection]] = {}
    for section in report.sections:
        by_number.setdefault(section.number, {})[section.language] = section
    return tuple(_side_section(number, both) for number, both in by_number.items())


def draw_review_copy(report: ReadReport, css: Path) -> Drawn:
    """The copy of ``report`` as PDF; the DRAFT mark is put on afterwards, on every page.

    Raises:
        DrawingError: When something was to be fetched.
    """
    template = desk_environment(report.first).get_template("desk/review_copy.html")
    html = template.render(report=report, sections=side_by_side(report))
    fonts, fetcher = FontConfiguration(), NoFetch()
    sheet = CSS(string=css.read_text(encoding="utf-8"), font_config=fonts, url_fetcher=fetcher)
    document = HTML(string=html, url_fetcher=fetcher).render(font_config=fonts, stylesheets=[sheet])
    pdf = document.write_pdf(pdf_identifier=report.pdf_digest.encode("ascii"), pdf_tags=True)
    if fetcher.attempts:
        raise DrawingError("fetch", f"something asked for {fetcher.attempts[0]!r}")
    return Drawn(pdf, len(document.pages))


def _side_section(number: str, both: dict[Language, ReadSection]) -> SideSection:
    ja, en = both.get(Language.JA, _NONE), both.get(Language.EN, _NONE)
    left, right = passages_of(ja), passages_of(en)
    pairs = tuple(pair for one, other in beside(left, right) for pair in _row_by_row(one, other))
    return SideSection(number, ja.title, en.title, pairs, are_aligned(left, right))


def _row_by_row(ja: Passage | None, en: Passage | None) -> list[SidePair]:
    """Tables with the same rows in pairs of one row each: those can be divided between pages."""
    if ja is None or en is None or not ja.kind == en.kind == "Table" or len(ja.rows) != len(en.rows):
        return [SidePair(ja, en)]
    rows = zip(ja.rows, en.rows, strict=True)
    return [SidePair(Passage("Table", (one,)), Passage("Table", (other,))) for one, other in rows]
