"""``recipients.csv`` and ``delivery.toml``: who receives reports, and how. No report depends on them.

They are read apart from the rest of the case: a corrected address makes no report outdated, and a list that nobody has
finished yet stops no draft.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from shirase.case.problems import Reading
from shirase.case.tables import Table, read_table
from shirase.case.toml_files import read_toml
from shirase.case.written_files import read_written
from shirase.domain.customer import CustomerRegister
from shirase.domain.delivery_settings import DeliverySettings
from shirase.domain.errors import CaseError, Problem
from shirase.domain.recipients import Recipient, RecipientList, list_problems

RECIPIENTS, DELIVERY = "recipients.csv", "delivery.toml"

COLUMNS = tuple(Recipient.model_fields)
"""The header of ``recipients.csv``, in order."""


@dataclass(frozen=True, slots=True)
class _Rows:
    table: Table[Recipient]
    entries: tuple[Recipient, ...]


def read_recipients(
    folder: Path, customers: CustomerRegister, *, addressed: Iterable[str], today: date
) -> RecipientList:
    """The recipients of a case, fit to be sent to.

    Args:
        folder: Of the case.
        customers: Of the case.
        addressed: Customers whose reports are to be sent.
        today: To tell how old a check is.

    Raises:
        CaseError: With every problem of every row.
    """
    reading = _read_rows(folder)
    if reading.value is None:
        raise CaseError(*reading.problems)
    rows = reading.value
    found = list_problems(rows.entries, customers.by_id, addressed=addressed, today=today)
    problems = [
        Problem(each.what, each.where if index is None else f"{rows.table.where(index)}, {each.where}", each.mend)
        for index, each in found
    ]
    if problems:
        raise CaseError(*problems)
    return RecipientList(rows.entries, customers.by_id)


def read_delivery_settings(folder: Path) -> DeliverySettings:
    """How the mails of a case are sent.

    Raises:
        CaseError: With every problem of the file.
    """
    file = read_written(folder, DELIVERY)
    reading = read_toml(file.value, DeliverySettings) if file.value is not None else Reading(None, file.problems)
    if reading.value is None:
        raise CaseError(*reading.problems)
    return reading.value


def delivery_file_problems(folder: Path) -> Iterator[Problem]:
    """What stands against these files by themselves, as far as they are there."""
    if (folder / RECIPIENTS).exists():
        yield from _read_rows(folder).problems
    if (folder / DELIVERY).exists():
        try:
            read_delivery_settings(folder)
        except CaseError as error:
            yield from error.problems


def _read_rows(folder: Path) -> Reading[_Rows]:
    file = read_written(folder, RECIPIENTS)
    if file.value is None:
        return Reading(None, file.problems)
    reading = read_table(file.value, Recipient, COLUMNS)
    if reading.value is None:
        return Reading(None, reading.problems)
    table, entries, problems = reading.value, list[Recipient](), list[Problem]()
    for index, entry in enumerate(table.entries):
        try:
            entries.append(entry.model_copy(update={"address": sendable(entry.address)}))
        except ValueError as error:
            mend = "write one mailbox, such as security@customer.example"
            problems.append(Problem(f"{entry.address!r}: {error}", f"{table.where(index)}, address", mend))
    return Reading(None, tuple(problems)) if problems else Reading(_Rows(table, tuple(entries)))


def sendable(address: str) -> str:
    """``address`` as it is sent to: its domain as A-labels (RFC 5891) in small letters, nothing else changed.

    Raises:
        ValueError: When it is no address, or one whose local part only SMTPUTF8 (RFC 6531) can carry.
    """
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    if found.ascii_email is None:
        raise ValueError("the part before @ needs SMTPUTF8, which the way to the customer may lack")
    return f"{found.ascii_local_part}@{found.ascii_domain}"
