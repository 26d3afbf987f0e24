"""PAdES B-T: an authority that the signer does not control says that the seal was there by then."""

from datetime import timedelta
from pathlib import Path

import pytest

from sealed_batch import NOW, SENDER, Made, make_key, output_of, run, run_with_secret, told, tool
from shirase.domain.exits import ExitCode
from shirase.domain.seal_check import Facet, Verdict
from shirase.sealing.append import prepare, sign
from shirase.sealing.check import Trust, check_signature, read_certificates
from shirase.sealing.time_stamps import timestamper_at
from time_stamp_server import stamping


def trusting(*paths: Path) -> Trust:
    roots = tuple(each for path in paths for each in read_certificates(path.read_bytes(), str(path)))
    return Trust(roots, NOW + timedelta(days=3))


def test_a_batch_with_time_stamps(folder: Path, made: Made, tmp_path: Path) -> None:
    """Every file and the manifest are stamped; with both authorities trusted, nothing is left unchecked."""
    with stamping(tmp_path / "tsa", tool("openssl")) as authority:
        words = ["--timestamp", authority.url, "--key", made.key, "--as", SENDER, "--json"]
        told(run_with_secret("seal", folder, *words))
    both = tmp_path / "both.pem"
    both.write_bytes(made.authority.read_bytes() + authority.authority.read_bytes())
    for file in told(run("verify", folder, "--trust", both, "--json"))["files"]:
        [facet] = [each for each in file["facets"] if each["facet"] == "time_stamped"]
        assert facet["verdict"] == "holds"
        assert "Stamps" in facet["says"]
    for path in (folder / "sealed").glob("*.pdf"):
        says = output_of(tool("pdfsig"), "-nocert", path)
        assert "Signature Validation: Signature is Valid." in says
    only = told(run("verify", folder, "--trust", made.authority, "--quick", "--json"))["files"][0]
    [facet] = [each for each in only["facets"] if each["facet"] == "time_stamped"]
    assert facet["verdict"] == "noted"
    assert "none of the authorities you trust vouches" in facet["says"]


def test_a_stamped_seal_outlives_its_certificate(folder: Path, tmp_path: Path) -> None:
    """Expired since: with a trusted stamp the seal is judged as of the stamp; without one it is trusted no more."""
    made = make_key(tmp_path / "short", days=(-1, 1))
    approved = prepare(min((folder / "reports").glob("*.pdf")).read_bytes())
    with stamping(tmp_path / "tsa", tool("openssl")) as authority:
        stamped = sign(approved, made.opened().signer, timestamper_at(authority.url))
    plain = sign(approved, made.opened().signer)
    cases = [
        (stamped, trusting(made.authority, authority.authority), Verdict.HOLDS),
        (stamped, trusting(made.authority), Verdict.FAILS),
        (plain, trusting(made.authority, authority.authority), Verdict.FAILS),
    ]
    for content, trust, expected in cases:
        verdicts = {each.facet: each.verdict for each in check_signature(content, trust).facets}
        assert verdicts[Facet.SIGNATURE_VALID] is Verdict.HOLDS
        assert verdicts[Facet.CHAIN_TRUSTED] is expected


@pytest.mark.parametrize("how", ["refuses", "is not there", "is no address"])
def test_without_the_time_stamp_nothing_is_sealed(folder: Path, made: Made, tmp_path: Path, how: str) -> None:
    """A batch that was to be stamped is not sealed without stamps; the error names the authority."""
    with stamping(tmp_path / "tsa", tool("openssl"), refuses=how == "refuses") as authority:
        url = {"refuses": authority.url, "is not there": "http://127.0.0.1:9/", "is no address": "ftp://stamps"}[how]
        done = run_with_secret("seal", folder, "--timestamp", url, "--key", made.key, "--as", SENDER)
    assert done.exit_code in {ExitCode.USAGE, ExitCode.INPUT_UNUSABLE}, done.stderr
    assert url in "".join(done.stderr.split())
    assert list((folder / "sealed").glob("*.pdf")) == []
    assert not (folder / "sealed" / "manifest.json").exists()
    told(run_with_secret("seal", folder, "--key", made.key, "--as", SENDER, "--json"))
