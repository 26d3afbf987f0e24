"""``shirase claims``: every figure of the texts, the query behind it, what it says, and what rests on nothing."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.claims import Answer, OwnClaim, PerCustomer
from shirase.domain.identifiers import report_id
from shirase.domain.incident import Case
from shirase.pipeline.scope import ScopeRun, method_facts
from shirase.pipeline.wording import prose_of
from shirase.scoping.claims import answer_figures, answer_per_customer, open_lines
from shirase.scoping.queries import CONTRADICTIONS
from shirase.text.markdown import placeholders_of
from shirase.text.wording import traced_words

STATED = {
    "incident_id": "incident.toml, id",
    "sender": "incident.toml, sender.name",
    "as_of": "incident.toml, as_of",
    "next_update_on": "incident.toml, next_update_on",
    "window_start": "incident.toml, window.start",
    "window_end": "incident.toml, window.end",
    "window_zone": "incident.toml, window.zone",
    "customers_total": "incident.toml, customer_total, which is the number of rows of customers.csv",
    "version": "incident.toml, version",
}
"""Values that people state: where."""

_TRACED = ("narrative/", "timeline.toml")
"""Texts that tell of this incident; the others describe kinds of things."""

SHARE = "customers_affected / customers_total"


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that texts may name.

    Attributes:
        name: As a placeholder.
        basis: The query, or where people state it.
        result: What the query says; None for what people state.
        printed: What reports print.
        used_in: Texts that name it.
    """

    name: str
    basis: str
    result: int | float | None
    printed: int | float | str
    used_in: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether reports print what the query says."""
        return self.result is None or self.result == self.printed


@dataclass(frozen=True, slots=True)
class EachCustomer:
    """A value that every report has for itself: how the query's results compare with what the reports count.

    ``differing`` names customers for whom the two differ; None while reports are missing that could be counted.
    """

    name: str
    basis: str
    customers: int
    total: int
    differing: tuple[str, ...] | None
    used_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untraced:
    """Words that state a number or speak of everything, and that no claim bears out."""

    place: str
    language: Language
    rule: str
    found: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Borne:
    """A claim of ``claims.toml`` or of the permission matrix: what rests on the result, and whether it holds."""

    name: str
    basis: str
    expected: int
    result: int | float
    rests: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the log gives the result expected."""
        return self.expected == self.result


@dataclass(frozen=True, slots=True)
class ClaimsLedger:
    """Every figure of the texts of one case."""

    entries: tuple[Entry, ...]
    each_customer: tuple[EachCustomer, ...]
    borne: tuple[Borne, ...]
    untraced: tuple[Untraced, ...]

    @property
    def wrong(self) -> bool:
        """Whether a figure is not what the log says, or a claim does not hold."""
        return not (
            all(entry.agrees for entry in self.entries)
            and not any(entry.differing for entry in self.each_customer)
            and all(claim.holds for claim in self.borne)
        )


def run_claims(run: ScopeRun) -> ClaimsLedger:
    """The ledger of ``run``."""
    with open_lines(run.output.actions, run.case.catalogue) as connection:
        shared = answer_figures(connection)
        each = answer_per_customer(connection, run.case.incident)
    used = _uses(run.case)
    return ClaimsLedger(
        entries=tuple(_entries(run, (*shared, *run.own_answers), used)),
        each_customer=tuple(_each_customer(run, each, used)),
        borne=(*_own_claims(run), *_permissions(run)),
        untraced=tuple(_untraced(run.case)),
    )


def claims_sheet(ledger: ClaimsLedger) -> dict[str, Any]:
    """The ledger as ``claims.json`` holds it."""
    return {
        "figures": [{**asdict(entry), "agrees": entry.agrees} for entry in ledger.entries],
        "each_customer": [asdict(entry) for entry in ledger.each_customer],
        "claims": [{**asdict(claim), "holds": claim.holds} for claim in ledger.borne],
        "untraced": [asdict(words) for words in ledger.untraced],
    }


