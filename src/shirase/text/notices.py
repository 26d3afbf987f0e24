"""What a mail about a report says: subject, plain text and HTML page, both languages in the customer's order.

The words of ``templates/notice/words.j2`` are laid out twice, so that plain text and page cannot say different things.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shirase.domain.bilingual import Language
from shirase.domain.errors import GateError, Problem
from shirase.domain.notice import Addressed, Notice, NoticeWords
from shirase.text.catalogues import NOTICE, load_translations
from shirase.text.formats import format_count, format_day
from shirase.text.resources import templates_root
from shirase.text.visible import cap, make_visible

_NAMES: Mapping[Language, str] = MappingProxyType({Language.JA: "日本語", Language.EN: "English"})
_TITLE_LIMIT = 90
"""Characters of a title in the subject: mail programs show the beginning only, and Exchange keeps 255 characters."""

_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.|<\s*a\b", re.IGNORECASE)
_DIGITS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Part:
    """One language of a mail, as the layouts get it.

    Attributes:
        language: Its language.
        name: How that language calls itself.
        addressee: Lines that address the letter.
        organisation_tag: Language of the addressee's name, its first line (BCP 47).
        sender: Name of the sender.
        desk: Name of the desk that answers.
        words: What ``words.j2`` says.
    """

    language: Language
    name: str
    addressee: tuple[str, ...]
    organisation_tag: str
    sender: str
    desk: str
    words: Any


def words_of(notice: Notice) -> NoticeWords:
    """The words of ``notice``: the same notice has the same words.

    Raises:
        GateError: When what people wrote would put a link into the mail.
        PlatformError: When a catalogue cannot be used.
    """
    plain, page = (tuple(_part(notice, each, markup=markup) for each in notice.languages) for markup in (False, True))
    words = NoticeWords(
        subject=_subject(notice, plain),
        text=_laid_out("mail.txt.j2", plain, markup=False),
        html=_laid_out("mail.html.j2", page, markup=True),
    )
    _require_no_link(words, notice)
    return words


def _subject(notice: Notice, parts: tuple[Part, ...]) -> str:
    """Marks and title in both languages, the report id behind the first: phones cut the end."""
    first, second = (_subject_in(part) for part in parts)
    return f"{first} [{notice.report_id}] / {second}"


def _subject_in(part: Part) -> str:
    gap = "" if part.language is Language.JA else " "
    marks = [str(mark) for mark in part.words.subject_marks if mark]
    return gap.join([*marks, str(part.words.subject_title)])


def _laid_out(template: str, parts: tuple[Part, ...], *, markup: bool) -> str:
    made = _environment(parts[0].language, markup=markup).get_template(f"notice/{template}")
    return made.render(parts=parts, rule="=" * 20, heavy="*" * 60, light="-" * 60).strip() + "\n"


def _part(notice: Notice, language: Language, *, markup: bool) -> Part:
    environment = _environment(language, markup=markup)
    values = _values(notice, language)
    words = environment.get_template("notice/words.j2").make_module({"n": values})
    addressee: Any = environment.get_template("notice/addressee.j2").make_module({"n": values})
    return Part(
        language=language,
        name=_NAMES[language],
        addressee=tuple(addressee.lines),
        organisation_tag=notice.to.of(language).tag,
        sender=values["sender"],
        desk=values["desk"],
        words=words,
    )


def _values(notice: Notice, language: Language) -> dict[str, Any]:
    """Everything of ``notice`` that its sentences name, in ``language``, hidden characters shown."""
    earlier = notice.earlier
    said: dict[str, str] = {
        "sender": notice.sender_name.of(language),
        "desk": notice.contact.desk.of(language),
        "phone": notice.contact.phone,
        "email": notice.contact.email,
        "hours": notice.contact.hours.of(language),
        "reply_to": notice.sender.reply_to,
        "from_address": notice.sender.address,
        "organisation": notice.to.of(language).organisation,
        "title": notice.incident_title.of(language),
        "short_title": _short(notice.incident_title.of(language)),
        "report_id": notice.report_id,
        "file_name": notice.file_name,
        "pages": format_count(notice.page_count),
        "digest": notice.sealed_digest,
        "version": str(notice.version),
        "earlier_day": format_day(earlier.sent_on, language) if earlier else "",
        "earlier_version": str(earlier.version) if earlier else "",
        "earlier_digest": earlier.sealed_digest[:_DIGITS_SHOWN] if earlier else "",
        "pick_up": notice.pick_up.of(language) if notice.pick_up else "",
    }
    return {
        **{name: make_visible(" ".join(value.split())) for name, value in said.items()},
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
    capped = cap(title, _TITLE_LIMIT)
    return capped.text + ("…" if capped.cut_count else "")


def _require_no_link(words: NoticeWords, notice: Notice) -> None:
    found = _LINK.search(f"{words.subject}\n{words.text}\n{words.html}")
    if found is not None:
        what = f"the mail would have a link ({found[0]!r}), which customers are told to distrust"
        raise GateError(Problem(what, notice.report_id, "take it out of the texts of the case, or of pick_up"))


@cache
def _environment(language: Language, *, markup: bool) -> Environment:
    """Sentences in ``language``; a name without a value stops the mail."""
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
