"""``shirase rehearse``: write the synthetic incident; and hold a run against its answer key."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shirase.domain.disposition import Disposition
from shirase.domain.errors import Problem, UsageError
from shirase.domain.resolution import FOUND_BY
from shirase.domain.sighting import LinkKind
from shirase.evidence.store import read_decisions, read_pairs
from shirase.pipeline.garbage import no_cycle_collection
from shirase.pipeline.scope import ScopeRun
from shirase.rehearsal.generate import Size, Summary, write_incident
from shirase.rehearsal.hard_cases import write_hard_cases

ANSWER_KEY = "answer-key.json"
LISTED = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run held against the answer key.

    Attributes:
        lines: Lines of the key.
        agreeing: Lines whose disposition, rule and customers agree.
        differences: The first differences, in words.
        customers_agree: Whether exactly the right customers are told, each of exactly its actions, in order.
        links_agree: Whether exactly as many lines of each source were joined with other sources as the key says.
        pairs_agree: Whether exactly the right lines hang together, pair by pair.
        ids_agree: Whether exactly the numbers are missing that the key says.
        grounds_agree: Whether customers of lines without tenant were found by what the key says.
    """

    lines: int
    agreeing: int
    differences: tuple[str, ...]
    customers_agree: bool
    links_agree: bool = True
    pairs_agree: bool = True
    ids_agree: bool = True
    grounds_agree: bool = True

    @property
    def agrees(self) -> bool:
        """Whether nothing differs."""
        joined = self.links_agree and self.pairs_agree and self.ids_agree and self.grounds_agree
        return self.lines == self.agreeing and not self.differences and self.customers_agree and joined


def run_rehearse(folder: Path, story: Path, size: Size | None) -> Summary:
    """Write the incident of that ``size``, or the hard cases when None, into ``folder``.

    Raises:
        UsageError: When the folder holds something already, or the size is too small for the traps.
    """
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(Problem("is not empty", str(folder), "name a new folder; nothing is overwritten"))
    with no_cycle_collection():
        if size is None:
            return write_hard_cases(folder, story=story)
        return write_incident(folder, story=story, size=size)


def compare_with_key(run: ScopeRun, case_folder: Path) -> Comparison | None:
    """Hold every line and every customer of ``run`` against the key; None when the case has none."""
    path = case_folder / ANSWER_KEY
    if not path.exists():
        return None
    key = json.loads(path.read_bytes())
    found: dict[tuple[str, int], tuple[str, str, list[str]]] = {}
    rows: dict[str, list[tuple[int, str, int]]] = {}
    grounds: Counter[str] = Counter()
    for decision in read_decisions(run.output.actions):
        found[decision.path, decision.line] = (decision.disposition, decision.rule, list(decision.customer_ids))
        if decision.disposition != Disposition.DUPLICATE:
            grounds.update(flag.removeprefix(FOUND_BY) for flag in decision.flags if flag.startswith(FOUND_BY))
        for customer_id in decision.customer_ids:
            rows.setdefault(customer_id, []).append((decision.time_us, decision.path, decision.line))
    expected = {
        (file, int(line)): tuple(value) for file, lines in key["dispositions"].items() for line, value in lines.items()
    }
    differences = _differences(expected, found)
    agreeing = sum(1 for place, value in expected.items() if found.get(place) == value)
    return Comparison(
        lines=len(expected),
        agreeing=agreeing,
        differences=differences,
        customers_agree=_customers_agree(key["customers"], rows, run),
        links_agree=_links_of(run) == key.get("links", {}),
        pairs_agree=_pairs_told(key) == _pairs_of(run),
        ids_agree=_missing_ids(run) == {source: gaps for source, gaps in key.get("missing_ids", {}).items() if gaps},
        grounds_agree=dict(sorted(grounds.items())) == key.get("found_by", {}),
    )


def _links_of(run: ScopeRun) -> dict[str, dict[str, int]]:
    """Lines of each source by what they are to lines of other sources."""
    found: dict[str, dict[str, int]] = {}
    for source, primary, kind, lines in run.result.reconciliation.links if run.result.reconciliation else ():
        if source != primary:
            of_source = found.setdefault(source, {})
            of_source[kind] = of_source.get(kind, 0) + lines
    return found


_Pair = tuple[str, frozenset[tuple[str, int]]]


def _pairs_told(key: dict[str, Any]) -> set[_Pair]:
    """The pairs of the key, without those that may be one act for two customers: neither is told of the other."""
    whose = {
        (file, int(line)): value[2] for file, lines in key["dispositions"].items() for line, value in lines.items()
    }
    told = set()
    for file, line, kind, of_file, of_line in key.get("pairs", ()):
        places = frozenset({(file, line), (of_file, of_line)})
        if kind != LinkKind.POSSIBLE_DUPLICATE_OF or len({tuple(whose[place]) for place in places}) == 1:
            told.add((kind, places))
    return told


def _pairs_of(run: ScopeRun) -> set[_Pair]:
    return {
        (pair.kind, frozenset({pair.place, pair.other}))
        for pair in read_pairs(run.output.actions)
        if pair.kind in _PAIRED
    }


_PAIRED = (LinkKind.COPY, LinkKind.MATCH, LinkKind.EFFECT_OF, LinkKind.POSSIBLE_DUPLICATE_OF)


def _missing_ids(run: ScopeRun) -> dict[str, list[list[int]]]:
    return {
        reach.source_id: [list(gap) for gap in reach.missing_ids] for reach in run.result.reach if reach.missing_ids
    }


def _differences(expected: dict[tuple[str, int], Any], found: dict[tuple[str, int], Any]) -> tuple[str, ...]:
    words = []
    for place in sorted(expected.keys() | found.keys()):
        if expected.get(place) != found.get(place):
            words.append(f"{place[0]}:{place[1]}: key {expected.get(place)}, run {found.get(place)}")
        if len(words) >= LISTED:
            break
    return tuple(words)


def _customers_agree(customers: dict[str, Any], rows: dict[str, list[tuple[int, str, int]]], run: ScopeRun) -> bool:
    expected = {name: [tuple(place) for place in entry["actions"]] for name, entry in customers.items()}
    ordered = {name: [(path, line) for _, path, line in sorted(found)] for name, found in rows.items()}
    counted = {entry.customer_id: entry.action_count for entry in run.result.customers}
    return expected == ordered and counted == dict(Counter({name: len(found) for name, found in ordered.items()}))
