"""Who receives the report of a customer, from where that is known, and what makes a list fit to be sent to. Pure."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from shirase.domain.bilingual import CaseModel, NonEmpty
from shirase.domain.customer import Customer, DeliveryPolicy
from shirase.domain.errors import Problem
from shirase.domain.journal import canonical

FEWEST = 2
"""Contacts of a customer that are needed: a mailbox may be abandoned, on leave, or the one that was broken into."""

STALE_DAYS = 180
"""An address that nobody checked for longer may belong to somebody else by now."""

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)+")
"""A dot-atom and a domain in ASCII (RFC 5321, 4.1.2; quoted strings and literals, which nobody uses, left out).
A domain in other letters is written as its A-label (RFC 5891) before this is asked."""


class RecipientRole(StrEnum):
    """What somebody is at the customer."""

    SECURITY = "security"
    PRIVACY = "privacy"
    ADMIN = "admin"
    LEGAL = "legal"
    EXECUTIVE = "executive"
    OTHER = "other"


class Recipient(CaseModel):
    """One row of ``recipients.csv``: a mailbox to which a customer's report goes.

    Attributes:
        customer_id: The customer in customers.csv.
        address: The mailbox, nothing else: no name, no angle brackets.
        role: What the person is there: security, privacy, admin, legal, executive or other.
        name: Whom it reaches; empty for a shared mailbox.
        source: Where the address is known from, for example "contract 2021-04, annex 2".
        checked_on: Day on which somebody last made sure that it is the customer's.
        break_glass: Whether it is an emergency mailbox of the administrators, read by whoever gets in there.
        waiver: Why it is right though its domain is none of the customer's domains.
        alternate: Whether it is written to only when the others cannot be reached.
        certificate: Certificate of the recipient (PEM, below the case folder), for ``smime_encrypted``.
    """

    customer_id: NonEmpty
    address: NonEmpty
    role: RecipientRole
    name: str = ""
    source: NonEmpty
    checked_on: date
    break_glass: bool = False
    waiver: str = ""
    alternate: bool = False
    certificate: str = ""


class RecipientList:
    """All recipients, as they are approved: by the digest of everything that decides where a report goes."""

    def __init__(self, entries: Iterable[Recipient], customers: Mapping[str, Customer]) -> None:
        self.entries = tuple(sorted(entries, key=lambda each: (each.customer_id, each.address)))
        self._customers = customers
        self._by_customer: dict[str, tuple[Recipient, ...]] = {}
        for each in self.entries:
            self._by_customer[each.customer_id] = (*self.of(each.customer_id), each)

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical JSON of the rows, and of each customer's policy and domains."""
        rows = [each.model_dump(mode="json") for each in self.entries]
        known = {each.customer_id for each in self.entries}
        policies = {
            name: [customer.delivery_policy.value, sorted(customer.domains)]
            for name, customer in self._customers.items()
            if name in known or customer.delivery_policy is DeliveryPolicy.BY_HAND
        }
        return hashlib.sha256(canonical({"recipients": rows, "customers": policies}).encode()).hexdigest()

    def of(self, customer_id: str) -> tuple[Recipient, ...]:
        """Those of one customer."""
        return self._by_customer.get(customer_id, ())

    def find(self, customer_id: str, address: str) -> Recipient | None:
        """The row of one mailbox."""
        return next((each for each in self.of(customer_id) if each.address == address), None)


def latest_day(now: datetime) -> date:
    """The last day that has begun somewhere, which is at UTC+14: seen from UTC, Tokyo is in tomorrow for nine hours."""
    return (now + timedelta(hours=14)).date()


def is_address(text: str) -> bool:
    """Whether ``text`` is one address in the only form that is ever sent to."""
    return len(text) <= 254 and text.isascii() and _ADDRESS.fullmatch(text) is not None


def domain_of(address: str) -> str:
    """The part after the at sign, in small letters."""
    return address.rpartition("@")[2].lower()


