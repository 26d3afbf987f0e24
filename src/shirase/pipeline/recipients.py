"""The list of recipients: a first draft from the register of customers, how it stands, and what is odd about it."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shirase.case.delivery_files import COLUMNS, RECIPIENTS, read_recipients
from shirase.case.folder import read_case
from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.errors import CaseError, Problem
from shirase.domain.incident import Case
from shirase.domain.recipients import RecipientList
from shirase.pipeline.outgoing import owners_of
from shirase.pipeline.output import OutputFolder, write_whole
from shirase.pipeline.sealed import newest_manifest


@dataclass(frozen=True, slots=True)
class ReadList:
    """The list of a case, and the customers whose reports are sealed.

    Attributes:
        case: The case.
        recipients: Who receives reports.
        addressed: Customers with a sealed report; all with a row, while nothing is sealed.
    """

    case: Case
    recipients: RecipientList
    addressed: tuple[Customer, ...]

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a second person should look at twice; none of it stops anything."""
        return tuple(_remarks(self.recipients, self.addressed))


def read_list(case_folder: Path, output: OutputFolder, today: date) -> ReadList:
    """The list, fit to be sent to.

    Raises:
        CaseError: With every problem of every row.
    """
    case = read_case(case_folder)
    found = newest_manifest(output)
    owners = owners_of(case, found[0]).values() if found is not None else ()
    names = [each.customer_id for each in owners]
    recipients = read_recipients(case_folder, case.customers, addressed=names, today=today)
    known = names or sorted({each.customer_id for each in recipients.entries})
    return ReadList(case, recipients, tuple(case.customers.by_id[name] for name in known))


def draft_list(case_folder: Path) -> int:
    """Write a first ``recipients.csv`` from the mailboxes in ``customers.csv``. Nobody has checked any of them.

    Returns:
        How many rows it has.

    Raises:
        CaseError: When there is one already.
    """
    path = case_folder / RECIPIENTS
    if path.exists():
        raise CaseError(Problem("is there already", str(path), "nothing is overwritten; add to it"))
    case = read_case(case_folder)
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, COLUMNS)
    table.writeheader()
    rows = list(_rows(case.customers.by_id.values()))
    table.writerows(rows)
    write_whole(path, text.getvalue().encode())
    return len(rows)


def _rows(customers: Iterable[Customer]) -> Iterator[dict[str, str]]:
    for customer in customers:
        for address in customer.recipients:
            known = {"customer_id": customer.customer_id, "address": address, "role": "other"}
            yield {**dict.fromkeys(COLUMNS, ""), **known, "source": "customers.csv"}


def _remarks(recipients: RecipientList, customers: Iterable[Customer]) -> Iterator[str]:
    for customer in customers:
        rows = recipients.of(customer.customer_id)
        if customer.delivery_policy is DeliveryPolicy.BY_HAND:
            yield f"{customer.customer_id}: no mail; the report is brought by hand"
        for each in rows:
            if each.break_glass:
                yield f"{customer.customer_id}: {each.address} is an emergency mailbox of administrators"
            if each.waiver:
                yield f"{customer.customer_id}: {each.address} is of another domain: {each.waiver}"
