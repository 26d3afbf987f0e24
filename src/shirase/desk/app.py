"""The pages and forms of the desk, by address."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shirase.desk import door, moves, pages
from shirase.desk.guard import Guard
from shirase.desk.state import Desk
from shirase.desk.visit import TurnedAwayError, answer, visit
from shirase.domain.errors import ShiraseError
from shirase.domain.exits import ExitCode

LARGEST_FORM = 1 << 20
"""Bytes of a request."""

_STATUS = {
    ExitCode.USAGE: 400,
    ExitCode.GATE_REFUSED: 409,
    ExitCode.NOT_APPROVED: 403,
    ExitCode.TAMPERED: 500,
    ExitCode.INPUT_UNUSABLE: 400,
}

_REPORT = "/reports/{report_id}"


def build_app(desk: Desk) -> Starlette:
    """The desk as an ASGI application."""
    app = Starlette(
        routes=[
            Route("/", pages.overview),
            Route("/shapes", pages.shapes),
            Route("/shapes/approve", moves.confirm_set, methods=["GET"]),
            Route("/shapes/approve", moves.approve_set, methods=["POST"]),
            Route("/compare", pages.batch),
            Route("/journal", pages.journal),
            Route("/journal/verify", moves.verify_journal, methods=["POST"]),
            Route("/wording/{section}", pages.wording, methods=["GET"]),
            Route("/wording/{section}", moves.propose_wording, methods=["POST"]),
            *_report_routes(),
            Route("/sign-in/{token}", door.offer, methods=["GET"]),
            Route("/sign-in/{token}", door.redeem, methods=["POST"]),
            Route("/sign-out", door.leave, methods=["POST"]),
            Route("/language/{language}", door.speak),
            Route("/static/{name}", door.file),
            Route("/favicon.ico", door.no_icon),
        ],
        middleware=[Middleware(Guard, allowed=desk.setting.doors)],
        exception_handlers={TurnedAwayError: _turned_away, ShiraseError: _refused, HTTPException: _not_there},
        max_body_size=LARGEST_FORM,
    )
    app.state.desk = desk
    return app


def _report_routes() -> list[Route]:
    return [
        Route(_REPORT, pages.report),
        Route(f"{_REPORT}/pages/{{number:int}}", pages.page),
        Route(f"{_REPORT}/pictures/{{digest}}/{{number:int}}.png", pages.picture),
        Route(f"{_REPORT}/overlays/{{before}}/{{after}}/{{number:int}}.png", pages.overlay),
        Route(f"{_REPORT}/rows", pages.rows),
        Route(f"{_REPORT}/checks", pages.checks),
        Route(f"{_REPORT}/compare", pages.compare),
        Route(f"{_REPORT}/draft.pdf", moves.draft_copy),
        Route(f"{_REPORT}/review.pdf", moves.review_copy),
        Route(f"{_REPORT}/approve", moves.approve, methods=["POST"]),
        Route(f"{_REPORT}/return", moves.send_back, methods=["POST"]),
        Route(f"{_REPORT}/hold", moves.hold, methods=["POST"]),
        Route(f"{_REPORT}/holds/{{hold}}/release", moves.release, methods=["POST"]),
        Route(f"{_REPORT}/comments", moves.remark, methods=["POST"]),
        Route(f"{_REPORT}/comments/{{remark}}/resolve", moves.resolve, methods=["POST"]),
    ]


def _turned_away(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, TurnedAwayError)
    return error.response


def _refused(request: Request, error: Exception) -> Response:
    """A rule said no: the page says why, in the language of the reader."""
    assert isinstance(error, ShiraseError)
    status = _STATUS.get(error.exit_code, 500)
    try:
        return visit(request).refusal("rule", status, error.diagnostics())
    except TurnedAwayError as away:
        return away.response


def _not_there(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, "refused", status=error.status_code, view={"reason": "missing", "problems": ()})
