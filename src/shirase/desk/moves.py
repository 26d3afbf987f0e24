"""What reviewers do: each a form made by a page of their own session. The ledger decides whether it may be done."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shirase.desk.pages import opened_reports, standing_of
from shirase.desk.sets import ChosenSet, choose_set
from shirase.desk.visit import Visit, sent_form, visit
from shirase.domain.bilingual import Language
from shirase.domain.errors import GateError, Problem, UsageError
from shirase.domain.phrase import phrase
from shirase.domain.shapes import cover
from shirase.domain.standing import Anchor, Named, Standing
from shirase.pipeline.proposals import Proposed, propose
from shirase.pipeline.revision_store import DATA, PDF, read_revision

LONGEST_TEXT = 20_000


async def approve(request: Request) -> Response:
    """One role's yes to the bytes that the page showed, not to what has come since."""
    here, values, _ = await sent_form(request)
    return await run_in_threadpool(_approve, here, values.get("digest", ""), values.get("role", ""))


async def approve_set(request: Request) -> Response:
    """One role's yes to a named set of bytes."""
    here, values, form = await sent_form(request)
    shapes = [value for value in form.getlist("shape") if isinstance(value, str)]
    return await run_in_threadpool(_approve_set, here, shapes, values.get("set", ""), values.get("role", ""))


async def send_back(request: Request) -> Response:
    """Ask for changes."""
    here, values, _ = await sent_form(request)
    reason = text_of(values.get("reason", ""), "reason")

    def move() -> Response:
        standing = standing_of(here)
        here.desk.book.send_back(here.reviewer, _named(standing, values.get("digest", "")), reason)
        return here.back_to(f"/reports/{standing.report_id}")

    return await run_in_threadpool(move)


async def hold(request: Request) -> Response:
    """Stop the report of one customer until a day; when it has passed, the hold goes on and raises an alarm."""
    here, values, _ = await sent_form(request)
    reason = text_of(values.get("reason", ""), "reason")
    try:
        day = datetime.fromisoformat(values.get("until", "")).date()
    except ValueError as error:
        raise UsageError(Problem(phrase("a hold needs the day on which somebody looks at it again"))) from error

    def move() -> Response:
        standing = standing_of(here)
        until = datetime.combine(day, time(0), UTC)
        here.desk.book.hold(here.reviewer, standing.report_id, reason, until)
        return here.back_to(f"/reports/{standing.report_id}")

    return await run_in_threadpool(move)


async def release(request: Request) -> Response:
    """Lift a hold."""
    here, values, _ = await sent_form(request)
    reason = text_of(values.get("reason", ""), "reason")

    def move() -> Response:
        standing = standing_of(here)
        if request.path_params["hold"] not in {each.id for each in standing.holds}:
            raise HTTPException(404)
        here.desk.book.release(here.reviewer, request.path_params["hold"], reason)
        return here.back_to(f"/reports/{standing.report_id}")

    return await run_in_threadpool(move)


async def remark(request: Request) -> Response:
    """Say something about a text or row."""
    here, values, _ = await sent_form(request)
    text = text_of(values.get("text", ""), "text")
    anchor = Anchor(
        values.get("section", ""), values.get("language", ""), values.get("key", ""), values.get("quote", "")[:500]
    )

    def move() -> Response:
        standing = standing_of(here)
        read = here.desk.library.report(standing.revision.pdf_digest, standing.revision.data_digest)
        if anchor.key not in here.desk.library.keys(read):
            raise UsageError(
                Problem(phrase("this text no longer stands in the report"), "", phrase("look at the page again"))
            )
        here.desk.book.remark(here.reviewer, standing.report_id, anchor, text)
        rows = "/rows" if anchor.section == "row" else ""
        return here.back_to(f"/reports/{standing.report_id}{rows}#k-{anchor.key}")

    return await run_in_threadpool(move)


async def resolve(request: Request) -> Response:
    """Settle a comment."""
    here, _, _ = await sent_form(request)

    def move() -> Response:
        standing = standing_of(here)
        here.desk.book.resolve(here.reviewer, request.path_params["remark"])
        return here.back_to(f"/reports/{standing.report_id}")

    return await run_in_threadpool(move)


