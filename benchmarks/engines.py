"""Both engines and their peers on the same reports, and how the fast one grows: processor time, one process each."""

import gc
import json
import multiprocessing
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
from rich.console import Console
from rich.table import Table

from benchmarks.published import publish
from shirase.domain.report import Report
from shirase.pipeline.draft import load_report
from shirase.pipeline.progress import Silent
from shirase.pipeline.rehearse import run_rehearse
from shirase.pipeline.scope import batch_facts, run_scope
from shirase.rehearsal.generate import Size
from shirase.rendering.attachments import attachments, data_files
from shirase.rendering.fast.writer import FastWriter
from shirase.rendering.html import report_parts
from shirase.rendering.metadata import FileFacts
from shirase.rendering.pdf import STYLESHEETS, PdfWriter
from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import initialise
from shirase.settings import cache_folder, default_jobs, story
from shirase.text.resources import templates_root

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # its reports of any number of rows

import sample_report

SIZE = Size(customers=2_000, affected=32, lines=11_000)
GROWTH = (10, 100, 1_000, 10_000, 50_000)
PEERS = ("PlutoPrint", "Typst", "Chromium")
MEASURED = 4
"""Of the reports by size, every so-manieth is measured; the others are what a long batch has drawn before."""


NAMES_JA = {
    "reference": "WeasyPrintのみ（`--engine reference`）",
    "fast, from nothing": "高速エンジン、起動直後",
    "fast, in a long batch": "高速エンジン、一括作成の途中",
}
NAMES_EN = {
    "reference": "plain WeasyPrint (`--engine reference`)",
    "fast, from nothing": "the fast engine, just started",
    "fast, in a long batch": "the fast engine, in a long batch",
}
HEADS_EN = ["engine", "pages/s", "times plain WeasyPrint", "bytes/page", "tagged"]
HEADS_JA = ["エンジン", "ページ/秒", "WeasyPrintのみとの比", "バイト/ページ", "タグ"]


def run(*, write: bool = False) -> None:
    """Print both tables, and where they were measured; ``write`` puts the first into the documents."""
    machine = f"{platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    print(f"{machine}, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory() as name:
        measured = _peers(Path(name))
    _growth()
    if write:
        _publish(measured, machine)


def _publish(measured: dict[str, dict[str, Any]], machine: str) -> None:
    base = _speed(measured["reference"])
    note = f"{datetime.now(UTC).date()}: {machine}"
    for document, names, heads, tagged, absent in (
        ("README.md", NAMES_EN, HEADS_EN, {True: "yes", False: "no"}, "not comparable"),
        ("README.ja.md", NAMES_JA, HEADS_JA, {True: "あり", False: "なし"}, "比較できず"),
    ):
        rows = [
            [
                names.get(name, name), f"{_speed(result):.1f}", f"{_speed(result) / base:.1f}",
                f"{result['bytes'] / result['pages']:,.0f}", tagged[result["tagged"]],
            ]
            if _not_comparable(result, measured["reference"]) is None
            else [names.get(name, name), absent, "", "", ""]
            for name, result in measured.items()
        ]  # fmt: skip
        publish("engines", document, note, heads, rows)


def _not_comparable(result: dict[str, Any], reference: dict[str, Any]) -> str | None:
    """Why a speed would say nothing; None where it says something."""
    if "failed" in result:
        return str(result["failed"])
    if not reference["pages"] / 2 <= result["pages"] <= reference["pages"] * 2:
        return f"makes {result['pages']:,} pages of what the reference makes {reference['pages']:,} of"
    return None


def _speed(result: dict[str, Any]) -> float:
    """Pages a second."""
    return float(result["pages"] / result["seconds"])


