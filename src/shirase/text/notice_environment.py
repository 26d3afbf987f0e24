"""The Jinja environments of mails and of the sheets for people, and what their sentences name."""

import re
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shirase.domain.bilingual import Language
from shirase.domain.notice import Addressed, Notice
from shirase.text.catalogues import NOTICE, load_translations
from shirase.text.formats import format_count, format_day
from shirase.text.resources import templates_root
from shirase.text.visible import cap, make_visible

TITLE_LIMIT = 90
"""Characters of a title in the subject: mail programs show the beginning only, and Exchange keeps 255 characters."""

DIGITS_SHOWN = 12
"""Digits of a digest by which a file is told from an earlier one."""

DIGITS_SAID = 8
"""Digits of a digest, at either end, that people read to each other by telephone."""


_LINE_ENDS = re.compile(r"\s*[\r\n]+\s*")


@cache
def notice_environment(language: Language, *, markup: bool) -> Environment:
    """Sentences in ``language``; a name without a value stops the mail.

    Args:
        language: Whose sentences.
        markup: Whether values are escaped, for HTML.

    Raises:
        PlatformError: When the catalogue cannot be used.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=markup,  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        load_translations(language, NOTICE), newstyle=True
    )
    return environment


def notice_values(notice: Notice, language: Language) -> dict[str, Any]:
    """Everything of ``notice`` that its sentences name, in ``language``, on one line each, hidden characters shown."""
    earlier = notice.earlier
    said: dict[str, str] = {
        "sender": notice.sender_name.of(language),
        "desk": notice.contact.desk.of(language),
        "phone": notice.contact.phone,
        "email": notice.contact.email,
        "hours": notice.contact.hours.of(language),
        "reply_to": notice.sender.reply_to,
        "to_address": notice.to_address,
        "from_address": notice.sender.address,
        "organisation": notice.to.of(language).organisation,
        "title": notice.incident_title.of(language),
        "short_title": _short(notice.incident_title.of(language)),
        "report_id": notice.report_id,
        "file_name": notice.file_name,
        "pages": format_count(notice.page_count),
        "digest": notice.sealed_digest,
        "digest_begins": notice.sealed_digest[:DIGITS_SAID],
        "digest_ends": notice.sealed_digest[-DIGITS_SAID:],
        "version": str(notice.version),
        "day": format_day(notice.date.date(), language),
        "earlier_day": format_day(earlier.sent_on, language) if earlier else "",
        "earlier_version": str(earlier.version) if earlier else "",
        "earlier_digest": earlier.sealed_digest[:DIGITS_SHOWN] if earlier else "",
        "pick_up": notice.pick_up.of(language) if notice.pick_up else "",
    }
    return {
        **{name: make_visible(_LINE_ENDS.sub(" ", value)) for name, value in said.items()},
        "to": _shown(notice.to.of(language)),
        "kind": notice.kind.value,
        "stage": notice.stage.value,
        "language": language.value,
        "page_number": notice.page_count,
        "protection": notice.protection.value,
        "is_test_seal": notice.is_test_seal,
        "is_exercise": notice.is_exercise,
    }


def _shown(to: Addressed) -> Addressed:
    return Addressed(*(make_visible(each) for each in (to.organisation, to.tag, to.department, to.title, to.person)))


def _short(title: str) -> str:
    capped = cap(title, TITLE_LIMIT)
    return capped.text + ("…" if capped.cut_count else "")
