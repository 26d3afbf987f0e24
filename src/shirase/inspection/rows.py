"""The rows of Annex A as a finished PDF shows them, held against the data copy and the actions in scope."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language
from shirase.domain.customer import Customer
from shirase.domain.finding import Finding
from shirase.inspection.finished import Element
from shirase.text.environment import outcome_labels
from shirase.text.visible import make_visible

_DAY = re.compile(r"Time(?:時刻)?(\d{4}-\d{2}-\d{2})UTC")
_CUT = re.compile(r"([\d,]+)furthercharacters?")
_MORE_OBJECTS = re.compile(r"([\d,]+)furtherobjects?")
_ALSO_SHOWN = 6
_MASKED = re.compile(r"([\d,]+)objects?ofothercustomers")
_CLOCK = re.compile(r"(?:(\d{4}-\d{2}-\d{2}))?(\d{2}:\d{2}:\d{2})(?:\.(\d+))?")

_CODE_SHOWN = 240

_UNSEEN = "\u200b\u200c\u200d\u00ad\ufffe\u2060"
"""What only helps lines to break or glyphs to join; readers of PDFs give it or not."""

MARKS = {
    "none": "▲", "not_on_record": "△", "not_yours": "△", "withheld": "", "unchecked": "", "opened_by_you": "",
    "opened_by_us": "",
}  # fmt: skip
"""Sign that must stand before the ticket, by ``ticket_match``."""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One row of Annex A: the day of its table, its cells without white space, and its page."""

    day: date
    cells: tuple[str, ...]
    page: int


def printed_rows(root: Element) -> Iterator[PrintedRow]:
    """Every row of the tables of actions, in reading order; their head, repeated on each page, names the day."""
    for table in root.walk():
        named = _day_of(table)
        if named is None:
            continue
        day = date.fromisoformat(named[1])
        for row in (element for element in table.walk() if element.kind == "TR"):
            cells = tuple(compact(cell.whole_text) for cell in row.kids if cell.kind == "TD")
            if cells:
                yield PrintedRow(day, cells, row.page)


def is_table_of_actions(element: Element) -> bool:
    """Whether its rows are actions of one day."""
    return _day_of(element) is not None


def _day_of(element: Element) -> re.Match[str] | None:
    if element.kind != "Table":
        return None
    return _DAY.search(compact("".join(kid.whole_text for kid in element.kids if kid.kind == "THead")))


def row_findings(root: Element, data: Mapping[str, Any], customer: Customer) -> Iterator[Finding]:
    """Objections to the rows of a PDF.

    Args:
        root: Its structure.
        data: The data copy of the same report.
        customer: Whose report it is: the order of its languages, and the zone printed beside UTC.
    """
    printed = list(printed_rows(root))
    actions: Sequence[Mapping[str, Any]] = data["actions"]
    if len(printed) != len(actions):
        what = f"the pages show {len(printed)} rows, the data copy holds {len(actions)}"
        yield _blocker("row-count", "Annex A", what)
    several = len(data["customer"]["tenants"]) > 1
    for row, action in zip(printed, actions, strict=False):
        kind = data["kinds"].get(action["code"])
        if kind is not None:
            labels = [kind["label"][language] for language in customer.languages]
        else:
            labels = [make_visible(action["native_code"])[:_CODE_SHOWN], ""]
        zone = ZoneInfo(customer.time_zone)
        wrong = "; ".join(_differences(row, action, labels, zone, several_tenants=several))
        if wrong:
            yield _blocker("row-differs", f"page {row.page}, row {action['number']}", wrong)


def scope_findings(data: Mapping[str, Any], uids: Sequence[str]) -> Iterator[Finding]:
    """Objections to a data copy whose actions are not those in scope, in their order."""
    listed = [action["uid"] for action in data["actions"]]
    if listed == list(uids):
        return
    strange, lost = len(set(listed) - set(uids)), len(set(uids) - set(listed))
    what = f"{len(listed)} actions in the data copy, {len(uids)} in scope: {strange} strange, {lost} lost"
    yield _blocker("scope-differs", "data copy", what if strange or lost else "the actions stand in another order")


def compact(text: str) -> str:
    """``text`` without white space and what only helps lines to break."""
    return "".join(character for character in text if not character.isspace() and character not in _UNSEEN)


