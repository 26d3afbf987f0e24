"""Every text that a case has in both languages: where it stands, and how another text is put in its place."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import tomlkit
from tomlkit.items import Item

from shirase.case.problems import dotted
from shirase.case.written_files import WrittenFile
from shirase.domain.bilingual import Language
from shirase.domain.translation import TranslationUnit
from shirase.text.markdown import block_shapes, blocks_of, replace_blocks

Keys = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Translatable:
    """A unit and the spot it stands at.

    Attributes:
        unit: Both texts.
        file: File of the translation, below the case.
        keys: Where in a TOML file its table ``{ ja, en }`` is; empty for Markdown.
        block: Position of its block in Markdown, from 0; None when the two texts are divided differently and can only
            be taken as a whole.
    """

    unit: TranslationUnit
    file: str
    keys: Keys = field(default=())
    block: int | None = None


def translatables_of(files: Mapping[str, WrittenFile], drafted_in: Language) -> tuple[Translatable, ...]:
    """Every text of ``files`` (by path below the case) in both languages, in order of files and places.

    A text without its counterpart is a problem for the reader of the case, and none of these.

    Raises:
        tomllib.TOMLDecodeError: When a file is not TOML.
        CaseError: When a narrative holds what it may not.
    """
    found: list[Translatable] = []
    for path in sorted(files):
        if path.endswith(".toml"):
            found += _of_toml(path, tomllib.loads(files[path].text), drafted_in)
        elif path.endswith(f".{drafted_in}.md"):
            target = f"{path.removesuffix(f'{drafted_in}.md')}{_other(drafted_in)}.md"
            if target in files:
                found += _of_narrative(files[path], files[target])
    return tuple(found)


def replace_texts(file: WrittenFile, changes: Sequence[tuple[Translatable, str]], drafted_in: Language) -> str:
    """The text of ``file`` with other translations at the spots named; comments and all else stay."""
    if file.path.endswith(".toml"):
        document = tomlkit.parse(file.text)
        for spot, text in changes:
            table: Any = document
            for key in spot.keys:
                table = table[key]
            table[str(_other(drafted_in))] = _toml_text(text)
        return tomlkit.dumps(document)
    whole = next((text for spot, text in changes if spot.block is None), None)
    if whole is not None:
        return f"{whole.strip()}\n"
    return replace_blocks(file.text, {spot.block: text for spot, text in changes if spot.block is not None})


def _toml_text(text: str) -> Item:
    return tomlkit.string(text, multiline="\n" in text)


def _other(language: Language) -> Language:
    return Language.EN if language is Language.JA else Language.JA


def _of_toml(path: str, document: Any, drafted_in: Language) -> Iterator[Translatable]:
    for keys, table in _pairs(document, ()):
        unit = TranslationUnit(f"{path} {dotted(keys)}", table[drafted_in].strip(), table[_other(drafted_in)].strip())
        yield Translatable(unit, path, keys)


def _pairs(value: Any, keys: Keys) -> Iterator[tuple[Keys, dict[str, str]]]:
    if isinstance(value, dict):
        if all(isinstance(value.get(language), str) for language in Language):
            yield keys, value
        for key, inner in value.items():
            yield from _pairs(inner, (*keys, key))
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _pairs(inner, (*keys, position))


def _of_narrative(source: WrittenFile, target: WrittenFile) -> Iterator[Translatable]:
    name = source.path.rpartition(".")[0].rpartition(".")[0]
    if block_shapes(source.text) != block_shapes(target.text):
        yield Translatable(TranslationUnit(name, source.text.strip(), target.text.strip()), target.path)
        return
    pairs = zip(blocks_of(source.text), blocks_of(target.text), strict=True)
    for position, (ours, theirs) in enumerate(pairs):
        unit = TranslationUnit(f"{name}, block {position + 1}", ours.text.strip(), theirs.text.strip())
        yield Translatable(unit, target.path, block=position)
