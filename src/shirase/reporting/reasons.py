"""Why an action took place, as its customer may see it: the logged ticket held against the register of tickets."""

from dataclasses import dataclass

from shirase.domain.action import SupportAction
from shirase.domain.clues import ClueKind
from shirase.domain.tickets import TicketCheck, TicketMatch, TicketRegister


@dataclass(frozen=True, slots=True)
class ShownReason:
    """The reason of one action as far as it may be shown.

    Attributes:
        ticket_id: Ticket as logged, or None.
        text: Free words as logged, or None.
        ticket: What the register says about the ticket.
        text_withheld: Whether free words were logged that are left out because of another customer's ticket.
    """

    ticket_id: str | None
    text: str | None
    ticket: TicketCheck
    text_withheld: bool = False


def shown_reason(
    action: SupportAction, register: TicketRegister | None, customer_id: str, *, shared: bool
) -> ShownReason:
    """The reason of ``action`` for ``customer_id``.

    A ticket's number identifies the customer it belongs to: another customer's is never shown, nor are the free words
    beside it, nor free words that name one.

    Args:
        action: The action.
        register: The register of tickets; None when the case has none, and then no ticket can be judged.
        customer_id: Whose report it is.
        shared: Whether the action touched other customers too; then nothing of its reason is shown but that there is
            none.
    """
    if shared:
        named = _ticket_named(action, register, customer_id) is not None
        return ShownReason(None, None, TicketCheck(TicketMatch.WITHHELD if named else TicketMatch.NONE))
    text = action.justification.text if action.justification is not None else None
    ticket_id = _ticket_named(action, register, customer_id)
    if ticket_id is None:
        ticket = TicketCheck(TicketMatch.NONE)
    elif register is None:
        ticket = TicketCheck(TicketMatch.UNCHECKED)
    else:
        ticket = register.check(ticket_id, customer_id, action.time)
    foreign = ticket.match is TicketMatch.NOT_YOURS
    if text is not None and (foreign or (register is not None and register.names_another(text, customer_id))):
        return ShownReason(None if foreign else ticket_id, None, ticket, text_withheld=True)
    return ShownReason(None if foreign else ticket_id, text, ticket)


def _ticket_named(action: SupportAction, register: TicketRegister | None, customer_id: str) -> str | None:
    """The ticket that the log gives as the reason, or else one that the record is about: this customer's before others.

    A call, a message or an issue has no field for a reason; the ticket it names is what it was about.
    """
    logged = action.justification.ticket_id if action.justification is not None else None
    if logged is not None and logged.strip():
        return logged
    named = [clue.value for clue in action.clues if clue.kind is ClueKind.TICKET and clue.value.strip()]
    own = (number for number in named if register is not None and register.belongs_to(number, customer_id))
    return next(own, named[0] if named else None)
