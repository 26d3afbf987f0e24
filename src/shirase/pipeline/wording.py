"""The wording of a case: every text that people wrote for customers, the objections to it, and what was waived."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from shirase.domain.bilingual import Language, Paired
from shirase.domain.incident import Case
from shirase.domain.wording import WordingFinding
from shirase.text.wording import lint_pair, lint_wording


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in both languages, where it stands, and whether figures in it have to be placeholders."""

    place: str
    text: Paired
    figures: bool = False


def prose_of(case: Case) -> Iterator[Prose]:
    """Every text of ``case`` that is printed for customers. Only narratives can name values."""
    yield Prose("incident.toml title", case.incident.title)
    for section in case.narrative:
        yield Prose(f"narrative/{section.name}", section.text, figures=True)
    for place, text in (*_events_and_permissions(case), *_actions_and_facts(case)):
        if text is not None:
            yield Prose(place, text)


def _events_and_permissions(case: Case) -> Iterator[tuple[str, Paired | None]]:
    for number, entry in enumerate(case.timeline, start=1):
        yield f"timeline.toml entries[{number}]", entry.text
    for direction, permissions in (("can", case.permissions.can), ("cannot", case.permissions.cannot)):
        for number, permission in enumerate(permissions, start=1):
            yield f"permissions.toml {direction}[{number}]", permission.text


def _actions_and_facts(case: Case) -> Iterator[tuple[str, Paired | None]]:
    for kind in case.catalogue.by_code.values():
        yield f"actions.toml {kind.code} label", kind.label
        yield f"actions.toml {kind.code} explanation", kind.explanation
        yield f"actions.toml {kind.code} personal_data", kind.personal_data
    for fact in case.stated.facts:
        yield f"facts.toml {fact.about} text", fact.text
        yield f"facts.toml {fact.about} searched", fact.searched
    for term in case.terms:
        yield f"terms.toml {term.id}", term.definition
    if case.self_check is not None:
        yield "checks.toml how", case.self_check.how


def wording_of(case: Case) -> tuple[WordingFinding, ...]:
    """Objections to the texts of ``case`` that nobody has waived, and waivers that speak of nothing any more."""
    waivers = case.decisions.wording
    unused = set(range(len(waivers)))
    findings = []
    for prose in prose_of(case):
        for finding in _objections(prose):
            fitting = {
                number
                for number, waiver in enumerate(waivers)
                if waiver.text in finding.sentence and waiver.rule in ("", finding.rule)
            }
            unused -= fitting
            if not fitting:
                findings.append(replace(finding, sentence=" ".join(finding.sentence.split())))
    findings += _claims_without_text(case)
    findings += [
        WordingFinding(
            "unused-waiver", "decisions.toml", Language.EN, waivers[number].text, waivers[number].rule,
            "no sentence needs this waiver", "remove it", blocker=False,
        )
        for number in sorted(unused)
    ]  # fmt: skip
    return tuple(findings)


def _claims_without_text(case: Case) -> Iterator[WordingFinding]:
    """Sentences of ``claims.toml`` that stand in no text, or not in the same text in both languages."""
    texts = [prose.text for prose in prose_of(case)]
    for claim in case.claims:
        for sentence in claim.sentences:
            if not any(all(sentence.of(each) in text.of(each) for each in Language) for text in texts):
                yield WordingFinding(
                    "claim-without-text", f"claims.toml {claim.id}", Language.EN, sentence.en, sentence.en,
                    "no text has this sentence in both languages", "copy it from the text as it stands there",
                    blocker=True,
                )  # fmt: skip


def _objections(prose: Prose) -> Iterator[WordingFinding]:
    for language in Language:
        yield from lint_wording(prose.text.of(language), language, prose.place, figures=prose.figures)
    yield from lint_pair(prose.text, prose.place)
