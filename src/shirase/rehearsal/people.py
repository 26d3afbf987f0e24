"""Everybody who appears in the logs, with what the logs and the roster say about their employer, and what is true."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from shirase.domain.actor import ActorEntry
from shirase.domain.disposition import Rule
from shirase.rehearsal.instants import DAY, EPOCH, HOUR
from shirase.rehearsal.other_systems import System, account_of
from shirase.rehearsal.story import Story
from shirase.rehearsal.streams import Chance, opaque_id, stream
from shirase.rehearsal.truth import Standing

BY_LOG = Standing(Rule.ORGANISATION_LOGGED, counts=True)
BY_ROSTER = Standing(Rule.ORGANISATION_BY_ROSTER, counts=True)
IN_CONFLICT = Standing(Rule.ORGANISATION_IN_CONFLICT, counts=True)
NOBODY_KNOWS = Standing(Rule.ORGANISATION_UNKNOWN, counts=True)
ELSEWHERE = Standing(Rule.ORGANISATION_NOT_IN_SCOPE, counts=False)

SITEL_SPELLINGS = ("Sitel", "Sitel Group", "Sykes", "SYKES (legacy)", "ＳＹＫＥＳ", "sitel  group")
"""Names the register knows, by width, case and spacing as careless systems write them."""

TRANSFER_DAY = date(2022, 1, 19)
"""The first day on which the transferred engineer worked for the sender."""


@dataclass(frozen=True, slots=True)
class Person:
    """An account in the logs.

    Attributes:
        actor_id: Identity as logged.
        name: Name as logged.
        org: Employer as logged; None when the log does not say.
        standing: What is true of the employer.
        entries: Rows of the roster; none for somebody nobody knows.
        shift: First hour (UTC) of the usual working day.
        ip: Address of the usual workplace.
        ua: Browser.
        later: What is true from :data:`TRANSFER_DAY` on, where that differs.
    """

    actor_id: str
    name: str
    org: str | None
    standing: Standing
    entries: tuple[ActorEntry, ...]
    shift: int
    ip: str
    ua: str
    later: Standing | None = None

    @property
    def email(self) -> str:
        """Address of the account; every account has one of the sender's, whoever employs the person."""
        return f"{self.actor_id}@support.kagimori.example"

    def standing_at(self, at: int) -> Standing:
        """What is true of the employer at ``at``."""
        day = (EPOCH + timedelta(microseconds=at)).date()
        return self.later if self.later is not None and day >= TRANSFER_DAY else self.standing

    def session_at(self, at: int) -> str:
        """The session of the account on the UTC day of ``at``."""
        return f"ses-{self.actor_id}-{(at - 6 * HOUR) // DAY}"


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, by the part they play.

    Attributes:
        sitel: Engineers of the sub-processor, for routine work.
        staff: People of the sender and of other sub-processors.
        workstation: The engineer whose machine was misused on 21 January.
        transferred: From the sub-processor to the sender; the log never says.
        unknown: Nobody knows the employer.
        unlisted_name: The log names an employer that no register knows; the roster knows better.
        claimed: The log says sub-processor, the roster says sender.
        disowned: The log says sender, the roster says sub-processor.
        service: A service account of the sender.
        translator: Works for a firm whose name begins like an earlier name of the sub-processor.
    """

    sitel: tuple[Person, ...]
    staff: tuple[Person, ...]
    workstation: Person
    transferred: Person
    unknown: Person
    unlisted_name: Person
    claimed: Person
    disowned: Person
    service: Person
    translator: Person

    def entries(self) -> tuple[ActorEntry, ...]:
        """The roster."""
        special = (
            self.workstation, self.transferred, self.unknown, self.unlisted_name, self.claimed, self.disowned,
            self.service,
        )  # fmt: skip
        return tuple(entry for person in (*self.sitel, *special, *self.staff) for entry in person.entries)


_TITLES = {
    "sitel": ("サポートエンジニア", "Support engineer"),
    "kagimori": ("テクニカルサポートエンジニア", "Technical support engineer"),
    "northlake": ("一次受付担当", "First-line support agent"),
    "sykes-marlow": ("翻訳担当", "Translator"),
}
_SHIFTS = {"CR": (13, 14, 20, 4), "PH": (0, 1, 12, 22), "US": (14, 15, 16), "MX": (14, 15), "BG": (6, 7, 12)}
_NETWORKS = {"sitel": "198.51.100", "kagimori": "192.0.2", "northlake": "203.0.113", "sykes-marlow": "203.0.113"}
_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.2 Safari",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:96.0) Gecko/20100101 Firefox/96.0",
)


class _Desk:
    """Hires people: gives out accounts, pseudonyms and workplaces."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._hired = 0

    def hire(self, name: str, employer: str, country: str, *, org: str | None, standing: Standing) -> Person:
        """One more person, with one open row in the roster."""
        person = self.admit(name, org=org, standing=standing, network=_NETWORKS[employer], country=country)
        return replace(person, entries=(self.entry(person, employer, country),))

    def admit(self, name: str, *, org: str | None, standing: Standing, network: str, country: str) -> Person:
        """An account without a row in the roster."""
        self._hired += 1
        shift = self._chance.choice(_SHIFTS.get(country, (0, 1, 8)))
        ip = f"{network}.{self._chance.randint(10, 250)}"
        ua = self._chance.choice(_BROWSERS)
        return Person(f"su-{opaque_id(self._hired, chars=6)}", name, org, standing, (), shift, ip, ua)

    def entry(self, person: Person, employer: str, country: str) -> ActorEntry:
        """A row of the roster that holds without end."""
        title_ja, title_en = _TITLES[employer]
        return ActorEntry(
            actor_id=person.actor_id,
            pseudonym=f"SE-{self._hired:03d}",
            organisation=employer,
            job_title_ja=title_ja,
            job_title_en=title_en,
            country=country,
            other_ids=tuple(account_of(person.actor_id, system) for system in System),
        )


