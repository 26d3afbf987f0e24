"""The tag tree, the metadata and the files inside, read with another program; every check also sees a broken file."""

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint

import pdf_structure as structure
import sample_report as sample
from shirase.domain.bilingual import Language
from shirase.domain.customer import DataCopyPolicy
from shirase.domain.errors import PlatformError
from shirase.domain.report import Report
from shirase.rendering import pdf as pdf_module
from shirase.rendering.metadata import FileFacts, finish
from shirase.rendering.pdf import PdfWriter
from shirase.rendering.weasy import require_known_weasyprint
from shirase.rendering.worker import Rendered, render_report
from shirase.text.resources import templates_root

pytestmark = pytest.mark.usefixtures("renderer")

SECTIONS, ANNEXES = 13, 4
"""Numbered sections of each letter, and annexes."""

JA_FIRST, EN_FIRST = (Language.JA, Language.EN), (Language.EN, Language.JA)


def made(**changes: object) -> Rendered:
    customer = sample.CUSTOMER.model_copy(update=changes)
    return rendered(sample.sample_report(customer=customer))


def rendered(report: Report) -> Rendered:
    outcome = render_report(report)
    assert isinstance(outcome, Rendered), outcome
    return outcome


@pytest.fixture(scope="module")
def both_orders(renderer: object) -> dict[Language, bytes]:
    """The sample report by its first language."""
    return {order[0]: made(languages=order).pdf for order in (JA_FIRST, EN_FIRST)}


@pytest.fixture(params=list(Language))
def pdf(request: pytest.FixtureRequest, both_orders: dict[Language, bytes]) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(both_orders[request.param])) as opened:
        yield opened


def first_language(pdf: pikepdf.Pdf) -> Language:
    return Language(str(pdf.Root.Lang))


def second_language(pdf: pikepdf.Pdf) -> Language:
    return Language.EN if first_language(pdf) is Language.JA else Language.JA


# --- languages ---


def heading_languages(pdf: pikepdf.Pdf) -> list[str]:
    return [each.language for each in structure.elements(pdf) if each.kind == "H2"]


def test_each_part_is_in_its_language(pdf: pikepdf.Pdf) -> None:
    """The headings of the first part are in the first language, those of the second in the second, thirteen each."""
    assert heading_languages(pdf) == [first_language(pdf)] * SECTIONS + [second_language(pdf)] * SECTIONS


def test_links_to_the_other_part_are_in_its_language(pdf: pikepdf.Pdf) -> None:
    """A link that says 日本語 inside an English heading is read in Japanese, and the other way round."""
    said = [
        (str(each.raw.K[0].Obj.Contents), each.language)
        for each in structure.elements(pdf)
        if each.kind == "Link" and str(each.raw.K[0].Obj.Contents) in {"日本語", "English"}
    ]
    assert len(said) >= 24
    assert set(said) == {("日本語", "ja"), ("English", "en")}


def test_pages_say_their_language_even_in_the_first_part(pdf: pikepdf.Pdf) -> None:
    """Every element directly below the document names its language: parts, and each of their pages."""
    languages = [str(each.get("/Lang")) for each in pdf.Root.StructTreeRoot.K[0].K]
    assert [each for number, each in enumerate(languages) if [*languages, ""][number + 1] != each] == [
        first_language(pdf), second_language(pdf), first_language(pdf),
    ]  # fmt: skip


