"""The public statement as HTML pages, one for each language, and as tables."""

import csv
import io
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.narrative import shared_facts
from shirase.domain.statement import StatedFigure, Statement
from shirase.text.environment import environment_for
from shirase.text.formats import format_count, format_share
from shirase.text.narrative import render_narrative


def statement_html(statement: Statement, language: Language) -> str:
    """The whole page in ``language``.

    Raises:
        CaseError: When the text names a value that only a single customer has.
    """
    facts = shared_facts(statement.batch)
    text = render_narrative(statement.text.of(language), facts, language, statement.zone)
    page = environment_for(language).get_template("statement/statement.html")
    return page.render(statement=statement, text=text).lstrip() + "\n"


def figures_csv(statement: Statement) -> bytes:
    """Every figure with its label in both languages, as printed, and the query behind it (RFC 4180, UTF-8 with BOM)."""
    lines: list[tuple[object, ...]] = [("figure", "label_ja", "label_en", "value", "printed", "query")]
    for figure in statement.figures:
        printed = format_share(figure.value) if isinstance(figure.value, float) else format_count(figure.value)
        labels = (_label(figure, language) for language in Language)
        lines.append((figure.name, *labels, figure.value, printed, figure.query))
    return _table(lines)


def timeline_csv(statement: Statement) -> bytes:
    """The course of events in both languages (RFC 4180, UTF-8 with BOM); instants and days in UTC."""
    lines: list[tuple[object, ...]] = [("at", "first_day", "last_day", "text_ja", "text_en")]
    for entry in statement.batch.timeline:
        moment = (entry.at.isoformat() if entry.at else "", entry.first_day or "", entry.last_day or "")
        lines.append((*moment, entry.text.ja, entry.text.en))
    return _table(lines)


def _label(figure: StatedFigure, language: Language) -> str:
    if figure.label is not None:
        return figure.label.of(language)
    names: Any = environment_for(language).get_template("statement/figures.html").module
    return str(names.figure_name(figure.name)).strip()


def _table(lines: list[tuple[object, ...]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows(lines)
    return target.getvalue().encode("utf-8-sig")