def gather_people(story: Story, seed: int) -> People:
    """About 130 people: the sub-processor's engineers, the sender's staff, others, and the odd ones."""
    chance = stream(seed, "people")
    desk = _Desk(chance)
    agents = [(f"{row['given']} {row['family']}", row["country"]) for row in story.words("people_support")]
    chance.shuffle(agents)
    workstation, transferred, unlisted, disowned = (
        desk.hire(*_first(agents.pop()), org="Sitel", standing=BY_LOG) for _ in range(4)
    )
    sitel = []
    for position, (name, country) in enumerate(agents):
        org = None if position % 9 == 8 else SITEL_SPELLINGS[position % len(SITEL_SPELLINGS)]
        sitel.append(desk.hire(name, "sitel", country, org=org, standing=BY_ROSTER if org is None else BY_LOG))
    staff = _hire_others(story, desk)
    return People(
        sitel=tuple(sitel),
        staff=tuple(staff),
        workstation=workstation,
        transferred=_transferred(transferred),
        unknown=desk.admit("J. Marsh", org=None, standing=NOBODY_KNOWS, network="203.0.113", country="US"),
        unlisted_name=replace(unlisted, org="MNL Site 2 Operations", standing=BY_ROSTER),
        claimed=desk.hire("Ren Kurosawa", "kagimori", "JP", org="Sykes", standing=IN_CONFLICT),
        disowned=replace(disowned, org="Kagimori", standing=IN_CONFLICT),
        service=desk.hire("svc-nightly-report", "kagimori", "JP", org=None, standing=ELSEWHERE),
        translator=next(person for person in staff if person.entries[0].organisation == "sykes-marlow"),
    )


def _first(agent: tuple[str, str]) -> tuple[str, str, str]:
    name, country = agent
    return name, "sitel", country


def _hire_others(story: Story, desk: _Desk) -> list[Person]:
    japanese = [f"{row['given_en']} {row['family_en']}" for row in story.words("people_ja")]
    world = [f"{row['given']} {row['family']}" for row in story.words("people_world")]
    staff = [desk.hire(name, "kagimori", "JP", org="Kagimori", standing=ELSEWHERE) for name in japanese[:48]]
    staff += [desk.hire(name, "kagimori", "US", org="Kagimori Inc.", standing=ELSEWHERE) for name in world[:22]]
    staff += [
        desk.hire(name, "northlake", "IE", org="Northlake Support Partners", standing=ELSEWHERE)
        for name in world[22:36]
    ]
    staff += [
        desk.hire(name, "sykes-marlow", "GB", org="Sykes Marlow Translations", standing=ELSEWHERE)
        for name in world[36:42]
    ]
    return staff


def _transferred(person: Person) -> Person:
    entry = person.entries[0]
    title_ja, title_en = _TITLES["kagimori"]
    before = entry.model_copy(update={"valid_to": TRANSFER_DAY - timedelta(days=1)})
    after = entry.model_copy(
        update={
            "valid_from": TRANSFER_DAY,
            "organisation": "kagimori",
            "job_title_ja": title_ja,
            "job_title_en": title_en,
        }
    )
    return replace(person, org=None, standing=BY_ROSTER, entries=(before, after), later=ELSEWHERE)
