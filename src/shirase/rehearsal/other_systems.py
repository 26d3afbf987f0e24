"""What people and customers are called in the systems beside SuperUser."""

from enum import StrEnum

from shirase.domain.customer import Customer

_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class System(StrEnum):
    """A system in which every engineer has an account."""

    JIRA = "jira"
    SLACK = "slack"
    RINGCENTRAL = "ringcentral"
    SALESFORCE = "salesforce"
    OKTA = "okta"


def account_of(actor_id: str, system: System) -> str:
    """The id of the account that ``actor_id`` of SuperUser has in ``system``."""
    mark = actor_id.removeprefix("su-")
    match system:
        case System.JIRA:
            return f"5f1e0c7a:{mark}"
        case System.SLACK:
            return f"U01{mark.upper()}"
        case System.RINGCENTRAL:
            return f"6{int(mark, 36):010d}"
        case System.SALESFORCE:
            return long_id(f"0055g0000{mark.upper()}")
        case System.OKTA:
            return f"00u{mark}kg5d7"


def case_of(ticket_id: str) -> str:
    """The Salesforce case of a ticket."""
    return long_id(f"5005g{int(ticket_id.removeprefix('CS-')):010d}")


def account_record_of(customer: Customer) -> str:
    """The Salesforce account of a customer."""
    return long_id(f"0015g{int(customer.customer_id.rpartition('-')[2]):010d}")


def phone_of(customer: Customer) -> str:
    """The telephone number of a customer: of no place in Japan, of no place in the United Kingdom (Ofcom) elsewhere."""
    number = int(customer.customer_id.rpartition("-")[2])
    if customer.time_zone == "Asia/Tokyo":
        return f"+8150{number % 10**8:08d}"
    return f"+4420794{number % 10**5:05d}"


def long_id(short: str) -> str:
    """A Salesforce id of fifteen characters with the three that say which of them are capitals."""
    blocks = (short[start : start + 5] for start in range(0, 15, 5))
    return short + "".join(
        _CHECK[sum(1 << place for place, letter in enumerate(block) if letter.isupper())] for block in blocks
    )
