"""``python -m shirase.text.extract``: collect the sentences of all templates and bring the catalogues up to date.

Run it after changing a sentence, translate what it names, and commit the .pot and .po files. Their order and headers
depend on the templates alone: extracting twice changes nothing.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from shirase.domain.bilingual import Language
from shirase.text.catalogues import DESK, DOMAIN, NOTICE, catalogue_path, texts_of
from shirase.text.resources import locales_root, templates_root

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "both": None,
    "nboth": (1, 2),
    "pboth": ((1, "c"), 2),
}
"""Functions of the environment whose first arguments are sentences (``c``: the context of one)."""

PHRASES: dict[str, tuple[int | tuple[int, str], ...] | None] = {"phrase": None}
"""The function by which the rules of the review say what they refuse; the review pages translate it."""

RULES = ("domain", "ledger", "pipeline", "desk")
"""Rooms whose refusals people read on the review pages."""

MAPPINGS = {DOMAIN: "babel.cfg", DESK: "desk.cfg", NOTICE: "notice.cfg"}
"""Which templates hold the sentences of which catalogue."""

_FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Headers carry no clock: a catalogue changes when a sentence does."""

_HEADER = "# Sentences of the reports.\n# Made by ./run i18n from the templates; translations are edited by hand."


def extract(templates: Path, mapping: Path) -> Catalog:
    """All sentences of the templates below ``templates``.

    Raises:
        TemplateSyntaxError: When a template cannot be read; nothing is skipped silently.
    """
    catalogue = _empty(None)
    with mapping.open(encoding="utf-8") as stream:
        methods, options = parse_mapping_cfg(stream)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        templates, methods, options, keywords=KEYWORDS, comment_tags=("NOTE:",), strip_comment_tags=True
    )
    for path, _, message, comments, context in found:
        catalogue.add(message, None, [(Path(path).as_posix(), 1)], auto_comments=comments, context=context)
    return catalogue


def collect(domain: str) -> Catalog:
    """All sentences of one catalogue: of its templates and, for the review pages, of the rules they tell of."""
    catalogue = extract(templates_root(), locales_root() / MAPPINGS[domain])
    package = Path(__file__).resolve().parents[1]
    for room in RULES if domain == DESK else ():
        found = extract_from_dir(package / room, [("**.py", "python")], {}, keywords=PHRASES)
        for path, _, message, comments, context in found:
            place = [(f"{room}/{Path(path).as_posix()}", 1)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def update(path: Path, language: Language, template: Catalog) -> list[str]:
    """Bring the catalogue at ``path`` up to date; sentences that are gone leave it.

    Returns:
        The sentences that have no translation yet.
    """
    catalogue = _empty(language)
    if path.exists():
        with path.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    _write(path, catalogue)
    return [str(message.id) for message in catalogue if message.id and not all(texts_of(message))]


def main() -> int:
    """Update the template and both catalogues; 1 when a sentence waits for its Japanese."""
    root = locales_root()
    untranslated: list[str] = []
    for domain in MAPPINGS:
        template = collect(domain)
        _write(root / f"{domain}.pot", template)
        update(catalogue_path(Language.EN, domain), Language.EN, template)
        untranslated += update(catalogue_path(Language.JA, domain), Language.JA, template)
    for sentence in untranslated:
        sys.stderr.write(f"not translated into Japanese yet: {sentence}\n")
    return 1 if untranslated else 0


def _empty(language: Language | None) -> Catalog:
    return Catalog(
        locale=language,
        domain=DOMAIN,
        header_comment=_HEADER,
        project="shirase",
        version="1",
        msgid_bugs_address="see README",
        last_translator="see the history of this file",
        language_team="see README",
        creation_date=_FIXED_DATE,
        revision_date=_FIXED_DATE,
        fuzzy=False,
    )


def _write(path: Path, catalogue: Catalog) -> None:
    catalogue.creation_date = _FIXED_DATE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_po(stream, catalogue, width=100, sort_by_file=True, include_previous=False, include_lineno=False)


if __name__ == "__main__":
    sys.exit(main())
