"""The documents' links, checked without a network: files and headings inside the repository only."""

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """Every link from a document to a file or heading of the repository finds it."""
    assert find_broken_links(document, root=ROOT) == []


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    """A missing file, a missing heading and a file outside the repository are each reported; good links are not."""
    (tmp_path / "other.md").write_text("# The `run` script, explained\n\n## 用語\n\n## 用語\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "[a](gone.md) [b](other.md#nowhere) [c](../outside.md) ![d](gone.png)\n\n"
        "| table |\n|---|\n| [e](gone-too.md) |\n\n"
        "[f](other.md#the-run-script-explained) [g](other.md#用語-1) [h](https://example.com/gone) [i](mailto:a@example.com)\n",
        encoding="utf-8",
    )
    assert find_broken_links(page, root=tmp_path) == [
        "gone.md",
        "other.md#nowhere",
        "../outside.md",
        "gone.png",
        "gone-too.md",
    ]


def find_broken_links(document: Path, *, root: Path) -> list[str]:
    """Targets in reading order that name no file, or no heading of one, below ``root``."""
    return [target for target in _targets(document) if not _leads_somewhere(target, document=document, root=root)]


def _targets(document: Path) -> list[str]:
    targets = []
    for token in _inline_tokens(document):
        for name in ("href", "src"):
            target = token.attrGet(name)
            if target is not None and not re.match(r"[a-z][a-z0-9+.-]*:", str(target), re.IGNORECASE):
                targets.append(unquote(str(target)))
    return targets


def _leads_somewhere(target: str, *, document: Path, root: Path) -> bool:
    name, _, anchor = target.partition("#")
    file = (document.parent / name).resolve() if name else document
    if not file.exists() or not file.is_relative_to(root):
        return False
    return not anchor or anchor in _anchors(file)


def _anchors(document: Path) -> set[str]:
    """Anchors as GitHub makes them: lower case, no punctuation, hyphens for spaces, a number for a repeated one."""
    seen: dict[str, int] = {}
    anchors = set()
    tokens = _parse(document)
    for opening, content in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(child.content for child in content.children or [])
            anchor = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            repeats = seen.get(anchor, 0)
            seen[anchor] = repeats + 1
            anchors.add(f"{anchor}-{repeats}" if repeats else anchor)
    return anchors


def _inline_tokens(document: Path) -> list[Token]:
    return [child for token in _parse(document) for child in token.children or []]


def _parse(document: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(document.read_text(encoding="utf-8"))
