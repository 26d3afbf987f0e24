from pathlib import Path

import pytest

from shirase.rendering.fonts import FAMILIES, FontSet, find_fonts, write_fontconfig
from shirase.rendering.glyphs import read_glyphs, write_characters


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """All fonts of the machine are visible, also where a test before has made this process a renderer."""
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)


def test_required_fonts_are_found_with_their_digests() -> None:
    """Every required family is found in regular and bold, each file with its SHA-256."""
    fonts = find_fonts()
    found = {(file.family, file.weight) for file in fonts.files}
    for family in FAMILIES:
        if family.required:
            assert {(family.name, "regular"), (family.name, "bold")} <= found
    assert all(len(file.digest) == 64 for file in fonts.files)
    assert {family.name for family in fonts.missing} == {family.name for family in FAMILIES} - {
        name for name, _ in found
    }


def test_the_fontconfig_file_names_the_fonts_and_is_written_once(tmp_path: Path) -> None:
    """The file accepts exactly the fonts found; asking again gives the same file."""
    fonts = find_fonts()
    path = write_fontconfig(fonts, tmp_path)
    content = path.read_text(encoding="utf-8")
    assert all(f"<acceptfont><glob>{file.path}</glob></acceptfont>" in content for file in fonts.files)
    assert "Noto Sans CJK KR" in content.partition("<rejectfont><pattern>")[2]
    assert write_fontconfig(fonts, tmp_path) == path


def test_known_characters_are_those_of_the_fonts(tmp_path: Path) -> None:
    """Japanese, rare ideographs, Arabic and Hebrew have glyphs; line ends and selectors need none; Thai has none."""
    glyphs = read_glyphs(write_characters(find_fonts(), tmp_path))
    assert glyphs.missing_characters("操作 A 𠮷 髙 﨑 ⟦⟧ ع ש\n\u200d\ufe0f\U000e0100") == set()
    assert glyphs.missing_characters("a\u0e01") == {"\u0e01"}


def test_no_fonts_know_no_characters(tmp_path: Path) -> None:
    """Without fonts every character is missing: the check is not vacuous."""
    assert read_glyphs(write_characters(FontSet((), FAMILIES), tmp_path)).missing_characters("a") == {"a"}
