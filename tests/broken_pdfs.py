"""Files that break one rule each, made from a good one: what a check must refuse, or it checks nothing."""

import io
import re
from collections.abc import Callable

import pikepdf
from weasyprint import CSS, HTML

GOOD, PLAIN, TOFU = "good", "plain variant", "tofu"


def broken_pdfs(good: bytes) -> dict[str, bytes]:
    """Broken files by what is wrong with them, and under ``good`` one that was only saved again."""
    changed: dict[str, Callable[[pikepdf.Pdf], None]] = {
        GOOD: lambda _: None,
        "no title": lambda pdf: _cut_xmp(pdf, r"<dc:title>.*?</dc:title>"),
        "no pdfuaid": lambda pdf: _cut_xmp(pdf, r"<pdfuaid:part>1</pdfuaid:part>"),
        "no language": _without_language,
        "font left out": _without_a_font,
        "cells that head nothing": _without_scopes,
    }
    return {
        **{name: _saved(good, change) for name, change in changed.items()},
        PLAIN: drawn_alone("<p>報告 Report</p>", None),
        TOFU: drawn_alone("<p>報告 \U00012000</p>", "pdf/ua-1"),
    }


def drawn_alone(body: str, variant: str | None) -> bytes:
    """A page as WeasyPrint draws it without this project's help, warnings and all."""
    html = f'<!DOCTYPE html><html lang="ja"><head><title>t</title></head><body>{body}</body></html>'
    css = CSS(string="body { font-family: 'Noto Sans CJK JP' }")
    pdf = HTML(string=html).write_pdf(stylesheets=[css], pdf_variant=variant, pdf_identifier=b"x")
    assert isinstance(pdf, bytes)
    return pdf


def _saved(good: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    with pikepdf.open(io.BytesIO(good)) as pdf:
        change(pdf)
        stream = io.BytesIO()
        pdf.save(stream, fix_metadata_version=False, deterministic_id=True)
    return stream.getvalue()


def _cut_xmp(pdf: pikepdf.Pdf, pattern: str) -> None:
    xmp = pdf.Root.Metadata.read_bytes().decode()
    cut, number = re.subn(pattern, "", xmp, flags=re.DOTALL)
    assert number == 1
    pdf.Root.Metadata = pdf.make_stream(cut.encode(), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)


def _without_language(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/StructElem" and "/Lang" in each:
            del each["/Lang"]


def _without_a_font(pdf: pikepdf.Pdf) -> None:
    descriptor = next(each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each)
    for name in ("/FontFile", "/FontFile2", "/FontFile3"):
        if name in descriptor:
            del descriptor[name]


def _without_scopes(pdf: pikepdf.Pdf) -> None:
    """Neither scope nor header ids: the two ways in which a cell can be told what heads it."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/S") in {"/TH", "/TD"}:
            for name in ("/Scope", "/Headers"):
                if name in each.A:
                    del each.A[name]
