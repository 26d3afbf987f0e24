"""What a worker process runs: one report in, one PDF or one failure out, as plain values.

The pool, its time limits and what happens to a worker that dies are the pipeline's.
"""

import gc
import hashlib
import os
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import TemplateError
from weasyprint import Attachment

from shirase.domain.bilingual import Language
from shirase.domain.errors import Problem, ShiraseError
from shirase.domain.report import Report
from shirase.rendering.attachments import DataFiles, attachments, data_files
from shirase.rendering.fast.writer import FastWriter
from shirase.rendering.glyphs import Glyphs, read_glyphs
from shirase.rendering.html import Parts, report_parts
from shirase.rendering.metadata import FileFacts
from shirase.rendering.pdf import DrawingError, Drawn, PdfWriter
from shirase.rendering.refusal import RefusedError
from shirase.rendering.validation import StandardsError, require_standards
from shirase.text.environment import environment_for
from shirase.text.resources import templates_root
from shirase.text.zones import use_pinned_zones

_MISSING_SHOWN = 10

_NO_DATA = DataFiles(json=b"", csv=None, embedded=False)


class Drawing(StrEnum):
    """How pages are made: each whole document laid out, or what is common to several once. The pages are the same."""

    REFERENCE = "reference"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What every worker of a run is given. Made by :func:`shirase.rendering.prepare.prepare_worker`.

    Attributes:
        fontconfig_file: Makes the report's fonts the only ones visible.
        characters_file: The characters that those fonts have.
        engine_digest: Digest of templates, catalogues, fonts and library versions.
        memory_limit: Bytes of address space a worker may take; None for no limit.
        drawing: How pages are made.
    """

    fontconfig_file: Path
    characters_file: Path
    engine_digest: str
    memory_limit: int | None = None
    drawing: Drawing = Drawing.REFERENCE


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished PDF and the data of the same report.

    Attributes:
        report_id: Which report.
        customer_id: Whose.
        pdf: The file.
        sha256: Its digest.
        page_count: Its pages.
        data: The rows as files; empty for a sketch.
        seconds: What it took, the only value that differs from run to run.
        refused: Why the fast way was not taken, though asked for; None where it was, or was not asked for.
    """

    report_id: str
    customer_id: str
    pdf: bytes
    sha256: str
    page_count: int
    data: DataFiles
    seconds: float
    refused: str | None = None


@dataclass(frozen=True, slots=True)
class RenderFailure:
    """Why a report could not be made.

    Attributes:
        report_id: Which report.
        customer_id: Whose.
        kind: ``glyphs``, ``template``, ``fetch``, ``warning``, ``standards``, ``memory`` or ``error``; the pool adds
            its own.
        what: What is wrong, in one sentence.
        where: Field or place concerned.
        mend: What a person can do.
    """

    report_id: str
    customer_id: str
    kind: str
    what: str
    where: str
    mend: str


@dataclass(frozen=True, slots=True)
class _Tools:
    writer: PdfWriter
    glyphs: Glyphs
    fast: FastWriter | None


_TOOLS: list[_Tools] = []
"""The tools of this process, made once: filled by :func:`initialise`, at most one."""


def initialise(settings: WorkerSettings) -> None:
    """Make this process ready to render. To be called once, before any report.

    Sets ``FONTCONFIG_FILE``, the language in which fonts are named and the one for which fallbacks are chosen; both
    libraries read them from the environment when the first fonts are looked up, and would otherwise follow the
    machine's locale.

    Raises:
        ShiraseError: When a catalogue, a template or the stylesheet cannot be used.
    """
    if settings.memory_limit is not None:
        resource.setrlimit(resource.RLIMIT_AS, (settings.memory_limit, settings.memory_limit))
    os.environ["FONTCONFIG_FILE"] = str(settings.fontconfig_file)
    os.environ["FC_LANG"] = "en"
    os.environ["PANGO_LANGUAGE"] = "ja"
    use_pinned_zones()
    for language in Language:
        environment_for(language)
    folder = templates_root() / "report"
    writer = PdfWriter(folder)
    fast = FastWriter(folder, writer) if settings.drawing is Drawing.FAST else None
    _TOOLS[:] = [_Tools(writer, read_glyphs(settings.characters_file), fast)]


def collect_between_reports() -> None:
    """Turn the cyclic garbage collector off: it runs after each report instead, which saves a sixth of the time.

    For processes that do nothing but render; to be called once, after :func:`initialise`.
    """
    gc.collect()
    gc.freeze()
    gc.disable()


