"""``shirase seal``: approved reports become one sealed batch, whole or not at all.

Every file is sealed into ``sealed/.batch/`` first, where nothing counts. One transaction of the ledger is the moment
from which the batch is sealed; then the files are moved to their places, the manifest last. A run that was broken off
before that moment makes the missing files, one broken off after it only moves what is left.
"""

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shirase.domain.errors import NotApprovedError, Problem, UsageError
from shirase.domain.manifest import Manifest, SealedReport, is_outdated, next_manifest
from shirase.domain.review import Operator, State
from shirase.domain.standing import Standing
from shirase.ledger.open import Ledger
from shirase.pipeline.obstacles import find_obstacles
from shirase.pipeline.output import FOLDER_MODE, OutputFolder, write_whole
from shirase.pipeline.progress import Progress
from shirase.pipeline.seal_files import SealTools, seal_files
from shirase.pipeline.seal_plan import Plan, begin_batch, planned, read_plan
from shirase.pipeline.sealed import SealedFolder, newest_manifest
from shirase.sealing.manifest_file import manifest_bytes, manifest_digest, parse_manifest, sign_manifest
from shirase.text.check_page import check_page

_MANIFEST, _SIGNATURE = "manifest.json", "manifest.json.p7s"


@dataclass(frozen=True, slots=True)
class Sealed:
    """What came of it.

    Attributes:
        manifest: The manifest that is now the newest.
        digest: Its SHA-256.
        reports: Reports sealed in this batch.
        resumed: Whether all that was left to do was to finish a batch that was broken off.
    """

    manifest: Manifest
    digest: str
    reports: tuple[str, ...]
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class Sealing:
    """The sealing of one incident: its output folder, its ledger, and who seals with what."""

    output: OutputFolder
    ledger: Ledger
    by: Operator
    tools: SealTools

    @property
    def folder(self) -> SealedFolder:
        """Where sealed files lie."""
        return SealedFolder.of(self.output)

    def run(self, chosen: Sequence[str], progress: Progress) -> Sealed:
        """Seal approved reports: those chosen, or all that are approved and not held.

        Raises:
            NotApprovedError: When one may not be sealed; then none is.
            UsageError: When there is nothing to do.
            TamperedError: When files are others than those that were approved.
        """
        with self.ledger.steps.run(self.by, "seal"):
            finished = self._finish_committed()
            before = newest_manifest(self.output)
            standings = self._wanted(chosen)
            if not standings and (before is None or not is_outdated(before[0], self.ledger.overview.sealed())):
                if finished is not None:
                    return finished
                what = "no report is approved and not yet sealed"
                raise UsageError(Problem(what, str(self.output.root), "see `shirase status`"))
            return self._seal(standings, before, progress)

    def _seal(self, standings: Sequence[Standing], before: tuple[Manifest, str] | None, progress: Progress) -> Sealed:
        tools = self.tools
        reports = planned(self.output, standings)
        plan = Plan(
            number=before[0].number + 1 if before is not None else 1,
            sealed_at=tools.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
            salt=before[0].salt if before is not None else tools.random().hex(),
            fingerprint=tools.key.fingerprint,
            reports=reports,
        )
        self._require_sealable(plan)
        plan = begin_batch(self.folder, plan)
        sealed = seal_files(self.output, plan, tools, progress)
        begun = Manifest(
            self.output.root.name, plan.number, plan.sealed_at, plan.salt, before[1] if before is not None else "",
            tools.key.is_test, (),
        )  # fmt: skip
        revisions = self.ledger.overview.sealed()
        manifest = next_manifest(begun, sealed, before[0] if before is not None else None, revisions)
        content = manifest_bytes(manifest)
        write_whole(self.folder.batch / _SIGNATURE, sign_manifest(content, tools.key.signer, tools.timestamper))
        write_whole(self.folder.batch / _MANIFEST, content)
        self._commit(plan, sealed, manifest_digest(content))
        _publish(self.folder, manifest, before[0] if before is not None else None)
        return Sealed(manifest, manifest_digest(content), tuple(each.report_id for each in reports))

    def _wanted(self, chosen: Sequence[str]) -> list[Standing]:
        standings = {each.report_id: each for each in self.ledger.overview.standings()}
        if unknown := [each for each in chosen if each not in standings]:
            raise UsageError(*(Problem("was never submitted", each, "see `shirase status`") for each in unknown))
        if chosen:
            return [standings[each] for each in dict.fromkeys(chosen)]
        return [each for each in standings.values() if each.state == State.APPROVED and not each.holds]

    def _require_sealable(self, plan: Plan) -> None:
        """Say everything that stands against the batch before the first file is made."""
        obstacles = find_obstacles(self.output, [each.named for each in plan.reports])
        refused: list[Problem] = []
        for each in plan.reports:
            try:
                self.ledger.decisions.require_sealable(self.by, each.named, obstacles=obstacles)
            except NotApprovedError as error:
                refused += error.problems
        if refused:
            raise NotApprovedError(*refused)

    def _commit(self, plan: Plan, sealed: Mapping[str, SealedReport], digest: str) -> None:
        """From this moment the batch is sealed."""
        pairs = [(each.named, sealed[each.report_id].sealed_digest) for each in plan.reports]
        obstacles = find_obstacles(self.output, [named for named, _ in pairs])
        self.ledger.decisions.seal_batch(self.by, pairs, manifest_digest=digest, obstacles=obstacles)

    def _finish_committed(self) -> Sealed | None:
        """Publish a batch that the ledger has already, and that was broken off on its way to its place."""
        plan, path = read_plan(self.folder), self.folder.batch / _MANIFEST
        if plan is None:
            shutil.rmtree(self.folder.batch, ignore_errors=True)
            return None
        reports = tuple(each.report_id for each in plan.reports)
        before = newest_manifest(self.output)
        if before is not None and before[0].number >= plan.number:
            _hand_out(self.folder, before[0])
            return Sealed(*before, reports, resumed=True)
        if not path.exists() or not reports:
            return None
        content = path.read_bytes()
        manifest = parse_manifest(content, str(path))
        known = {(each.report_id, each.number): each.sealed_digest for each in self.ledger.overview.sealed()}
        listed = {(each.report_id, each.revision): each.sealed_digest for each in manifest.reports}
        wanted = [(each.report_id, each.number) for each in plan.reports]
        if any(known.get(each, "") != listed.get(each, "?") for each in wanted):
            return None
        _publish(self.folder, manifest, before[0] if before is not None else None)
        return Sealed(manifest, manifest_digest(content), reports, resumed=True)