def test_languages_are_missed_when_nobody_writes_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: as WeasyPrint builds the tree, the second part is in the language of the first, and no cell has a scope."""
    monkeypatch.setattr(pdf_module, "mended_structure", nullcontext)
    with pikepdf.open(io.BytesIO(made().pdf)) as pdf:
        assert heading_languages(pdf) == ["ja"] * 2 * SECTIONS
        cells = [each for each in structure.elements(pdf) if each.kind == "TH"]
        assert len(structure.unscoped(pdf)) == len(cells) > 100


# --- tables, headings, figures, links, fonts ---


def test_every_heading_cell_has_the_scope_of_its_template(pdf: pikepdf.Pdf) -> None:
    """Heads of columns and heads of rows are told apart; none is empty."""
    assert structure.unscoped(pdf) == []
    assert structure.empty_headings(pdf) == []
    scopes = [str(each.raw.A.Scope) for each in structure.elements(pdf) if each.kind == "TH"]
    inside_head = [
        str(cell.A.Scope)
        for each in structure.elements(pdf)
        if each.kind == "THead"
        for row in each.raw.K
        for cell in row.K
    ]
    assert set(inside_head) == {"/Column"}
    assert scopes.count("/Column") == len(inside_head)
    assert scopes.count("/Row") > 50


def test_no_heading_level_is_skipped(pdf: pikepdf.Pdf) -> None:
    """Headings go down one level at a time; both parts and all annexes begin at the first."""
    assert structure.skipped_headings(pdf) == []
    assert [each.kind for each in structure.elements(pdf)].count("H1") == 2 + ANNEXES


def test_nothing_depends_on_the_readers_machine(pdf: pikepdf.Pdf) -> None:
    """All fonts are inside, and every link says where it leads."""
    assert structure.fonts_not_embedded(pdf) == []
    assert structure.silent_links(pdf) == []


def _first(pdf: pikepdf.Pdf, kind: str) -> Any:
    return next(each.raw for each in structure.elements(pdf) if each.kind == kind)


def _drop_scope(pdf: pikepdf.Pdf) -> None:
    del _first(pdf, "TH").A["/Scope"]


def _empty_cell(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "TH").K = pikepdf.Array()


def _skip_level(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "H2").S = pikepdf.Name.H3


def _drop_font(pdf: pikepdf.Pdf) -> None:
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary):
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in each:
                    del each[name]


def _hush_link(pdf: pikepdf.Pdf) -> None:
    del pdf.pages[0].Annots[0]["/Contents"]


def _add_figure(pdf: pikepdf.Pdf) -> None:
    _first(pdf, "P").S = pikepdf.Name.Figure


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (_drop_scope, structure.unscoped),
        (_empty_cell, structure.empty_headings),
        (_skip_level, structure.skipped_headings),
        (_drop_font, structure.fonts_not_embedded),
        (_hush_link, structure.silent_links),
        (_add_figure, structure.figures_without_text),
    ],
)
def test_the_checks_see_what_is_broken(
    both_orders: dict[Language, bytes],
    change: Callable[[pikepdf.Pdf], None],
    check: Callable[[pikepdf.Pdf], list[str]],
) -> None:
    """Control: each check finds nothing in the file as it is, and something once one thing is broken."""
    with pikepdf.open(io.BytesIO(both_orders[Language.JA])) as pdf:
        assert check(pdf) == []
        change(pdf)
        assert check(pdf)


PICTURES = """<!DOCTYPE html><html lang="ja"><head><title>図</title><meta name="author" content="x">
<meta name="dcterms.created" content="2022-03-23"><meta name="dcterms.modified" content="2022-03-23"></head><body>
<section lang="en"><svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><title>Actions by day</title>
<rect width="10" height="20"/><text x="20" y="20" style="font-family: 'Noto Sans CJK JP'">17 Jan</text></svg></section>
<section><svg xmlns="http://www.w3.org/2000/svg" width="100" height="50" role="img" aria-label="日別の操作"><rect
width="10" height="20"/></svg></section></body></html>"""


def test_a_drawn_chart_is_a_figure_with_text_in_its_language() -> None:
    """An inline SVG is a figure whose text is its title or label, in the language around it, and lies on the page."""
    writer = PdfWriter(templates_root() / "report")
    drawn = writer.write(PICTURES, FileFacts("INC-1", JA_FIRST))
    with pikepdf.open(io.BytesIO(drawn.pdf)) as pdf:
        figures = [each for each in structure.elements(pdf) if each.kind == "Figure"]
        assert [(str(each.raw.Alt), each.language) for each in figures] == [
            ("Actions by day", "en"),
            ("日別の操作", "ja"),
        ]
        left, bottom, right, top = (float(edge) for edge in figures[0].raw.A.BBox)
        assert (right - left, top - bottom) == pytest.approx((75, 37.5))
        height = float(pdf.pages[0].MediaBox[3])
        assert height / 2 < bottom < top < height


def test_a_chart_without_text_is_refused() -> None:
    """Control: the figure is found, and found wanting."""
    writer = PdfWriter(templates_root() / "report")
    silent = PICTURES.replace("<title>Actions by day</title>", "")
    with pikepdf.open(io.BytesIO(writer.write(silent, FileFacts("INC-1", JA_FIRST)).pdf)) as pdf:
        assert len(structure.figures_without_text(pdf)) == 1


def test_another_weasyprint_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tag tree is only known with one version; any other is named, with what to do."""
    require_known_weasyprint()
    monkeypatch.setattr(weasyprint, "__version__", "70.1")
    with pytest.raises(PlatformError, match=r"70\.1.*70\.0.*\./run setup"):
        require_known_weasyprint()
    with pytest.raises(PlatformError):
        PdfWriter(templates_root() / "report")


# --- what the file says about itself ---


def xmp(pdf: pikepdf.Pdf) -> str:
    return pdf.Root.Metadata.read_raw_bytes().decode()


def test_the_file_names_its_standards_and_itself(pdf: pikepdf.Pdf) -> None:
    """XMP, readable without decompression, has one RDF with both standards, the report's id and both languages."""
    text = xmp(pdf)
    assert text.count("<rdf:RDF") == 1
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        assert metadata["pdfaid:part"] == "3"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert metadata["dc:identifier"] == "INC-2022-0120-7Q4M-2ZKD"
        assert metadata["dc:title"] == str(pdf.docinfo["/Title"])
        assert metadata["dc:language"] == {"ja", "en"}
        assert metadata["xmp:CreateDate"] == metadata["xmp:ModifyDate"] == "2022-03-23T09:00:00+09:00"
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert bool(pdf.Root.MarkInfo.Marked)


