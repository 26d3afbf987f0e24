"""Everything one running desk is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from shirase.desk.guard import Doors
from shirase.desk.journal_check import JournalCheck
from shirase.desk.library import Library
from shirase.desk.links import LinkFolder
from shirase.desk.sessions import Sessions
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.review_book import ReviewBook


@dataclass(frozen=True, slots=True)
class Proxy:
    """A company proxy that signs people in: believed from this one address, and nobody else.

    Attributes:
        address: IP address from which it connects.
        header: Header in which it names the person.
    """

    address: str
    header: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the person who opens the desk decides.

    Attributes:
        doors: Addresses under which it may be asked.
        case_folder: The case, into which wording may be proposed; None when it is not at hand.
        proxy: Who else signs people in.
        secure: Whether browsers must use TLS for the cookie: behind a proxy, where they do.
    """

    doors: Doors
    case_folder: Path | None = None
    proxy: Proxy | None = None
    secure: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """One incident on the desk."""

    incident_id: str
    output: OutputFolder
    book: ReviewBook
    library: Library
    journal: JournalCheck
    sessions: Sessions
    links: LinkFolder
    setting: Setting
    now: Callable[[], datetime]
    make_copy: Callable[[bytes, bytes], bytes]
    make_draft: Callable[[bytes], bytes]
