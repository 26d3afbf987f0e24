"""Every file is judged before it counts as made, and the judge does judge."""

import io
import re

import page
import pikepdf
import pytest

import sample_report as sample
from broken_pdfs import GOOD, PLAIN, TOFU, broken_pdfs
from shirase.rendering import metadata
from shirase.rendering.validation import PROFILES, StandardsError, breaches_of, require_standards
from shirase.rendering.worker import Rendered, RenderFailure, render_report

pytestmark = pytest.mark.usefixtures("renderer")


@pytest.fixture(scope="module")
def files(renderer: object) -> dict[str, bytes]:
    outcome = render_report(sample.sample_report())
    assert isinstance(outcome, Rendered)
    return broken_pdfs(outcome.pdf)


def rules(files: dict[str, bytes], name: str) -> dict[str, set[str]]:
    return {standard: {breach.rule for breach in breaches_of(files[name], standard)} for standard in PROFILES}


def test_a_file_saved_again_still_conforms(files: dict[str, bytes]) -> None:
    """What the controls below break is what they say, not the saving."""
    assert rules(files, GOOD) == {"PDF/A-3a": set(), "PDF/UA-1": set()}
    require_standards(files[GOOD])


@pytest.mark.parametrize(
    ("name", "standard"),
    [
        ("no title", "PDF/UA-1"),
        ("no pdfuaid", "PDF/UA-1"),
        ("no language", "PDF/UA-1"),
        ("font left out", "PDF/A-3a"),
        ("cells that head nothing", "PDF/UA-1"),
        (PLAIN, "PDF/A-3a"),
        (PLAIN, "PDF/UA-1"),
        (TOFU, "PDF/UA-1"),
    ],
)
def test_a_broken_file_is_refused(files: dict[str, bytes], name: str, standard: str) -> None:
    """Control: each of these is refused by the standard that forbids it, with rule, place and mend."""
    assert rules(files, name)[standard]
    with pytest.raises(StandardsError) as caught:
        require_standards(files[name])
    concerned = [problem for problem in caught.value.problems if problem.where.startswith(f"{standard}, ")]
    assert concerned
    assert all(problem.what and problem.mend for problem in concerned)


def test_a_missing_glyph_is_named(files: dict[str, bytes]) -> None:
    """The box that stands for an unknown character is what the file is refused for."""
    assert any("NOTDEF" in rule for rule in rules(files, TOFU)["PDF/UA-1"])


def test_rubbish_is_refused_not_a_crash() -> None:
    """A file that is none breaks both standards."""
    with pytest.raises(StandardsError) as caught:
        require_standards(b"%PDF-1.7\nrubbish")
    assert {problem.where for problem in caught.value.problems} == {"PDF/A-3a, file", "PDF/UA-1, file"}


def test_a_report_that_does_not_conform_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The customer's report becomes a failure of its own kind that names rule and standard."""
    packet = metadata._PACKET.replace("<pdfuaid:part>1</pdfuaid:part>", "")
    assert packet != metadata._PACKET
    monkeypatch.setattr(metadata, "_PACKET", packet)
    outcome = render_report(sample.sample_report())
    assert isinstance(outcome, RenderFailure)
    assert outcome.kind == "standards"
    assert "PDF/UA-1" in outcome.where
    assert outcome.what
    assert outcome.mend


def test_a_stream_may_end_with_a_carriage_return(files: dict[str, bytes]) -> None:
    """``Length`` says where a stream ends. The validator alone refuses such a file, one in which ``Length`` lies too."""
    with pikepdf.open(io.BytesIO(files[GOOD])) as pdf:
        first = pdf.pages[0]
        first.Contents = pdf.make_stream(first.Contents.read_bytes() + b" \r")
        saved = io.BytesIO()
        pdf.save(saved, compress_streams=False, fix_metadata_version=False, deterministic_id=True)
    good = saved.getvalue()
    profile = PROFILES["PDF/A-3a"]
    assert [failure.rule_id for failure in page.validate_pdf_bytes(good, profile=profile).failures] == [
        "PDFA3A-STREAM-LENGTH-001"
    ]
    assert breaches_of(good, "PDF/A-3a") == ()
    end = good.index(b" \r\nendstream")
    length = re.findall(rb"/Length (\d+)", good[:end])[-1]
    start = good.rindex(b"/Length " + length, 0, end)
    short = b"%0*d" % (len(length), int(length) - 7)
    lying = good[:start] + b"/Length " + short + good[start + 8 + len(length) :]
    assert [breach.rule for breach in breaches_of(lying, "PDF/A-3a")]
