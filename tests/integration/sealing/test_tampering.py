"""Whatever is done to a sealed file is found and named. The table of what was tried stands in docs/explanation/sealing.md."""

import io
import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from sealed_batch import Made, make_key, run, told
from shirase.domain.exits import ExitCode
from shirase.domain.seal_check import Facet, SealCheck, Verdict
from shirase.pipeline import spread
from shirase.pipeline.verify import Beside, manifest_beside, verify_file
from shirase.sealing.append import prepare, sign
from shirase.sealing.check import Trust, check_signature, read_certificates
from shirase.sealing.manifest_file import sign_manifest
from shirase.wiring import now

FLIPS = 600
CASE_BIT = 0x02
"""Of the first hexadecimal digit of a letter: 4 and 6, 5 and 7 are upper and lower case."""


def hexadecimal(der: bytes) -> bytes:
    """As a signature holds it in a PDF."""
    return der.hex().upper().encode()


def first_of(folder: Path) -> Path:
    return min((folder / "sealed").glob("*.pdf"))


def trust_in(made: Made) -> Trust:
    return Trust(read_certificates(made.authority.read_bytes(), str(made.authority)), now())


def beside(folder: Path, made: Made) -> Beside:
    return manifest_beside(folder / "sealed" / "manifest.json", trust_in(made))


def failing(check: SealCheck) -> set[Facet]:
    return {each.facet for each in check.facets if each.verdict is Verdict.FAILS}


def checked(content: bytes, folder: Path, made: Made, tmp_path: Path) -> SealCheck:
    """What is said of ``content`` as a customer who has the manifest and the authority's certificate."""
    path = tmp_path / "received.pdf"
    path.write_bytes(content)
    return verify_file(path, beside(folder, made), quick=True)


def one_more_update(content: bytes) -> bytes:
    """A revision appended by a writer that follows the rules."""
    writer, made = IncrementalPdfFileWriter(io.BytesIO(content)), io.BytesIO()
    writer.root["/Note"] = pdf_string("changed later")
    writer.update_root()  # type: ignore[no-untyped-call]
    writer.write(made)  # type: ignore[no-untyped-call]
    return made.getvalue()


def other_data_inside(content: bytes) -> bytes:
    """The data copy inside exchanged, the file written anew."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        [name] = [name for name in document.attachments if name.endswith(".json")]
        spec = document.attachments[name]
        values = json.loads(spec.get_file().read_bytes())
        values["actions"] = []
        spec.obj.EF.F.write(json.dumps(values).encode())
        document.save(made)
    return made.getvalue()


def a_letter_of_the_metadata(content: bytes) -> bytes:
    """One letter of the document's title in its metadata, in place: what conversion to PDF/A leaves readable."""
    at = content.index(b"</rdf:li>", content.index(b"<dc:title")) - 1
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def hidden_in_the_gap(content: bytes) -> bytes:
    """Four digits behind the signature, where no signature looks."""
    at = content.rindex(b"0000>")
    return content[:at] + b"CAFE" + content[at + 4 :]


def without_seal(content: bytes) -> bytes:
    """The file as it was approved, the seal cut off."""
    return content[: content.rindex(b"%%EOF", 0, content.rindex(b"%%EOF")) + 6]


