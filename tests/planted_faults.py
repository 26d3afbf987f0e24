"""Faults planted in the bytes of a finished PDF, as a defect or an attacker would leave them."""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator, String

from shirase.inspection.subject import ReportFiles

Change = Callable[[pikepdf.Pdf], None]


def changed(files: ReportFiles, change: Change) -> ReportFiles:
    """``files`` with a change in the PDF."""
    with pikepdf.open(io.BytesIO(files.pdf)) as pdf:
        change(pdf)
        target = io.BytesIO()
        pdf.save(target)
    return replace(files, pdf=target.getvalue())


def in_metadata(words: str) -> Change:
    """``words`` as keywords of the document."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo["/Keywords"] = String(words)

    return change


def in_packet(words: str) -> Change:
    """``words`` in the XMP packet."""

    def change(pdf: pikepdf.Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes().decode()
        escaped = words.replace("&", "&amp;").replace("<", "&lt;")
        pdf.Root.Metadata.write(packet.replace("</x:xmpmeta>", f"<!-- {escaped} --></x:xmpmeta>").encode())

    return change


def in_bookmark(words: str) -> Change:
    """``words`` as the title of the first bookmark."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Outlines.First.Title = String(words)

    return change


def in_alternative(words: str, key: str = "/Alt") -> Change:
    """``words`` as alternative text (or another text) of the first paragraph."""

    def change(pdf: pikepdf.Pdf) -> None:
        waiting: list[Any] = [pdf.Root.StructTreeRoot]
        while (element := waiting.pop(0)).get("/S") != Name.P:
            kids = element.get("/K", [])
            each = list(kids) if isinstance(kids, Array) else [kids]
            waiting += [kid for kid in each if isinstance(kid, Dictionary) and "/S" in kid]
        element[key] = String(words)

    return change


def in_link(words: str, key: str) -> Change:
    """``words`` as description of a link, or in its target."""

    def change(pdf: pikepdf.Pdf) -> None:
        link = next(each for page in pdf.pages for each in page.get("/Annots", []))
        if key == "/URI":
            link["/A"] = Dictionary(S=Name.URI, URI=String(f"https://links.example/?to={words}"))
        else:
            link[key] = String(words)

    return change


def in_file(words: str, *, name: bool = False) -> Change:
    """Another file inside, which holds ``words``, or is called so."""

    def change(pdf: pikepdf.Pdf) -> None:
        file = f"{words}.txt" if name else "notes.txt"
        pdf.attachments[file] = pikepdf.AttachedFileSpec(pdf, b"" if name else words.encode(), filename=file)

    return change


def with_script(pdf: pikepdf.Pdf) -> None:
    """Start something when the file is opened."""
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def with_pages_of(other: bytes) -> Change:
    """Put the last page of another report behind the others."""

    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(other)) as source:
            pdf.pages.append(source.pages[-1])

    return change


def without_page(position: int) -> Change:
    """Take a page away."""

    def change(pdf: pikepdf.Pdf) -> None:
        del pdf.pages[position]

    return change


def before_text(page: int, place: int, *operations: tuple[Iterable[float], str], inside: bool = False) -> Change:
    """Put operations of the page description before one piece of text, or inside it, and take them back after it.

    Args:
        page: Position of the page.
        place: Which of its pieces of text (ISO 32000-1, 9.4).
        operations: Operands and operator.
        inside: Whether they stand in the text object itself.
    """

    def change(pdf: pikepdf.Pdf) -> None:
        target = pdf.pages[page]
        done: list[Any] = []
        seen = -1
        for instruction in pikepdf.parse_content_stream(target):
            operator = str(instruction.operator)
            seen += operator == "BT"
            here = seen == place
            if here and operator == "BT" and not inside:
                done += [([], Operator("q")), *_as_operations(operations)]
            done.append((list(instruction.operands), instruction.operator))
            if here and operator == "BT" and inside:
                done += _as_operations(operations)
            if here and operator == "ET" and not inside:
                done.append(([], Operator("Q")))
        target.Contents = pdf.make_stream(pikepdf.unparse_content_stream(done))

    return change


def covered(page: int) -> Change:
    """A white sheet over the middle of a page."""

    def change(pdf: pikepdf.Pdf) -> None:
        target = pdf.pages[page]
        target.contents_add(pdf.make_stream(b"q 1 g 60 200 400 300 re f Q"), prepend=False)

    return change


def _as_operations(operations: Iterable[tuple[Iterable[float], str]]) -> list[tuple[list[Any], Operator]]:
    return [(list(operands), Operator(operator)) for operands, operator in operations]
