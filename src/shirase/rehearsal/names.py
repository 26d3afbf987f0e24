"""Names of made-up customers: thousands of different ones, composed from short lists so that they read naturally."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from shirase.rehearsal.story import Story
from shirase.rehearsal.streams import Chance


@dataclass(frozen=True, slots=True)
class Named:
    """A customer's names and where it is at home.

    Attributes:
        ja: Registered name in Japanese; empty when there is none.
        en: Registered name in English; empty when there is none.
        time_zone: IANA zone.
        slug: Label for its domain.
    """

    ja: str
    en: str
    time_zone: str
    slug: str


_JA_FORMS = (
    ("株式会社{name}", "{name} Co., Ltd.", 36),
    ("{name}株式会社", "{name} Co., Ltd.", 44),
    ("{name}株式会社", "{name} Corporation", 8),
    ("合同会社{name}", "{name} LLC", 4),
    ("{name}合同会社", "{name} LLC", 3),
    ("有限会社{name}", "{name} Ltd.", 3),
    ("{name}有限会社", "{name} Ltd.", 2),
)
"""Legal form before or after the name, its English, and how often: the place is part of the registered name."""

_JA_BODIES = (
    ("{place}市役所", "{place} City Hall"),
    ("{place}市教育委員会", "{place} City Board of Education"),
    ("{place}市水道局", "{place} City Waterworks Bureau"),
    ("{place}町役場", "{place} Town Office"),
    ("学校法人{place}学園", "{place} Gakuen Educational Foundation"),
    ("国立大学法人{place}大学", "{place} National University Corporation"),
    ("医療法人社団{place}会", "{place}-kai Medical Corporation"),
    ("社会福祉法人{place}福祉会", "{place} Social Welfare Corporation"),
    ("{place}商工会議所", "{place} Chamber of Commerce and Industry"),
    ("{place}農業協同組合", "{place} Agricultural Cooperative"),
    ("{place}信用金庫", "{place} Shinkin Bank"),
    ("公益財団法人{place}文化財団", "{place} Cultural Foundation"),
)

_WORLD_HOMES = (
    ("Inc.", "America/New_York", 20),
    ("Corp.", "America/Los_Angeles", 16),
    ("LLC", "America/Chicago", 12),
    ("Ltd", "Europe/London", 12),
    ("GmbH", "Europe/Berlin", 9),
    ("SAS", "Europe/Paris", 6),
    ("B.V.", "Europe/Amsterdam", 5),
    ("AB", "Europe/Stockholm", 4),
    ("S.p.A.", "Europe/Rome", 3),
    ("S.L.", "Europe/Madrid", 3),
    ("Sp. z o.o.", "Europe/Warsaw", 2),
    ("Pty Ltd", "Australia/Sydney", 4),
    ("Pte. Ltd.", "Asia/Singapore", 4),
    ("Pvt. Ltd.", "Asia/Kolkata", 3),
    ("Ltda.", "America/Sao_Paulo", 3),
    ("S.A. de C.V.", "America/Mexico_City", 2),
)
"""Legal form, home zone, and how often."""

_BODY_SHARE = 0.08
_NO_ENGLISH_NAME = 0.15


def japanese_names(story: Story, chance: Chance) -> Iterator[Named]:
    """Japanese companies and public bodies, no two alike in either language, until the lists are used up."""
    places, trades = story.words("ja_places"), story.words("ja_trades")
    companies = list(product(places, trades))
    bodies = list(product(places, _JA_BODIES))
    chance.shuffle(companies)
    chance.shuffle(bodies)
    forms = [form[:2] for form in _JA_FORMS]
    weights = [form[2] for form in _JA_FORMS]
    while companies or bodies:
        if bodies and (not companies or chance.random() < _BODY_SHARE):
            place, (ja, en) = bodies.pop()
            ja, en = ja.format(place=place["ja"]), en.format(place=place["en"])
        else:
            place, trade = companies.pop()
            ja, en = chance.choices(forms, weights)[0]
            ja, en = ja.format(name=place["ja"] + trade["ja"]), en.format(name=f"{place['en']} {trade['en']}")
        english = "" if chance.random() < _NO_ENGLISH_NAME else en
        yield Named(ja, english, "Asia/Tokyo", slug(en))


def world_names(story: Story, chance: Chance) -> Iterator[Named]:
    """Companies of many countries, no two alike, until the lists are used up."""
    pairs = list(product(story.words("world_stems"), story.words("world_trades")))
    chance.shuffle(pairs)
    weights = [home[2] for home in _WORLD_HOMES]
    for stem, trade in pairs:
        form, zone, _ = chance.choices(_WORLD_HOMES, weights)[0]
        name = f"{stem['en']} {trade['en']}"
        yield Named("", f"{name} {form}", zone, slug(name))


def slug(name: str) -> str:
    """A label for a domain: lower-case ASCII letters, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", folded) if word not in _FORM_WORDS]
    return "-".join(words) or "customer"


_FORM_WORDS = frozenset({"co", "ltd", "llc", "corporation", "inc", "city", "kk"})
