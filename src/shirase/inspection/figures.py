"""Figures that annexes print once, for both languages: each must be one that the data copy gives.

What a letter says twice is held against the other language, and the rows of Annex A against the data. Between them
stand tables of counts, instants, paths and digests that belong to no language: every digit of them is accounted for.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.finding import Finding
from shirase.inspection.finished import Element
from shirase.inspection.letters import annexes, one_line, read_letter, words_of
from shirase.inspection.rows import compact, is_table_of_actions
from shirase.inspection.values import values
from shirase.text.visible import make_visible

_DIGIT = re.compile(r"\d")
_CUT = re.compile(r"…|further|⟦")
"""A value not printed as it is; the tables of actions, where it stands again, are read character by character."""
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])(?<![0-9][,.:-])", r"(?![0-9A-Za-z])(?![,.:-][0-9])"
_REMOVED = re.compile(r"No\.then")
"""Head of the table of rows that only the version before had: the data copy names their identifiers alone."""

_KINDS = frozenset({"TD", "TH", "P", "LI", "Caption", "H1", "H2", "H3", "Pre", "Code"})

_NAMES = frozenset({"SHA-256"})
"""Words with a figure that are no figure."""

_FIRST = re.compile(r"No\..*UTC.*Operator.*Result")
"""Head of the table of rows that are seen before all others; each stands in the tables of actions, too."""


def figure_findings(root: Element, data: Mapping[str, Any], printed: Iterable[str]) -> Iterator[Finding]:
    """Objections to figures that the data copy does not give, and to counts that a letter does not say.

    Args:
        root: Structure of the PDF.
        data: The data copy of the same report.
        printed: Texts of the case that these annexes print as they are, such as queries.
    """
    yield from _missing_counts(root, data)
    parts = annexes(root)
    shared = {*_leaves({key: value for key, value in data.items() if key not in ("actions", "kinds")}), *printed}
    allowed = {
        "A": shared | set(_of_annex_a(data)),
        "B": shared | set(_of_annex_b(data)),
        "C": shared | set(_of_annex_c(data)),
    }
    actions = {str(action["number"]): action for action in data["actions"]}
    for letter, strings in allowed.items():
        pattern = _pattern(strings | {f"{letter}-{number}" for number in range(1, 10)} | _NAMES)
        for part in parts.get(letter, ()):
            for row in _rows(part):
                yield from _of_own_row(f"Annex {letter}, page {row.page}", row, data)
            for block in _blocks(part):
                if _FIRST.search(_head_of(block)):
                    yield from _first_rows(block, actions)
                else:
                    yield from _left_over(f"Annex {letter}, page {block.page}", block, pattern)


def _missing_counts(root: Element, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Counts that the tables of section 4 do not say: missing in both languages, no other gate would see it."""
    counts = data["counts"]
    if not counts["actions"]:
        return
    wanted = Counter(str(number) for name in ("by_effect", "by_day") for number in counts[name].values())
    wanted[str(counts["actions"])] += 2
    for language in Language:
        section = next((each for each in read_letter(root, language) if each.number == 4), None)
        blocks = section.blocks if section is not None else []
        said = sum((values(block.text, language) for block in blocks if block.kind == "TD"), Counter[str]())
        if wanted - said:
            what = f"the tables of section 4 in {language} lack {', '.join(sorted((wanted - said).elements()))}"
            page = blocks[0].page if blocks else 0
            yield Finding("figure-differs", f"section 4, page {page}", what, "draft it again")


def _of_annex_b(data: Mapping[str, Any]) -> Iterator[str]:
    """Names of the files, and numbers of records that are missing, which are names and not counts."""
    yield from (f"E{number}" for number in range(1, len(data["evidence_files"]) + 1))
    for source in data["coverage"]:
        yield from (str(number) for gap in source["missing_ids"] for number in gap)
        yield _grouped(sum(last - first + 1 for first, last in source["missing_ids"]))


def _rows(part: Element) -> Iterator[Element]:
    tables = (each for each in part.walk() if each.kind == "Table")
    yield from (row for table in tables if not is_table_of_actions(table) for row in table.walk() if row.kind == "TR")


def _of_own_row(place: str, row: Element, data: Mapping[str, Any]) -> Iterator[Finding]:
    """Rows of a file, of a kind of action or of an operator: their figures are those of this very one."""
    head = next((compact(kid.whole_text) for kid in row.kids if kid.kind == "TH"), "")
    strings = set(_of_file(head, data)) or set(_of_operator(head, data)) or set(_of_kind(head, data))
    if strings:
        pattern = _pattern(strings)
        for cell in row.kids:
            if cell.kind == "TD":
                yield from _left_over(place, cell, pattern)


def _of_file(head: str, data: Mapping[str, Any]) -> Iterator[str]:
    for number, file in enumerate(data["evidence_files"], start=1):
        if head == f"E{number}":
            yield from file.values()


def _of_operator(head: str, data: Mapping[str, Any]) -> Iterator[str]:
    found = [action["operator"] for action in data["actions"] if compact(action["operator"]["pseudonym"]) == head]
    if found:
        yield _grouped(len(found))
        yield from _leaves(found[0])


def _of_kind(head: str, data: Mapping[str, Any]) -> Iterator[str]:
    for code, kind in data["kinds"].items():
        if all(compact(text) in head for text in kind["label"].values()):
            instants = [datetime.fromisoformat(action["at"]) for action in data["actions"] if action["code"] == code]
            yield from (_clock(min(instants)), _clock(max(instants)), _grouped(len(instants)))
            yield from _leaves(kind)


