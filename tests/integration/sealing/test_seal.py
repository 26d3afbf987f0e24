"""Only approved bytes are sealed, nothing is rewritten, and programs that are not ours say the same of the seal."""

import hashlib
import hmac
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from sealed_batch import PASSPHRASE, SENDER, Made, output_of, run, run_with_secret, submit_and_approve, told, tool
from shirase.domain.exits import ExitCode
from shirase.pipeline import spread
from shirase.rendering.validation import PROFILES, breaches_of


def pdfs(folder: Path) -> list[Path]:
    return sorted((folder / "sealed").glob("*.pdf"))


def manifest(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "sealed" / "manifest.json").read_bytes()))


def seal(folder: Path, made: Made, *words: object) -> dict[str, object]:
    return dict(told(run_with_secret("seal", folder, *words, "--key", made.key, "--as", SENDER, "--json")))


def test_a_sealed_file_begins_with_the_approved_bytes(sealed: Path) -> None:
    """Byte for byte, and it holds one more update, not another file."""
    assert [path.stem for path in pdfs(sealed)] == [path.stem for path in sorted((sealed / "reports").glob("*.pdf"))]
    for path in pdfs(sealed):
        approved = (sealed / "reports" / path.name).read_bytes()
        content = path.read_bytes()
        assert content.startswith(approved)
        assert content.count(b"startxref") == approved.count(b"startxref") + 1
        assert content.rstrip().endswith(b"%%EOF")


def test_poppler_agrees(sealed: Path, made: Made) -> None:
    """pdfsig: one valid signature over the total document, ETSI subfilter, SHA-256, by that certificate."""
    pdfsig = tool("pdfsig")
    for path in pdfs(sealed):
        says = output_of(pdfsig, "-nocert", path)
        assert says.count("Signature #") == 1
        assert "Signature Validation: Signature is Valid." in says
        assert "Total document signed" in says
        assert "ETSI.CAdES.detached" in says
        assert "SHA-256" in says
        assert "Signer Certificate Common Name: seal" in says
    assert made.key.exists()


def test_a_second_pdf_library_sees_a_certification_that_allows_no_change(sealed: Path) -> None:
    """DocMDP level 1, an invisible field, and the range covers everything but the signature itself."""
    for path in pdfs(sealed):
        content = path.read_bytes()
        with pikepdf.open(io.BytesIO(content)) as document:
            [field] = list(document.Root.AcroForm.Fields)
            signature = field.V
            left, bottom, right, top = (int(number) for number in field.Rect)
            assert (right - left, top - bottom) == (0, 0)
            assert document.Root.Perms.DocMDP.objgen == signature.objgen
            [reference] = list(signature.Reference)
            assert (str(reference.TransformMethod), int(reference.TransformParams.P)) == ("/DocMDP", 1)
            first, before, second, after = (int(number) for number in signature.ByteRange)
        assert (first, second + after) == (0, len(content))
        assert content[before : before + 1] + content[second - 1 : second] == b"<>"


