import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pypdfium2
import pytest

import sample_report as sample
from shirase.domain.bilingual import Language, Paired
from shirase.domain.incident import NarrativeSection
from shirase.domain.report import Report, ReportObject
from shirase.rendering.fingerprint import report_fingerprint
from shirase.rendering.html import report_html
from shirase.rendering.worker import Rendered, RenderFailure, WorkerSettings, render_report

pytestmark = pytest.mark.usefixtures("renderer")

SCRIPT = """
import sys
from pathlib import Path
import sample_report
from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import initialise, render_report
initialise(prepare_worker(Path(sys.argv[1])))
print(render_report(sample_report.sample_report()).sha256)
"""


def pages(report: Report) -> list[str]:
    rendered = render_report(report)
    assert isinstance(rendered, Rendered), rendered
    assert rendered.sha256 == hashlib.sha256(rendered.pdf).hexdigest()
    document = pypdfium2.PdfDocument(rendered.pdf)
    try:
        texts = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    assert rendered.page_count == len(texts)
    return texts


def failure(report: Report) -> RenderFailure:
    outcome = render_report(report)
    assert isinstance(outcome, RenderFailure)
    return outcome


def named(name_ja: str, name_en: str = "Sample") -> Report:
    customer = sample.CUSTOMER.model_copy(update={"name_ja": name_ja, "name_en": name_en})
    return sample.sample_report(customer=customer)


def test_every_row_is_printed_once_in_order() -> None:
    """The numbers of all rows stand in the annex, each once, in order, over all its tables and pages."""
    text = "\n".join(pages(sample.many_actions(120)))
    printed = [int(number) for number in re.findall(r"^(\d+) \d\d:\d\d:\d\d ", text, flags=re.MULTILINE)]
    assert printed == list(range(1, 121))
    objects = [int(number) for number in re.findall(r"user\.(\d+)@takahashi\.example", text)]
    assert objects == list(range(1, 121))


def test_every_page_names_the_report_the_addressee_and_its_place() -> None:
    """A lost page names its report, its addressee, its classification, its number and the number of all."""
    texts = pages(sample.sample_report())
    for number, text in enumerate(texts, start=1):
        assert "INC-2022-0120-7Q4M-2ZKD" in text
        assert "株式会社髙橋商事" in text or "Takahashi Shoji Co., Ltd." in text
        assert "取扱注意・宛先限り" in text or "Confidential – for the addressee only" in text
        assert f"{number} / {len(texts)}" in text


def test_every_page_of_an_exercise_says_so() -> None:
    """No page of a drill can be taken for a real notice."""
    texts = pages(sample.sample_report(batch=sample.sample_batch(exercise=True)))
    assert all("訓練（架空データ） / EXERCISE – synthetic data" in text for text in texts)


def test_headers_are_repeated_on_every_page_of_a_table() -> None:
    """Every page of the action list has its column heads with the UTC day."""
    texts = [text for text in pages(sample.many_actions(120)) if "superuser\r\nE1:" in text]
    assert len(texts) > 3
    for text in texts:
        assert all(
            head in text for head in ("操作", "Action", "対象", "Object", "結果", "Result", "UTC", "JST", "2022-01-")
        )


def test_the_same_report_gives_the_same_bytes_everywhere(tmp_path: Path) -> None:
    """Two processes with different zones, locales and hash seeds, and this one, make identical files."""
    here = render_report(sample.sample_report())
    assert isinstance(here, Rendered)
    digests = {here.sha256}
    for zone, locale, seed in (("Asia/Tokyo", "ja_JP.UTF-8", "1"), ("America/New_York", "C", "2")):
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(sys.path), "TZ": zone, "LANG": locale, "LC_ALL": locale,
            "PYTHONHASHSEED": seed,
        }  # fmt: skip
        for name in ("FC_LANG", "PANGO_LANGUAGE", "FONTCONFIG_FILE"):
            environment.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / seed)],
            env=environment, capture_output=True, check=True, encoding="utf-8", cwd=tmp_path,
        )  # fmt: skip
        digests.add(done.stdout.strip())
    assert len(digests) == 1


def test_the_order_of_reports_does_not_matter() -> None:
    """A report is the same whatever was rendered before it in the same process."""
    first = render_report(sample.sample_report())
    render_report(named("株式会社葛󠄀城", "Kuzu & Sons"))
    again = render_report(sample.sample_report())
    assert isinstance(first, Rendered)
    assert isinstance(again, Rendered)
    assert first.pdf == again.pdf


def test_hostile_values_fetch_nothing_and_are_printed() -> None:
    """Values that ask for files and addresses are rendered as text: an attempt to fetch would fail the report."""
    hostile = (
        '<img src="http://127.0.0.1:9/x.png">',
        "<svg><image href='file:///etc/passwd'/></svg>",
        "url(http://127.0.0.1:9/)",
        "<link rel=attachment href='file:///etc/passwd'>",
    )
    rows = [
        sample.sample_action(
            number, datetime(2022, 1, 17, 1, number, tzinfo=UTC), objects=(ReportObject(None, None, text),)
        )
        for number, text in enumerate(hostile, start=1)
    ]
    text = re.sub(r"\s", "", "".join(pages(sample.sample_report(actions=rows))))
    for value in hostile:
        assert re.sub(r"\s", "", value) in text


