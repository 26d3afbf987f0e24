"""``comment``: what people say about reports, said and settled without a browser."""

from typing import Annotated

import typer

from shirase.cli.acting import Acting, IncidentFolder, LedgerUrl, acting, chosen_standings, opened
from shirase.cli.console import guarded, out, print_json, table
from shirase.cli.options import Json
from shirase.cli.progress import DrawnProgress
from shirase.desk.anchoring import find_anchor
from shirase.desk.library import Library
from shirase.domain.errors import Problem, UsageError
from shirase.domain.review import Operator
from shirase.domain.standing import Anchor, Remark, Standing
from shirase.pipeline.incident_review import IncidentReview
from shirase.pipeline.read_reports import read_reports
from shirase.settings import default_jobs


def register(app: typer.Typer) -> None:
    """Add this command to ``app``."""
    app.command()(comment)


@guarded
def comment(
    folder: IncidentFolder,
    report: Annotated[str | None, typer.Argument(metavar="REPORT", help="Report id or customer id.")] = None,
    text: Annotated[str, typer.Option("--text", help="What there is to say; without it comments are listed.")] = "",
    section: Annotated[str, typer.Option("--section", help="1 to 13, or A to E.")] = "",
    language: Annotated[str, typer.Option("--language", help="ja or en, of the words that are meant.")] = "",
    row: Annotated[str, typer.Option("--row", help="Identifier of the action, for a comment on a row.")] = "",
    quote: Annotated[str, typer.Option("--quote", help="The words that are meant, as they stand there.")] = "",
    resolve: Annotated[str | None, typer.Option("--resolve", metavar="ID", help="Settle a comment.")] = None,
    reopen: Annotated[str | None, typer.Option("--reopen", metavar="ID", help="Take up a settled one again.")] = None,
    by: Acting = None,
    ledger: LedgerUrl = None,
    as_json: Json = False,
) -> None:
    """Comment on a report, a section, a sentence or a row; or list comments, settle them, take them up again.

    A comment on words or on a section counts for every report that says the same, whatever its names and figures.
    """
    with opened(folder, ledger) as review:
        standing = chosen_standings(review, [report])[0] if report is not None else None
        if resolve is not None:
            review.ledger.talk.resolve(acting(review, by), resolve)
        elif reopen is not None:
            review.ledger.talk.reopen(acting(review, by), reopen)
        elif text:
            if standing is None:
                raise UsageError(Problem("name the report it is about", "REPORT"))
            anchor = Anchor("row" if row else section, language, row, quote)
            _say(review, acting(review, by), standing, anchor, text, quiet=as_json)
        found = review.ledger.overview.remarks(standing.report_id if standing is not None else None)
    if as_json:
        print_json([_remark(each) for each in found])
        return
    rows = [
        (each.id, each.report_id, each.anchor.section, each.anchor.quote, each.author, each.text,
         each.resolved_by or "open")
        for each in found
    ]  # fmt: skip
    out.print(table("Comments", ["id", "made on", "section", "words", "who", "says", "resolved by"], rows))


def _say(review: IncidentReview, who: Operator, standing: Standing, given: Anchor, text: str, *, quiet: bool) -> None:
    library = Library(review.output)
    read = library.report(standing.revision.pdf_digest, standing.revision.data_digest)
    anchor = find_anchor(read, given)
    others = review.standings() if anchor.key else ()
    digests = [(each.revision.pdf_digest, each.revision.data_digest) for each in others]
    with DrawnProgress(quiet=quiet) as progress:
        read_reports(review.output, digests, progress, default_jobs())
    shared = library.sharing(others, standing.report_id, anchor.key) if anchor.key else ()
    review.ledger.talk.comment(who, standing.report_id, anchor, text, shared=shared)


def _remark(each: Remark) -> dict[str, object]:
    return {
        "id": each.id, "report_id": each.report_id, "section": each.anchor.section, "language": each.anchor.language,
        "key": each.anchor.key, "quote": each.anchor.quote, "text": each.text, "author": each.author,
        "at": each.at.isoformat(), "resolved_by": each.resolved_by,
    }  # fmt: skip
