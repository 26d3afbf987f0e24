"""Whether a finished PDF shows the rows that the data copy inside it holds, for whoever has nothing but the file."""

import json
from dataclasses import dataclass
from typing import Any

from shirase.domain.action import Outcome
from shirase.domain.bilingual import Language
from shirase.inspection.finished import FinishedPdf, UnreadablePdfError, read_files, read_finished
from shirase.inspection.rows import compact, printed_rows
from shirase.text.environment import outcome_labels


@dataclass(frozen=True, slots=True)
class Carried:
    """What a report carries.

    Attributes:
        data: The bytes of the data copy inside; None when its customer wants none.
        report_id: As the data copy says.
        rows: Rows on its pages.
        wrong: What differs, in words; empty when nothing does.
    """

    data: bytes | None
    report_id: str
    rows: int
    wrong: str


def read_carried(content: bytes, *, pages: bool = True) -> Carried:
    """Hold the table on the pages against the data copy inside.

    How many rows there are and, of each, number, time, operator, result and evidence. The rest of a row depends on
    language and time zone of its customer, which the file does not name; ``shirase inspect`` compares all of it.

    Args:
        content: A whole file.
        pages: Whether the pages are read; otherwise only the data copy is taken out.

    Raises:
        UnreadablePdfError: When the bytes are no PDF with a structure.
    """
    pdf = read_finished(content) if pages else None
    files = pdf.files if pdf is not None else read_files(content)
    inside = next((file.content for file in files if file.name.endswith(".json")), None)
    if inside is None:
        return Carried(None, "", len(list(printed_rows(pdf.root))) if pdf is not None else 0, "")
    try:
        copy = json.loads(inside)
        rows, wrong = _compared(pdf, copy["actions"]) if pdf is not None else (len(copy["actions"]), "")
        return Carried(inside, str(copy["report_id"]), rows, wrong)
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadablePdfError(f"the data copy inside cannot be read: {error}") from error


def _compared(pdf: FinishedPdf, actions: list[dict[str, Any]]) -> tuple[int, str]:
    printed = list(printed_rows(pdf.root))
    if len(printed) != len(actions):
        return len(printed), f"the pages show {len(printed)} rows, the data copy holds {len(actions)}"
    for row, action in zip(printed, actions, strict=True):
        said = "".join(row.cells)
        wanted = (
            action["at"][11:19], f"E{action['evidence']['file']}:{action['evidence']['line']}",
            action["operator"]["pseudonym"], compact(outcome_labels(Language.EN)[Outcome(action["outcome"])]),
        )  # fmt: skip
        number = compact(row.cells[0]).strip("●＋")
        if number != str(action["number"]) or any(each not in said for each in wanted):
            return len(printed), f"row {action['number']} differs from the data copy (page {row.page})"
    return len(printed), ""
