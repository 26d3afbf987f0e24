"""Who at a customer is known outside the support tool: its accounts in other systems, and its telephone numbers."""

from pydantic import Field

from shirase.domain.bilingual import CaseModel, NonEmpty


class Account(CaseModel):
    """One row of ``accounts.csv``: a customer's record in another system.

    Attributes:
        account_id: Id of the account, or host name of the site, exactly as the other system logs it.
        customer_id: The customer in customers.csv that it belongs to.
        tenant_id: The customer's tenant that it stands for; empty when nobody knows which.
    """

    account_id: NonEmpty
    customer_id: NonEmpty
    tenant_id: NonEmpty | None = None


class PhoneContact(CaseModel):
    """One row of ``contacts.csv``: a telephone number of somebody at a customer.

    Attributes:
        phone: The number, best with its country code; blanks and hyphens do not count.
        customer_id: The customer in customers.csv that it belongs to.
        region: Country (ISO 3166-1 alpha-2) of a number without country code.
    """

    phone: NonEmpty
    customer_id: NonEmpty
    region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
