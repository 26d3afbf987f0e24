"""Faults drawn by chance and planted in finished reports of a small synthetic incident: what share of each is caught?

Each fault is one that a defect or an attacker could leave. A fault counts as caught when the inspection gives a blocker.
The draws depend on a seed alone, so that a miss can be looked at again.
"""

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pikepdf

import glyph_surgery
import planted_faults as planted
from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language, Paired
from shirase.domain.incident import NarrativeSection
from shirase.domain.report import Report, ReportAction
from shirase.inspection.inspect_report import inspect_report
from shirase.inspection.leaks import Identifier, LeakGate
from shirase.inspection.subject import Expected, ReportFiles
from shirase.pipeline.draft import load_report
from shirase.pipeline.inspection_facts import expected_report, gate_facts
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.pipeline.scope import ScopeRun, batch_facts, run_scope
from shirase.rehearsal.generate import Size
from shirase.rendering.worker import Rendered, render_report
from shirase.settings import story

ROWS = 5
"""Rows that a report needs so that some can be swapped."""

SIZE = Size(customers=200, affected=8, lines=1_500)


@dataclass(frozen=True, slots=True)
class Subject:
    """One finished report, what it must be, and what another customer has."""

    report: Report
    files: ReportFiles
    expected: Expected
    other: Report
    identifiers: tuple[Identifier, ...]
    gate: LeakGate


@dataclass(frozen=True, slots=True)
class Mutant:
    """A report with one fault, and what the fault is."""

    what: str
    files: ReportFiles


Fault = Callable[[Subject, Random], Mutant]


def subjects(folder: Path, wanted: int) -> Iterator[Subject]:
    """The ``wanted`` smallest reports of a synthetic incident written to ``folder``. This process must be able to render."""
    run_rehearse(folder / "case", story(), SIZE)
    run = run_scope(folder / "case", folder / "out", Silent())
    gate_of = gate_facts(run)
    gate = gate_of.build()
    batch = batch_facts(run)
    several = [entry for entry in run.expected.affected if entry.action_count >= ROWS]
    entries = sorted(several, key=lambda entry: entry.action_count)
    reports = [load_report(run, batch, entry) for entry in entries[: wanted + 1]]
    skipped = {entry.value for entry in gate.not_searched}
    for position, (entry, report) in enumerate(zip(entries[:wanted], reports, strict=False)):
        yield Subject(
            report=report,
            files=files_of(report),
            expected=expected_report(run, entry),
            other=reports[position + 1],
            identifiers=_identifiers(run, gate_of.identifiers, entry.customer_id, skipped),
            gate=gate,
        )


def is_caught(subject: Subject, mutant: Mutant) -> bool:
    """Whether the inspection stops ``mutant``."""
    found = inspect_report(subject.expected, mutant.files, subject.gate).findings
    return any(finding.blocker for finding in found)


def files_of(report: Report) -> ReportFiles:
    """``report`` as it is written."""
    made = render_report(report)
    assert isinstance(made, Rendered), made
    return ReportFiles(made.pdf, made.data.json, made.data.csv)


def _identifiers(
    run: ScopeRun, every: tuple[Identifier, ...], customer_id: str, skipped: set[str]
) -> tuple[Identifier, ...]:
    """Those of other customers that the gate searches and that this customer does not share."""
    own = {entry.value for entry in every if entry.customer_id == customer_id}
    return tuple(entry for entry in every if entry.value not in own | skipped)


# --- leaks ---


def _other_identifier(subject: Subject, random: Random) -> str:
    """An identifier of any kind, each kind as likely, as written, in full width, in capitals or over two lines."""
    kinds = sorted({entry.kind for entry in subject.identifiers})
    kind = random.choice(kinds)
    value = random.choice([entry.value for entry in subject.identifiers if entry.kind == kind])
    forms: tuple[Callable[[str], str], ...] = (
        str,
        lambda text: "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in text),
        str.upper,
        lambda text: f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}",
    )
    return random.choice(forms)(value)


def leak_in(carrier: Callable[[str], planted.Change]) -> Fault:
    """An identifier of another customer in a part of the PDF."""

    def plant(subject: Subject, random: Random) -> Mutant:
        words = _other_identifier(subject, random)
        return Mutant(words, planted.changed(subject.files, carrier(f"x {words} x")))

    return plant


