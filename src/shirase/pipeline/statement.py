"""``shirase claims --statement``: the public statement in both languages, from the same run as the reports."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from shirase.domain.action import Effect
from shirase.domain.bilingual import Language, Paired
from shirase.domain.errors import CaseError, Problem
from shirase.domain.finding import Finding
from shirase.domain.incident import Case
from shirase.domain.narrative import PUBLIC_SECTION
from shirase.domain.statement import EffectFigure, StatedFigure, Statement
from shirase.inspection.leaks import Carrier
from shirase.inspection.statement import statement_findings
from shirase.pipeline.claims import SHARE, STATED
from shirase.pipeline.inspection_facts import gate_facts
from shirase.pipeline.output import write_whole
from shirase.pipeline.receipts import digest_of
from shirase.pipeline.scope import ScopeRun, batch_facts, method_facts
from shirase.rendering.statement import figures_csv, statement_html, timeline_csv
from shirase.scoping.claims import FIGURES, by_effect, open_lines
from shirase.text.markdown import placeholders_of

FOLDER = "statement"

_PERSONAL = "your_"
"""Beginning of the values that only a single customer has."""


@dataclass(frozen=True, slots=True)
class StatementPack:
    """The files of the statement, by name, and what is wrong with them; with a blocker, none is written."""

    folder: Path
    files: dict[str, bytes]
    findings: tuple[Finding, ...]

    @property
    def blocked(self) -> bool:
        """Whether it must not be published."""
        return any(finding.blocker for finding in self.findings)


def run_statement(run: ScopeRun, zone: str) -> StatementPack:
    """Make, inspect and write the statement of ``run``.

    Raises:
        CaseError: When the text names a value that only a single customer has.
    """
    statement = build_statement(run, zone)
    pages = {language: statement_html(statement, language) for language in Language}
    files = {
        **{f"statement.{language}.html": page.encode() for language, page in pages.items()},
        "figures.csv": figures_csv(statement),
        "timeline.csv": timeline_csv(statement),
        "statement.json": _as_json(statement),
    }
    others = [
        Carrier(name, content.decode("utf-8-sig")) for name, content in files.items() if not name.endswith(".html")
    ]
    findings = tuple(statement_findings(pages, others, gate_facts(run).build()))
    pack = StatementPack(run.output.root / FOLDER, files, findings)
    if not pack.blocked:
        pack.folder.mkdir(mode=0o700, exist_ok=True)
        for name, content in files.items():
            write_whole(pack.folder / name, content)
    return pack


def build_statement(run: ScopeRun, zone: str) -> Statement:
    """Everything the statement says."""
    with open_lines(run.output.actions, run.case.catalogue) as connection:
        effects = {effect: (actions, customers) for effect, actions, customers in by_effect(connection)}
    return Statement(
        batch=batch_facts(run),
        text=_public_text(run.case),
        figures=_figures(run),
        effects=tuple(EffectFigure(effect, *effects[effect]) for effect in Effect if effect in effects),
        actions_digest=str(digest_of(run.output.actions)),
        zone=zone,
    )


def _public_text(case: Case) -> Paired:
    sections = {section.name: section.text for section in case.narrative}
    name = PUBLIC_SECTION if PUBLIC_SECTION in sections else "summary"
    personal = sorted(value for value in placeholders_of(sections[name].ja) if value.startswith(_PERSONAL))
    if personal:
        mend = f"write narrative/{PUBLIC_SECTION}.ja.md and .en.md for the public, without it"
        raise CaseError(*(Problem(f"{value} is a single customer's", f"narrative/{name}", mend) for value in personal))
    return sections[name]


def _figures(run: ScopeRun) -> tuple[StatedFigure, ...]:
    method = method_facts(run)
    values: dict[str, tuple[int | float, str]] = {
        "lines_read": (method.lines_read, FIGURES["lines_read"]),
        "lines_unusable": (method.quarantined, FIGURES["lines_unusable"]),
        "actions_in_scope": (method.in_scope, FIGURES["actions_in_scope"]),
        "tenants_affected": (method.tenants_affected, FIGURES["tenants_affected"]),
        "customers_affected": (method.customers_affected, FIGURES["customers_affected"]),
        "customers_total": (method.customers_total, STATED["customers_total"]),
        "customers_share": (method.customers_affected / method.customers_total, SHARE),
    }
    results = {answer.name: answer.result for answer in run.own_answers}
    own = (
        StatedFigure(claim.id, claim.label, results[claim.id], claim.query)
        for claim in run.case.claims
        if claim.public
    )  # fmt: skip
    return (*(StatedFigure(name, None, *value) for name, value in values.items()), *own)


def _as_json(statement: Statement) -> bytes:
    incident = statement.batch.incident
    content = {
        "incident_id": incident.id,
        "exercise": incident.exercise,
        "as_of": incident.as_of.isoformat(),
        "title": incident.title.model_dump(),
        "window": [statement.batch.window.start_at.isoformat(), statement.batch.window.end_at.isoformat()],
        "figures": [
            {**asdict(figure), "label": figure.label.model_dump() if figure.label is not None else None}
            for figure in statement.figures
        ],
        "effects": [asdict(figure) for figure in statement.effects],
        "timeline": [entry.model_dump(mode="json") for entry in statement.batch.timeline],
        "actions_sha256": statement.actions_digest,
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
