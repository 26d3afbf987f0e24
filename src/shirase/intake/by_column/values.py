"""Values by column: what many records of one layout say, each part of the meaning as a list of its own.

A place that cannot be read here is *left*: its record is read by itself, and says then what is wrong with it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shirase.domain.action import ActorKind, Outcome, TimeQuality
from shirase.domain.catalogue import OTHER_CODE
from shirase.domain.clues import Clue
from shirase.intake.by_column.columns import TEXT_FIELDS, Columns, Steps, TargetRow, TextColumn
from shirase.intake.by_column.texts import (
    ChangeRow,
    Texts,
    changes_of,
    derived,
    required,
    target_of,
    texts_of,
)
from shirase.intake.by_column.times import leave_contradictions, read_times
from shirase.intake.values import read_address


@dataclass(slots=True)
class Values:
    """What the records say, by part. Of :attr:`texts` a part is missing that no record has."""

    count: int
    left: set[int]
    time_texts: Sequence[str] = ()
    times_us: Sequence[int] = ()
    qualities: Sequence[TimeQuality] = ()
    actor_ids: Sequence[str] = ()
    actions: Sequence[str] = ()
    codes: Sequence[str] = ()
    texts: dict[str, Texts] = field(default_factory=dict)
    outcomes: Sequence[Outcome] = ()
    outcomes_unmapped: Texts = ()
    actor_kinds: Sequence[ActorKind] = ()
    addresses: Texts = ()
    address_texts: Texts = ()
    tenant_ids: Sequence[tuple[str, ...]] = ()
    targets: Sequence[list[TargetRow]] = ()
    changes: Sequence[list[ChangeRow]] = ()
    clues: Sequence[tuple[Clue, ...]] = ()


class ColumnReader:
    """Reads columns by one declaration. Remembers what repeated values mean."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._tenants: dict[str | None, tuple[str, ...] | None] = {None: ()}

    def read(self, count: int, column: Callable[[Steps], Texts]) -> Values:
        """What ``count`` records say, of which ``column`` gives the values at a way; see :attr:`Values.left`."""
        columns, said = self._columns, Values(count, set())
        if columns.odd:
            column = _leaving(column, columns.odd, said.left)
        self._read_times(column, said)
        said.actor_ids = required(texts_of(columns.actor_id, column), said.left)
        self._read_actions(column, said)
        for name in TEXT_FIELDS:
            if name in columns.texts:
                said.texts[name] = texts_of(columns.texts[name], column)
        self._read_words(column, said)
        addresses = texts_of(columns.address, column) if columns.address is not None else [None] * count
        read = {text: read_address(text) for text in set(addresses)}
        said.addresses = [read[text][0] for text in addresses]
        said.address_texts = [read[text][1] for text in addresses]
        self._read_targets(column, said)
        said.changes = changes_of(columns.changes, column, count)
        self._read_tenants(column, said)
        said.clues = self._read_clues(column, count)
        if columns.found is not None:
            said.codes, said.targets, said.clues = zip(*derived(columns.found, column), strict=True)
        return said

    def _read_times(self, column: Callable[[Steps], Texts], said: Values) -> None:
        time = self._columns.time
        said.time_texts = required(texts_of(TextColumn(time.ways), column), said.left)
        said.times_us, said.qualities = read_times(said.time_texts, time, said.left)
        if time.again:
            leave_contradictions(said.time_texts, column(time.again), time, said.left)

    def _read_actions(self, column: Callable[[Steps], Texts], said: Values) -> None:
        columns = self._columns
        said.actions = required(texts_of(columns.action, column), said.left)
        if columns.code is not None:
            said.codes = derived(columns.code, column)
        else:
            codes = {action: columns.codes.get(action, OTHER_CODE) for action in set(said.actions)}
            said.codes = list(map(codes.__getitem__, said.actions))
        if not columns.by_record.isdisjoint(said.actions):
            said.left.update(place for place, action in enumerate(said.actions) if action in columns.by_record)

    def _read_words(self, column: Callable[[Steps], Texts], said: Values) -> None:
        columns = self._columns
        if columns.outcome is None:
            said.outcomes, said.outcomes_unmapped = [Outcome.UNKNOWN] * said.count, [None] * said.count
        else:
            words = texts_of(columns.outcome, column)
            known = {word: columns.outcomes.get(word) if word is not None else None for word in set(words)}
            said.outcomes = [known[word] or Outcome.UNKNOWN for word in words]
            said.outcomes_unmapped = [word if known[word] is None else None for word in words]
        if columns.actor_kind is None:
            said.actor_kinds = [columns.actor_kind_else] * said.count
        else:
            kinds = texts_of(columns.actor_kind, column)
            said.actor_kinds = [columns.actor_kinds.get(word or "", columns.actor_kind_else) for word in kinds]

    def _read_targets(self, column: Callable[[Steps], Texts], said: Values) -> None:
        made = self._columns.targets_made
        listed = [target_of(target, column, said.count) for target in self._columns.targets]
        if made is not None:
            said.targets = derived(made, column)
        elif len(listed) == 1:
            said.targets = [[target] for target in listed[0]]
        elif listed:
            said.targets = [list(targets) for targets in zip(*listed, strict=True)]
        else:
            said.targets = [[] for _ in range(said.count)]
        if self._columns.drops_empty_targets:
            said.targets = [[one for one in targets if one[0] or one[1] or one[2]] for targets in said.targets]

    def _read_tenants(self, column: Callable[[Steps], Texts], said: Values) -> None:
        ways = self._columns.tenant_ids
        if not ways:
            said.tenant_ids = [()] * said.count
        elif len(ways) == 1:
            texts = column(ways[0])
            if len(self._tenants) > 65_536:
                self._tenants = {None: ()}
            for text in set(texts).difference(self._tenants):
                self._tenants[text] = (text,) if text and self._columns.is_one_tenant(text) else None
            found = list(map(self._tenants.__getitem__, texts))
            if None in found:
                said.left.update(place for place, tenants in enumerate(found) if tenants is None)
            said.tenant_ids = [tenants or () for tenants in found] if None in found else found  # type: ignore[assignment]
        else:
            is_one = self._columns.is_one_tenant
            tenant_ids: list[tuple[str, ...]] = [()] * said.count
            for place, several in enumerate(zip(*map(column, ways), strict=True)):
                named = [text for text in several if text]
                if all(map(is_one, named)):
                    tenant_ids[place] = tuple(dict.fromkeys(named))
                else:
                    said.left.add(place)
            said.tenant_ids = tenant_ids
        if any(target.tenant_id for target in self._columns.targets):
            both = zip(said.tenant_ids, said.targets, strict=True)
            said.tenant_ids = [_with_those_of(tenants, targets) for tenants, targets in both]

    def _read_clues(self, column: Callable[[Steps], Texts], count: int) -> Sequence[tuple[Clue, ...]]:
        if self._columns.clues is not None:
            return derived(self._columns.clues, column)
        if self._columns.clue is None:
            return [()] * count
        kind, way = self._columns.clue
        return [(Clue(kind, text),) if text else () for text in column(way)]


def _with_those_of(tenants: tuple[str, ...], targets: list[TargetRow]) -> tuple[str, ...]:
    """Tenants that a record names as such, then those of what it touched, each once."""
    further = [target[3] for target in targets if target[3] is not None and target[3] not in tenants]
    return (*tenants, *dict.fromkeys(further)) if further else tenants


def _leaving(column: Callable[[Steps], Texts], odd: str, left: set[int]) -> Callable[[Steps], Texts]:
    """``column``; places of texts that begin with ``odd`` are added to ``left``."""

    def looked_at(way: Steps) -> Texts:
        texts = column(way)
        if odd in "\n".join(filter(None, texts)):
            left.update(place for place, text in enumerate(texts) if text and text.startswith(odd))
        return texts

    return looked_at