def leak_on_a_page(subject: Subject, random: Random) -> Mutant:
    """In a sentence of the letter, in both languages."""
    words = " ".join(_other_identifier(subject, random).split())
    safe = re.sub(r"([*_<>\[\]{}`\\#|&])", r"\\\1", words)
    changed = _with_narrative(
        subject.report, "cause", Paired(ja=f"原因は{safe} の端末でした。", en=f"It was at {safe} there.")
    )
    return Mutant(words, files_of(changed))


def leak_in_the_data(subject: Subject, random: Random) -> Mutant:
    """As the name of an object, in the data copy and the PDF that holds it."""
    words = _other_identifier(subject, random)
    data = json.loads(subject.files.data)
    data["actions"][0]["reason"] = words
    return Mutant(words, replace(subject.files, data=json.dumps(data, ensure_ascii=False).encode()))


# --- rows ---


def rows_of_another(subject: Subject, random: Random) -> Mutant:
    """The pages show the rows of another customer."""
    shown = _with_rows(subject, subject.other.actions)
    return Mutant("all rows", replace(subject.files, pdf=files_of(shown).pdf))


def _with_rows(subject: Subject, rows: tuple[ReportAction, ...]) -> Report:
    """The subject's report with other ``rows``, all else as it was; templates know the kinds of either customer."""
    own, other = subject.report, subject.other
    kinds = {kind.code: kind for kind in (*own.kinds, *other.kinds)}
    counted = dict(own.counts.by_code)
    by_code = (*own.counts.by_code, *((code, 0) for code, _ in other.counts.by_code if code not in counted))
    counts = replace(own.counts, by_code=by_code)
    return replace(own, actions=rows, kinds=tuple(kinds.values()), counts=counts)


def one_row_of_another(subject: Subject, random: Random) -> Mutant:
    """One row is that of another customer, in its place."""
    rows = list(subject.report.actions)
    position = random.randrange(len(rows))
    stranger = random.choice(subject.other.actions)
    rows[position] = replace(stranger, number=rows[position].number, at=rows[position].at, evidence_file=1)
    shown = _with_rows(subject, tuple(rows))
    return Mutant(f"row {position + 1}", replace(subject.files, pdf=files_of(shown).pdf))


def row_lost(subject: Subject, random: Random) -> Mutant:
    """One row less on the pages."""
    rows = list(subject.report.actions)
    gone = rows.pop(random.randrange(len(rows)))
    shown = replace(subject.report, actions=tuple(rows))
    return Mutant(f"row {gone.number}", replace(subject.files, pdf=files_of(shown).pdf))


def row_changed(subject: Subject, random: Random) -> Mutant:
    """One value of one row is another."""
    rows = list(subject.report.actions)
    position = random.randrange(len(rows))
    row = rows[position]
    others = [outcome for outcome in Outcome if outcome is not row.outcome]
    changes: Mapping[str, Any] = random.choice(
        [
            {"outcome": random.choice(others)},
            {"at": row.at.replace(second=(row.at.second + 1) % 60)},
            {"ticket_id": "CS-9999999"} if row.ticket_id else {"outcome": others[0]},
            {"evidence_line": row.evidence_line + 1},
            {"objects": (), "masked_count": 1} if row.objects else {"masked_count": row.masked_count + 1},
        ]
    )
    rows[position] = replace(row, **changes)
    shown = replace(subject.report, actions=tuple(rows))
    return Mutant(f"row {row.number}: {', '.join(changes)}", replace(subject.files, pdf=files_of(shown).pdf))


def rows_swapped(subject: Subject, random: Random) -> Mutant:
    """Two rows that differ stand in each other's place, in the time of the other."""
    rows = list(subject.report.actions)
    pairs = [
        (first, second) for first in range(len(rows)) for second in range(first)
        if (rows[first].action_code, rows[first].objects) != (rows[second].action_code, rows[second].objects)
    ]  # fmt: skip
    one, other = random.choice(pairs)
    first, second = rows[one], rows[other]
    rows[one] = replace(second, number=first.number, at=first.at)
    rows[other] = replace(first, number=second.number, at=second.at)
    shown = replace(subject.report, actions=tuple(rows))
    return Mutant(f"rows {one + 1} and {other + 1}", replace(subject.files, pdf=files_of(shown).pdf))


