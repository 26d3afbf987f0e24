"""``python tests/draw_pages.py FOLDER``: pictures of each kind of page, for docs/explanation/pages.md."""

import os
import sys
from pathlib import Path

import pypdfium2

from shirase.rendering.prepare import prepare_worker
from shirase.rendering.worker import Rendered, initialise, render_report
from variant_reports import VARIANTS

SCALE = 1.1
"""Pixels a point: small enough for a page of documentation, large enough to be read."""

KINDS = {
    "letter-ja": ("addressed_to_a_person", "要点"),
    "letter-en": ("english_first_on_letter", "Key points"),
    "impact": ("potential", "4. 貴社テナントへの影響範囲"),
    "facts": ("potential", "5. Personal data concerned"),
    "not-affected": ("not_affected", "要点"),
    "update": ("update", "前版からの変更点"),
    "annex-a": ("checked_tickets", "A-1"),
    "actions": ("many_pages", "A-5"),
    "annex-b": ("potential", "B-1"),
    "annex-c": ("potential", "C-1"),
}
"""Picture by name: the variant, and a text that its first page of that kind holds."""


def main(folder: Path) -> None:
    """Draw every kind into ``folder``."""
    initialise(prepare_worker(Path(os.environ.get("SHIRASE_CACHE", folder / ".cache"))))
    drawn: dict[str, pypdfium2.PdfDocument] = {}
    for name, (variant, text) in KINDS.items():
        if variant not in drawn:
            rendered = render_report(VARIANTS[variant]())
            assert isinstance(rendered, Rendered), rendered
            drawn[variant] = pypdfium2.PdfDocument(rendered.pdf)
        page = next((page for page in drawn[variant] if text in page.get_textpage().get_text_range()), None)
        assert page is not None, f"{variant} has no page with {text}"
        image = page.render(scale=SCALE).to_pil().convert("P", palette=1, colors=32)
        image.save(folder / f"{name}.png", optimize=True)
        sys.stdout.write(f"{folder / name}.png\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
