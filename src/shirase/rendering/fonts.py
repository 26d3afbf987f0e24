"""Fonts of the reports: found on the machine, named by digest, and made the only ones that Pango can see."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from shirase.domain.errors import PlatformError, Problem


@dataclass(frozen=True, slots=True)
class Family:
    """A family of the stylesheet's stack.

    Attributes:
        name: As fontconfig calls it.
        package: Debian and Ubuntu package that brings it.
        purpose: What cannot be printed without it.
        required: Whether reports can be drawn without it at all; the others only change the look, or stop a report
            that holds a character nobody else has.
    """

    name: str
    package: str
    purpose: str
    required: bool


FAMILIES = (
    Family("BIZ UDPGothic", "fonts-morisawa-bizud-gothic", "text", required=False),
    Family("BIZ UDGothic", "fonts-morisawa-bizud-gothic", "tables", required=False),
    Family("Noto Sans CJK JP", "fonts-noto-cjk", "rare Japanese characters", required=True),
    Family("DejaVu Sans", "fonts-dejavu-core", "Arabic, Hebrew and symbols", required=True),
    Family("Symbola", "fonts-symbola", "emoji", required=False),
)
"""The families of ``templates/report/report.css``, in the order in which a character looks for its glyph."""

_WEIGHTS = {"80": "regular", "200": "bold"}
_FORMAT = "%{file}\t%{index}\t%{family[0]}\t%{weight}\t%{slant}\t%{width}\n"
"""One face a line; a variable font, whose weight is a range, is passed over."""
_UPRIGHT, _NORMAL_WIDTH = "0", 100


@dataclass(frozen=True, slots=True)
class FontFile:
    """One face of a family. ``index`` is its place in a collection, ``digest`` the SHA-256 of the whole file."""

    family: str
    weight: str
    path: Path
    index: int
    digest: str


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces used, and the wished families this machine does not have."""

    files: tuple[FontFile, ...]
    missing: tuple[Family, ...]


def find_fonts() -> FontSet:
    """Ask fontconfig where the families are; in a process that renders already it would see no others.

    Raises:
        PlatformError: When a required family, or fontconfig itself, is missing.
    """
    faces = _faces(_listing())
    present = {family for family, _ in faces}
    missing = [family for family in FAMILIES if family.name not in present]
    lacking = [family for family in missing if family.required]
    if lacking:
        raise PlatformError(
            *(
                Problem(f"the font {family.name} is not installed ({family.purpose})", "fonts",
                        f"apt-get install {family.package}")
                for family in lacking
            )
        )  # fmt: skip
    digests = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path, _ in faces.values()}
    files = [FontFile(family, weight, path, index, digests[path]) for (family, weight), (path, index) in faces.items()]
    order = [family.name for family in FAMILIES]
    return FontSet(tuple(sorted(files, key=lambda file: (order.index(file.family), file.weight))), tuple(missing))


def write_fontconfig(fonts: FontSet, folder: Path) -> Path:
    """Write a fontconfig file that shows ``fonts`` and nothing else, so that no machine falls back differently.

    Args:
        fonts: From :func:`find_fonts`.
        folder: Cache folder; fontconfig keeps its own cache in it as well.

    Returns:
        The file, to be named by ``FONTCONFIG_FILE`` before anything is laid out.
    """
    paths = sorted({file.path for file in fonts.files})
    dirs = sorted({path.parent for path in paths})
    strangers = sorted(_families_in(paths) - {family.name for family in FAMILIES})
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<fontconfig>",
        *(f"<dir>{escape(str(path))}</dir>" for path in dirs),
        f"<cachedir>{escape(str(folder / 'fontconfig'))}</cachedir>",
        "<selectfont>",
        "<rejectfont><glob>*</glob></rejectfont>",
        *(f"<acceptfont><glob>{escape(str(path))}</glob></acceptfont>" for path in paths),
        *(f"<rejectfont><pattern>{_named(name)}</pattern></rejectfont>" for name in strangers),
        "</selectfont>",
        "</fontconfig>",
        "",
    ]
    content = "\n".join(lines)
    name = hashlib.sha256(content.encode()).hexdigest()[:16]
    target = folder / f"fonts-{name}.conf"
    if not target.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".tmp")
        draft.write_text(content, encoding="utf-8")
        draft.replace(target)
    return target


def _named(family: str) -> str:
    return f'<patelt name="family"><string>{escape(family)}</string></patelt>'


def _faces(lines: Iterable[list[str]]) -> dict[tuple[str, str], tuple[Path, int]]:
    """Upright regular and bold faces by family and weight; of several the one of most normal width, then first path."""
    wanted = {family.name for family in FAMILIES}
    faces: dict[tuple[str, str], tuple[Path, int]] = {}
    by_width = sorted(lines, key=lambda line: (abs(int(line[5]) - _NORMAL_WIDTH), line))
    for file, index, family, weight, slant, _ in by_width:
        if family in wanted and weight in _WEIGHTS and slant == _UPRIGHT:
            faces.setdefault((family, _WEIGHTS[weight]), (Path(file), int(index)))
    return faces


def _families_in(paths: list[Path]) -> set[str]:
    names = {str(path) for path in paths}
    return {family for file, _, family, *_ in _listing() if file in names}


def _listing() -> list[list[str]]:
    program = shutil.which("fc-list")
    if program is None:
        raise PlatformError(Problem("fontconfig is not installed", "fc-list", "apt-get install fontconfig"))
    # In a Japanese locale fontconfig would put the Japanese name of a family first.
    environment = os.environ | {"LC_ALL": "C", "FC_LANG": "en"}
    listed = subprocess.run(  # noqa: S603 - a fixed command without input
        [program, "--format", _FORMAT], env=environment, capture_output=True, check=True, encoding="utf-8"
    )
    return [line.split("\t") for line in listed.stdout.splitlines() if line.count("\t") == _FORMAT.count("\t")]
