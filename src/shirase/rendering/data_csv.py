"""The rows of the data copy as a table, ``reports/<report id>.csv``, for people who filter and count."""

import csv
import io
import json
import unicodedata
from typing import Any

from shirase.domain.report import Report
from shirase.rendering.data_copy import action_fields
from shirase.text.visible import make_visible

COLUMNS = (
    "number",
    "uid",
    "at",
    "time_as_logged",
    "time_quality",
    "code",
    "native_code",
    "effect",
    "outcome",
    "tenants",
    "objects",
    "objects_not_shown",
    "operator_pseudonym",
    "operator_organisation_ja",
    "operator_organisation_en",
    "operator_job_title_ja",
    "operator_job_title_en",
    "operator_country",
    "source",
    "ticket",
    "reason",
    "evidence_file",
    "evidence_line",
    "flags",
    "ticket_match",
    "document_code",
    "tenant_basis",
    "also_seen",
)
"""The header, in order. Columns may be added at the end, never renamed or given a new meaning."""

LIST_SEPARATOR = ";"
"""Between the values of ``tenants`` and ``flags``, neither of which may hold it."""

_BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel in Japan reads UTF-8 as Shift_JIS."""

_OPENS_FORMULA = frozenset("=+-@\t\r")


def data_csv(report: Report) -> bytes:
    """The actions of ``report`` by RFC 4180, one action a line, UTF-8 with byte order mark.

    Values are those of the JSON, but for two things: hidden characters (line ends too) are tokens such as ``⟦U+202E⟧``,
    and a text that a spreadsheet would take for a formula has an apostrophe in front. Absent values are empty.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for action in report.actions:
        cells = _cells(action_fields(action)) | {"document_code": report.canary}
        writer.writerow([_cell(cells[column]) for column in COLUMNS])
    return (_BYTE_ORDER_MARK + stream.getvalue()).encode()


def formula_safe(text: str) -> str:
    """``text`` with an apostrophe in front where a spreadsheet would calculate it.

    That is text whose first character, blanks apart, is ``=``, ``+``, ``-``, ``@`` (full-width ones too), a tab or a
    carriage return. Source: OWASP, CSV Injection.
    """
    if not text:
        return text
    first = text.lstrip()[:1]
    return f"'{text}" if text[0] in _OPENS_FORMULA or unicodedata.normalize("NFKC", first) in _OPENS_FORMULA else text


def _cells(fields: dict[str, Any]) -> dict[str, object]:
    """The fields of an action by column, nothing nested any more."""
    cells = dict(fields)
    operator, evidence = cells.pop("operator"), cells.pop("evidence")
    for name in ("organisation", "job_title"):
        for language in ("ja", "en"):
            cells[f"operator_{name}_{language}"] = operator[name][language] if operator[name] else None
    cells |= {f"operator_{name}": operator[name] for name in ("pseudonym", "country")}
    cells |= {f"evidence_{name}": evidence[name] for name in ("file", "line")}
    cells |= {name: LIST_SEPARATOR.join(fields[name]) for name in ("tenants", "flags")}
    cells["also_seen"] = LIST_SEPARATOR.join(
        f"{seen['kind']} E{seen['file']}:{seen['line']}" for seen in fields["also_seen"]
    )
    cells["objects"] = json.dumps(fields["objects"], ensure_ascii=False) if fields["objects"] else None
    return cells


def _cell(value: object) -> object:
    """A number as it is; text so that it is seen, stays on its line, and is never calculated."""
    return formula_safe(make_visible(value)) if isinstance(value, str) else value
