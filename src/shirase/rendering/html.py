"""From a report to HTML: the two letters, each in its language, then the annexes once in both."""

from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.domain.impact import Impact
from shirase.domain.report import Fact, Report, narrative_facts
from shirase.rendering.view import ReportView, build_view
from shirase.text.environment import environment_for
from shirase.text.narrative import render_narrative

VARIANTS = {Impact.CONFIRMED: "-confirmed", Impact.POTENTIAL: "", Impact.NOT_AFFECTED: "-not-affected"}
"""Ending of the sections that are written for customers affected like this."""


def report_html(report: Report) -> str:
    """The whole document of ``report`` as HTML.

    Raises:
        CaseError: When a narrative holds what it may not.
        UndefinedError: When a template names what the view does not have.
    """
    view = build_view(report)
    first, second = report.customer.languages
    facts = narrative_facts(report)
    narratives = {language: _narratives(report, facts, language) for language in (first, second)}
    return "".join(
        (
            _template(first, "head", view),
            _template(first, "letter", view, narratives=narratives[first]),
            _template(second, "letter", view, narratives=narratives[second]),
            _template(first, "annex_a", view),
            _template(first, "annex_b", view, limits={name: texts["limits"] for name, texts in narratives.items()}),
            _template(first, "annex_c", view),
            _template(first, "end", view),
        )
    )


def _template(language: Language, name: str, view: ReportView, **values: object) -> str:
    template = environment_for(language).get_template(f"report/{name}.html")
    return template.render(report=view.report, view=view, **values)


def _narratives(report: Report, facts: dict[str, Fact], language: Language) -> dict[str, Markup]:
    """Every section by its name; one written for customers affected like this one stands in the place of the other."""
    zone = report.customer.time_zone
    own = VARIANTS[report.impact]
    texts = {section.name: section.text for section in report.batch.narrative}
    chosen = {name: texts.get(f"{name}{own}", text) for name, text in texts.items()}
    return {name: render_narrative(text.of(language), facts, language, zone) for name, text in chosen.items()}
