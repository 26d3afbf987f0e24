"""Digest of everything that goes into a PDF: while it is the same, a finished report need not be made again."""

import hashlib
import json
import platform
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

import shirase
from shirase.domain.report import Report
from shirase.rendering.fonts import FontSet
from shirase.rendering.html import shown_narrative
from shirase.rendering.weasy import library_versions
from shirase.rendering.worker import WorkerSettings
from shirase.text.catalogues import DOMAIN
from shirase.text.resources import locales_root, templates_root

_PACKAGES = (
    "weasyprint", "pydyf", "page-validation", "fonttools", "jinja2", "markdown-it-py", "babel", "tzdata", "lxml",
    "tinycss2",
)  # fmt: skip


def report_fingerprint(report: Report, settings: WorkerSettings) -> str:
    """SHA-256 over what the report can show and the digest of the engine that ``settings`` describe."""
    digest = hashlib.sha256(settings.engine_digest.encode())
    digest.update(_reports().dump_json(replace(report, batch=replace(report.batch, narrative=()))))
    shown = {name: (text.ja, text.en) for name, text in shown_narrative(report).items()}
    digest.update(json.dumps(shown, sort_keys=True).encode())
    return digest.hexdigest()


def engine_digest(fonts: FontSet, versions: dict[str, str]) -> str:
    """SHA-256 over templates, catalogues, this program's own code, fonts and library versions."""
    parts = {
        "files": dict(_digests()),
        "fonts": [(file.family, file.weight, file.index, file.digest) for file in fonts.files],
        "versions": versions,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def engine_versions() -> dict[str, str]:
    """Versions of everything whose update may change a page, by name; for run sheets and the fingerprint."""
    return {
        "shirase": shirase.__version__,
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,
        **{name: version(name) for name in _PACKAGES},
        **library_versions(),
    }


def _digests() -> Iterator[tuple[str, str]]:
    package = Path(__file__).parent.parent
    roots = (
        ("templates", templates_root() / "report", "*"),
        ("locales", locales_root(), f"{DOMAIN}.po"),
        ("locales", locales_root(), "*.toml"),
        *((name, package / name, "*.py") for name in ("domain", "text", "rendering")),
    )
    for name, root, pattern in roots:
        for path in sorted(root.rglob(pattern)):
            if path.is_file():
                yield f"{name}/{path.relative_to(root).as_posix()}", hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _reports() -> TypeAdapter[Report]:
    return TypeAdapter(Report)
