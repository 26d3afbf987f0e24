"""What everybody who plants lines works with: the cast, the people, the things on the tenants, the logbook."""

from dataclasses import dataclass, replace

from shirase.rehearsal.customers import Cast
from shirase.rehearsal.instants import micros
from shirase.rehearsal.lines import Deed, Logbook
from shirase.rehearsal.people import People, Person
from shirase.rehearsal.things import Inventory, Thing
from shirase.rehearsal.truth import Owners

TRAINING_TENANT = "tn-training"
"""The sender's own tenant for training: no register of customers has it, and a decision says it is nobody's."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One story while it is being written."""

    seed: int
    cast: Cast
    people: People
    inventory: Inventory
    book: Logbook

    def deed(self, part: str, person: Person, when: str, native: str) -> Deed:
        """Something ``person`` did on the first tenant of ``part``, chosen by hand and not drawn by lot.

        What is done to a user is done to the first of the customer's users.
        """
        customer = self.cast.parts[part]
        tenant = customer.tenant_ids[0]
        things: tuple[Thing, ...] = ()
        if native.startswith(("su.user.", "USER_")):
            things = (replace(self.inventory.users_of(customer)[0], tenant_id=tenant),)
        elif native.startswith(("su.tenant.", "TENANT_")):
            things = (Thing("tenant", tenant, customer.domains[0], tenant),)
        return Deed(micros(when), person, native, (tenant,), Owners((customer.customer_id,)), things)
