"""Why an action took place, as its customer may see it: the logged ticket held against the register of tickets."""

from dataclasses import dataclass

from shirase.domain.action import SupportAction
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
        shared: Whether the action touched other customers too; then nothing of its reason is shown.
    """
    if shared:
        return ShownReason(None, None, TicketCheck(TicketMatch.WITHHELD))
    logged = action.justification
    ticket_id, text = (logged.ticket_id, logged.text) if logged is not None else (None, None)
    if ticket_id is None or not ticket_id.strip():
        ticket_id, ticket = None, TicketCheck(TicketMatch.NONE)
    elif register is None:
        ticket = TicketCheck(TicketMatch.UNCHECKED)
    else:
        ticket = register.check(ticket_id, customer_id, action.time)
    foreign = ticket.match is TicketMatch.NOT_YOURS
    if text is not None and (foreign or (register is not None and register.names_another(text, customer_id))):
        return ShownReason(None if foreign else ticket_id, None, ticket, text_withheld=True)
    return ShownReason(None if foreign else ticket_id, text, ticket)