def data_changed(subject: Subject, random: Random) -> Mutant:
    """One value of the data copy is another, inside and beside."""
    data = json.loads(subject.files.data)
    action = random.choice(data["actions"])
    action["outcome"] = random.choice([each.value for each in Outcome if each.value != action["outcome"]])
    changed = json.dumps(data, ensure_ascii=False).encode()

    def change(pdf: pikepdf.Pdf) -> None:
        name = f"{subject.report.report_id}.json"
        pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, changed, filename=name)

    files = planted.changed(subject.files, change)
    return Mutant(f"row {action['number']}", replace(files, data=changed))


# --- what can be seen ---


def _text_to_hide(subject: Subject, random: Random) -> tuple[int, int]:
    """Page and piece of text: one with ink, on white paper."""
    with pikepdf.open(_stream(subject.files.pdf)) as pdf:
        page = random.randrange(len(pdf.pages))
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(pdf.pages[page])]
    begun = [place for place, operator in enumerate(operators) if operator == "BT"]
    # Some pieces are empty: WeasyPrint writes one for a box without a letter. Hiding it would hide nothing.
    drawn = [number for number, place in enumerate(begun) if "TJ" in operators[place : operators.index("ET", place)]]
    return page, random.choice(drawn)


def hidden(*operations: tuple[tuple[float, ...], str], inside: bool = True) -> Fault:
    """A piece of text that extraction reads and nobody sees."""

    def plant(subject: Subject, random: Random) -> Mutant:
        page, piece = _text_to_hide(subject, random)
        change = planted.before_text(page, piece, *operations, inside=inside)
        return Mutant(f"page {page + 1}, text {piece}", planted.changed(subject.files, change))

    return plant


def covered(subject: Subject, random: Random) -> Mutant:
    """A white sheet over the middle of a page."""
    with pikepdf.open(_stream(subject.files.pdf)) as pdf:
        page = random.randrange(len(pdf.pages) - 1)
    return Mutant(f"page {page + 1}", planted.changed(subject.files, planted.covered(page)))


def glyph_blanked(subject: Subject, random: Random) -> Mutant:
    """A letter without a shape."""
    said: list[str] = []
    files = planted.changed(subject.files, lambda pdf: said.append(glyph_surgery.without_shape(pdf, random)))
    return Mutant(said[0], files)


def digit_changed(subject: Subject, random: Random) -> Mutant:
    """One digit of one page is drawn as another."""
    said: list[str] = []

    def change(pdf: pikepdf.Pdf) -> None:
        place, drawn = random.choice(list(glyph_surgery.digits(pdf)))
        other = glyph_surgery.with_other_digit(pdf, place, drawn, random)
        said.append(f"{drawn} drawn as {other}, page {place.page + 1} of {len(pdf.pages)}, {place}")

    files = planted.changed(subject.files, change)
    return Mutant(said[0], files)


# --- languages ---


def _with_narrative(report: Report, name: str, text: Paired) -> Report:
    narrative = tuple(
        NarrativeSection.model_construct(name=each.name, text=text) if each.name == name else each
        for each in report.batch.narrative
    )
    return replace(report, batch=replace(report.batch, narrative=narrative))


def said_differently(*pairs: tuple[str, str]) -> Fault:
    """A section whose languages differ: one of ``pairs`` of sentences, in which one language is the odd one."""

    def plant(subject: Subject, random: Random) -> Mutant:
        ja, en = random.choice(pairs)
        section = random.choice(("cause", "measures", "prevention", "summary"))
        changed = _with_narrative(subject.report, section, Paired(ja=ja, en=en))
        return Mutant(f"{section}: {ja} / {en}", files_of(changed))

    return plant


def section_emptied(subject: Subject, random: Random) -> Mutant:
    """A section that is there in one language only."""
    language = random.choice(list(Language))
    section = random.choice(("cause", "measures", "prevention", "requests"))
    texts = {each: "" if each is language else "本文です。" if each is Language.JA else "A text." for each in Language}
    text = Paired.model_construct(ja=texts[Language.JA], en=texts[Language.EN])
    return Mutant(f"{section} in {language}", files_of(_with_narrative(subject.report, section, text)))


# --- belonging ---


def foreign_page(subject: Subject, random: Random) -> Mutant:
    """The last page of another customer's report behind one's own."""
    return Mutant("last page", planted.changed(subject.files, planted.with_pages_of(files_of(subject.other).pdf)))


def page_lost(subject: Subject, random: Random) -> Mutant:
    """A page is missing."""
    with pikepdf.open(_stream(subject.files.pdf)) as pdf:
        page = random.randrange(len(pdf.pages))
    return Mutant(f"page {page + 1}", planted.changed(subject.files, planted.without_page(page)))


