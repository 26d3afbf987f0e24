"""A finished PDF taken apart: what its text is where pages divide it."""

from weasyprint import HTML

from shirase.inspection.finished import read_finished
from shirase.inspection.leaks import Carrier, Identifier, LeakGate

STYLE = """<style>
@page { size: 60mm 40mm; margin: 12mm 10mm; @top-left { content: "running head"; font: 8pt DejaVu Sans }
        @bottom-left { content: "page " counter(page); font: 8pt DejaVu Sans } }
p { font: 12pt/14mm "DejaVu Sans"; margin: 0; orphans: 1; widows: 1 }
</style>"""


def test_a_name_divided_by_a_change_of_page_is_one_text() -> None:
    """On the pages, a foot and a head stand between its halves; in the text, nothing does."""
    html = f'<html lang="en"><title>t</title>{STYLE}<p>for Hyacinth Trading there</p></html>'
    pdf = read_finished(HTML(string=html).write_pdf(pdf_variant="pdf/ua-1"))
    assert [(seam.before_page, seam.after_page) for seam in pdf.seams] == [(1, 2)]
    seam = pdf.seams[0]
    assert (seam.before.split(), seam.after.split()) == (["for", "Hyacinth"], ["Trading", "there"])
    gate = LeakGate.build([Identifier("C-9", "name", "Hyacinth Trading")], common=())
    pages = [Carrier(f"page {page.number}", page.text) for page in pdf.pages]
    assert list(gate.findings("C-1", pages, ())) == []
    across = Carrier("pages 1 and 2", seam.before + seam.after, len(seam.before))
    assert [finding.rule for finding in gate.findings("C-1", [across], ())] == ["leak"]
