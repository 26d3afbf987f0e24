"""From a report to HTML: the two letters, each in its language, then the annexes once in both."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from shirase.domain.bilingual import Language, Paired
from shirase.domain.glossary import Term, joined, terms_in
from shirase.domain.impact import Impact
from shirase.domain.narrative import Fact, narrative_facts
from shirase.domain.report import Report
from shirase.rendering.view import ReportView, build_view
from shirase.text.environment import environment_for
from shirase.text.glossary import general_terms
from shirase.text.narrative import render_narrative

_TAG = re.compile(r"<[^>]*>")

VARIANTS = {Impact.CONFIRMED: "-confirmed", Impact.POTENTIAL: "", Impact.NOT_AFFECTED: "-not-affected"}
"""Ending of the sections that are written for customers affected like this."""


def report_html(report: Report) -> str:
    """The whole document of ``report`` as HTML. Raises as :func:`report_parts` does."""
    return report_parts(report).whole


@dataclass(frozen=True, slots=True)
class Parts:
    """A document in parts that each begin on a page of their own: both letters, then the annexes."""

    head: str
    bodies: tuple[str, ...]
    end: str

    @property
    def whole(self) -> str:
        """All of it as one document."""
        return "".join((self.head, *self.bodies, self.end))

    def documents(self) -> tuple[str, ...]:
        """Each part as a document by itself."""
        return tuple(f"{self.head}{body}{self.end}" for body in self.bodies)


def report_parts(report: Report) -> Parts:
    """The document of ``report`` as HTML, in its parts.

    Raises:
        CaseError: When a narrative holds what it may not.
        UndefinedError: When a template names what the view does not have.
    """
    view = build_view(report)
    first, second = report.customer.languages
    facts = narrative_facts(report)
    narratives = {language: _narratives(report, facts, language) for language in (first, second)}
    letters = [_template(language, "letter", view, narratives=narratives[language]) for language in (first, second)]
    limits = {language: texts["limits"] for language, texts in narratives.items()}
    method, own_logs = _template(first, "annex_b", view, limits=limits), _template(first, "annex_c", view)
    checklists = (_template(first, "annex_e", view),) if report.completeness else ()
    terms = _terms("".join((*letters, method, own_logs, *checklists)), report)
    return Parts(
        head=_template(first, "head", view),
        bodies=(
            *letters, _template(first, "annex_a", view), method, own_logs,
            _template(first, "annex_d", view, terms=terms), *checklists,
        ),
        end=_template(first, "end", view),
    )  # fmt: skip


def _terms(html: str, report: Report) -> tuple[Term, ...]:
    """What the glossary explains: terms of the text and of the kinds of action, never of logged values."""
    kinds = [text for kind in report.kinds for pair in (kind.label, kind.explanation) for text in (pair.ja, pair.en)]
    text = "\n".join((_TAG.sub(" ", html), *kinds))
    return terms_in(text, joined(general_terms(), report.batch.terms), report.customer.languages[0])


def _template(language: Language, name: str, view: ReportView, **values: object) -> str:
    template = environment_for(language).get_template(f"report/{name}.html")
    return template.render(report=view.report, view=view, **values)


def _narratives(report: Report, facts: dict[str, Fact], language: Language) -> dict[str, Markup]:
    """Every section that can be shown, by its name."""
    zone = report.customer.time_zone
    shown = shown_narrative(report)
    return {name: render_narrative(text.of(language), facts, language, zone) for name, text in shown.items()}


def shown_narrative(report: Report) -> dict[str, Paired]:
    """The texts of the case that ``report`` can show, by section.

    One written for customers affected like this one stands in the place of the other; those for others are left out.
    """
    own = VARIANTS[report.impact]
    endings = tuple(ending for ending in VARIANTS.values() if ending)
    texts = {section.name: section.text for section in report.batch.narrative}
    return {name: texts.get(f"{name}{own}", text) for name, text in texts.items() if not name.endswith(endings)}
