"""The public statement before anybody publishes it: both languages say the same, and nobody's customer is named."""

from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser

from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.inspection.languages import block_findings
from shirase.inspection.leaks import Carrier, LeakGate
from shirase.inspection.letters import Block

_BLOCKS = frozenset({"h1", "h2", "p", "li", "th", "td", "caption"})
_UNREAD = frozenset({"style", "script", "title"})


def statement_findings(pages: Mapping[Language, str], others: Iterable[Carrier], gate: LeakGate) -> Iterator[Finding]:
    """Objections to the pages of a statement.

    Args:
        pages: HTML by language.
        others: Every other file of the pack.
        gate: All identifiers of the case: to the public, every customer is another customer.
    """
    blocks = {language: _blocks(page) for language, page in pages.items()}
    ja, en = blocks[Language.JA], blocks[Language.EN]
    if [block.kind for block in ja] != [block.kind for block in en]:
        what = f"{len(ja)} paragraphs, items and cells in Japanese, {len(en)} in English"
        yield Finding("sections-differ", "statement", what, "divide both texts alike")
    for number, (one, other) in enumerate(zip(ja, en, strict=False), start=1):
        yield from block_findings(f"statement, {one.kind.lower()} {number}", one, other)
    carriers = [Carrier(f"statement.{language}.html", page) for language, page in pages.items()]
    said = [
        Carrier(f"statement.{language}.html, text", "\n".join(block.text for block in blocks[language]))
        for language in pages
    ]
    yield from gate.findings("", (*carriers, *said, *others), ())


def _blocks(page: str) -> list[Block]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [block for block in reader.blocks if block.text.strip()]


class _Reader(HTMLParser):
    """The text of each paragraph, item and cell of our own flat pages; none stands inside another."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._open = False
        self._unread = 0

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self._unread += tag in _UNREAD
        if tag in _BLOCKS:
            self.blocks.append(Block(tag.upper(), "", 0))
            self._open = True
        elif tag == "br" and self._open:
            self.blocks[-1].text += "\n"

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in _UNREAD
        if tag in _BLOCKS:
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open and not self._unread:
            self.blocks[-1].text += data