def _blocks(element: Element) -> Iterator[Element]:
    """Cells, paragraphs and the like of a part; tables of actions are held against the rows, and left out."""
    for kid, following in zip_longest(element.kids, element.kids[1:]):
        if is_table_of_actions(kid) or _REMOVED.search(_head_of(kid)) or kid.own_language in tuple(Language):
            continue
        if kid.kind == "Div" and following is not None and following.own_language in tuple(Language):
            continue  # a whole text, and the same in the other language after it
        if _FIRST.search(_head_of(kid)) or not any(_has_blocks(each) for each in kid.kids):
            yield kid
        else:
            yield from _blocks(kid)


def _has_blocks(element: Element) -> bool:
    return element.kind in _KINDS or any(_has_blocks(kid) for kid in element.kids)


def _first_rows(table: Element, actions: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    for row in table.walk():
        cells = [kid for kid in row.kids if kid.kind in ("TH", "TD")] if row.kind == "TR" else []
        if not any(cell.kind == "TD" for cell in cells):
            continue
        place = f"Annex A, page {row.page}"
        action = actions.get(compact(cells[0].whole_text))
        if action is None:
            what = f"row {cells[0].whole_text.strip()!r} is none of the report"
            yield Finding("figure-differs", place, what, "draft it again, and report the fault if it stays")
            continue
        pattern = _pattern(set(_row_strings(action)))
        for cell in cells[1:]:
            if not _CUT.search(cell.whole_text):
                yield from _left_over(place, cell, pattern)


def _row_strings(action: Mapping[str, Any]) -> Iterator[str]:
    yield _clock(datetime.fromisoformat(action["at"]))
    yield from (action["native_code"], action["code"], action["operator"]["pseudonym"])
    for each in action["objects"]:
        yield from (value for value in (each["type"], each["name"], each["id"]) if value)


def _left_over(place: str, block: Element, pattern: re.Pattern[str]) -> Iterator[Finding]:
    """A figure of the block that the data does not give, and that the other language does not say either.

    What both languages say is held against each other by the comparison of languages.
    """
    text, language = _text_of(block), Language(block.language)
    if not _DIGIT.search(text):
        return
    again = values(words_of(block, _other(language)), _other(language))
    if values(words_of(block, language), language) - again:
        rest = sorted(token for token in values(pattern.sub(" ", text), language) - again if _DIGIT.search(token))
        if rest:
            what = f"{', '.join(rest)} in {' '.join(text.split())[:80]!r} is no figure of the data copy"
            yield Finding("figure-differs", place, what, "draft it again, and report the fault if it stays")


def _text_of(block: Element) -> str:
    """What ``block`` says besides its second language."""
    pieces = [one_line(block.text, block.language)]
    pieces += [_text_of(kid) for kid in block.kids if kid.own_language not in _others(block)]
    return " ".join(pieces)


def _others(block: Element) -> tuple[str, ...]:
    return tuple(language for language in Language if language != block.language)


def _other(language: Language) -> Language:
    return Language.EN if language == Language.JA else Language.JA


def _pattern(strings: Iterable[str]) -> re.Pattern[str]:
    """Any of ``strings`` that has a digit, as a whole, wherever a line breaks it; the longest that fits."""
    wanted = {make_visible(text) for text in strings}
    ordered = sorted((text for text in wanted if _DIGIT.search(text)), key=lambda text: (-len(text), text))
    spaced = (r"\s*".join(map(re.escape, "".join(text.split()))) for text in ordered)
    return re.compile(f"{_BEFORE}(?:{'|'.join(spaced)}){_AFTER}" if ordered else r"(?!)")


def _head_of(element: Element) -> str:
    """Head of a table, which is repeated on each page; empty for anything else."""
    kids = element.kids if element.kind == "Table" else ()
    return next((compact(kid.whole_text) for kid in kids if kid.kind == "THead"), "")


def _of_annex_a(data: Mapping[str, Any]) -> Iterator[str]:
    actions = data["actions"]
    unexplained = data["counts"]["without_ticket"] + sum(
        data["counts"]["by_ticket"].get(match, 0) for match in ("not_on_record", "not_yours")
    )
    yield from map(_grouped, range(unexplained + 1))
    operators = [action["operator"]["pseudonym"] for action in actions]
    yield from operators
    yield from (_grouped(operators.count(each)) for each in set(operators))
    yield from (action["native_code"] for action in actions if action["code"] == "other")
    yield from _leaves(data["kinds"])


def _of_annex_c(data: Mapping[str, Any]) -> Iterator[str]:
    by_code: dict[str, list[datetime]] = {}
    for action in data["actions"]:
        by_code.setdefault(action["code"], []).append(datetime.fromisoformat(action["at"]))
    for instants in by_code.values():
        yield from (_clock(min(instants)), _clock(max(instants)))
        for instant in (min(instants), max(instants), max(instants) + timedelta(seconds=1)):
            yield f"{instant:%Y-%m-%dT%H:%M:%SZ}"
    yield from _leaves(data["kinds"])


def _leaves(value: Any) -> Iterator[str]:
    """Every number and text in ``value``, as annexes print it."""
    match value:
        case bool() | None:
            return
        case int():
            yield _grouped(value)
            yield f"{value / 1_000_000:+.3f}"
        case str():
            yield value
            yield from _instant(value)
        case dict():
            for key, inner in value.items():
                yield str(key)
                yield from _leaves(inner)
        case list():
            for inner in value:
                yield from _leaves(inner)


def _instant(text: str) -> Iterator[str]:
    if text.endswith("Z"):
        try:
            instant = datetime.fromisoformat(text)
        except ValueError:
            return
        yield _clock(instant)
        yield f"{instant:%Y-%m-%dT%H:%M:%SZ}"
        yield f"{instant + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}"


def _clock(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def _grouped(number: int) -> str:
    return f"{number:,}"
