"""The register of customers: who exists, who is told, and which of them play a part in a trap."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from shirase.domain.bilingual import Language
from shirase.domain.customer import Customer, CustomerStatus, DeliveryPolicy, Paper
from shirase.rehearsal.names import Named, japanese_names, world_names
from shirase.rehearsal.story import Story
from shirase.rehearsal.streams import Chance, opaque_id, stream

JAPANESE_SHARE = 0.62

_MARKUP_NAME = "<b>Takasaki</b> & {{ 7*7 }} Works Co., Ltd."
_LONG_NAME = (
    "Katsuragi Techno Service Joint Venture for the Operation, Maintenance, Inspection and Improvement of Regional"
    " Information and Communication Facilities in the Katsuragi, Makimuku and Kazenomori Area KK"
)

TRAP_NAMES = {
    "kitahama": Named("北浜商事株式会社", "Acme", "Asia/Tokyo", "acme"),
    "shin_kitahama": Named("新北浜商事株式会社", "Acme Japan", "Asia/Tokyo", "acme-japan"),
    "workstation_only": Named("株式会社髙﨑製作所", _MARKUP_NAME, "Asia/Tokyo", "takasaki-works"),
    "unknown_actor_only": Named("𠮷\ufa19酒造有限会社", "شركة النور للتجارة", "Asia/Dubai", "alnoor"),
    "decided_only": Named("葛\U000e0100城ﾃｸﾉｻｰﾋﾞｽ株式会社", _LONG_NAME, "Asia/Tokyo", "katsuragi-techno"),
    "shared_only": Named("株式会社ＳＵＳＨＩ🍣ラボ", "SUSHI🍣LAB Inc.", "Asia/Tokyo", "sushi-lab"),
    "one_action": Named("", "한빛东方云计算有限公司", "Asia/Seoul", "hanbit-dongfang"),
    "left": Named("\ufa19楽坂見本市合同会社", "Kagurazaka Mihon'ichi LLC", "Asia/Tokyo", "kagurazaka-mihonichi"),
}
"""Names that break programs, by the part their bearer plays.

One contained in another; kanji that other character sets lack (髙 U+9AD9, 﨑 U+FA11, 𠮷 U+20BB7, 神 as U+FA19) or that
need a variation sequence (葛 U+845B U+E0100); half-width and full-width forms; right to left; Hangul with simplified
Chinese; an emoji; exactly 200 characters; markup and a template expression.
"""

NAME_LANGUAGES = {"unknown_actor_only": "ar", "one_action": "ko"}
"""Parts whose bearer's name is in neither language of the reports (BCP 47)."""

_POLICIES = (DeliveryPolicy.ATTACH, DeliveryPolicy.NOTIFY_ONLY, DeliveryPolicy.BY_HAND)
"""How reports reach the customers of the synthetic incident. S/MIME needs certificates, which nobody made up here."""

QUIET_PARTS = ("before_only", "after_only", "long_before_only", "vendor_only")
"""Customers that were touched and must not get a report: outside the window, or by other people only."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Every customer, and who plays which part.

    Attributes:
        customers: The register, in its order.
        parts: Bearers of :data:`TRAP_NAMES` and :data:`QUIET_PARTS`.
        ordinary: Affected customers without a part.
        bystanders: Customers that must not be told and have no part.
        retired_tenant: A tenant id that no register has: the earlier name of a tenant of ``decided_only``.
    """

    customers: tuple[Customer, ...]
    parts: dict[str, Customer]
    ordinary: tuple[Customer, ...]
    bystanders: tuple[Customer, ...]
    retired_tenant: str

    def affected(self) -> tuple[Customer, ...]:
        """Everybody who must be told."""
        return (*(self.parts[part] for part in TRAP_NAMES), *self.ordinary)


@dataclass(slots=True)
class _Registry:
    """Hands out identifiers: each customer id, tenant id and domain once."""

    tenants: int = 0
    slugs: dict[str, int] = field(default_factory=dict)

    def tenant(self) -> str:
        self.tenants += 1
        return f"tn-{opaque_id(self.tenants, chars=8)}"

    def domain(self, label: str) -> str:
        seen = self.slugs[label] = self.slugs.get(label, 0) + 1
        return f"{label}.example" if seen == 1 else f"{label}-{seen}.example"


def cast_customers(story: Story, seed: int, *, total: int, affected: int) -> Cast:
    """Invent ``total`` customers of which ``affected`` must be told."""
    chance = stream(seed, "customers")
    named = _names(story, chance)
    registry = _Registry()
    places = chance.sample(range(total), affected + len(QUIET_PARTS))
    told, quiet = places[:affected], places[affected:]
    part_at = dict(zip(told, TRAP_NAMES, strict=False)) | dict(zip(quiet, QUIET_PARTS, strict=True))
    ordinary_at = set(told[len(TRAP_NAMES) :])
    customers: list[Customer] = []
    parts: dict[str, Customer] = {}
    for place in range(total):
        part = part_at.get(place)
        name = TRAP_NAMES[part] if part is not None and part in TRAP_NAMES else next(named)
        customer = _customer(f"C-{place + 1:06d}", name, registry, chance, part=part)
        customers.append(customer)
        if part is not None:
            parts[part] = customer
    ordinary = tuple(customers[place] for place in sorted(ordinary_at))
    bystanders = tuple(
        customer for place, customer in enumerate(customers) if place not in part_at and place not in ordinary_at
    )
    return Cast(tuple(customers), parts, ordinary, bystanders, registry.tenant())


def _names(story: Story, chance: Chance) -> Iterator[Named]:
    japanese, world = japanese_names(story, chance), world_names(story, chance)
    while True:
        name = next(japanese if chance.random() < JAPANESE_SHARE else world, None)
        if name is None:
            name = next(japanese, None) or next(world)
        yield name


def _customer(customer_id: str, name: Named, registry: _Registry, chance: Chance, *, part: str | None) -> Customer:
    domain = registry.domain(name.slug)
    at_home = name.time_zone == "Asia/Tokyo"
    return Customer(
        customer_id=customer_id,
        name_ja=name.ja,
        name_en=name.en,
        tenant_ids=tuple(registry.tenant() for _ in range(_tenant_count(chance, part))),
        domains=(domain,),
        languages=(Language.JA, Language.EN) if at_home else (Language.EN, Language.JA),
        time_zone=name.time_zone,
        status=CustomerStatus.LEFT if part == "left" or chance.random() < 0.03 else CustomerStatus.ACTIVE,
        recipients=tuple(f"{box}@{domain}" for box in chance.choice(_MAILBOXES)),
        delivery_policy=chance.choices(_POLICIES, (94, 4, 2))[0],
        name_language=NAME_LANGUAGES.get(part or "", ""),
        paper=Paper.LETTER if name.time_zone.startswith("America/") else Paper.A4,
    )


def _tenant_count(chance: Chance, part: str | None) -> int:
    if part in ("kitahama", "left"):
        return 4 if part == "kitahama" else 2
    return chance.choices((1, 2, 3, 4), (90, 7, 2, 1))[0]


_MAILBOXES = (("security",), ("ciso", "it-admin"), ("it-admin",), ("security", "privacy"), ("johosys",))
