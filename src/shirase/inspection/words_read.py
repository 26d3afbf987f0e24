"""Edge: the words of a finished report by section and language. Annex A, nine tenths of the pages, is not read here."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
import pypdfium2

from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadBlock, ReadSection
from shirase.inspection.finished import Element, UnreadablePdfError, read_element, structure_kids
from shirase.inspection.letters import HEADING, annex_letter, annex_of, annex_pairs, whole_letter_blocks_of
from shirase.inspection.page_text import PageText, read_some_pages

_LISTED = "A"
"""The annex of rows: they are read from the data copy, which the inspection has held against the pages."""


def read_words(content: bytes) -> tuple[ReadSection, ...]:
    """Every section of the letters in either language, then the annexes but the list of actions.

    Raises:
        UnreadablePdfError: When the bytes are no PDF, or none with a structure.
    """
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return tuple(_sections(_parts(pdf, content)))
    except (pypdfium2.PdfiumError, pikepdf.PdfError, AttributeError, KeyError, OSError) as error:
        raise UnreadablePdfError(str(error)) from error


def _parts(pdf: pikepdf.Pdf, content: bytes) -> list[Element]:
    """The structure page by page, without that of Annex A."""
    skipped = _listed_pages(pdf)
    wanted = [number for number in range(1, len(pdf.pages) + 1) if number not in skipped]
    read = {page.number: page for page in read_some_pages(content, wanted)}
    texts = {
        page.obj.objgen: read.get(number, PageText(number, 0, 0, "")) for number, page in enumerate(pdf.pages, start=1)
    }
    tree: Any = pdf.Root.StructTreeRoot
    parts = []
    for document in structure_kids(tree):
        language = str(document.get("/Lang", pdf.Root.get("/Lang", "")))
        for part in structure_kids(document):
            page = _first_page(part)
            number = texts[page].number if page in texts else 0
            if number not in skipped:
                parts.append(read_element(part, language, None, (texts, [])))
    return parts


def _listed_pages(pdf: pikepdf.Pdf) -> range:
    """Pages of Annex A, by the outline."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    begins: dict[str, int] = {}
    with pdf.open_outline() as outline:
        for item in outline.root:
            letter = annex_letter(item.title)
            destination: Any = item.destination
            if letter and destination is not None:
                begins[letter] = numbers.get(destination[0].objgen, 0)
    if _LISTED not in begins:
        return range(0)
    after = [page for page in begins.values() if page > begins[_LISTED]]
    return range(begins[_LISTED], min(after, default=len(pdf.pages) + 1))


def _first_page(raw: Any) -> tuple[int, int] | None:
    if "/Pg" in raw:
        return raw.Pg.objgen  # type: ignore[no-any-return]
    for kid in structure_kids(raw):
        if not isinstance(kid, int) and (found := _first_page(kid)) is not None:
            return found
    return None


def _sections(parts: list[Element]) -> Iterator[ReadSection]:
    letters = [part for part in parts if not annex_of(part)]
    first_annex = next((position for position, part in enumerate(parts) if annex_of(part)), len(parts))
    languages = dict.fromkeys(part.language for part in letters[:first_annex] if part.language in tuple(Language))
    for language in languages:
        yield from _letter(parts[:first_annex], Language(language))
    annexes: dict[str, list[Element]] = {}
    letter = ""
    for part in parts[first_annex:]:
        letter = annex_of(part) or letter
        annexes.setdefault(letter, []).append(part)
    for name, pages in annexes.items():
        pairs = list(annex_pairs(pages))
        for target in Language:
            blocks = [pair.ja if target is Language.JA else pair.en for pair in pairs]
            said = tuple(ReadBlock(block.kind, block.text, block.page) for block in blocks if block.text)
            yield ReadSection(name, "", target, said)


def _letter(parts: list[Element], language: Language) -> Iterator[ReadSection]:
    number, title, blocks = "0", "", list[ReadBlock]()
    for block in whole_letter_blocks_of([part for part in parts if part.language == language], language):
        heading = HEADING.match(block.text) if block.kind == "H2" else None
        if heading is None:
            blocks.append(ReadBlock(block.kind, block.text, block.page, begins_row=block.begins_row))
            continue
        yield ReadSection(number, title, language, tuple(blocks))
        number, title, blocks = heading[1], block.text[heading.end() :], []
    yield ReadSection(number, title, language, tuple(blocks))