@pytest.mark.parametrize(
    ("report", "field", "code_point"),
    [
        (named("株式会社\U0001b000"), "customer.name_ja", "U+1B000"),
        (named("株式会社\ue000"), "customer.name_ja", "U+E000"),
        (named("株式会社", "Evil\u202eCorp"), "customer.name_en", "U+202E"),
        (
            sample.sample_report(
                actions=[
                    sample.sample_action(
                        1, datetime(2022, 1, 17, tzinfo=UTC), objects=(ReportObject(None, None, "ok \u0e01"),)
                    )
                ]
            ),
            "actions[0].objects[0].name",
            "U+0E01",
        ),
    ],
    ids=["unknown letter", "private letter", "hidden character", "logged value"],
)
def test_a_character_without_a_glyph_stops_the_report(report: Report, field: str, code_point: str) -> None:
    """A character no font has stops that customer's report, and both the field and the character are named."""
    outcome = failure(report)
    assert outcome.kind == "glyphs"
    assert code_point in outcome.what
    assert field in outcome.where
    assert outcome.mend


@pytest.mark.parametrize(
    "name", ["株式会社𠮷野家", "葛\U000e0100城市", "﨑山商店", "شركة المثال", "חברה לדוגמה", "長" * 200, "W" * 200]
)
def test_names_are_printed_as_given(name: str) -> None:
    """Rare characters, variants, right-to-left names and very long ones are printed whole, within the page."""
    rendered = render_report(named(name))
    assert isinstance(rendered, Rendered), rendered
    document = pypdfium2.PdfDocument(rendered.pdf)
    try:
        for page in document:
            width, height = page.get_size()
            text = page.get_textpage()
            boxes = [text.get_charbox(index) for index in range(text.count_chars())]
            assert all(
                left >= 0 and right <= width and bottom >= 0 and top <= height for left, bottom, right, top in boxes
            )
        first = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    if name.isascii() or "長" in name:
        assert name in first.replace("\r\n", "").replace("\ufffe", "")


def test_a_broken_narrative_is_a_failure_not_an_exception() -> None:
    """Whatever is wrong with one report comes back as a value that says what to mend."""
    batch = sample.sample_batch(narratives={"cause": sample.NARRATIVES["cause"].model_copy(update={"ja": "{{ x }}"})})
    outcome = failure(sample.sample_report(batch=batch))
    assert outcome.customer_id == "C-0123"
    assert "'x'" in outcome.what


def test_the_file_knows_its_language_and_title() -> None:
    """The file is tagged, and its language and title are the first part's."""
    customer = sample.CUSTOMER.model_copy(update={"languages": (Language.EN, Language.JA)})
    rendered = render_report(sample.sample_report(customer=customer))
    assert isinstance(rendered, Rendered)
    document = pypdfium2.PdfDocument(rendered.pdf)
    try:
        assert document.get_metadata_value("Title").startswith("Report on unauthorised access to our support tool")
        assert document.get_metadata_value("CreationDate") == "D:20220323090000+09'00"
        assert document.is_tagged()
        outline = [item.get_title() for item in document.get_toc()]
    finally:
        document.close()
    assert outline[1] == "1. Introduction"
    assert "別紙A　貴社テナントに対する操作一覧" in outline[-4]
    assert "Annex D – Glossary" in outline[-1]


def test_the_fingerprint_changes_with_every_fact(settings: WorkerSettings) -> None:
    """The same facts and engine have one fingerprint; another row, name or engine has another."""
    report = sample.sample_report()
    fingerprints = {
        report_fingerprint(report, settings),
        report_fingerprint(sample.sample_report(), settings),
    }
    assert len(fingerprints) == 1
    fingerprints |= {
        report_fingerprint(replace(report, actions=report.actions[:-1]), settings),
        report_fingerprint(named("別会社"), settings),
        report_fingerprint(report, replace(settings, engine_digest="other")),
        report_fingerprint(replace(report, preview_rows=1), settings),
    }
    assert len(fingerprints) == 5


def told(*changed: str) -> Report:
    """A report of a customer potentially affected, with a text for each kind of customer; those ``changed`` differ."""
    names = ("introduction", "introduction-confirmed", "introduction-not-affected", "cause")
    written = {name: Paired(ja=f"{name}の文", en=f"Text of {name}") for name in names}
    written |= {name: Paired(ja=f"{name}の別の文", en=f"Another text of {name}") for name in changed}
    report = sample.sample_report()
    kept = tuple(section for section in report.batch.narrative if section.name not in names)
    sections = (*kept, *(NarrativeSection(name=name, text=text) for name, text in written.items()))
    return replace(report, batch=replace(report.batch, narrative=sections))


def test_a_text_that_a_report_does_not_show_does_not_change_it(settings: WorkerSettings) -> None:
    """Only what shows a changed text has to be made again: the page has none of the others, and neither has the fingerprint."""
    before = report_fingerprint(told(), settings)
    for others in ("introduction-confirmed", "introduction-not-affected"):
        assert report_fingerprint(told(others), settings) == before
        assert f"Another text of {others}" not in report_html(told(others))
    for own in ("introduction", "cause"):
        assert report_fingerprint(told(own), settings) != before
        assert f"Another text of {own}" in report_html(told(own))
