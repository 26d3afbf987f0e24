"""Edge: reports as reviewers read them, taken from finished bytes once and kept by digest in ``.work/read/``."""

import hashlib
import json
import multiprocessing
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from shirase.domain.errors import GateError, Problem
from shirase.domain.read_report import ReadReport
from shirase.inspection.finished import UnreadablePdfError
from shirase.inspection.words_read import read_words
from shirase.pipeline.drawing_lock import DRAWING
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.revision_store import DATA, PDF, read_revision
from shirase.review.pictures import page_count

FORMAT = 1
"""Version of what is kept; another one is read anew."""

_REPORT = TypeAdapter(ReadReport)
_FLAGS = {
    "confirmed": "confirmed",
    "without_ticket": "without_ticket",
    "not_successful": "not_successful",
    "shared": "shared_with_others",
}
"""Names of :attr:`ReadReport.flagged`, and of the counts in the data copy behind them."""


def read_report(output: OutputFolder, pdf_digest: str, data_digest: str) -> ReadReport:
    """The revision with those digests, from what is kept or from its bytes.

    Raises:
        TamperedError: When the bytes are gone or others.
        GateError: When they cannot be read.
    """
    path = _kept(output, pdf_digest)
    try:
        kept = json.loads(path.read_bytes())
        if kept["format"] == FORMAT and kept["report"]["data_digest"] == data_digest:
            return _REPORT.validate_python(kept["report"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError):
        pass  # not read yet, or by an earlier program
    pdf, data = read_revision(output, pdf_digest, PDF), read_revision(output, data_digest, DATA)
    report = report_from(pdf, data)
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    content = {"format": FORMAT, "report": _REPORT.dump_python(report, mode="json")}
    write_whole(path, json.dumps(content, ensure_ascii=False).encode())
    return report


def read_reports(
    output: OutputFolder, digests: Iterable[tuple[str, str]], progress: Progress, jobs: int
) -> tuple[ReadReport, ...]:
    """Several revisions, each given by the digests of its PDF and data copy, in that order; the new ones in workers."""
    wanted = list(digests)
    new = [pair for pair in wanted if not _kept(output, pair[0]).exists()]
    if len(new) > 1:
        progress.begin("reading reports for review", len(new))
        for _ in _read_in_workers(output, new, jobs):
            progress.advance(1)
        progress.end()
    return tuple(read_report(output, *pair) for pair in wanted)


def report_from(pdf: bytes, data: bytes) -> ReadReport:
    """A report from its bytes.

    Raises:
        GateError: When they cannot be read.
    """
    try:
        copy: dict[str, Any] = json.loads(data)
        with DRAWING:
            sections = read_words(pdf)
            return _report(copy, sections, pdf, data)
    except (UnreadablePdfError, ValueError, KeyError) as error:
        raise GateError(Problem(f"a report cannot be read: {error}", "", "draft it again")) from error


def _report(copy: dict[str, Any], sections: tuple[Any, ...], pdf: bytes, data: bytes) -> ReadReport:
    customer, counts = copy["customer"], copy["counts"]
    own = (
        copy["report_id"], copy["document_code"], customer["name_ja"], customer["name_en"],
        *(tenant["id"] for tenant in customer["tenants"]),
    )  # fmt: skip
    return ReadReport(
        report_id=copy["report_id"],
        customer_id=customer["id"],
        name_ja=customer["name_ja"],
        name_en=customer["name_en"],
        pdf_digest=hashlib.sha256(pdf).hexdigest(),
        data_digest=hashlib.sha256(data).hexdigest(),
        page_count=page_count(pdf),
        impact=copy["impact"],
        first=sections[0].language,
        own=tuple(value for value in own if value),
        sections=sections,
        by_code=counts["by_code"],
        by_effect={effect: count for effect, count in counts["by_effect"].items() if count},
        flagged={name: counts[count] for name, count in _FLAGS.items()},
        rows={action["uid"]: _row_digest(action) for action in copy["actions"]},
    )


def _row_digest(action: dict[str, Any]) -> str:
    """Of everything a row says. Its number and its place among the files may move without a change of the row."""
    said = {name: value for name, value in action.items() if name not in ("number", "evidence")}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _kept(output: OutputFolder, pdf_digest: str) -> Path:
    return output.work / "read" / f"{pdf_digest}.json"


def _read_in_workers(output: OutputFolder, pairs: list[tuple[str, str]], jobs: int) -> Iterator[None]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(pairs)), mp_context=context) as pool:
        yield from pool.map(_read_one, ((str(output.root), *pair) for pair in pairs))


def _read_one(task: tuple[str, str, str]) -> None:
    root, pdf_digest, data_digest = task
    read_report(OutputFolder(Path(root)), pdf_digest, data_digest)
