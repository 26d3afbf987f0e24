"""Markdown as people write it for a case: which of it may be written, how it is divided, and what values it names."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shirase.domain.errors import CaseError, Problem

_PLACEHOLDER = re.compile(r"\{\{ ?([a-z][a-z0-9_]*) ?\}\}")
_TEMPLATE_MARK = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")

_WRITABLE = frozenset(
    {
        "paragraph_open", "bullet_list_open", "ordered_list_open", "list_item_open", "strong_open",
        "inline", "text", "softbreak", "hardbreak",
    }
)  # fmt: skip
_BLOCKS = frozenset({"paragraph_open", "list_item_open"})
_STANDING = frozenset({("paragraph_open", 0), ("list_item_open", 1)})
_LIST_MARK = re.compile(r" {0,3}(?:[-*+]|\d{1,9}[.)]) +")

MARKDOWN = MarkdownIt("commonmark", {"html": False})


def placeholders_of(markdown: str) -> set[str]:
    """The values that ``markdown`` names.

    Raises:
        CaseError: When it holds template syntax other than ``{{ name }}``.
    """
    return set(_PLACEHOLDER.findall(checked(markdown)))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or an item of a list, that stands by itself; what is nested in an item belongs to it.

    Attributes:
        start: First line, from 0.
        end: Line after the last.
        lead: What opens it: the mark of a list item with its spaces, or nothing.
        text: Without its lead, further lines as far to the left as the first.
    """

    start: int
    end: int
    lead: str
    text: str


@lru_cache(maxsize=1024)  # `preview --watch` reads the case at each save
def block_shapes(markdown: str) -> tuple[str, ...]:
    """The kinds and depths of all paragraphs and list items, in order: equal for texts that are divided alike.

    Raises:
        CaseError: When it holds anything but paragraphs, lists and bold.
    """
    return tuple(
        f"{token.type.removesuffix('_open')} {token.level}"
        for token in parse_markdown(markdown)
        if token.type in _BLOCKS and not token.hidden
    )


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """The blocks of ``markdown``, in order; between them stand empty lines only.

    Raises:
        CaseError: When it holds anything but paragraphs, lists and bold.
    """
    lines = _lines(markdown)
    found = []
    for token in parse_markdown(markdown):
        if (token.type, token.level) in _STANDING and token.map:
            start, end = token.map
            while end > start + 1 and not lines[end - 1].strip():
                end -= 1
            mark = _LIST_MARK.match(lines[start]) if token.type == "list_item_open" else None
            lead = mark[0] if mark else ""
            rest = [line.removeprefix(" " * len(lead)) for line in lines[start + 1 : end]]
            found.append(Block(start, end, lead, "\n".join([lines[start].removeprefix(lead), *rest])))
    return tuple(found)


def replace_blocks(markdown: str, texts: Mapping[int, str]) -> str:
    """``markdown`` with other texts in some of its blocks, by their position from 0; all else stays as it is."""
    lines = _lines(markdown)
    for position, block in reversed(list(enumerate(blocks_of(markdown)))):
        if position in texts:
            first, *rest = _lines(texts[position].strip())
            indent = " " * len(block.lead)
            lines[block.start : block.end] = [block.lead + first, *(indent + line if line else "" for line in rest)]
    return "\n".join(lines)


def checked(text: str) -> str:
    """``text`` itself, once nothing in it looks like a template but the values it names.

    Raises:
        CaseError: With every other template mark and its line.
    """
    rest = _PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    problems = [
        Problem(
            f"{mark.group()!r} is neither text nor a value",
            f"line {rest.count(chr(10), 0, mark.start()) + 1}",
            "write values as {{ name }}: lower case, nothing else between the braces",
        )
        for mark in _TEMPLATE_MARK.finditer(rest)
    ]
    if problems:
        raise CaseError(*problems)
    return text


def parse_markdown(markdown: str) -> list[Token]:
    """The tokens of ``markdown``.

    Raises:
        CaseError: When it holds anything but paragraphs, lists, bold and values.
    """
    tokens = MARKDOWN.parse(checked(markdown))
    problems = [
        Problem(
            f"a narrative has no {token.type.removesuffix('_open').replace('_', ' ')}",
            f"line {line}",
            "write paragraphs, lists and **bold** only",
        )
        for token, line in _walk(tokens)
        if token.type not in _WRITABLE and not token.type.endswith("_close")
    ]
    if problems:
        raise CaseError(*problems)
    return tokens


def _walk(tokens: list[Token], line: int = 1) -> Iterator[tuple[Token, int]]:
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        yield token, line
        yield from _walk(token.children or [], line)


def _lines(text: str) -> list[str]:
    """Lines as Markdown counts them; other characters that break lines elsewhere break none here."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