def _peers(folder: Path) -> dict[str, dict[str, Any]]:
    everyone = sorted(_reports(folder), key=lambda report: len(report.actions))
    reports, others = everyone[::MEASURED], [report for at, report in enumerate(everyone) if at % MEASURED]
    rows = sum(len(report.actions) for report in reports)
    initialise(prepare_worker(cache_folder()))
    style = "\n".join((templates_root() / "report" / name).read_text(encoding="utf-8") for name in STYLESHEETS[:1])
    documents = folder / "documents"
    documents.mkdir()
    (documents / "style.css").write_text(style, encoding="utf-8")
    for number, report in enumerate(reports):
        (documents / f"{number:04}.html").write_text(report_parts(report).whole, encoding="utf-8")
    measured = {
        "reference": _apart(_draw, "reference", [], reports),
        "fast, from nothing": _apart(_draw, "fast", [], reports),
    }
    measured["fast, in a long batch"] = _apart(_draw, "fast", others, reports)
    for peer in PEERS:
        measured[peer] = _peer(peer, documents)
    table = Table("engine", "pages", "pages/s", "rows/s", "times the reference", "bytes/page", "peak MB", "tagged")
    base = _speed(measured["reference"])
    for name, result in measured.items():
        if (reason := _not_comparable(result, measured["reference"])) is not None:
            table.add_row(name, reason)
            continue
        speed = _speed(result)
        table.add_row(
            name, f"{result['pages']:,}", f"{speed:.1f}", f"{rows / result['seconds']:,.0f}", f"{speed / base:.1f}",
            f"{result['bytes'] / result['pages']:,.0f}", f"{result['peak']:,.0f}", "yes" if result["tagged"] else "no",
        )  # fmt: skip
    table.title = f"{len(reports)} reports, {rows:,} rows, HTML to finished file, one core, without checking it"
    Console().print(table)
    return measured


def _growth() -> None:
    table = Table("rows", "pages", "ms a row", "pages/s", "peak MB")
    for count in GROWTH:
        result = _apart(_grow, count)
        seconds, pages = result["seconds"], result["pages"]
        table.add_row(
            f"{count:,}",
            f"{pages:,}",
            f"{1000 * seconds / count:.2f}",
            f"{pages / seconds:.0f}",
            f"{result['peak']:,.0f}",
        )
    table.title = "One report by the fast engine, drawn first by a process that knows nothing"
    Console().print(table)


def _reports(folder: Path) -> list[Report]:
    run_rehearse(folder / "case", story(), SIZE)
    run = run_scope(folder / "case", folder / "out", Silent(), jobs=default_jobs())
    batch = batch_facts(run)
    return [load_report(run, batch, entry) for entry in run.expected.entries]


def _draw(name: str, before: list[Report], reports: list[Report]) -> dict[str, Any]:
    """Draw ``before``, then measure ``reports``."""
    initialise(prepare_worker(cache_folder()))
    folder = templates_root() / "report"
    reference = PdfWriter(folder)
    fast = FastWriter(folder, reference)
    gc.disable()
    pages = size = 0
    seconds = 0.0
    for number, report in enumerate([*before, *reports]):
        parts, facts = report_parts(report), FileFacts(report.report_id, report.customer.languages)
        inside = attachments(report, data_files(report))
        started = time.process_time()
        if name == "reference":
            drawn = reference.write(parts.whole, facts, report.customer.paper, inside)
        else:
            drawn = fast.write(parts, facts, report.customer.paper, inside)
        gc.collect()
        gc.freeze()
        if number >= len(before):
            seconds += time.process_time() - started
            pages += drawn.page_count
            size += len(drawn.pdf)
    return {"seconds": seconds, "pages": pages, "bytes": size, "peak": _peak(), "tagged": True}


def _grow(count: int) -> dict[str, Any]:
    initialise(prepare_worker(cache_folder()))
    folder = templates_root() / "report"
    fast = FastWriter(folder, PdfWriter(folder))
    report = sample_report.many_actions(count)
    parts = report_parts(report)
    before = time.process_time()
    drawn = fast.write(parts, FileFacts(report.report_id, report.customer.languages), report.customer.paper)
    return {"seconds": time.process_time() - before, "pages": drawn.page_count, "peak": _peak()}


def _peak() -> float:
    """Most memory that this process had at once, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _measured(work: Callable[..., dict[str, Any]], values: tuple[object, ...]) -> dict[str, Any]:
    """``work``, with the peak of memory that was inherited forgotten (proc(5), ``clear_refs``)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return work(*values)


def _apart(work: Callable[..., dict[str, Any]], *values: object) -> dict[str, Any]:
    """``work`` in a process of its own, so that its peak of memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return dict(pool.apply(_measured, (work, values)))


def _peer(name: str, documents: Path) -> dict[str, Any]:
    """A peer, by the Python of ``$SHIRASE_PEERS`` or this one."""
    python = os.environ.get("SHIRASE_PEERS") or sys.executable
    script = str(Path(__file__).with_name("peers.py"))
    done = subprocess.run([python, script, name, str(documents)], capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["it ended without a word"])[-1][:200]}
    result = dict(json.loads(done.stdout))
    if "failed" not in result:
        result["pages"] = sum(len(pypdfium2.PdfDocument(path)) for path in documents.glob("*.pdf"))
    for path in documents.glob("*.pdf"):
        path.unlink()
    return result
