"""From a report to HTML: the two letters, each in its language, then the annexes once in both."""

from markupsafe import Markup

from shirase.domain.bilingual import Language
from shirase.domain.report import Fact, Report, narrative_facts
from shirase.rendering.view import ReportView, build_view
from shirase.text.environment import environment_for
from shirase.text.narrative import render_narrative


def report_html(report: Report) -> str:
    """The whole document of ``report`` as HTML.

    Raises:
        CaseError: When a narrative holds what it may not.
        UndefinedError: When a template names what the view does not have.
    """
    view = build_view(report)
    first, second = report.customer.languages
    facts = narrative_facts(report)
    return "".join(
        (
            _template(first, "head", view),
            _template(first, "letter", view, narratives=_narratives(report, facts, first)),
            _template(second, "letter", view, narratives=_narratives(report, facts, second)),
            _template(first, "annex_a", view),
            _template(first, "annex_b", view),
        )
    )


def _template(language: Language, name: str, view: ReportView, **values: object) -> str:
    template = environment_for(language).get_template(f"report/{name}.html")
    return template.render(report=view.report, view=view, **values)


def _narratives(report: Report, facts: dict[str, Fact], language: Language) -> dict[str, Markup]:
    zone = report.customer.time_zone
    return {
        section.name: render_narrative(section.text.of(language), facts, language, zone)
        for section in report.batch.narrative
    }
