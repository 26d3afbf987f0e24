"""Opening a ledger, and what it is made of."""

from dataclasses import dataclass
from pathlib import Path

from shirase.domain.errors import Problem, UsageError
from shirase.domain.journal import Break
from shirase.ledger.database import Place, connect
from shirase.ledger.decisions import Decisions
from shirase.ledger.deliveries import Deliveries
from shirase.ledger.drafts import Drafts
from shirase.ledger.overview import Overview
from shirase.ledger.people import People
from shirase.ledger.recipient_lists import RecipientLists
from shirase.ledger.schema import migrate
from shirase.ledger.steps import Steps
from shirase.ledger.talk import Talk
from shirase.ledger.verify import find_all_breaks
from shirase.ledger.witness import Witness
from shirase.ledger.writing import Store, Tools


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one incident.

    Attributes:
        place: Where it is kept.
        people: Operators, and the rules of approval.
        drafts: Registering and submitting.
        decisions: Approve, return, break the glass, seal, send, withdraw.
        recipients: Lists of recipients and who approved them.
        deliveries: What was sent to whom, and what became of it.
        talk: Holds, comments, what was opened.
        steps: The lock of steps that change reports.
        overview: Everything that is read.
    """

    place: Place
    people: People
    drafts: Drafts
    decisions: Decisions
    recipients: RecipientLists
    deliveries: Deliveries
    talk: Talk
    steps: Steps
    overview: Overview
    _store: Store

    def find_breaks(self, noted: tuple[int, str] | None = None) -> list[Break]:
        """Every place at which journal, state or the second place of the heads is not what it was."""
        with self._store.read() as connection:
            return find_all_breaks(connection, self.place, self._store.witness, noted)

    def close(self) -> None:
        """Close its connections."""
        self._store.engine.dispose()


def open_ledger(place: Place, witness: Path, tools: Tools, *, create: bool = True) -> Ledger:
    """The ledger at ``place``, its tables brought up to date.

    Args:
        place: Where it is kept.
        witness: File that keeps the heads of the chain in a second place.
        tools: Clock and new names.
        create: Whether to begin one where there is none.

    Raises:
        UsageError: When there is none, and none is to be begun.
        PlatformError: When the database cannot be used.
    """
    if not create and place.file is not None and not place.file.exists():
        mend = "`shirase operators add NAME --role responder --as NAME` begins one"
        raise UsageError(Problem("there is no ledger here yet", place.shown, mend))
    engine = connect(place)
    try:
        migrate(engine, place)
    except BaseException:
        engine.dispose()
        raise
    store = Store(engine, place, Witness(witness), tools)
    return Ledger(
        place, People(store), Drafts(store), Decisions(store), RecipientLists(store), Deliveries(store), Talk(store),
        Steps(store), Overview(store), store,
    )  # fmt: skip