def always(what: str, change: planted.Change) -> Fault:
    """A change that has no place to draw."""

    def plant(subject: Subject, random: Random) -> Mutant:
        return Mutant(what, planted.changed(subject.files, change))

    return plant


NUMBERS = (
    ("端末は12台でした。", "There were 13 workstations."), ("2022年1月16日に隔離しました。", "It was isolated on 17 January 2022."),
    ("23:18（UTC）に検知しました。", "It was detected at 23:19 UTC."), ("全体の2.5%です。", "That is 2.4% of all."),
    ("別紙Aをご覧ください。", "Please see Annex B."), ("参照番号はCS-4711です。", "The reference is CS-4712."),
    ("6時間以内に完了しました。", "It was done within 8 hours."), ("第9項をご覧ください。", "Please see section 8."),
)  # fmt: skip
HEDGES = (
    ("閲覧されたおそれがあります。", "It was viewed."), ("閲覧されました。", "It may have been viewed."),
    ("最大で5社です。", "There are 5 customers."), ("閲覧された可能性があります。", "It was viewed."),
    ("約5件です。", "There are 5."),
)  # fmt: skip
LISTS = (("- 一\n- 二\n- 三", "- one\n- two"), ("- 一\n- 二", "- one\n- two\n- three"))
WORDS = (
    ("脅威アクターが操作しました。", "The hacker used it."),
    ("攻撃者が操作しました。", "The threat actor used it."),
)

FAULTS: dict[str, dict[str, Fault]] = {
    "leaks": {
        "document properties": leak_in(planted.in_metadata),
        "XMP packet": leak_in(planted.in_packet),
        "bookmark": leak_in(planted.in_bookmark),
        "alternative text": leak_in(planted.in_alternative),
        "replacement text": leak_in(lambda words: planted.in_alternative(words, "/ActualText")),
        "description of a link": leak_in(lambda words: planted.in_link(words, "/Contents")),
        "target of a link": leak_in(lambda words: planted.in_link(words, "/URI")),
        "file inside": leak_in(planted.in_file),
        "name of a file inside": leak_in(lambda words: planted.in_file(words, name=True)),
        "sentence on a page": leak_on_a_page,
        "data copy": leak_in_the_data,
    },
    "rows": {
        "all rows of another customer": rows_of_another,
        "one row of another customer": one_row_of_another,
        "a row lost": row_lost,
        "two rows swapped": rows_swapped,
        "one value changed": row_changed,
        "a value of the data copy changed": data_changed,
    },
    "pages": {
        "text in white": hidden(((1.0, 1.0, 1.0), "rg")),
        "invisible text": hidden(((3.0,), "Tr")),
        "text beside the paper": hidden(((1.0, 0.0, 0.0, 1.0, 2000.0, 0.0), "cm"), inside=False),
        "text under a sheet": covered,
        "a glyph without a shape": glyph_blanked,
        "one digit changed": digit_changed,
    },
    "languages": {
        "a figure, date, share or reference": said_differently(*NUMBERS),
        "a hedge": said_differently(*HEDGES),
        "a list item": said_differently(*LISTS),
        "a word that is not used": said_differently(*WORDS),
    },
    "checklists": {"a section in one language": section_emptied},
    "belonging": {
        "a page of another customer": foreign_page,
        "a page lost": page_lost,
        "a strange file inside": always("notes.txt", planted.in_file("harmless")),
        "something started": always("JavaScript", planted.with_script),
    },
}
"""Every kind of fault by its gate."""


@dataclass(frozen=True, slots=True)
class Tried:
    """How many faults of one kind were planted and caught, and what the others were."""

    gate: str
    fault: str
    planted: int
    caught: int
    missed: tuple[str, ...]


def try_all(found: tuple[Subject, ...], rounds: int, gates: Iterable[str] = FAULTS, seed: int = 0) -> Iterator[Tried]:
    """Plant each kind of fault of ``gates`` ``rounds`` times, in each subject in turn."""
    for gate in gates:
        for name, plant in FAULTS[gate].items():
            missed = []
            for turn in range(rounds):
                subject = found[turn % len(found)]
                mutant = plant(subject, Random(f"{seed} {name} {turn}"))
                if not is_caught(subject, mutant):
                    missed.append(f"{subject.report.report_id}: {mutant.what}")
            yield Tried(gate, name, rounds, rounds - len(missed), tuple(missed))


def _stream(content: bytes) -> io.BytesIO:
    return io.BytesIO(content)