def _differences(
    row: PrintedRow, action: Mapping[str, Any], labels: list[str], zone: ZoneInfo, *, several_tenants: bool
) -> Iterator[str]:
    cells = row.cells if zone.key == "UTC" else (*row.cells[:2], *row.cells[3:])
    if len(cells) != 9:
        yield f"{len(row.cells)} cells"
        return
    number, utc, first, second, objects, operator, outcome, ticket, where = cells
    at = datetime.fromisoformat(action["at"])
    if re.sub(r"[●＋]", "", number) != str(action["number"]):
        yield f"number {number!r} instead of {action['number']}"
    yield from _wrong_clock("UTC", utc, at, row.day)
    if zone.key != "UTC":
        yield from _wrong_clock("local time", row.cells[2], at.astimezone(zone), row.day)
    for cell, words in zip((first, second), labels, strict=True):
        if not cell.startswith(compact(words)):
            yield f"action {cell!r} instead of {words!r}"
    yield from _wrong_objects(objects, action, several_tenants=several_tenants)
    wanted = [action["operator"]["pseudonym"], action["operator"]["country"] or ""]
    if not operator.startswith("".join(wanted)):
        yield f"operator {operator!r} instead of {' '.join(wanted)!r}"
    word = compact(outcome_labels(Language.EN)[Outcome(action["outcome"])])
    if not outcome.startswith(word) and not outcome.endswith(word):
        yield f"result {outcome!r} instead of {action['outcome']!r}"
    yield from _wrong_ticket(ticket, action)
    place = f"{action['source']}E{action['evidence']['file']}:{action['evidence']['line']}"
    also = [f"{seen['source']}E{seen['file']}:{seen['line']}" for seen in action.get("also_seen", ())[:_ALSO_SHOWN]]
    if re.sub(r"[＝→↑≈]", "", where) != "".join((place, *also)):
        yield f"evidence {where!r} instead of {place!r}"


def _wrong_clock(name: str, cell: str, at: datetime, day: date) -> Iterator[str]:
    shown = _CLOCK.fullmatch(cell)
    expected_day = at.date().isoformat()
    if shown is None:
        yield f"{name} {cell!r}"
    elif shown[2] != f"{at:%H:%M:%S}" or (shown[3] and not f"{at:%f}".startswith(shown[3])):
        yield f"{name} {cell!r} instead of {at:%H:%M:%S.%f}"
    elif (shown[1] or day.isoformat()) != expected_day:
        yield f"{name}: day {shown[1] or day} instead of {expected_day}"


def _wrong_objects(cell: str, action: Mapping[str, Any], *, several_tenants: bool) -> Iterator[str]:
    """The tenant where the customer has several, and every object; what is left out is said, with its number."""
    named = "".join(compact(make_visible(tenant)) for tenant in action["tenants"])
    if several_tenants and not cell.startswith(named):
        yield f"tenants {cell[:60]!r} instead of {named!r}"
    cell = cell.removeprefix(named) if several_tenants else cell
    masked = sum(_numbers(_MASKED, cell))
    if masked != action["objects_not_shown"]:
        yield f"{masked} objects of others said to be left out instead of {action['objects_not_shown']}"
    objects, more = action["objects"], sum(_numbers(_MORE_OBJECTS, cell))
    shown = objects[: len(objects) - more]
    missing = 0
    for entry in shown:
        for value in dict.fromkeys((entry["type"], entry["name"], entry["id"])):
            text = compact(make_visible(value or ""))
            length = _longest_beginning(text, cell)
            missing += len(text) - length
    cut = sum(_numbers(_CUT, cell))
    if missing and not cut:
        yield f"object {objects[0]!r} is not shown whole: {cell[:80]!r}"
    if not objects and not cell.startswith("–") and "※" not in cell:
        yield f"object {cell!r} where none is recorded"


def _wrong_ticket(cell: str, action: Mapping[str, Any]) -> Iterator[str]:
    if not cell.startswith(MARKS[action["ticket_match"]]) or ("▲" in cell) != (action["ticket_match"] == "none"):
        yield f"ticket {cell!r} for {action['ticket_match']!r}"
    for name in ("ticket", "reason"):
        value = compact(make_visible(action[name] or ""))
        if _longest_beginning(value, cell) < min(len(value), 60):
            yield f"{name} {value[:60]!r} is not shown"


def _longest_beginning(text: str, cell: str) -> int:
    """How many characters of ``text`` from its first on stand together in ``cell``."""
    if text in cell or _folded(text) in _folded(cell):
        return len(text)
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if text[:middle] in cell:
            low = middle
        else:
            high = middle - 1
    return low


def _folded(text: str) -> str:
    """Letters whose shapes are drawn by another code point, as extraction of joined scripts gives them."""
    return unicodedata.normalize("NFKC", text)


def _numbers(pattern: re.Pattern[str], text: str) -> list[int]:
    return [int(match[1].replace(",", "")) for match in pattern.finditer(text)]


def _blocker(rule: str, place: str, what: str) -> Finding:
    return Finding(rule, place, what, "do not send it; draft it again, and report the fault if it stays")
