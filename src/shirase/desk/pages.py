"""Pages that are looked at. None of them changes anything but that a report counts as opened."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shirase.desk.comparing import build_batch_view, build_compare_view
from shirase.desk.overview import Wanted, build_overview
from shirase.desk.reading import build_reading, findings_by_row, findings_on_page
from shirase.desk.rows import RowsWanted, build_rows
from shirase.desk.visit import Visit, visit
from shirase.domain.bilingual import Language
from shirase.domain.review import State
from shirase.domain.shapes import cover
from shirase.domain.standing import Named, Revision, Standing
from shirase.pipeline.page_pictures import overlaid_pages, picture_of
from shirase.pipeline.proposals import narrative_text
from shirase.text.regimes import regimes

JOURNAL_PAGE = 100


def overview(request: Request) -> Response:
    """How the batch stands."""
    here = visit(request)
    standings = here.standings()
    wanted = Wanted.of(request.query_params)
    library = here.desk.library
    view = build_overview(
        standings,
        library.batch(standings),
        library.shapes(standings),
        wanted=wanted,
        reader=(here.language, here.reviewer.roles),
    )
    return here.page("overview", view=view, wanted=wanted)


def shapes(request: Request) -> Response:
    """The batch by shape, and how much of it the reader has opened."""
    here = visit(request)
    standings = here.standings()
    found = here.desk.library.shapes(standings)
    by_id = {standing.report_id: standing for standing in standings}
    opened = opened_reports(here, by_id)
    return here.page(
        "shapes",
        shapes=found,
        standings=by_id,
        reports=here.desk.library.batch(standings),
        opened=opened,
        names={name: each.name(here.language) for name, each in here.desk.library.batch(standings).items()},
        coverage=cover(found, list(by_id), opened),
    )


def report(request: Request) -> Response:
    """The words of one report, side by side."""
    here = visit(request)
    standing = standing_of(here)
    read = here.desk.library.report(standing.revision.pdf_digest, standing.revision.data_digest)
    named = Named(standing.report_id, standing.revision.pdf_digest, standing.revision.data_digest)
    if standing.revision.pdf_digest not in here.desk.book.opened(here.reviewer):
        here.desk.book.note_opened(here.reviewer, named)
    remarks = here.desk.book.remarks(standing.report_id, here.desk.library.keys(read))
    view = build_reading(standing, read, here.desk.library.checked(standing), remarks)
    return here.page(
        "report", view=view, tab="words", say=request.query_params.get("say", ""), **_around(here, standing)
    )


def page(request: Request) -> Response:
    """One page of a report as a picture with text."""
    here = visit(request)
    standing = standing_of(here)
    number = request.path_params["number"]
    read = here.desk.library.report(standing.revision.pdf_digest, standing.revision.data_digest)
    try:
        picture = picture_of(here.desk.output, standing.revision.pdf_digest, number)
    except IndexError as error:
        raise HTTPException(404) from error
    findings = findings_on_page(here.desk.library.checked(standing).findings, number)
    return here.page(
        "page", tab="pages", number=number, picture=picture, report=read, findings=findings, **_around(here, standing)
    )


def picture(request: Request) -> Response:
    """The picture itself. Its address names the digest, so that it never changes."""
    here = visit(request)
    standing = standing_of(here)
    digest, number = request.path_params["digest"], request.path_params["number"]
    _revision(here, standing, digest)
    try:
        drawn = picture_of(here.desk.output, digest, number)
    except IndexError as error:
        raise HTTPException(404) from error
    return Response(drawn.png, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


def rows(request: Request) -> Response:
    """Annex A as a table that can be filtered."""
    here = visit(request)
    standing = standing_of(here)
    library, data = here.desk.library, standing.revision.data_digest
    read = library.report(standing.revision.pdf_digest, data)
    wanted = RowsWanted.of(request.query_params)
    remarks = here.desk.book.remarks(standing.report_id, library.keys(read))
    view = build_rows(library.actions(data), library.kinds(data), wanted)
    return here.page(
        "rows", tab="rows", say=request.query_params.get("say", ""), view=view, wanted=wanted, report=read,
        findings=findings_by_row(library.checked(standing).findings),
        remarks={remark.anchor.key: [each for each in remarks if each.anchor.key == remark.anchor.key]
                 for remark in remarks if remark.anchor.section == "row"},
        **_around(here, standing),
    )  # fmt: skip


def checks(request: Request) -> Response:
    """What the inspection found, and how far the report states what the checklists ask for."""
    here = visit(request)
    standing = standing_of(here)
    checked = here.desk.library.checked(standing)
    lists = {regime.id: regime for regime in regimes()}
    return here.page(
        "checks",
        tab="checks",
        checked=checked,
        shown=list(dict.fromkeys(item.regime for item in checked.items)),
        titles=lists,
        texts={(regime.id, item.id): item.text for regime in lists.values() for item in regime.items},
        **_around(here, standing),
    )


def compare(request: Request) -> Response:
    """Two revisions of one report."""
    here = visit(request)
    standing = standing_of(here)
    revisions = here.desk.book.revisions(standing.report_id)
    view = build_compare_view(here.desk.library, revisions, request.query_params)
    return here.page("compare", tab="compare", view=view, revisions=revisions, **_around(here, standing))


def overlay(request: Request) -> Response:
    """A page of two revisions in one picture."""
    here = visit(request)
    standing = standing_of(here)
    before, after = request.path_params["before"], request.path_params["after"]
    _revision(here, standing, before)
    _revision(here, standing, after)
    drawn = overlaid_pages(here.desk.output, before, after, request.path_params["number"])
    return Response(drawn.png, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


def batch(request: Request) -> Response:
    """What changed over the whole batch since the revision before."""
    here = visit(request)
    standings = here.standings()
    return here.page("batch", view=build_batch_view(here.desk, standings))


def journal(request: Request) -> Response:
    """Who did what, when; and whether the chain held when somebody looked last."""
    here = visit(request)
    before = request.query_params.get("before", "")
    entries = here.desk.book.entries(int(before) if before.isascii() and before.isdigit() else None, JOURNAL_PAGE)
    more = entries[-1].number if len(entries) == JOURNAL_PAGE else None
    return here.page("journal", entries=entries, more=more, verified=here.desk.journal.last())


def wording(request: Request) -> Response:
    """The narrative behind a section, to propose other words."""
    here = visit(request)
    if here.desk.setting.case_folder is None:
        raise HTTPException(404)
    section = request.path_params["section"]
    files = {language.value: narrative_text(here.desk.setting.case_folder, section, language) for language in Language}
    return here.page("wording", section=section, files=files, report_id=request.query_params.get("report", ""))


def opened_reports(here: Visit, by_id: dict[str, Standing]) -> frozenset[str]:
    """Reports whose current revision the reader has opened."""
    digests = here.desk.book.opened(here.reviewer)
    return frozenset(name for name, standing in by_id.items() if standing.revision.pdf_digest in digests)


def standing_of(here: Visit) -> Standing:
    """How the report in the address stands."""
    wanted = here.request.path_params["report_id"]
    for standing in here.standings():
        if standing.report_id == wanted:
            return standing
    raise HTTPException(404)


def _around(here: Visit, standing: Standing) -> dict[str, object]:
    """What stands around every page of one report: its neighbours, and what the reader may do."""
    identifiers = [each.report_id for each in here.standings()]
    place = identifiers.index(standing.report_id)
    read = here.desk.library.report(standing.revision.pdf_digest, standing.revision.data_digest)
    shape = here.desk.library.shapes(here.standings()).shape_of(standing.report_id)
    return {
        "standing": standing,
        "name": read.name(here.language),
        "read": read,
        "shape": shape,
        "previous": identifiers[place - 1] if place else None,
        "following": identifiers[place + 1] if place + 1 < len(identifiers) else None,
        "may_approve": [
            role
            for role in dict.fromkeys(standing.missing)
            if role in here.reviewer.roles and standing.state == State.IN_REVIEW
        ],
        "can_propose": here.desk.setting.case_folder is not None,
    }


def _revision(here: Visit, standing: Standing, digest: str) -> Revision:
    """A digest in an address must be one of this report: nothing else is ever opened by its name."""
    for revision in here.desk.book.revisions(standing.report_id):
        if revision.pdf_digest == digest:
            return revision
    raise HTTPException(404)