def _publish(folder: SealedFolder, manifest: Manifest, before: Manifest | None) -> None:
    """Move the batch to its place, the numbered manifest last. Every step may be done again."""
    for each in (folder.root / "earlier", folder.root / "manifests"):
        each.mkdir(mode=FOLDER_MODE, exist_ok=True)
    digests = {entry.report_id: entry.sealed_digest for entry in manifest.reports}
    for entry in before.reports if before is not None else ():
        if digests.get(entry.report_id) != entry.sealed_digest:
            target = folder.earlier(entry.report_id, entry.sealed_digest)
            _move(folder.pdf(entry.report_id), target, entry.sealed_digest)
    for report_id, digest in digests.items():
        _move(folder.batch / f"{report_id}.pdf", folder.pdf(report_id), digest)
    numbered, its_signature = folder.numbered(manifest.number)
    write_whole(its_signature, (folder.batch / _SIGNATURE).read_bytes())
    write_whole(numbered, (folder.batch / _MANIFEST).read_bytes())
    _hand_out(folder, manifest)


def _hand_out(folder: SealedFolder, manifest: Manifest) -> None:
    """What is given to customers besides their files, from the numbered manifest; then the batch is over."""
    numbered, its_signature = folder.numbered(manifest.number)
    write_whole(folder.signature, its_signature.read_bytes())
    write_whole(folder.manifest, numbered.read_bytes())
    write_whole(folder.check_page, check_page(manifest))
    shutil.rmtree(folder.batch)


def _move(source: Path, target: Path, digest: str) -> None:
    """Move a file whose digest is known, unless it lies there already."""
    if source.exists():
        content = source.read_bytes()
        if hashlib.sha256(content).hexdigest() == digest:
            write_whole(target, content)
            source.unlink()