def belongs(address: str, domains: Sequence[str]) -> bool:
    """Whether the domain of ``address`` is one of ``domains``, or below one."""
    domain = domain_of(address)
    return any(domain == own or domain.endswith(f".{own}") for own in (_ascii(each) for each in domains) if own)


def list_problems(
    entries: Sequence[Recipient], customers: Mapping[str, Customer], *, addressed: Iterable[str], today: date
) -> Iterator[tuple[int | None, Problem]]:
    """Everything that stands against sending to this list, each with the index of its row.

    Args:
        entries: Every row, its address as :func:`is_address` wants it.
        customers: Of the case.
        addressed: Customers whose reports are to be sent.
        today: To tell how long ago an address was checked.
    """
    first: dict[tuple[str, str], int] = {}
    owners: dict[str, str] = {}
    for index, entry in enumerate(entries):
        for problem in _row_problems(entry, customers.get(entry.customer_id), today):
            yield index, problem
        key = (entry.customer_id, entry.address.lower())
        if first.setdefault(key, index) != index:
            yield index, Problem(f"{entry.address} stands there already", entry.customer_id, "keep one row")
        owner = owners.setdefault(entry.address.lower(), entry.customer_id)
        if owner != entry.customer_id:
            what = f"{entry.address} is a recipient of {owner} as well: one mailbox would get reports of two customers"
            yield index, Problem(what, entry.customer_id, "give each customer mailboxes of its own")
    yield from ((None, problem) for problem in _count_problems(entries, customers, addressed))


def _row_problems(entry: Recipient, customer: Customer | None, today: date) -> Iterator[Problem]:
    where = f"{entry.customer_id}, {entry.address}"
    if customer is None:
        yield Problem("there is no such customer", where, "see customers.csv")
        return
    if not is_address(entry.address):
        yield Problem("is no mail address", where, "write one mailbox, such as security@customer.example")
    elif not belongs(entry.address, customer.domains) and not entry.waiver.strip():
        mend = "mend the address, or say in `waiver` why it is right"
        yield Problem(f"{domain_of(entry.address)} is none of the customer's domains", where, mend)
    if entry.checked_on > today:
        yield Problem(f"was checked on a day that is yet to come ({entry.checked_on})", where, "mend checked_on")
    elif today - entry.checked_on > timedelta(days=STALE_DAYS):
        what = f"was last checked on {entry.checked_on}, more than {STALE_DAYS} days ago"
        yield Problem(what, where, "make sure that it is still right, and write that day")


def _count_problems(
    entries: Sequence[Recipient], customers: Mapping[str, Customer], addressed: Iterable[str]
) -> Iterator[Problem]:
    known: dict[str, list[Recipient]] = {}
    for entry in entries:
        known.setdefault(entry.customer_id, []).append(entry)
    for customer_id in sorted(set(addressed)):
        customer, found = customers.get(customer_id), known.get(customer_id, [])
        if customer is None or customer.delivery_policy is DeliveryPolicy.BY_HAND:
            continue
        if len({each.address.lower() for each in found}) < FEWEST:
            what = f"has {len(found)} recipients, and {FEWEST} are needed"
            yield Problem(what, f"customer {customer_id}", "add a second contact to recipients.csv, or deliver by hand")
        if found and all(each.break_glass for each in found):
            what = "every recipient is an emergency mailbox, which nobody reads from day to day"
            yield Problem(what, f"customer {customer_id}", "add somebody who does")
        if found and all(each.alternate for each in found):
            what = "every recipient is an alternate, so nobody is written to"
            yield Problem(what, f"customer {customer_id}", "write `false` for one of them")
        if customer.delivery_policy is DeliveryPolicy.SMIME_ENCRYPTED:
            for each in found:
                if not each.certificate:
                    what = f"{each.address} has no certificate, and the policy is smime_encrypted"
                    yield Problem(what, f"customer {customer_id}", "give one, or choose another policy")


def _ascii(domain: str) -> str:
    """The A-label form of a domain as people write it, lower case."""
    folded = unicodedata.normalize("NFKC", domain).strip().strip(".").lower()
    try:
        return folded.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
