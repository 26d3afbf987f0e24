"""What decides every report of a batch, in one digest: while it is the same, no report needs even to be looked into."""

import hashlib
from pathlib import Path

import shirase
from shirase.pipeline.scope import ScopeRun
from shirase.rendering.worker import WorkerSettings


def batch_key(run: ScopeRun, worker: WorkerSettings) -> str:
    """SHA-256 over the case, the evidence, this program's own code, and what draws on this machine.

    Args:
        run: A finished scope: all that people wrote and all logs are known by their digests.
        worker: What draws; its digest covers templates, catalogues, fonts and library versions.
    """
    digest = hashlib.sha256(worker.engine_digest.encode())
    for path, content in sorted(run.case.digests.items()):
        digest.update(f"{path}\x00{content}\x01".encode())
    for file in run.intake.files:
        digest.update(f"{file.source_id}\x00{file.facts.path}\x00{file.facts.digest}\x01".encode())
    package = Path(shirase.__file__).parent
    for module in sorted((*package.rglob("*.py"), *package.rglob("*.toml"))):
        digest.update(f"{module.relative_to(package)}\x00".encode())
        digest.update(module.read_bytes())
    return digest.hexdigest()