TRIED: list[tuple[str, Callable[[bytes], bytes], set[Facet]]] = [
    ("bytes after the end", lambda content: content + b"\n% more\n", {Facet.NOTHING_ADDED, Facet.IN_MANIFEST}),
    ("one more update", one_more_update, {Facet.NOTHING_ADDED, Facet.IN_MANIFEST}),
    ("written in the signature's gap", hidden_in_the_gap, {Facet.NOTHING_ADDED, Facet.IN_MANIFEST}),
    ("a letter of the metadata", a_letter_of_the_metadata, {Facet.BYTES_INTACT, Facet.IN_MANIFEST}),
    ("another data copy inside", other_data_inside, {Facet.BYTES_INTACT, Facet.IN_MANIFEST}),
    ("the seal cut off", without_seal, {Facet.SIGNED, Facet.IN_MANIFEST}),
    ("half of the file", lambda content: content[: len(content) // 2], {Facet.SIGNED, Facet.IN_MANIFEST}),
    ("all but its last line", lambda content: content[:-6], {Facet.IN_MANIFEST}),
    ("an empty file", lambda content: b"", {Facet.SIGNED, Facet.IN_MANIFEST}),  # noqa: ARG005
    ("no PDF", lambda content: b"%PDF-1.7 hello", {Facet.SIGNED, Facet.IN_MANIFEST}),  # noqa: ARG005
]


@pytest.mark.parametrize(("tamper", "facets"), [each[1:] for each in TRIED], ids=[each[0] for each in TRIED])
def test_what_was_done_to_a_file_is_named(
    sealed: Path, made: Made, tmp_path: Path, tamper: Callable[[bytes], bytes], facets: set[Facet]
) -> None:
    """The facets that the manipulation breaks fail, and the file does not hold."""
    check = checked(tamper(first_of(sealed).read_bytes()), sealed, made, tmp_path)
    assert not check.holds
    assert facets <= failing(check), check


def test_the_command_ends_with_its_own_code(sealed: Path, made: Made) -> None:
    """Exit code 7, the file named, and the untouched ones still hold."""
    path = first_of(sealed)
    path.write_bytes(path.read_bytes() + b" ")
    done = run("verify", sealed, "--trust", made.authority, "--quick", "--json")
    assert done.exit_code == ExitCode.TAMPERED
    files = json.loads(done.stdout)["files"]
    assert [Path(file["file"]).name for file in files if not file["holds"]] == [path.name]


def test_every_flipped_byte_is_found(sealed: Path, made: Made, tmp_path: Path) -> None:
    """One bit changed, at places spread over the whole file and close together in the seal: none of them holds.

    By the signature alone every one is found too, but for two things that travel with the signature and that no
    signature covers. One is the authority's own certificate: whoever checks takes that one from elsewhere. The other is
    the name by which the signature says which certificate is the signer's: names are compared without regard to upper
    and lower case (RFC 5280, section 7.1), so a letter that only changes its case names the same certificate.
    """
    whole = first_of(sealed).read_bytes()
    approved = len((sealed / "reports" / first_of(sealed).name).read_bytes())
    step = max(approved // FLIPS, 1)
    places = [*range(0, approved, step), *range(approved, len(whole), 97)]
    known, path = beside(sealed, made), tmp_path / "received.pdf"
    held, unseen = [], []
    for number, place in enumerate(places):
        bit = 1 << number % 8
        path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
        check = verify_file(path, known, quick=True)
        if check.holds or Facet.IN_MANIFEST not in failing(check):
            held.append(place)
        if not failing(check) - {Facet.IN_MANIFEST, Facet.DATA_COPY}:
            unseen.append((place, bit))
    assert held == []
    authority = read_certificates(made.authority.read_bytes(), "authority")[0]
    name = x509.load_der_x509_certificate(authority).subject.public_bytes()
    certificate, pointer = hexadecimal(authority), hexadecimal(name)
    begin, last = whole.index(certificate), whole.rindex(pointer, 0, whole.rindex(pointer))  # the last one is signed
    assert [
        (place, bit)
        for place, bit in unseen
        if not begin <= place < begin + len(certificate)
        and not (last <= place < last + len(pointer) and bit == CASE_BIT and (place - last) % 2 == 0)
    ] == []


def test_every_truncation_is_found(sealed: Path, made: Made, tmp_path: Path) -> None:
    """The file cut at a hundred places: none holds."""
    whole = first_of(sealed).read_bytes()
    for length in range(0, len(whole), len(whole) // 100):
        assert not checked(whole[:length], sealed, made, tmp_path).holds, length


def test_a_foreign_key(sealed: Path, made: Made, tmp_path: Path) -> None:
    """The approved bytes, sealed by somebody else: a valid seal, but nobody trusted vouches, and no manifest has it."""
    other = make_key(tmp_path / "other", "seal")
    forged = sign(prepare((sealed / "reports" / first_of(sealed).name).read_bytes()), other.opened().signer)
    found = failing(checked(forged, sealed, made, tmp_path))
    assert found == {Facet.CHAIN_TRUSTED, Facet.IN_MANIFEST}


def test_an_expired_key(sealed: Path, tmp_path: Path) -> None:
    """A seal made with a certificate that is no longer valid is not trusted."""
    old = make_key(tmp_path / "old", "old", days=(-30, -1))
    content = sign(prepare((sealed / "reports" / first_of(sealed).name).read_bytes()), old.opened().signer)
    verdicts = {each.facet: each.verdict for each in check_signature(content, trust_in(old)).facets}
    assert verdicts[Facet.SIGNATURE_VALID] is Verdict.HOLDS
    assert verdicts[Facet.CHAIN_TRUSTED] is Verdict.FAILS


def test_the_name_of_another_report(sealed: Path, made: Made) -> None:
    """Two sealed files with their names exchanged: each is genuine, and each is in the wrong envelope."""
    one, other = sorted((sealed / "sealed").glob("*.pdf"))[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    known = beside(sealed, made)
    for path, name in ((one, other.stem), (other, one.stem)):
        check = verify_file(path, known, quick=True)
        assert failing(check) == {Facet.IN_MANIFEST}
        found = check.find(Facet.IN_MANIFEST)
        assert found is not None
        assert f"is {name}" in found.says


def test_a_manifest_of_another_batch(sealed: Path, made: Made, tmp_path: Path) -> None:
    """Genuine, signed by the same key, and about other files."""
    path = sealed / "sealed" / "manifest.json"
    other = tmp_path / "manifest.json"
    values = json.loads(path.read_bytes())
    values["reports"] = values["reports"][1:]
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    other.write_bytes(content)
    other.with_name("manifest.json.p7s").write_bytes(sign_manifest(content, made.opened().signer))
    check = verify_file(first_of(sealed), manifest_beside(other, trust_in(made)), quick=True)
    assert failing(check) == {Facet.IN_MANIFEST}


@pytest.mark.parametrize("change", ["edited", "unsigned", "spaced", "foreign"])
def test_a_forged_manifest(sealed: Path, made: Made, tmp_path: Path, change: str) -> None:
    """Edited, without its signature, written in another form, or signed by somebody else: it vouches for nothing."""
    path = sealed / "sealed" / "manifest.json"
    signature = path.with_name("manifest.json.p7s")
    other = make_key(tmp_path / "other", "other").opened().signer
    if change == "edited":
        path.write_bytes(path.read_bytes().replace(b'"revision":1', b'"revision":2', 1))
    elif change == "unsigned":
        signature.unlink()
    elif change == "spaced":
        path.write_bytes(json.dumps(json.loads(path.read_bytes()), indent=1).encode())
        signature.write_bytes(sign_manifest(path.read_bytes(), made.opened().signer))
    else:
        signature.write_bytes(sign_manifest(path.read_bytes(), other))
    check = verify_file(first_of(sealed), beside(sealed, made), quick=True)
    assert failing(check) == {Facet.MANIFEST_SIGNED}
    assert run("verify", sealed, "--trust", made.authority, "--quick").exit_code == ExitCode.TAMPERED


def test_a_file_that_nobody_listed(sealed: Path, made: Made) -> None:
    """Put into the folder of sealed files: named; and one taken away is missed."""
    first, second = sorted((sealed / "sealed").glob("*.pdf"))[:2]
    strange = first.with_name("strange.pdf")
    shutil.copyfile(sealed / "reports" / first.name, strange)
    second.unlink()
    done = run("verify", sealed, "--trust", made.authority, "--quick", "--json")
    assert done.exit_code == ExitCode.TAMPERED
    bad = [Path(file["file"]).name for file in json.loads(done.stdout)["files"] if not file["holds"]]
    assert bad == [second.name, strange.name]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE revisions SET sealed_digest = replace(sealed_digest, '1', '2')",
        "UPDATE journal SET detail = replace(detail, 'sealed', 'Sealed')",
        "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)",
    ],
    ids=["the row of a seal", "an entry of the journal", "the last entry taken away"],
)
def test_a_changed_ledger(sealed: Path, made: Made, change: str) -> None:
    """The journal says what was sealed; a ledger changed by hand, its guards removed, does not agree any more."""
    with sqlite3.connect(sealed / "ledger.db") as database:
        for (guard,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{guard}"')
        changed = database.execute(change).rowcount
    database.close()
    assert changed > 0
    done = run("verify", sealed, "--trust", made.authority, "--quick", "--json")
    assert done.exit_code == ExitCode.TAMPERED
    facets = {each["facet"]: each["verdict"] for each in json.loads(done.stdout)["files"][0]["facets"]}
    assert facets["journal"] == "fails"


def test_a_pool_of_workers_says_the_same(sealed: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Facet for facet, of an untouched and of a changed file."""
    first_of(sealed).write_bytes(first_of(sealed).read_bytes() + b" ")
    words = ["verify", sealed, "--trust", made.authority, "--jobs", 2, "--json"]
    here = run(*words)
    monkeypatch.setattr(spread, "FEW", 0)
    pool = run(*words)
    assert here.exit_code == pool.exit_code == ExitCode.TAMPERED
    assert json.loads(pool.stdout) == json.loads(here.stdout)
    assert [file["holds"] for file in json.loads(pool.stdout)["files"]] == [False, True]


def test_untouched_files_hold(sealed: Path, made: Made) -> None:
    """The same checks on the untouched batch fail nothing: what fails above fails for what was done."""
    assert told(run("verify", sealed, "--trust", made.authority, "--quick", "--json"))["holds"] is True
