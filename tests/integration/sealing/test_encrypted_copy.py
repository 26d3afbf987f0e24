"""An extra copy under a passphrase: what other programs say of it, and that the seal inside it is whole."""

import hashlib
import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from sealed_batch import PASSPHRASE, SENDER, Made, output_of, run, run_with_secret, told, tool
from shirase.domain.exits import ExitCode

WISH = "Ms Tanaka of the customer, 2022-03-24, by mail"


def first_of(folder: Path) -> Path:
    return min((folder / "sealed").glob("*.pdf"))


def encrypted(folder: Path) -> Path:
    words = ["encrypt", folder, first_of(folder).stem, "--wish", WISH, "--as", SENDER, "--json"]
    return Path(told(run_with_secret(*words))["file"])


def test_only_the_passphrase_opens_it(sealed: Path) -> None:
    """AES-256 says poppler, PDFium opens it with the passphrase only, and no name of the report stands in it readable."""
    content = (path := encrypted(sealed)).read_bytes()
    assert "algorithm:AES-256" in output_of(tool("pdfinfo"), "-upw", PASSPHRASE, path)
    for wrong in (None, "", "wrong horse 電池 staple"):
        with pytest.raises(pypdfium2.PdfiumError, match="password"):
            pypdfium2.PdfDocument(content, password=wrong)
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(io.BytesIO(content), password=wrong or "")
    with pikepdf.open(first_of(sealed)) as plain:
        title = str(plain.docinfo["/Title"])
    assert title.encode() not in content
    assert title.encode("utf-16-be") not in content
    assert PASSPHRASE.encode() not in content


def test_it_shows_the_pages_and_carries_the_sealed_file(sealed: Path, made: Made, tmp_path: Path) -> None:
    """Page by page the same picture, no broken seal shown, and what is inside verifies as the sealed file itself."""
    with pikepdf.open(encrypted(sealed), password=PASSPHRASE) as copy:
        assert "/AcroForm" not in copy.Root
        assert "/Metadata" not in copy.Root  # it would claim PDF/A, which forbids encryption
        inside = copy.attachments[first_of(sealed).name].get_file().read_bytes()
    assert inside == first_of(sealed).read_bytes()
    (tmp_path / "inside.pdf").write_bytes(inside)
    words = ["--manifest", sealed / "sealed" / "manifest.json", "--trust", made.authority, "--json"]
    assert told(run("verify", tmp_path / "inside.pdf", *words))["holds"] is True
    ours, theirs = pypdfium2.PdfDocument(encrypted(sealed), password=PASSPHRASE), pypdfium2.PdfDocument(inside)
    assert len(ours) == len(theirs) > 10
    for number in (0, len(theirs) - 1):
        one, other = (each[number].render().to_pil().tobytes() for each in (ours, theirs))
        assert one == other
    ours.close()
    theirs.close()


def test_it_replaces_nothing_and_the_journal_has_the_wish(sealed: Path) -> None:
    """The sealed file stays, the copy is readable by its owner alone, and who wished it is kept; the passphrase is not."""
    before = hashlib.sha256(first_of(sealed).read_bytes()).hexdigest()
    path = encrypted(sealed)
    assert path.parent.name == "encrypted"
    assert path.stat().st_mode & 0o777 == 0o600
    assert hashlib.sha256(first_of(sealed).read_bytes()).hexdigest() == before
    said = run("journal", sealed, "--json").stdout
    assert WISH in said
    assert PASSPHRASE not in said


def test_the_passphrase_goes_another_way(sealed: Path) -> None:
    """Whoever makes the copy is told so."""
    done = run_with_secret("encrypt", sealed, first_of(sealed).stem, "--wish", WISH, "--as", SENDER)
    assert "by another way than the file" in done.stdout


@pytest.mark.parametrize("secret", ["", "short", "elevenchars"])
def test_a_short_passphrase_is_refused(sealed: Path, secret: str) -> None:
    """Whoever has the file can try as often as they like."""
    words = ["encrypt", sealed, first_of(sealed).stem, "--wish", WISH, "--as", SENDER]
    assert run_with_secret(*words, secret=secret).exit_code == ExitCode.USAGE
    assert not (sealed / "sealed" / "encrypted").exists() or not any((sealed / "sealed" / "encrypted").iterdir())


def test_only_what_is_sealed(folder: Path) -> None:
    """An approved report has no copy before it is sealed; and only a sender makes one."""
    report = min((folder / "reports").glob("*.pdf")).stem
    done = run_with_secret("encrypt", folder, report, "--wish", WISH, "--as", SENDER)
    assert done.exit_code == ExitCode.USAGE
    assert "nothing is sealed yet" in done.stderr
    done = run_with_secret("encrypt", folder, report, "--wish", WISH, "--as", "Keiko")
    assert done.exit_code == ExitCode.NOT_APPROVED
    assert "sender" in done.stderr
