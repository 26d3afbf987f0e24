"""Telephone numbers, compared as the whole world dials them (E.164, by Google's libphonenumber)."""

from collections.abc import Iterable
from dataclasses import dataclass

import phonenumbers

from shirase.domain.contacts import PhoneContact
from shirase.domain.customer import Customer


@dataclass(frozen=True, slots=True)
class PhoneIndex:
    """Customers by number in E.164."""

    owners: dict[str, tuple[str, ...]]

    @classmethod
    def build(cls, customers: Iterable[Customer], contacts: Iterable[PhoneContact]) -> "PhoneIndex":
        """Index the numbers of ``customers`` and of their ``contacts``."""
        owners: dict[str, set[str]] = {}
        numbers = [(phone, None, customer.customer_id) for customer in customers for phone in customer.phones]
        named = [(contact.phone, contact.region, contact.customer_id) for contact in contacts]
        for phone, region, customer_id in (*numbers, *named):
            number = as_dialled(phone, region)
            if number is not None:
                owners.setdefault(number, set()).add(customer_id)
        return cls({number: tuple(sorted(found)) for number, found in owners.items()})

    def owners_of(self, phone: str) -> tuple[str, ...]:
        """Customers who can be reached under ``phone``, as a call log prints it: with its country code.

        A number without one is nobody's: the country is never guessed.
        """
        number = as_dialled(phone, None)
        return self.owners.get(number, ()) if number is not None else ()


def as_dialled(phone: str, region: str | None) -> str | None:
    """``phone`` in E.164, without an extension; None when it is no possible number.

    Args:
        phone: As written, in any spacing and width.
        region: Country (ISO 3166-1 alpha-2) of a number without country code; without one such a number is none.
    """
    try:
        number = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    number.extension = None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
