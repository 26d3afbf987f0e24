"""Putting a desk together, from an output folder and a ledger."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.desk.journal_check import JournalCheck
from shirase.desk.library import Library
from shirase.desk.links import LinkFolder
from shirase.desk.sessions import Sessions
from shirase.desk.state import Desk, Setting
from shirase.domain.standing import Anchor, Standing
from shirase.pipeline.circulate import draft_fonts, marked, review_copy
from shirase.pipeline.incident_review import Sharing
from shirase.pipeline.review_book import ReviewBook


@dataclass(frozen=True, slots=True)
class Tools:
    """Clock and chance, which ``wiring`` picks."""

    now: Callable[[], datetime]
    token: Callable[[], str]


def link_folder(folder: Path, tools: Tools) -> LinkFolder:
    """Where the links of an incident wait: below its output folder, for its owner only."""
    return LinkFolder(folder / ".work" / "links", tools.now, tools.token)


def put_together(library: Library, book: ReviewBook, setting: Setting, tools: Tools) -> Desk:
    """The desk of one incident.

    Args:
        library: What is read of its reports.
        book: Its ledger.
        setting: What the person who opens it decides.
        tools: Clock and chance.

    Raises:
        PlatformError: When a font for the marked copies is missing.
    """
    fonts = draft_fonts()
    root = library.output.root
    return Desk(
        incident_id=root.resolve().name,
        output=library.output,
        book=book,
        library=library,
        journal=JournalCheck(book, tools.now),
        sessions=Sessions(tools.now, tools.token),
        links=link_folder(root, tools),
        setting=setting,
        now=tools.now,
        make_copy=lambda pdf, data: review_copy(pdf, data, fonts),
        make_draft=lambda pdf: marked(pdf, fonts),
    )


def shares_text(library: Library, standings: Callable[[], Sequence[Standing]]) -> Sharing:
    """How a comment finds the other reports with the same text: by its key, in their current revisions."""

    def sharing(report_id: str, anchor: Anchor) -> Sequence[str]:
        return library.sharing(standings(), report_id, anchor.key) if anchor.key else ()

    return sharing


def warm_up(desk: Desk) -> None:
    """Read the whole batch once, so that the first reviewer does not wait for it.

    What was read lives as long as the desk: the cyclic garbage collector is told to leave it alone. Looking through it
    took half a second each time with 10,000 reports, in the middle of somebody's request.
    """
    desk.library.shapes(desk.book.standings())
    desk.journal.verify()
    gc.collect()
    gc.freeze()