def _entries(run: ScopeRun, answers: tuple[Answer, ...], used: dict[str, tuple[str, ...]]) -> Iterator[Entry]:
    method = method_facts(run)
    printed: dict[str, int | float] = {
        "lines_read": method.lines_read,
        "lines_unusable": method.quarantined,
        "actions_in_scope": method.in_scope,
        "customers_affected": method.customers_affected,
        "tenants_affected": method.tenants_affected,
    }
    results = {answer.name: answer.result for answer in answers}
    for answer in answers:
        shown = printed.get(answer.name, answer.result)
        yield Entry(answer.name, answer.query, answer.result, shown, used.get(answer.name, ()))
    share = results["customers_affected"] / method.customers_total
    shown = method.customers_affected / method.customers_total
    yield Entry("customers_share", SHARE, share, shown, used.get("customers_share", ()))
    for name, where in STATED.items():
        yield Entry(name, where, None, _stated(run.case, name), used.get(name, ()))


def _stated(case: Case, name: str) -> int | str:
    incident = case.incident
    said: dict[str, int | str] = {
        "incident_id": incident.id,
        "sender": f"{incident.sender.name.ja} / {incident.sender.name.en}",
        "as_of": incident.as_of.isoformat(),
        "next_update_on": incident.next_update_on.isoformat(),
        "window_start": case.window.start_at.isoformat(),
        "window_end": case.window.end_at.isoformat(),
        "window_zone": case.window.zone,
        "customers_total": incident.customer_total,
        "version": incident.version,
    }
    return said[name]


def _each_customer(
    run: ScopeRun, each: tuple[PerCustomer, ...], used: dict[str, tuple[str, ...]]
) -> Iterator[EachCustomer]:
    scoped = {entry.customer_id: entry.action_count for entry in run.result.customers}
    printed = {"your_actions": scoped, "your_confirmed_actions": _confirmed_in_reports(run)}
    for found in each:
        results, counted = dict(found.results), printed[found.name]
        differing = None
        if counted is not None:
            names = sorted(counted.keys() | results.keys())
            differing = tuple(name for name in names if counted.get(name, 0) != results.get(name, 0))
        yield EachCustomer(
            found.name, found.query, len(results), sum(results.values()), differing, used.get(found.name, ())
        )  # fmt: skip


def _confirmed_in_reports(run: ScopeRun) -> dict[str, int] | None:
    """What the finished data copies count; None while one of them is missing."""
    counted: dict[str, int] = {}
    for entry in run.expected.affected:
        path = run.output.report_data(report_id(run.case.incident.id, entry.customer_id))
        if not path.exists():
            return None
        counted[entry.customer_id] = json.loads(path.read_bytes())["counts"]["confirmed"]
    return counted


def _own_claims(run: ScopeRun) -> Iterator[Borne]:
    results = {answer.name: answer.result for answer in run.own_answers}
    for claim in run.case.claims:
        if claim.expect is not None:
            rests = tuple(text.of(language) for text in claim.sentences for language in Language)
            yield Borne(claim.id, claim.query, claim.expect, results[claim.id], rests)


def _permissions(run: ScopeRun) -> Iterator[Borne]:
    query = " ".join(CONTRADICTIONS.replace("read_parquet($1)", "lines").split())
    for position, entry in enumerate(run.case.permissions.cannot, start=1):
        lines = sum(found.lines for found in run.result.contradictions if found.position == position)
        codes = ", ".join(f"'{code}'" for code in entry.action_codes)
        asked = query.replace("$2", f"[{codes}]")
        yield Borne(f"permissions.toml, cannot[{position}]", asked, 0, lines, (entry.text.ja, entry.text.en))


def _uses(case: Case) -> dict[str, tuple[str, ...]]:
    """Sections of the narrative by the values they name; both languages name the same."""
    used: dict[str, list[str]] = {}
    for section in case.narrative:
        for name in placeholders_of(section.text.ja):
            used.setdefault(name, []).append(f"narrative/{section.name}")
    return {name: tuple(places) for name, places in used.items()}


def _untraced(case: Case) -> Iterator[Untraced]:
    for prose in prose_of(case):
        if not prose.place.startswith(_TRACED):
            continue
        for language in Language:
            text = prose.text.of(language)
            for rule, found, sentence in traced_words(text, language):
                if not _is_borne(case.claims, sentence, language):
                    yield Untraced(prose.place, language, rule, found, " ".join(sentence.split()))


def _is_borne(claims: tuple[OwnClaim, ...], sentence: str, language: Language) -> bool:
    """Whether a part of ``sentence`` is named by a claim with a result to hold it against."""
    return any(
        text.of(language) in sentence for claim in claims if claim.expect is not None for text in claim.sentences
    )
