"""``keys``, ``seal`` and ``verify``: the organisation's seal on approved reports, and the proof of it."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, acting, chosen_standings, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.key_options import Credential, Descriptor, KeyChoice, KeyFile, KeyLabel, Module, TokenLabel, chosen_key
from shirase.cli.options import Jobs, Json
from shirase.cli.progress import DrawnProgress
from shirase.cli.secrets import read_secret
from shirase.domain.errors import Problem, ShiraseError, UsageError
from shirase.domain.exits import ExitCode
from shirase.domain.seal_check import SealCheck, Verdict, all_hold
from shirase.pipeline.output import OutputFolder
from shirase.pipeline.seal import Sealing
from shirase.pipeline.seal_files import SealTools
from shirase.pipeline.sealed import SealedFolder
from shirase.pipeline.verify import Beside, by_digest, manifest_beside, verify_file, verify_folder
from shirase.sealing.certificates import facts_of
from shirase.sealing.check import Trust, read_certificates
from shirase.sealing.development import make_development_key
from shirase.sealing.time_stamps import timestamper_at
from shirase.settings import default_jobs
from shirase.wiring import has_ledger, now, open_incident_ledger, random_bytes

keys = typer.Typer(no_args_is_help=True, help="Keys for sealing.")
_SIGNS = {
    Verdict.HOLDS: ("✓", "green"), Verdict.FAILS: ("✗", "bold red"), Verdict.NOTED: ("!", "yellow"),
    Verdict.NOT_CHECKED: ("–", "dim"),
}  # fmt: skip
_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add these commands to ``app``."""
    app.add_typer(keys, name="keys")
    app.command()(seal)
    app.command()(verify)


@keys.command(name="init")
@guarded
def init(
    to: Annotated[
        Path, typer.Argument(metavar="FILE.p12", help="The key to write; an existing one is never replaced.")
    ],
    organisation: Annotated[str, typer.Option("--organisation", help="Name in the certificate.")] = "Example Inc.",
    descriptor: Descriptor = None,
    credential: Credential = None,
    as_json: Json = False,
) -> None:
    """Make a development authority and a key that it certifies, for rehearsals.

    Everything sealed with it says that it is a test. Beside the key lies FILE.authority.pem, for `verify --trust`.
    """
    authority = to.with_suffix(".authority.pem")
    for path in (to, authority):
        if path.exists():
            raise UsageError(Problem("is there already", str(path), "give another name"))
    secret = read_secret(f"New passphrase of {to.name}", descriptor=descriptor, name=credential, confirm=True)
    made = make_development_key(organisation, secret, now())
    for path, content in ((to, made.pkcs12), (authority, made.authority)):
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
    if as_json:
        print_json({"key": str(to), "authority": str(authority), "is_test": True})
    else:
        out.print(f"{to}: a TEST key. {authority}: the authority, for `shirase verify --trust`.", markup=False)


@keys.command(name="show")
@guarded
def show(
    key: KeyFile = None,
    module: Module = None,
    token: TokenLabel = "",
    label: KeyLabel = "shirase",
    descriptor: Descriptor = None,
    credential: Credential = None,
    as_json: Json = False,
) -> None:
    """Open a key, and say whose it is, how long it is valid, and whether it is fit for sealing."""
    with chosen_key(KeyChoice(key, module, token, label, descriptor, credential)) as opened_key:
        facts = facts_of(opened_key.certificate)
        chain = [facts_of(each).subject for each in opened_key.chain]
    if as_json:
        values = {**asdict(facts), "not_before": facts.not_before.isoformat(), "not_after": facts.not_after.isoformat()}
        print_json({**values, "sha256": opened_key.fingerprint, "chain": chain})
        return
    rows = [
        ("subject", facts.subject), ("issuer", facts.issuer), ("key", facts.algorithm),
        ("valid", f"{facts.not_before:%Y-%m-%d} to {facts.not_after:%Y-%m-%d}"), ("sha256", opened_key.fingerprint),
        ("chain", "; ".join(chain) or "none"),
    ]  # fmt: skip
    out.print(table("Key for sealing", ["what", "is"], rows))