def test_openssl_agrees_on_a_file(sealed: Path, made: Made, tmp_path: Path) -> None:
    """The signature cut out of the PDF is a CMS over the two ranges that OpenSSL verifies against the authority."""
    openssl = tool("openssl")
    content = pdfs(sealed)[0].read_bytes()
    with pikepdf.open(io.BytesIO(content)) as document:
        signature = document.Root.AcroForm.Fields[0].V
        _, before, second, _ = (int(number) for number in signature.ByteRange)
        (tmp_path / "cms.der").write_bytes(bytes(signature.Contents))
    (tmp_path / "signed").write_bytes(content[:before] + content[second:])
    words = ("cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "cms.der")
    tail = ("-content", tmp_path / "signed", "-CAfile", made.authority, "-purpose", "any", "-out", tmp_path / "out")
    assert "CMS Verification successful" in output_of(openssl, *words, *tail)


def test_openssl_agrees_on_the_manifest(sealed: Path, made: Made, tmp_path: Path) -> None:
    """The manifest's detached signature, with plain OpenSSL; of a changed manifest it does not hold."""
    openssl = tool("openssl")
    path = sealed / "sealed" / "manifest.json"
    words = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", f"{path}.p7s", "-content", path]
    tail = ["-CAfile", made.authority, "-purpose", "any", "-out", tmp_path / "out"]
    assert "CMS Verification successful" in output_of(*words, *tail)
    path.write_bytes(path.read_bytes().replace(b'"number":1', b'"number":2'))
    done = subprocess.run([str(word) for word in (*words, *tail)], capture_output=True, check=False, timeout=60)
    assert done.returncode != 0


@pytest.mark.parametrize("standard", PROFILES)
def test_sealed_files_conform_still(sealed: Path, standard: str) -> None:
    """The seal takes neither PDF/A-3a nor PDF/UA-1 away."""
    assert [breach for path in pdfs(sealed) for breach in breaches_of(path.read_bytes(), standard)] == []


def test_the_manifest_names_digests_and_no_customer(sealed: Path) -> None:
    """Digests, sizes and revisions are those of the files; no customer's id, name or code stands in it."""
    content = (sealed / "sealed" / "manifest.json").read_text(encoding="utf-8")
    values = json.loads(content)
    assert (values["number"], values["previous_digest"], values["incident_id"]) == (1, "", "EX-2022-01")
    assert len(values["salt"]) == 64
    by_id = {each["report_id"]: each for each in values["reports"]}
    assert sorted(by_id) == [path.stem for path in pdfs(sealed)]
    for path in pdfs(sealed):
        approved, entry = (sealed / "reports" / path.name).read_bytes(), by_id[path.stem]
        data = json.loads((sealed / "reports" / f"{path.stem}.json").read_bytes())
        assert entry["approved_digest"] == hashlib.sha256(approved).hexdigest()
        assert entry["sealed_digest"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert (entry["approved_size"], entry["revision"]) == (len(approved), 1)
        with pikepdf.open(path) as document:
            assert entry["page_count"] == len(document.pages)
        salted = hmac.new(bytes.fromhex(values["salt"]), data["document_code"].encode(), "sha256").hexdigest()
        assert entry["customer_key"] == salted
        assert data["document_code"] not in content
        tenants = [tenant["id"] for tenant in data["customer"]["tenants"]]
        names = [name for name in (data["customer"]["name_ja"], data["customer"]["name_en"]) if name]
        assert [each for each in (data["customer"]["id"], *names, *tenants) if f'"{each}"' in content] == []
        assert names


def test_verify_says_that_everything_holds(sealed: Path, made: Made) -> None:
    """With ledger, manifest and trust, no facet fails and the only one unchecked is the time stamp."""
    found = told(run("verify", sealed, "--trust", made.authority, "--json"))
    assert found["holds"] is True
    assert len(found["files"]) == len(pdfs(sealed))
    for file in found["files"]:
        verdicts = {each["facet"]: each["verdict"] for each in file["facets"]}
        assert {facet for facet, verdict in verdicts.items() if verdict == "not_checked"} == {"time_stamped"}
        assert {facet for facet, verdict in verdicts.items() if verdict == "noted"} == {"certificate"}
        assert len(verdicts) == 13


def test_verify_of_a_file_alone_claims_no_more_than_it_can(sealed: Path, tmp_path: Path) -> None:
    """A customer's copy without anything beside it: what takes manifest, trust or ledger is not checked."""
    alone = tmp_path / "received.pdf"
    alone.write_bytes(pdfs(sealed)[0].read_bytes())
    [file] = told(run("verify", alone, "--json"))["files"]
    assert {each["facet"] for each in file["facets"] if each["verdict"] == "not_checked"} == {
        "chain_trusted", "time_stamped", "manifest_signed", "in_manifest", "approved_prefix", "journal",
    }  # fmt: skip


def test_what_is_not_approved_is_not_sealed(folder: Path, made: Made) -> None:
    """One report whose approval was taken back stops the batch that names it, and nothing is written; without it, the rest."""
    first, *rest = sorted(path.stem for path in (folder / "reports").glob("*.pdf"))
    assert run("revoke", folder, first, "--as", "Keiko", "--reason", "read it again").exit_code == 0
    done = run_with_secret("seal", folder, first, *rest, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.NOT_APPROVED
    assert first in done.stderr
    assert pdfs(folder) == []
    assert seal(folder, made)["sealed"] == rest


def test_changed_after_approval_is_not_sealed(folder: Path, made: Made) -> None:
    """A draft that is another one now, or approved bytes that were swapped, are refused before anything is sealed."""
    first = min((folder / "reports").glob("*.pdf"))
    digest = hashlib.sha256(first.read_bytes()).hexdigest()
    [kept] = list((folder / "revisions").rglob(f"{digest}*"))[:1]
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes() + b"%")
    done = run_with_secret("seal", folder, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.TAMPERED
    assert pdfs(folder) == []


def test_a_held_report_is_not_sealed(folder: Path, made: Made) -> None:
    """By itself it is left out; named, it stops the batch."""
    first, *rest = sorted(path.stem for path in (folder / "reports").glob("*.pdf"))
    held = run("hold", folder, first, "--as", "Keiko", "--reason", "wait", "--until", "2027-01-01")
    assert held.exit_code == 0, held.stderr
    assert run_with_secret("seal", folder, first, "--key", made.key, "--as", SENDER).exit_code == ExitCode.NOT_APPROVED
    assert seal(folder, made)["sealed"] == rest


def test_only_senders_seal(folder: Path, made: Made) -> None:
    """Neither who wrote nor who approved."""
    for name in ("Riku", "Keiko"):
        done = run_with_secret("seal", folder, "--key", made.key, "--as", name)
        assert done.exit_code != 0
        assert "sender" in done.stderr
    assert not (folder / "sealed" / "manifest.json").exists()


def test_without_receipts_nothing_is_sealed(folder: Path, made: Made) -> None:
    """They are derived files, which may be deleted; then the next draft has to come first."""
    shutil.rmtree(folder / ".work")
    done = run_with_secret("seal", folder, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.NOT_APPROVED
    assert "there is no draft of it any more" in done.stderr
    assert pdfs(folder) == []


def test_sealed_once(sealed: Path, made: Made) -> None:
    """A second run has nothing to do, says so, and changes no byte."""
    before = {path: path.read_bytes() for path in (sealed / "sealed").rglob("*") if path.is_file()}
    done = run_with_secret("seal", sealed, "--key", made.key, "--as", SENDER)
    assert done.exit_code == ExitCode.USAGE
    assert "not yet sealed" in done.stderr
    assert {path: path.read_bytes() for path in (sealed / "sealed").rglob("*") if path.is_file()} == before


def test_a_part_first_and_the_rest_later(folder: Path, made: Made) -> None:
    """Each manifest lists all that counts, and names the digest of the one before."""
    first, *rest = sorted(path.stem for path in (folder / "reports").glob("*.pdf"))
    one = seal(folder, made, first)
    salt = manifest(folder)["salt"]
    two = seal(folder, made)
    assert (one["sealed"], two["sealed"], two["counting"]) == ([first], rest, len(rest) + 1)
    assert (manifest(folder)["previous_digest"], manifest(folder)["salt"]) == (one["manifest_sha256"], salt)
    assert sorted(path.name for path in (folder / "sealed" / "manifests").iterdir()) == [
        "0001.json", "0001.json.p7s", "0002.json", "0002.json.p7s",
    ]  # fmt: skip


def test_a_withdrawn_report_says_so_for_ever(sealed: Path, made: Made) -> None:
    """After the next manifest its file lies with the earlier ones, still verifies, and says that it counts no more."""
    first = pdfs(sealed)[0]
    assert run("withdraw", sealed, first.stem, "--as", "Riku", "--reason", "wrong customer").exit_code == 0
    done = seal(sealed, made)
    assert (done["sealed"], done["replaced"]) == ([], 1)
    assert not first.exists()
    [gone] = list((sealed / "sealed" / "earlier").iterdir())
    found = run("verify", gone, "--manifest", sealed / "sealed" / "manifest.json", "--trust", made.authority)
    assert found.exit_code == 0, found.output
    assert "is withdrawn and counts no more" in " ".join(found.stdout.split())
    assert told(run("verify", sealed, "--quick", "--json"))["holds"] is True


def test_a_replaced_report_names_what_replaced_it(sealed_root: Path, made: Made) -> None:
    """A later revision, approved and sealed: the earlier file says by which digest it was replaced."""
    sealed = sealed_root / "out" / "EX-2022-01"
    old = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in pdfs(sealed)}
    narrative = sealed_root / "case" / "narrative"
    for language, more in (("ja", "追記します。"), ("en", "One more sentence.")):
        text = narrative / f"summary.{language}.md"
        text.write_text(f"{text.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")
    assert run("translate", "confirm", sealed_root / "case", "--by", "Keiko").exit_code == 0
    drafted = run("draft", sealed_root / "case", "--out", sealed_root / "out", "--jobs", 1, "--as", "Riku")
    assert drafted.exit_code == 0, drafted.stderr
    submit_and_approve(sealed)
    seal(sealed, made)
    values = manifest(sealed)
    new = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in pdfs(sealed)}
    replaced = {each["report_id"]: each for each in values["replaced"]}  # type: ignore[attr-defined]
    for report_id, digest in old.items():
        gone = replaced[report_id]
        assert (gone["sealed_digest"], gone["replaced_by"], gone["state"]) == (digest, new[report_id], "superseded")
        path = sealed / "sealed" / "earlier" / f"{report_id}.{digest[:16]}.pdf"
        assert new[report_id] in "".join(
            run("verify", path, "--manifest", sealed / "sealed/manifest.json").stdout.split()
        )


def test_a_pool_of_workers_seals(folder: Path, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prepared and checked in other processes, signed here: the same as one after the other."""
    monkeypatch.setattr(spread, "FEW", 0)
    assert seal(folder, made, "--jobs", 2)["sealed"] == [
        path.stem for path in sorted((folder / "reports").glob("*.pdf"))
    ]
    assert told(run("verify", folder, "--trust", made.authority, "--quick", "--json"))["holds"] is True


def test_another_machine_makes_the_approved_bytes_again(sealed_root: Path, tmp_path: Path) -> None:
    """From the same case and evidence, in another account's folders, zone and language: what the manifest names."""
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(tmp_path / "home"),
        "SHIRASE_CACHE": str(tmp_path / "cache"), "TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8",
    }  # fmt: skip
    words = [sys.executable, "-m", "shirase", "draft", sealed_root / "case", "--out", tmp_path / "again", "--jobs", 2]
    subprocess.run([str(word) for word in words], env=environment, check=True, capture_output=True, timeout=300)
    made = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "again").rglob("*.pdf")}
    entries = manifest(sealed_root / "out" / "EX-2022-01")["reports"]
    assert {each["report_id"]: each["approved_digest"] for each in entries} == made  # type: ignore[attr-defined]


def test_the_journal_has_the_seal(sealed: Path) -> None:
    """Who sealed which bytes, and the manifest's digest; the chain holds."""
    done = run("journal", sealed, "--verify", "--json")
    assert done.exit_code == 0, done.stderr
    told_all = run("journal", sealed, "--json").stdout
    digest = hashlib.sha256((sealed / "sealed" / "manifest.json").read_bytes()).hexdigest()
    assert digest in told_all
    for path in pdfs(sealed):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in told_all


def test_the_passphrase_stands_nowhere(folder: Path, made: Made, tmp_path: Path) -> None:
    """Neither in what is printed nor in any file that the run wrote."""
    done = run_with_secret("seal", folder, "--key", made.key, "--as", SENDER)
    assert PASSPHRASE not in done.output + done.stderr
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert PASSPHRASE.encode() not in path.read_bytes(), path
