"""What all workers of a run need, found and written once in the parent process."""

from pathlib import Path

from shirase.rendering.fingerprint import engine_digest, engine_versions
from shirase.rendering.fonts import find_fonts, write_fontconfig
from shirase.rendering.glyphs import write_characters
from shirase.rendering.weasy import require_known_weasyprint
from shirase.rendering.worker import Drawing, WorkerSettings


def prepare_worker(
    cache_folder: Path, *, memory_limit: int | None = None, drawing: Drawing = Drawing.REFERENCE
) -> WorkerSettings:
    """Find the fonts and write what :func:`shirase.rendering.worker.initialise` reads.

    Args:
        cache_folder: Where derived files are kept; they may be deleted at any time.
        memory_limit: Bytes of address space a worker may take.
        drawing: How pages are made.

    Raises:
        PlatformError: When a required font is missing, or WeasyPrint is not the one whose tags are known.
    """
    require_known_weasyprint()
    fonts = find_fonts()
    return WorkerSettings(
        fontconfig_file=write_fontconfig(fonts, cache_folder),
        characters_file=write_characters(fonts, cache_folder),
        engine_digest=engine_digest(fonts, {**engine_versions(), "drawing": drawing}),
        memory_limit=memory_limit,
        drawing=drawing,
    )
