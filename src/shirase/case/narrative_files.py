"""The paired narrative: one Markdown file for each section and language, saying the same."""

from pathlib import Path

from shirase.case.problems import Reading, place
from shirase.case.written_files import WrittenFile, read_written
from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import CaseError, Problem
from shirase.domain.incident import NarrativeSection
from shirase.domain.narrative import NARRATIVE_SECTIONS, OPTIONAL_SECTIONS
from shirase.text.markdown import block_shapes, placeholders_of

FOLDER = "narrative"


def read_narrative(
    folder: Path, needed: frozenset[str], values: frozenset[str]
) -> tuple[Reading[tuple[NarrativeSection, ...]], tuple[WrittenFile, ...]]:
    """Read every section below ``folder`` (the case), in the order of the report, and the files it stands in.

    Args:
        folder: The case.
        needed: Optional sections that this case must have; others are read where they are.
        values: Names that texts may use as placeholders.
    """
    sections: list[NarrativeSection] = []
    files: list[WrittenFile] = []
    problems = list(_strangers(folder))
    present = {path.name.partition(".")[0] for path in (folder / FOLDER).glob("*.md")}
    for name in (*NARRATIVE_SECTIONS, *(name for name in OPTIONAL_SECTIONS if name in needed | present)):
        readings = {language: read_written(folder, f"{FOLDER}/{name}.{language}.md") for language in Language}
        problems += [problem for reading in readings.values() for problem in reading.problems]
        texts = {language: reading.value for language, reading in readings.items() if reading.value is not None}
        files += texts.values()
        if len(texts) == len(Language):
            ja, en = texts[Language.JA], texts[Language.EN]
            found = check_pair(ja, en, values)
            problems += found
            if not found:
                sections.append(NarrativeSection(name=name, text=Paired(ja=ja.text, en=en.text)))
    return Reading(None if problems else tuple(sections), tuple(problems)), tuple(files)


def check_pair(ja: WrittenFile, en: WrittenFile, values: frozenset[str]) -> tuple[Problem, ...]:
    """What is wrong with either text, or differs between the two; ``values`` are the names they may use."""
    shapes = [_shape(file, values) for file in (ja, en)]
    problems = tuple(problem for shape in shapes for problem in shape.problems)
    if any(shape.value is None for shape in shapes):
        return problems
    (names_ja, blocks_ja), (names_en, blocks_en) = (shape.value or (frozenset[str](), ()) for shape in shapes)
    both = f"{ja.path} and {en.path}"
    only_ja, only_en = ", ".join(sorted(names_ja - names_en)), ", ".join(sorted(names_en - names_ja))
    if names_ja != names_en:
        what = f"the values named differ (only in Japanese: {only_ja or 'none'}; only in English: {only_en or 'none'})"
        problems += (Problem(what, both, "name the same values in both languages"),)
    if blocks_ja != blocks_en:
        what = f"Japanese has {len(blocks_ja)} paragraphs and list items, English {len(blocks_en)}"
        if len(blocks_ja) == len(blocks_en):
            what = "paragraphs and list items do not stand in the same order"
        problems += (Problem(what, both, "divide both texts alike"),)
    return problems


def _shape(file: WrittenFile, values: frozenset[str]) -> Reading[tuple[frozenset[str], tuple[str, ...]]]:
    """The values a text names, and the shapes of its blocks."""
    if not file.text.strip():
        return Reading(None, (Problem("the text is empty", file.path, "write at least one sentence"),))
    try:
        names, blocks = frozenset(placeholders_of(file.text)), block_shapes(file.text)
    except CaseError as error:
        return Reading(
            None, tuple(Problem(found.what, f"{file.path}, {found.where}", found.mend) for found in error.problems)
        )
    known = ", ".join(sorted(values))
    unknown = tuple(
        Problem(f"no value is called {name!r}", place(file.path, key=f"{{{{ {name} }}}}"), f"one of: {known}")
        for name in sorted(names - values)
    )
    return Reading((names, blocks), unknown)


def _strangers(folder: Path) -> list[Problem]:
    names = (*NARRATIVE_SECTIONS, *OPTIONAL_SECTIONS)
    expected = {f"{name}.{language}.md" for name in names for language in Language}
    found = sorted(path.name for path in (folder / FOLDER).glob("*") if not path.name.startswith("."))
    mend = f"remove it; the sections are {', '.join(names)}, each as <section>.ja.md and <section>.en.md"
    return [Problem("no such section is printed", f"{FOLDER}/{name}", mend) for name in found if name not in expected]