def test_the_file_names_no_program_and_no_other_date(pdf: pikepdf.Pdf) -> None:
    """Title, author and dates of the incident, and nothing else."""
    assert set(pdf.docinfo.keys()) == {"/Title", "/Author", "/CreationDate", "/ModDate"}
    assert not re.search(r"WeasyPrint|pydyf|Shirase|Producer|CreatorTool", xmp(pdf))
    assert set(re.findall(r"20\d\d-\d\d-\d\d", xmp(pdf))) == {"2022-03-23"}


def test_the_outline_is_in_both_languages(pdf: pikepdf.Pdf) -> None:
    """Each part has its fourteen entries in its own language; annexes have one each, in both."""
    titles = structure.outline(pdf)
    parts = {Language.JA: "1. はじめに", Language.EN: "1. Introduction"}
    assert titles[1] == parts[first_language(pdf)]
    assert titles[SECTIONS + 2] == parts[second_language(pdf)]
    assert len(titles) == 2 * (1 + SECTIONS) + ANNEXES
    assert all("別紙" in title and "Annex" in title and " / " in title for title in titles[-ANNEXES:])


# --- the files inside ---


def test_the_data_inside_is_that_beside() -> None:
    """Both files are inside, listed once, as data of the report with its date, byte for byte those of the folder."""
    report = made()
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        names = ["INC-2022-0120-7Q4M-2ZKD.csv", "INC-2022-0120-7Q4M-2ZKD.json"]
        assert structure.associated(pdf) == names
        assert list(pdf.attachments) == names
        inside = {name: pdf.attachments[name].get_file().read_bytes() for name in names}
        assert inside == {names[0]: report.data.csv, names[1]: report.data.json}
        assert len(json.loads(inside[names[1]])["actions"]) == 7
        for entry in pdf.Root.AF:
            assert entry.AFRelationship == "/Data"
            assert re.fullmatch(r".*[ぁ-ん].* / .*[a-z].*", str(entry.Desc))
            parameters = entry.EF.F.Params
            # 09:00 in Tokyo, as UTC.
            assert parameters.CreationDate == parameters.ModDate == "D:20220323000000Z"
        assert {str(entry.EF.F.Subtype) for entry in pdf.Root.AF} == {"/text/csv", "/application/json"}


def test_the_list_of_files_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: as WeasyPrint writes it, every file is listed twice."""

    def twice(facts: FileFacts, document: Any, pdf: Any) -> None:
        files = list(pdf.catalog["AF"])
        finish(facts, document, pdf)
        pdf.catalog["AF"][:] = files

    monkeypatch.setattr(pdf_module, "finish", twice)
    with pikepdf.open(io.BytesIO(made().pdf)) as pdf:
        assert len(structure.associated(pdf)) == 4


@pytest.mark.parametrize(("policy", "table"), [(DataCopyPolicy.BESIDE, True), (DataCopyPolicy.NONE, False)])
def test_nothing_is_inside_where_the_customer_wants_none(policy: DataCopyPolicy, table: bool) -> None:
    """Beside only: no file inside, but both are made. None: only our own record is made."""
    report = made(data_copy=policy)
    with pikepdf.open(io.BytesIO(report.pdf)) as pdf:
        assert structure.associated(pdf) == []
        assert list(pdf.attachments) == []
    assert report.data.json == made().data.json
    assert (report.data.csv is not None) is table


def test_a_preview_holds_no_data() -> None:
    """A preview is not the whole report, so nobody can take its data for that."""
    with pikepdf.open(io.BytesIO(rendered(sample.sample_report(preview_rows=2)).pdf)) as pdf:
        assert structure.associated(pdf) == []


@pytest.mark.parametrize("policy", DataCopyPolicy)
def test_nobody_is_sent_to_data_they_do_not_get(policy: DataCopyPolicy) -> None:
    """A cut value names the data copy only to those who get one; the others are told to ask."""
    row = replace(sample.sample_actions()[0], reason="長い理由" * 400)
    report = sample.sample_report(actions=(row, *sample.sample_actions()[1:]))
    report = replace(report, customer=report.customer.model_copy(update={"data_copy": policy}))
    with pypdfium2.PdfDocument(rendered(report).pdf) as document:
        text = "".join("".join(page.get_textpage().get_text_bounded().split()) for page in document)
    gets = policy is not DataCopyPolicy.NONE
    assert ("isinthedatacopy." in text or "areinthedatacopy." in text) is gets
    assert ("データファイル" in text) is gets
    assert ("pleaseaskthecontactpoint" in text) is not gets
