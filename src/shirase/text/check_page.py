"""The page on which a customer checks a report without any program: digest in, answer out, offline, in both languages.

It lists digests of sealed files and nothing that names a customer.
"""

from datetime import datetime

from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.domain.manifest import Manifest
from shirase.text.desk_environment import desk_environment


def check_page(manifest: Manifest) -> bytes:
    """The page for everything that ``manifest`` lists, as one HTML file that needs nothing else."""
    listed = {entry.sealed_digest: "" for entry in manifest.reports}
    listed |= {gone.sealed_digest: gone.replaced_by or gone.state for gone in manifest.replaced}
    at = datetime.fromisoformat(manifest.sealed_at)
    parts = [
        Markup(  # noqa: S704 - made by a template that escapes
            desk_environment(language)
            .get_template("seal/part.html")
            .render(number=manifest.number, when=_when(language, at), is_test=manifest.is_test)
        )
        for language in Language
    ]
    page = desk_environment(Language.JA).get_template("seal/page.html")
    return page.render(parts=parts, listed=dict(sorted(listed.items()))).encode()


def _when(language: Language, at: datetime) -> str:
    return str(desk_environment(language).filters["instant"](at, "UTC"))