async def verify_journal(request: Request) -> Response:
    """Look through the whole journal now."""
    here, _, _ = await sent_form(request)
    await run_in_threadpool(here.desk.journal.verify)
    return here.back_to("/journal")


async def propose_wording(request: Request) -> Response:
    """Write a patch for the narrative of the case. No report changes by it."""
    here, values, _ = await sent_form(request)
    folder, section = here.desk.setting.case_folder, request.path_params["section"]
    if folder is None or values.get("language", "") not in tuple(Language):
        raise HTTPException(404)
    text, reason = text_of(values.get("text", ""), "text"), text_of(values.get("reason", ""), "reason")
    proposed = Proposed(section, Language(values["language"]), text, here.reviewer.name, reason)

    def move() -> Response:
        written = propose(here.desk.output, folder, proposed, here.desk.now())
        return here.page("proposed", proposal=written)

    return await run_in_threadpool(move)


def confirm_set(request: Request) -> Response:
    """The named set that would be approved, with its digests, and how much of it was opened."""
    here = visit(request)
    chosen = _chosen(here, request.query_params.getlist("shape"))
    return here.page("confirm", chosen=chosen)


def draft_copy(request: Request) -> Response:
    """The current revision under the DRAFT mark."""
    here = visit(request)
    standing = standing_of(here)
    pdf = read_revision(here.desk.output, standing.revision.pdf_digest, PDF)
    return _download(here.desk.make_draft(pdf), f"{standing.report_id}.draft.pdf")


def review_copy(request: Request) -> Response:
    """The two languages of the current revision side by side, under the DRAFT mark."""
    here = visit(request)
    standing = standing_of(here)
    pdf = read_revision(here.desk.output, standing.revision.pdf_digest, PDF)
    data = read_revision(here.desk.output, standing.revision.data_digest, DATA)
    return _download(here.desk.make_copy(pdf, data), f"{standing.report_id}.review.pdf")


def text_of(sent: str, name: str) -> str:
    """What somebody wrote, without which the move means nothing.

    Raises:
        UsageError: When it is empty or a book.
    """
    text = sent.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise UsageError(Problem(phrase("write a few words, of at most 20,000 characters"), name))
    return text


def _approve(here: Visit, digest: str, role: str) -> Response:
    standing = standing_of(here)
    named = _named(standing, digest)
    if digest not in here.desk.book.opened(here.reviewer):
        what = phrase("this revision was not opened yet")
        raise GateError(Problem(what, standing.report_id, phrase("read it, then approve it")))
    by_id = {each.report_id: each for each in here.standings()}
    coverage = cover(here.desk.library.shapes(list(by_id.values())), [standing.report_id], opened_reports(here, by_id))
    here.desk.book.approve(here.reviewer, role, [named], coverage.statement())
    return here.back_to(f"/reports/{standing.report_id}")


def _approve_set(here: Visit, shapes: Sequence[str], set_digest: str, role: str) -> Response:
    chosen = _chosen(here, shapes)
    if chosen.digest != set_digest:
        mend = phrase("look at the list again: a report was drafted anew, or is no longer waiting")
        raise GateError(Problem(phrase("the set is no longer the one that was shown"), "", mend))
    if not chosen.coverage.is_enough:
        mend = phrase("open one report of each shape, and every outlier")
        raise GateError(Problem(phrase("too little of this set was read for approving it as a whole"), "", mend))
    here.desk.book.approve(here.reviewer, role, chosen.named, chosen.coverage.statement())
    return here.back_to("/shapes")


def _chosen(here: Visit, shapes: Sequence[str]) -> ChosenSet:
    standings = here.standings()
    by_id = {standing.report_id: standing for standing in standings}
    found = here.desk.library.shapes(standings)
    return choose_set(found, standings, shapes, here.reviewer.roles, opened_reports(here, by_id))


def _named(standing: Standing, digest: str) -> Named:
    """The revision that the page showed, which must still be the current one."""
    if standing.revision.pdf_digest != digest:
        what = phrase("there is a newer revision than the one that was shown")
        raise GateError(Problem(what, standing.report_id, phrase("look at the page again")))
    return Named(standing.report_id, standing.revision.pdf_digest, standing.revision.data_digest)


def _download(content: bytes, name: str) -> Response:
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/pdf", headers=headers)