def render_report(report: Report, *, sketch: bool = False) -> Rendered | RenderFailure:
    """Make the PDF of ``report``; the same report gives the same bytes in every process.

    Args:
        report: Every fact.
        sketch: Whether the pages are only to be looked at: sooner, without data and held against no standard. What
            has not changed since the last sketch is not laid out again; where the reference draws it, it has no tags,
            and its pages are numbered part by part.
    """
    started = time.perf_counter()
    try:
        data = _NO_DATA if sketch else data_files(report)
        drawn, refused = _sketch(report, _TOOLS[0]) if sketch else _render(report, data, _TOOLS[0])
    except Exception as error:  # noqa: BLE001 - one report fails, never the batch; the value says what happened
        return _failure(report, error)
    finally:
        if not sketch:  # somebody waits for it; whoever asks for sketches collects when it is shown
            _collect()
    return Rendered(
        report_id=report.report_id,
        customer_id=report.customer.customer_id,
        pdf=drawn.pdf,
        sha256=hashlib.sha256(drawn.pdf).hexdigest(),
        page_count=drawn.page_count,
        data=data,
        seconds=time.perf_counter() - started,
        refused=refused,
    )


class _UnprintableError(ShiraseError):
    """Some characters have no glyph."""

    kind = "glyphs"


def _sketch(report: Report, tools: _Tools) -> tuple[Drawn, str | None]:
    parts = report_parts(report)
    _require_glyphs(report, parts, tools.glyphs)
    drawn, refused = _fast(report, parts, tools.fast, None)
    return drawn or tools.writer.sketch(parts.documents(), report.customer.paper), refused


def _render(report: Report, data: DataFiles, tools: _Tools) -> tuple[Drawn, str | None]:
    parts = report_parts(report)
    _require_glyphs(report, parts, tools.glyphs)
    drawn, refused = _fast(report, parts, tools.fast, attachments(report, data))
    if drawn is None:
        drawn = tools.writer.write(parts.whole, _facts(report), report.customer.paper, attachments(report, data))
    require_standards(drawn.pdf)
    return drawn, refused


def _facts(report: Report) -> FileFacts:
    return FileFacts(report.report_id, report.customer.languages)


def _fast(
    report: Report, parts: Parts, writer: FastWriter | None, files: Sequence[Attachment] | None
) -> tuple[Drawn | None, str | None]:
    """The report drawn the fast way, where that was asked for; else why not."""
    if writer is None:
        return None, None
    try:
        return writer.write(parts, _facts(report), report.customer.paper, files), None
    except RefusedError as refusal:
        return None, str(refusal)
    except (DrawingError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a fault of this way must not cost a customer the report; it is told
        return None, f"{type(error).__name__}: {error}"


def _collect() -> None:
    """Collect what one report left; what the fast way keeps for the next ones need not be looked at again each time."""
    gc.collect()
    if not gc.isenabled():
        gc.freeze()


def _require_glyphs(report: Report, parts: Parts, glyphs: Glyphs) -> None:
    names = report.customer.name_ja + report.customer.name_en
    lost = sorted(set().union(*map(glyphs.missing_characters, (parts.head, *parts.bodies, parts.end))))
    if not lost and names.isprintable():
        return
    missing = list(glyphs.missing_in(report))
    if missing:
        raise _UnprintableError(*(Problem(entry.what, entry.field, entry.mend) for entry in missing[:_MISSING_SHOWN]))
    if lost:
        what = f"no font has a glyph for {''.join(lost)!a}"
        raise _UnprintableError(Problem(what, "templates", "correct the template"))


def _failure(report: Report, error: Exception) -> RenderFailure:
    kind, problems = _explain(error)
    return RenderFailure(
        report_id=report.report_id,
        customer_id=report.customer.customer_id,
        kind=kind,
        what="; ".join(dict.fromkeys(problem.what for problem in problems)),
        where="; ".join(dict.fromkeys(problem.where for problem in problems)),
        mend=problems[0].mend,
    )


def _explain(error: Exception) -> tuple[str, tuple[Problem, ...]]:
    match error:
        case _UnprintableError() | StandardsError():
            return error.kind, error.problems
        case ShiraseError():
            return "error", error.problems
        case DrawingError():
            mend = "the template is at fault, or the data attack it; report it with the run sheet"
            return error.kind, (Problem(str(error), "drawing", mend),)
        case TemplateError():
            where = f"{getattr(error, 'filename', None) or 'template'}:{getattr(error, 'lineno', None) or '?'}"
            return "template", (Problem(str(error), where, "mend the template"),)
        case MemoryError():
            mend = "draft this customer alone, with a larger memory limit"
            return "memory", (Problem("the memory limit was reached", "drawing", mend),)
        case _:
            mend = "this is a bug; report it with the run sheet"
            return "error", (Problem(f"{type(error).__name__}: {error}", "rendering", mend),)
