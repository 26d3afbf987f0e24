"""The Jinja environment of the review pages and of copies for circulation, one for each language."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shirase.domain.bilingual import Language, Paired
from shirase.domain.phrase import Phrase
from shirase.domain.review import Role, State
from shirase.text.catalogues import DESK, load_translations
from shirase.text.deadlines import deadline_rules
from shirase.text.formats import format_count, format_day, format_instant
from shirase.text.resources import templates_root
from shirase.text.visible import make_visible


@cache
def desk_environment(language: Language) -> Environment:
    """The environment in which a reviewer who reads ``language`` is spoken to.

    Values are escaped and their hidden characters shown; a name without a value stops the page.

    Raises:
        PlatformError: When the catalogue cannot be used.
    """
    environment = Environment(
        loader=FileSystemLoader(templates_root()),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        load_translations(language, DESK), newstyle=True
    )
    environment.filters.update(_filters(language))
    other = Language.EN if language is Language.JA else Language.JA
    environment.globals.update(language=language.value, other_language=other.value, languages=("ja", "en"))
    environment.globals["deadline_titles"] = {rule.id: rule.title for rule in deadline_rules()}
    return environment


def desk_sentence(language: Language, message: str) -> str:
    """A sentence of the review pages in ``language``, for what is no page."""
    return load_translations(language, DESK).gettext(message)


def _shown(value: object) -> object:
    """Text that is not markup has its hidden characters shown; the ends of its lines are none of them."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "\n".join(make_visible(line) for line in value.replace("\r\n", "\n").split("\n"))


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    def instant(value: datetime, zone: str) -> str:
        return format_instant(value, zone, language)

    def day(value: date) -> str:
        return format_day(value, language)

    def words(value: Paired) -> str:
        return value.of(language)

    def told(value: str) -> str:
        return _told(value, language)

    return {
        "as_written": escape,
        "count": format_count,
        "day": day,
        "instant": instant,
        "words": words,
        "digest": _digest,
        "told": told,
        "tongue": lambda value: language.value if isinstance(value, Phrase) else Language.EN.value,
    }


def _digest(value: str) -> str:
    """The first letters of a digest, which is how people compare two."""
    return value[:12]


def _told(value: str, language: Language) -> str:
    """What a rule says, in ``language`` where it is a phrase; everything else is English, as it was written."""
    if not isinstance(value, Phrase):
        return value
    values = {name: _named(each, language) for name, each in value.values.items()}
    return desk_sentence(language, value.sentence) % values


def _named(value: object, language: Language) -> str:
    """Roles and states are called what the pages call them; several stand one after the other."""
    if isinstance(value, tuple):
        return _LISTED[language].join(_named(each, language) for each in value)
    return desk_sentence(language, _NAMES[value]) if isinstance(value, Role | State) else str(value)


_LISTED = {Language.JA: "、", Language.EN: ", "}
_NAMES: dict[Role | State, str] = {
    Role.RESPONDER: "Responder", Role.LEGAL: "Legal", Role.COMMS: "Communications", Role.SENDER: "Sender",
    State.DRAFTED: "Drafted", State.IN_REVIEW: "In review", State.CHANGES_REQUESTED: "Changes requested",
    State.APPROVED: "Approved", State.SEALED: "Sealed", State.SENT: "Sent", State.SUPERSEDED: "Superseded",
    State.WITHDRAWN: "Withdrawn",
}  # fmt: skip
"""The sentences of ``desk/words.html``, from which the catalogue has them."""
