"""Text of a finished PDF changed in its bytes: another digit drawn, a glyph without a shape."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

_CHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one glyph is drawn: the page, the operation of its description, the piece of its text, and its position."""

    page: int
    operation: int
    piece: int
    position: int
    font: str


def codes_of(font: Any) -> dict[int, str]:
    """What each two-byte code of a font stands for, by its ToUnicode map (ISO 32000-1, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", font.ToUnicode.read_bytes(), re.DOTALL):
        for code, text in _CHAR.findall(block):
            found[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
    return found


def digits(pdf: pikepdf.Pdf) -> Iterator[tuple[Place, str]]:
    """Every digit that is drawn, and where."""
    for number, page in enumerate(pdf.pages):
        fonts = {name: codes_of(font) for name, font in page.Resources.get("/Font", {}).items()}
        current = ""
        for operation, instruction in enumerate(pikepdf.parse_content_stream(page)):
            if str(instruction.operator) == "Tf":
                current = str(instruction.operands[0])
            for piece, content in enumerate(_pieces(instruction)):
                for position in range(0, len(content) - 1, 2):
                    text = fonts.get(current, {}).get(int.from_bytes(content[position : position + 2]), "")
                    if len(text) == 1 and text in "0123456789":
                        yield Place(number, operation, piece, position, current), text


def with_other_digit(pdf: pikepdf.Pdf, place: Place, drawn: str, random: Random) -> str:
    """Draw another digit at ``place``, and say which."""
    page = pdf.pages[place.page]
    codes = codes_of(page.Resources.Font[place.font])
    others = {text: code for code, text in codes.items() if text in "0123456789" and len(text) == 1 and text != drawn}
    other = random.choice(sorted(others))
    instructions = list(pikepdf.parse_content_stream(page))
    instruction = instructions[place.operation]
    pieces = list(_pieces(instruction))
    changed = bytearray(pieces[place.piece])
    changed[place.position : place.position + 2] = others[other].to_bytes(2)
    operands = _with_piece(instruction, place.piece, bytes(changed))
    instructions[place.operation] = pikepdf.ContentStreamInstruction(operands, instruction.operator)
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))
    return other


def without_shape(pdf: pikepdf.Pdf, random: Random) -> str:
    """Empty the outline of one letter that is drawn, and say which."""
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()}
    candidates = []
    for font in fonts.values():
        descriptor: Any = font.DescendantFonts[0].FontDescriptor if "/DescendantFonts" in font else {}
        if "/FontFile2" in descriptor:
            candidates += [(descriptor, code, text) for code, text in codes_of(font).items() if text.isalnum()]
    random.shuffle(candidates)
    for descriptor, code, text in candidates:
        program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()))
        name = program.getGlyphOrder()[code] if code < len(program.getGlyphOrder()) else ""
        if name and program["glyf"][name].numberOfContours:
            program["glyf"][name] = Glyph()
            target = io.BytesIO()
            program.save(target)
            descriptor.FontFile2.write(target.getvalue())
            return str(text)
    raise AssertionError("no letter has a shape")


def _pieces(instruction: Any) -> Iterator[bytes]:
    operator = str(instruction.operator)
    if operator == "Tj":
        yield bytes(instruction.operands[0])
    elif operator == "TJ":
        yield from (bytes(part) for part in instruction.operands[0] if isinstance(part, pikepdf.String))


def _with_piece(instruction: Any, wanted: int, content: bytes) -> list[Any]:
    if str(instruction.operator) == "Tj":
        return [pikepdf.String(content)]
    parts, seen = [], -1
    for part in instruction.operands[0]:
        seen += isinstance(part, pikepdf.String)
        parts.append(pikepdf.String(content) if isinstance(part, pikepdf.String) and seen == wanted else part)
    return [pikepdf.Array(parts)]
