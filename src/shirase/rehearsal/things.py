"""What engineers touch on a tenant: users, groups, applications, policies, searches. Each customer has its own."""

from dataclasses import dataclass

from shirase.domain.customer import Customer
from shirase.rehearsal.story import Story
from shirase.rehearsal.streams import Chance, stream


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of an action, as logged.

    ``tenant_id`` is the tenant it belongs to, None where the log does not say.
    """

    type: str
    id: str
    name: str
    tenant_id: str | None = None


_NAMES = {
    "group": (("全社員", "経理部", "情報システム部", "派遣社員"), ("Everyone", "Finance", "IT Admins", "Contractors")),
    "app": (("勤怠管理", "経費精算", "グループウェア", "VPN"), ("VPN", "Payroll", "Help desk", "Wiki", "CRM")),
    "policy": (("既定のサインオン", "社外アクセス制限", "管理者のMFA"), ("Default sign-on", "MFA for admins")),
    "directory": (("社内ディレクトリ", "関連会社ディレクトリ"), ("Active Directory", "LDAP")),
}
"""Names of things by kind: at Japanese customers, and elsewhere."""

_PREFIXES = {"group": "grp", "app": "app", "policy": "pol", "directory": "dir"}

_QUERIES = (
    'eventType eq "user.session.start" and outcome.result eq "FAILURE"',
    'eventType eq "user.account.lock"',
    'eventType sw "policy." and published gt "2022-01-10"',
    'target.displayName co "VPN"',
    'eventType eq "system.import.complete"',
)


def is_japanese(customer: Customer) -> bool:
    """Whether people at the customer write Japanese."""
    return customer.time_zone == "Asia/Tokyo"


class Inventory:
    """The things of every customer, invented on first use and the same ever after."""

    def __init__(self, story: Story, seed: int) -> None:
        self._seed = seed
        self._japanese = story.words("people_ja")
        self._world = story.words("people_world")
        self._users: dict[str, tuple[Thing, ...]] = {}

    def draw(self, chance: Chance, kind: str, customer: Customer, tenant_id: str) -> tuple[Thing, ...]:
        """Things of ``kind`` that one action on ``tenant_id`` touches; none where the action is on the tenant."""
        if kind == "user":
            user = chance.choice(self.users_of(customer))
            return (Thing("user", user.id, user.name, tenant_id),)
        if kind == "query":
            return (Thing("query", f"qry-{chance.randrange(10**6):06d}", chance.choice(_QUERIES), tenant_id),)
        if kind == "tenant":
            return (Thing("tenant", tenant_id, customer.domains[0], tenant_id),)
        names = _NAMES[kind][0 if is_japanese(customer) else 1]
        place = chance.randrange(len(names))
        return (Thing(kind, f"{_PREFIXES[kind]}-{place + 1:03d}", names[place], tenant_id),)

    def users_of(self, customer: Customer) -> tuple[Thing, ...]:
        """The users of ``customer`` that support ever meets: between 6 and 60."""
        known = self._users.get(customer.customer_id)
        if known is None:
            known = self._users[customer.customer_id] = self._invent(customer)
        return known

    def _invent(self, customer: Customer) -> tuple[Thing, ...]:
        chance = stream(self._seed, f"users/{customer.customer_id}")
        domain = customer.domains[0]
        users = []
        for number in range(1, chance.randint(6, 60) + 1):
            if is_japanese(customer):
                family, given = chance.choice(self._japanese), chance.choice(self._japanese)
                shown = f"{family['family']} {given['given']}"
                box = f"{given['given_en']}.{family['family_en']}"
            else:
                family, given = chance.choice(self._world), chance.choice(self._world)
                shown = f"{given['given']} {family['family']}"
                box = f"{given['given']}.{family['family']}"
            name = f"{shown} <{box.lower()}@{domain}>"
            users.append(Thing("user", f"usr-{number:04d}", name))
        return tuple(users)
