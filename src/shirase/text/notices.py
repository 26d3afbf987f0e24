"""What a mail about a report says: subject, plain text and HTML page, both languages in the customer's order.

The words of ``templates/notice/words.j2`` are laid out twice, so that plain text and page cannot say different things.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from shirase.domain.bilingual import Language
from shirase.domain.errors import GateError, Problem
from shirase.domain.notice import Notice, NoticeWords
from shirase.text.notice_environment import notice_environment, notice_values

_NAMES: Mapping[Language, str] = MappingProxyType({Language.JA: "日本語", Language.EN: "English"})
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.", re.IGNORECASE)
_RULE, _HEAVY, _LIGHT = "=" * 20, "*" * 60, "-" * 60


@dataclass(frozen=True, slots=True)
class Part:
    """One language of a mail or sheet, as the layouts get it.

    Attributes:
        language: Its language.
        name: How that language calls itself.
        addressee: Lines that address the letter.
        organisation_tag: Language of the addressee's name, its first line (BCP 47).
        sender: Name of the sender.
        desk: Name of the desk that answers.
        words: What the template with the words says.
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
    _require_no_link(notice)
    plain, page = (parts_of(notice, "words.j2", markup=markup) for markup in (False, True))
    return NoticeWords(
        subject=_subject(notice, plain),
        text=laid_out("mail.txt.j2", plain, markup=False),
        html=laid_out("mail.html.j2", page, markup=True),
    )


def call_sheet(notice: Notice) -> str:
    """What to say, ask and write down in a telephone call to a customer: an HTML page to print, in both languages."""
    return laid_out("sheet.html.j2", parts_of(notice, "call.j2", markup=True), markup=True)


def courier_sheet(notice: Notice) -> str:
    """The letter that lies on top of a report brought by hand, with a receipt: an HTML page to print."""
    return laid_out("sheet.html.j2", parts_of(notice, "courier.j2", markup=True), markup=True)


def parts_of(notice: Notice, template: str, *, markup: bool) -> tuple[Part, ...]:
    """What ``template`` says in each language, the customer's first one first."""
    return tuple(_part(notice, language, template, markup=markup) for language in notice.languages)


def laid_out(template: str, parts: tuple[Part, ...], *, markup: bool) -> str:
    """``parts`` as one text."""
    made = notice_environment(parts[0].language, markup=markup).get_template(f"notice/{template}")
    return made.render(parts=parts, rule=_RULE, heavy=_HEAVY, light=_LIGHT).strip() + "\n"


def _part(notice: Notice, language: Language, template: str, *, markup: bool) -> Part:
    environment = notice_environment(language, markup=markup)
    values = notice_values(notice, language)
    addressee: Any = environment.get_template("notice/addressee.j2").make_module({"n": values})
    return Part(
        language=language,
        name=_NAMES[language],
        addressee=tuple(addressee.lines),
        organisation_tag=notice.to.of(language).tag,
        sender=values["sender"],
        desk=values["desk"],
        words=environment.get_template(f"notice/{template}").make_module({"n": values}),
    )


def _subject(notice: Notice, parts: tuple[Part, ...]) -> str:
    """Marks and title in both languages, the report id behind the first: phones cut the end."""
    first, second = (_subject_in(part) for part in parts)
    return f"{first} [{notice.report_id}] / {second}"


def _subject_in(part: Part) -> str:
    gap = "" if part.language is Language.JA else " "
    marks = [str(mark) for mark in part.words.subject_marks if mark]
    return gap.join([*marks, str(part.words.subject_title)])


def _require_no_link(notice: Notice) -> None:
    """What the sender wrote holds no link; a customer may be called like one."""
    said = [notice.incident_title, notice.sender_name, notice.contact.desk, notice.contact.hours, notice.pick_up]
    found = _LINK.search("\n".join(text for pair in said if pair is not None for text in (pair.ja, pair.en)))
    if found is not None:
        what = f"the mail would have a link ({found[0]!r}), which customers are told to distrust"
        raise GateError(Problem(what, notice.report_id, "take it out of incident.toml, or of pick_up in delivery.toml"))
