"""A second, small incident of what must fail, and of what must not although it looks as if it would."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.customer import Customer
from shirase.domain.disposition import Rule
from shirase.rehearsal.answer_key import build_key, key_as_bytes
from shirase.rehearsal.case_files import Written, write_case_files
from shirase.rehearsal.evidence_files import lay_out, write_files
from shirase.rehearsal.generate import ANSWER_KEY, Summary, summarise
from shirase.rehearsal.hostile import BIDI, HOSTILE_NAMES, MEGABYTE, UNBROKEN_WORD
from shirase.rehearsal.instants import MINUTE, micros
from shirase.rehearsal.lines import Deed, Logbook
from shirase.rehearsal.people import People, gather_people
from shirase.rehearsal.story import Story
from shirase.rehearsal.streams import opaque_id
from shirase.rehearsal.things import Thing
from shirase.rehearsal.truth import Owners

SEED = 2022
"""Of the people; everything else is written out by hand."""

UNKNOWN_TENANT = "tn-nobodys"

NO_GLYPH_IN_NAME = "\U00012000"
NO_GLYPH_IN_OBJECT = "\U00016a38"
"""A cuneiform sign and a Bamum letter: no font of the reports has them (checked: BIZ UD, Noto CJK, DejaVu, Symbola)."""


@dataclass(frozen=True, slots=True)
class HardCustomer:
    """A customer of this incident.

    Attributes:
        ja: Name in Japanese.
        en: Name in English.
        object_names: What was touched, one action each; none for a customer that must not be told.
        unprintable: The character that must stop the report, if one must.
        why: Why it must.
    """

    ja: str
    en: str
    object_names: tuple[str, ...] = ()
    unprintable: str = ""
    why: str = ""


_NO_GLYPH = "no font has the character"
_HIDDEN = "a name is printed as it is or not at all, and this character would change how it is read"

HARD_CUSTOMERS = (
    HardCustomer(f"{NO_GLYPH_IN_NAME}楔形文字資料館", "Cuneiform Archive", ("利用者",), NO_GLYPH_IN_NAME, _NO_GLYPH),
    HardCustomer(
        "バムン文字研究会", "Bamum Circle", ("plain", f"glyph {NO_GLYPH_IN_OBJECT}"), NO_GLYPH_IN_OBJECT, _NO_GLYPH
    ),
    HardCustomer("一件商会株式会社", "Ikken Shokai Co., Ltd.", ("ただ一件の操作",)),
    HardCustomer("", "<script>alert(document.title)</script> GmbH", HOSTILE_NAMES),
    HardCustomer("{{ 7*7 }}株式会社", "{% raw %}{{ your_actions }} Ltd", HOSTILE_NAMES[::-1]),
    HardCustomer("", '=HYPERLINK("http://203.0.113.66/","Pay here") Inc.', ("=1+1", "@SUM(A1)")),
    HardCustomer("逆順\u202e株式会社", "Reversed Ltd", (BIDI,), "\u202e", _HIDDEN),
    HardCustomer("", UNBROKEN_WORD, (UNBROKEN_WORD * 20,)),
    HardCustomer("長文有限会社", "../../etc/passwd & Sons", ("one\nline\ntoo many",)),
    HardCustomer("株式会社対象外", "Not Told Co., Ltd."),
    HardCustomer("株式会社期間外", "Too Early Co., Ltd."),
    HardCustomer("株式会社無関係", "Never Touched Co., Ltd."),
)
"""By position: 1, 2 and 7 must fail, the others up to 9 must succeed, 10 to 12 must not be told."""

_NOT_TOLD, _TOO_EARLY = 9, 10


def write_hard_cases(folder: Path, *, story: Path, with_open_line: bool = False) -> Summary:
    """Write the hard cases into ``folder``.

    The answer key says in addition which customers must fail and by which character (``must_fail``), which must
    succeed (``must_succeed``), and which lines nobody has signed off (``open_lines``).

    Args:
        folder: Where; made if missing.
        story: Folder of the story's texts.
        with_open_line: Whether one line names a tenant that nobody has decided about; then no report may be made.

    Raises:
        UsageError: When a text of the story is missing.
    """
    texts = Story(story)
    people, book = gather_people(texts, SEED), Logbook()
    customers = tuple(_register(place, entry) for place, entry in enumerate(HARD_CUSTOMERS))
    for deed in _deeds(customers, people):
        book.log(deed)
    early = _deed(customers[2], people, "2022-01-15T23:00:00Z", Thing("user", "usr-csv", "地域コンソール"))
    book.log_csv(replace(early, native="USER_VIEW"))
    if with_open_line:
        nobodys = _deed(customers[2], people, "2022-01-19T12:00:00Z", Thing("user", "usr-open", "?"))
        book.log(replace(nobodys, tenant_ids=(UNKNOWN_TENANT,), owners=Owners((), unsigned=True)))
    laid = lay_out(book.lines)
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, laid)
    write_case_files(folder, texts, Written(customers, len(customers), people.entries(), (), reject_limit=0.0))
    tenants = {customer.customer_id: customer.tenant_ids for customer in customers}
    open_lines = [
        [line.path, line.line]
        for entry in laid
        for line in entry.placed
        if line.verdict.rule in (Rule.NO_TENANT, Rule.UNKNOWN_TENANT)
    ]
    key = build_key({"customers": len(customers)}, laid, tenants) | _expectations(customers)
    key["open_lines"] = open_lines
    (folder / ANSWER_KEY).write_bytes(key_as_bytes(key))
    return summarise(folder, laid, len(customers))


def _register(place: int, entry: HardCustomer) -> Customer:
    domain = f"hard-{place + 1:02d}.example"
    japanese_first = (Language.JA, Language.EN)
    return Customer(
        customer_id=f"H-{place + 1:02d}",
        name_ja=entry.ja,
        name_en=entry.en,
        tenant_ids=(f"tn-hard-{opaque_id(place + 1, chars=4)}",),
        domains=(domain,),
        languages=japanese_first if entry.ja else (Language.EN, Language.JA),
        time_zone="Asia/Tokyo" if entry.ja else "Pacific/Chatham",
        recipients=(f"security@{domain}",),
    )


def _deeds(customers: tuple[Customer, ...], people: People) -> Iterator[Deed]:
    for place, (customer, entry) in enumerate(zip(customers, HARD_CUSTOMERS, strict=True)):
        for number, name in enumerate(entry.object_names):
            deed = _deed(customer, people, f"2022-01-{17 + place % 5}T14:00:00Z", Thing("user", f"usr-{number}", name))
            yield replace(deed, at=deed.at + number * MINUTE, ticket=name[:40], reason=name)
    yield replace(_deed(customers[8], people, "2022-01-21T20:00:00Z", Thing("query", "qry-1", "*")), reason=MEGABYTE)
    yield _shared(customers[3], customers[5], people)
    vendor = _deed(customers[_NOT_TOLD], people, "2022-01-19T01:00:00Z", Thing("user", "usr-1", "vendor only"))
    yield replace(vendor, person=people.staff[0])
    yield _deed(customers[_TOO_EARLY], people, "2022-01-15T23:59:59.999Z", Thing("user", "usr-1", "too early"))


def _deed(customer: Customer, people: People, when: str, thing: Thing) -> Deed:
    tenant = customer.tenant_ids[0]
    owners = Owners((customer.customer_id,))
    things = (replace(thing, tenant_id=tenant),)
    return Deed(micros(when), people.sitel[0], "su.user.get", (tenant,), owners, things)


def _shared(one: Customer, other: Customer, people: People) -> Deed:
    """One action on two customers: neither report may show anything of the other."""
    both = tuple(
        Thing("user", f"usr-{customer.customer_id}", f"only for {customer.customer_id}", customer.tenant_ids[0])
        for customer in (one, other)
    )
    deed = _deed(one, people, "2022-01-20T09:00:00Z", both[0])
    return replace(
        deed,
        tenant_ids=(*one.tenant_ids, *other.tenant_ids),
        owners=Owners((one.customer_id, other.customer_id)),
        things=both,
        reason=f"{one.domains[0]} and {other.domains[0]}",
    )


def _expectations(customers: tuple[Customer, ...]) -> dict[str, Any]:
    told = [(customer, entry) for customer, entry in zip(customers, HARD_CUSTOMERS, strict=True) if entry.object_names]
    return {
        "must_fail": {
            customer.customer_id: {"why": entry.why, "character": f"U+{ord(entry.unprintable):04X}"}
            for customer, entry in told
            if entry.unprintable
        },
        "must_succeed": [customer.customer_id for customer, entry in told if not entry.unprintable],
    }
