"""How long the overview of the review pages takes to answer, over a real ledger: 366 reports, and 10,000."""

import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
from starlette.testclient import TestClient

from shirase.desk.app import build_app
from shirase.desk.guard import doors
from shirase.desk.library import Library
from shirase.desk.open import Tools, put_together, warm_up
from shirase.desk.state import Setting
from shirase.domain.bilingual import Language
from shirase.domain.read_report import ReadBlock, ReadReport, ReadSection
from shirase.domain.review import Operator, Policy
from shirase.ledger.drafts import DraftedBytes, Rules
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.output import OutputFolder
from shirase.wiring import new_token, now, open_incident_ledger

LIMITS = {366: 0.2, 10_000: 0.5}
"""Seconds in which the overview has to answer, by reports."""

RIKU, DANA = Operator("Riku", ("responder",)), Operator("Dana", ("comms",))
PORT, ROUNDS = 8417, 9


def run() -> None:
    """Ask for the overview several times and print the median and the longest answer."""
    for count, limit in LIMITS.items():
        with tempfile.TemporaryDirectory() as name:
            seconds = _ask(Path(name), count)
        median, longest = statistics.median(seconds), max(seconds)
        verdict = "within" if longest < limit else "OVER"
        print(f"{count} reports: median {median * 1000:.0f} ms, longest {longest * 1000:.0f} ms, {verdict} {limit} s")


def _ask(folder: Path, count: int) -> list[float]:
    with closing(open_incident_ledger(folder, create=True)) as ledger:
        for person in (RIKU, DANA):
            ledger.people.put(RIKU, person)
        reports = [_report(number) for number in range(count)]
        drafts = [DraftedBytes(each.report_id, each.customer_id, each.pdf_digest, each.data_digest) for each in reports]
        ledger.drafts.register(RIKU, drafts, Rules(Policy(), ()))
        ledger.drafts.submit(RIKU, [each.report_id for each in reports])
        library = Library(OutputFolder(folder))
        library.keep(reports)
        book = IncidentReview(library.output, ledger)
        desk = put_together(library, book, Setting(doors(PORT)), Tools(now, new_token))
        warm_up(desk)
        client = TestClient(build_app(desk), base_url=f"http://localhost:{PORT}")
        client.headers["origin"] = f"http://localhost:{PORT}"
        client.post(httpx.URL(f"/sign-in/{desk.links.issue(DANA.name)}"))
        return [_time(client) for _ in range(ROUNDS)]


def _time(client: TestClient) -> float:
    begun = time.perf_counter()
    assert client.get("/").status_code == 200
    return time.perf_counter() - begun


def _report(number: int) -> ReadReport:
    rows = 1 + (number * 7919) % 97
    sections = tuple(
        ReadSection(str(section), "", language, (ReadBlock("P", f"Text of section {section}.", 1),))
        for language in Language
        for section in range(14)
    )
    return ReadReport(
        report_id=f"INC-{number:06d}", customer_id=f"C-{number:06d}", name_ja=f"株式会社{number}", name_en="",
        pdf_digest=f"{number:064x}", data_digest=f"{number:064x}", page_count=40, impact="potentially_affected",
        first=Language.JA, own=(), sections=sections, by_code={"tenant.view": rows}, by_effect={"view": rows},
        flagged={}, rows={f"{number}-{row}": "d" for row in range(rows)},
    )  # fmt: skip


if __name__ == "__main__":
    run()
