"""One request: who asks, in which language, and how a page is answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from shirase.desk.sessions import Session, carries
from shirase.desk.state import Desk
from shirase.domain.bilingual import Language
from shirase.domain.errors import Problem
from shirase.domain.review import Operator
from shirase.domain.standing import Standing
from shirase.text.desk_environment import desk_environment

SESSION_COOKIE = "shirase_session"
LANGUAGE_COOKIE = "shirase_language"

ZONES = {Language.JA: "Asia/Tokyo", Language.EN: "America/Los_Angeles"}
"""Clock shown beside UTC: where the readers of each language sit."""


class TurnedAwayError(Exception):
    """The request is answered with this response instead of its page."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody who is signed in."""

    request: Request
    desk: Desk
    session: Session
    reviewer: Operator
    language: Language

    def standings(self) -> Sequence[Standing]:
        """How all reports stand, asked for once in a request: everything on one page is of the same moment."""
        known: Sequence[Standing] | None = getattr(self.request.state, "standings", None)
        if known is None:
            known = self.request.state.standings = self.desk.book.standings()
        return known

    def page(self, template: str, **view: object) -> Response:
        """A page in the language of the reader."""
        return answer(self.request, template, view=view, visit=self)

    def refusal(self, reason: str, status: int, problems: Sequence[Problem] = ()) -> Response:
        """The page that says why something was not done."""
        return answer(self.request, "refused", status=status, visit=self, view={"reason": reason, "problems": problems})

    def back_to(self, path: str) -> Response:
        """After a form: the page again, so that going back or reloading sends nothing twice."""
        return RedirectResponse(path, status_code=303)


def language_of(request: Request) -> Language:
    """What the reader chose; else the first language of the browser that the desk speaks; else Japanese."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in tuple(Language):
        return Language(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        tag = part.partition(";")[0].strip().lower()[:2]
        if tag in tuple(Language):
            return Language(tag)
    return Language.JA


def answer(
    request: Request,
    template: str,
    *,
    status: int = 200,
    view: Mapping[str, object] | None = None,
    visit: Visit | None = None,
) -> Response:
    """A page, for anybody; with what only somebody signed in is shown where there is a ``visit``."""
    language = language_of(request)
    desk: Desk = request.app.state.desk
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    values: dict[str, object] = {
        "incident_id": desk.incident_id,
        "here": path,
        "zone": ZONES[language],
        "reviewer": visit.reviewer if visit is not None else None,
        "csrf": visit.session.csrf if visit is not None else "",
        **(view or {}),
    }
    content = desk_environment(language).get_template(f"desk/{template}.html").render(values)
    response = HTMLResponse(content, status)
    response.headers["content-language"] = language.value
    return response


def visit(request: Request) -> Visit:
    """Who is signed in.

    Raises:
        TurnedAwayError: When nobody is: the answer says how to sign in.
    """
    desk: Desk = request.app.state.desk
    session = desk.sessions.find(request.cookies.get(SESSION_COOKIE, ""))
    named = named_by_proxy(request)
    if named is not None and (session is None or session.operator != named):
        raise TurnedAwayError(_sign_in_by_proxy(request, named))
    reviewer = desk.book.reviewer(session.operator) if session is not None else None
    if session is None or reviewer is None:
        raise TurnedAwayError(answer(request, "signed_out", status=401))
    return Visit(request, desk, session, reviewer, language_of(request))


def named_by_proxy(request: Request) -> str | None:
    """Whom the company proxy names; what anybody else says in that header counts for nothing."""
    desk: Desk = request.app.state.desk
    proxy = desk.setting.proxy
    if proxy is None or request.client is None or request.client.host != proxy.address:
        return None
    named = request.headers.getlist(proxy.header)
    return named[0].strip() if len(named) == 1 and named[0].strip() else None


async def sent_form(request: Request) -> tuple[Visit, Mapping[str, str], FormData]:
    """What a form of this very session sent: its values, and all of it for values that come several times.

    Raises:
        TurnedAwayError: When it was made by no page of this session.
    """
    here = visit(request)
    form = await request.form(max_files=1, max_fields=2_000)
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    if not carries(here.session, values.get("csrf", "")):
        raise TurnedAwayError(here.refusal("form", 403))
    return here, values, form


def begin_session(request: Request, operator: str, path: str) -> Response:
    """Sign ``operator`` in and go to ``path``. The cookie is for this site only, and for no script."""
    desk: Desk = request.app.state.desk
    session = desk.sessions.begin(operator)
    response = RedirectResponse(path, status_code=303)
    response.set_cookie(
        SESSION_COOKIE, session.identifier, httponly=True, samesite="strict", secure=desk.setting.secure, path="/"
    )
    return response


def _sign_in_by_proxy(request: Request, named: str) -> Response:
    desk: Desk = request.app.state.desk
    if desk.book.reviewer(named) is None:
        return answer(request, "signed_out", status=403)
    path = request.url.path if request.method == "GET" else "/"
    return begin_session(request, named, path)
