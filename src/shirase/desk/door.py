"""Signing in and out, the language of the pages, and the few files that browsers fetch."""

from functools import cache

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from shirase.desk.state import Desk
from shirase.desk.visit import LANGUAGE_COOKIE, SESSION_COOKIE, answer, begin_session, sent_form
from shirase.domain.bilingual import Language
from shirase.text.resources import templates_root

_FILES = {"desk.css": "text/css"}
_YEAR = 365 * 24 * 3600


def offer(request: Request) -> Response:
    """The page behind a link. It signs nobody in: mail gateways open links, too, and would use them up."""
    return answer(request, "sign_in", view={"token": request.path_params["token"]})


def redeem(request: Request) -> Response:
    """Use a link up. The form needs no token of a session, which does not exist yet: the link itself is the secret."""
    desk: Desk = request.app.state.desk
    operator = desk.links.redeem(request.path_params["token"])
    if operator is None or desk.book.reviewer(operator) is None:
        return answer(request, "signed_out", status=403)
    return begin_session(request, operator, "/")


async def leave(request: Request) -> Response:
    """Sign out."""
    here, _, _ = await sent_form(request)
    here.desk.sessions.end(here.session.identifier)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def speak(request: Request) -> Response:
    """Choose a language and go back to the page."""
    to = request.query_params.get("to", "/")
    inside = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    response = RedirectResponse(to if inside else "/", status_code=303)
    if request.path_params["language"] in tuple(Language):
        response.set_cookie(
            LANGUAGE_COOKIE, request.path_params["language"], max_age=_YEAR, samesite="strict", httponly=True, path="/"
        )
    return response


def file(request: Request) -> Response:
    """One of the files named here, and no other."""
    name = request.path_params["name"]
    if name not in _FILES:
        return PlainTextResponse("", 404)
    return Response(_content(name), media_type=_FILES[name], headers={"cache-control": "no-cache"})


def no_icon(request: Request) -> Response:
    """Browsers ask for one anyway."""
    del request
    return Response(status_code=204)


@cache
def _content(name: str) -> bytes:
    return (templates_root() / "desk" / name).read_bytes()