@guarded
def seal(
    folder: IncidentFolder,
    report: Annotated[
        list[str] | None,
        typer.Argument(metavar="REPORT…", help="Report or customer ids; all approved ones by default."),
    ] = None,
    key: KeyFile = None,
    module: Module = None,
    token: TokenLabel = "",
    label: KeyLabel = "shirase",
    descriptor: Descriptor = None,
    credential: Credential = None,
    timestamp: Annotated[
        str | None, typer.Option("--timestamp", metavar="URL", help="Time-stamp authority (RFC 3161): PAdES B-T.")
    ] = None,
    jobs: Jobs = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Seal approved reports as one batch. For senders.

    Every sealed file begins with the very bytes that were approved, and ends in the organisation's signature, which
    allows no change. sealed/manifest.json lists all that counts. After a run that was broken off, run it again.
    """
    stamper = timestamper_at(timestamp) if timestamp is not None else None
    choice = KeyChoice(key, module, token, label, descriptor, credential)
    with opened(folder, ledger) as review:
        who = acting(review, by)
        chosen = [each.report_id for each in chosen_standings(review, report)] if report else []
        with chosen_key(choice) as opened_key, DrawnProgress(quiet=as_json) as progress:
            tools = SealTools(opened_key, now, random_bytes, jobs or default_jobs(), stamper)
            done = Sealing(review.output, review.ledger, who, tools).run(chosen, progress)
    if as_json:
        print_json({
            "sealed": list(done.reports), "manifest": done.manifest.number, "manifest_sha256": done.digest,
            "counting": len(done.manifest.reports), "replaced": len(done.manifest.replaced),
            "resumed": done.resumed, "is_test": done.manifest.is_test,
        })  # fmt: skip
        return
    if done.resumed:
        out.print("A batch that was broken off is finished.")
    rows = [(len(done.reports), len(done.manifest.reports), len(done.manifest.replaced), done.manifest.number)]
    out.print(table("Sealed", ["in this batch", "count now", "count no more", "manifest"], rows))
    out.print(f"Digest of the manifest: {done.digest}", markup=False, soft_wrap=True)


@guarded
def verify(
    path: Annotated[
        Path, typer.Argument(metavar="FILE|OUT/INCIDENT", help="A sealed PDF, or the folder of an incident.")
    ],
    trust: Annotated[
        Path | None, typer.Option("--trust", metavar="CERT.pem", help="Certificate of the authority you believe.")
    ] = None,
    manifest: Annotated[
        Path | None, typer.Option("--manifest", metavar="FILE", help="manifest.json, its signature .p7s beside it.")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes longest: PDF/A, PDF/UA and the rows on the pages.")
    ] = False,
    jobs: Jobs = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Say of sealed files, facet by facet, what holds, what fails, and what could not be checked.

    Needs neither case nor ledger: with a file alone it says what a file alone can tell. Exit code 7 if anything fails.
    """
    believed = Trust(read_certificates(_read(trust), str(trust)), now()) if trust is not None else None
    if path.is_dir():
        output = OutputFolder(path.parent if path.name == "sealed" else path)
        beside = _with_ledger(output, manifest_beside(manifest or SealedFolder.of(output).manifest, believed), ledger)
        with DrawnProgress(quiet=as_json) as progress:
            checks = verify_folder(output, beside, progress, quick=quick, jobs=jobs or default_jobs())
    else:
        beside = manifest_beside(manifest or path.parent / "manifest.json", believed)
        if path.parent.name == "sealed":
            beside = _with_ledger(OutputFolder(path.parent.parent), beside, ledger)
        checks = [verify_file(path, beside, quick=quick)]
    if as_json:
        print_json({"holds": all_hold(checks), "files": [{**asdict(each), "holds": each.holds} for each in checks]})
    else:
        _show(checks)
    if not all_hold(checks):
        raise typer.Exit(ExitCode.TAMPERED)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(Problem("cannot be read", str(path), "name a certificate")) from error


def _with_ledger(output: OutputFolder, beside: Beside, url: str | None) -> Beside:
    if not output.root.is_dir() or not has_ledger(output.root, url):
        return beside
    with closing(open_incident_ledger(output.root, url)) as ledger:
        try:
            breaks = [f"{each.where}: {each.what}" for each in ledger.find_breaks()]
        except ShiraseError as error:
            breaks = [str(error)]
        return replace(beside, revisions=by_digest(ledger.overview.sealed()), journal="; ".join(breaks[:3]))


def _show(checks: Sequence[SealCheck]) -> None:
    bad = [each for each in checks if not each.holds]
    for check in bad[:_SHOWN] if bad else checks[:1]:
        out.print(Text(check.file, style="bold"))
        for each in check.facets:
            sign, style = _SIGNS[each.verdict]
            line = Text(f"  {sign} ", style=style)
            line.append(f"{each.facet.value.replace('_', ' ')}: ", style="bold")
            line.append(each.says, style="")
            out.print(line)
    if len(checks) > 1 or bad:
        words = f"{len(checks) - len(bad)} of {len(checks)} files hold."
        out.print(Text(words, style="bold red" if bad else "bold green"))
    else:
        out.print(Text("Nothing failed.", style="bold green"))
