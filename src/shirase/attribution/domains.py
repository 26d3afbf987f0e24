"""Internet domains of customers: as such, as the host below one, and in the addresses that a text contains."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shirase.domain.customer import Customer

_HOST = re.compile(
    r"(?<![\w.-])(?:[\w.+-]+@)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,})(?![\w-])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DomainIndex:
    """Customers by their domains, in small letters."""

    owners: dict[str, tuple[str, ...]]

    @classmethod
    def build(cls, customers: Iterable[Customer]) -> "DomainIndex":
        """Index the domains of ``customers``."""
        owners: dict[str, set[str]] = {}
        for customer in customers:
            for domain in customer.domains:
                owners.setdefault(domain.strip(".").casefold(), set()).add(customer.customer_id)
        return cls({domain: tuple(sorted(found)) for domain, found in owners.items()})

    def owners_of(self, host: str) -> tuple[str, ...]:
        """Customers whose domain is ``host`` or stands above it: ``mail.kou.example`` is below ``kou.example``."""
        labels = host.strip(".").casefold().rpartition("@")[2].split(".")
        for start in range(len(labels) - 1):
            if found := self.owners.get(".".join(labels[start:])):
                return found
        return ()

    def find(self, text: str) -> Iterator[tuple[str, ...]]:
        """Owners of each host or mail address in ``text`` that is anybody's."""
        for host in _HOST.finditer(text):
            if found := self.owners_of(host[1]):
                yield found


def without_hosts(text: str) -> str:
    """``text`` without hosts and mail addresses, which say nothing further once they were looked up."""
    return _HOST.sub(" ", text)
