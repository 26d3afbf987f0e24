"""What every request passes before a page sees it: the right host, the same origin, and headers that forbid the rest.

A page of another site can make a browser ask a server on loopback (DNS rebinding, cross-site forms). The Host header
must be one of those the desk was opened under, and whatever changes something must come from a page of the desk itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
"""No script at all, nothing inline, nothing from elsewhere (Content Security Policy Level 3)."""

HEADERS = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    "cache-control": "no-store",
}

_HTTP = 80
"""The port that browsers leave out."""

_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Doors:
    """Addresses under which the desk may be asked.

    Attributes:
        hosts: Values of the Host header.
        origins: Values of the Origin header.
    """

    hosts: frozenset[str]
    origins: frozenset[str]


def doors(port: int, public: str | None = None) -> Doors:
    """Loopback under ``port``; and ``public``, the address of a company proxy such as ``https://review.example.com``."""
    names = ("127.0.0.1", "localhost", "[::1]")
    hosts = {f"{name}:{port}" for name in names} if port != _HTTP else set(names)
    origins = {f"http://{host}" for host in hosts}
    if public is not None:
        origins.add(public.rstrip("/").lower())
        hosts.add(public.rstrip("/").lower().partition("://")[2])
    return Doors(frozenset(hosts), frozenset(origins))


class Guard:
    """ASGI middleware around the whole desk."""

    def __init__(self, app: ASGIApp, allowed: Doors) -> None:
        self._app = app
        self._allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a refusal."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._is_host(headers.getlist("host")):
            await self._refuse("This address is not one of the desk.", 421, scope, receive, send)
        elif scope["method"] not in _READING and not self._is_own(headers):
            await self._refuse("This form does not come from the desk.", 403, scope, receive, send)
        else:
            await self._app(scope, receive, _with_headers(send))

    def _is_host(self, hosts: Sequence[str]) -> bool:
        return len(hosts) == 1 and hosts[0].lower() in self._allowed.hosts

    def _is_own(self, headers: Headers) -> bool:
        """Browsers name the origin of a form; ``Sec-Fetch-Site`` says the same where they send it."""
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._allowed.origins:
            return False
        return headers.get("sec-fetch-site", "same-origin") == "same-origin"

    @staticmethod
    async def _refuse(words: str, status: int, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(words, status)(scope, receive, _with_headers(send))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
