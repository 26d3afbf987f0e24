"""What the desk refuses: other hosts, other sites, forged forms, strange paths, used links, proxies that are none."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from desk_batch import FIRST, INCIDENT, SECOND
from desk_server import Running, running
from shirase.desk.state import Proxy

LEGAL, COMMS = "田中 恵子", "Dana Reyes"


@pytest.fixture
def client(desk: Running) -> Iterator[httpx.Client]:
    """Somebody signed in, without a browser's own protections."""
    with httpx.Client(base_url=desk.address, headers={"origin": desk.address}) as opened:
        opened.post(httpx.URL(desk.link(COMMS)).path)
        yield opened


def csrf_of(client: httpx.Client) -> str:
    text = client.get(f"/reports/{FIRST}").text
    return text.partition('name="csrf" value="')[2].partition('"')[0]


def test_the_cookie_is_for_this_site_and_no_script(desk: Running) -> None:
    """A session cookie is HttpOnly, SameSite=Strict and for no other host."""
    with httpx.Client(base_url=desk.address) as client:
        answer = client.post(httpx.URL(desk.link(COMMS)).path, headers={"origin": desk.address})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "domain" not in cookie


def test_a_link_works_once_and_opening_it_does_not_use_it_up(desk: Running) -> None:
    """A mail gateway that opens a link takes nothing away; whoever comes second with it does not get in."""
    link = desk.link(COMMS)
    with httpx.Client() as client:
        assert client.get(link).status_code == 200
        assert client.post(link, headers={"origin": desk.address}).status_code == 303
        client.cookies.clear()
        assert client.post(link, headers={"origin": desk.address}).status_code == 403
        assert client.get(desk.address).status_code == 401


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:80"])
def test_another_host_is_refused(client: httpx.Client, host: str) -> None:
    """A name that was pointed at loopback (DNS rebinding) reaches nothing."""
    assert client.get("/", headers={"host": host}).status_code == 421


def test_a_form_of_another_site_is_refused(client: httpx.Client, desk: Running) -> None:
    """Neither another origin, nor a cross-site request, nor a form without the token of the session changes anything."""
    csrf = csrf_of(client)
    fields = {"csrf": csrf, "reason": "x", "until": "2022-04-01"}
    hold = f"/reports/{FIRST}/hold"
    assert client.post(hold, data=fields, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(hold, data=fields, headers={"origin": "null"}).status_code == 403
    assert client.post(hold, data=fields, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post(hold, data={**fields, "csrf": ""}).status_code == 403
    assert client.post(hold, data={**fields, "csrf": csrf[:-1] + "_"}).status_code == 403
    assert not desk.book.held
    assert client.post(hold, data=fields).status_code == 303
    assert len(desk.book.held) == 1


def test_every_page_forbids_scripts_and_frames(client: httpx.Client) -> None:
    """The content policy names no place from which a script may come, and nothing is inline."""
    for path in ("/", "/shapes", f"/reports/{FIRST}", f"/reports/{FIRST}/pages/1", "/journal", "/nowhere"):
        answer = client.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../../pyproject.toml",
        "/static/%2e%2e%2fbase.html",
        "/static/base.html",
        "/reports/..%2f..%2frun.json",
        f"/reports/{FIRST}/pictures/..%2f..%2frun/1.png",
        f"/reports/{FIRST}/pictures/{'0' * 64}/1.png",
        f"/reports/{FIRST}/pages/0",
        f"/reports/{FIRST}/pages/99999",
        "/wording/..%2fincident",
    ],
)
def test_no_path_leads_outside(client: httpx.Client, path: str) -> None:
    """Whatever an address says, only reports, pages and sections that exist are opened."""
    assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize("to", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_the_language_switch_stays_on_the_desk(client: httpx.Client, to: str) -> None:
    """The address to go back to cannot lead to another site."""
    assert client.get("/language/en", params={"to": to}).headers["location"] == "/"


def test_nobody_else_sees_anything(desk: Running) -> None:
    """Without a session no page, picture, copy or form answers."""
    paths = ("/", "/shapes", "/journal", f"/reports/{FIRST}", f"/reports/{FIRST}/draft.pdf", f"/reports/{FIRST}/rows")
    with httpx.Client(base_url=desk.address) as client:
        for path in paths:
            assert client.get(path).status_code == 401
        answer = client.post(f"/reports/{FIRST}/approve", headers={"origin": desk.address})
    assert answer.status_code == 401


def test_signing_out_ends_the_session(client: httpx.Client) -> None:
    """The cookie of a session that was ended opens nothing."""
    cookie = client.cookies["shirase_session"]
    assert client.post("/sign-out", data={"csrf": csrf_of(client)}).status_code == 303
    client.cookies.set("shirase_session", cookie)
    assert client.get("/").status_code == 401


def test_an_approval_names_the_bytes_that_were_shown(client: httpx.Client, desk: Running) -> None:
    """An approval of any other digest than the current one, or of a revision not opened, is refused."""
    standing = next(each for each in desk.book.standings() if each.report_id == SECOND)
    fields = {"csrf": csrf_of(client), "role": "comms"}
    path = f"/reports/{standing.report_id}/approve"
    assert client.post(path, data={**fields, "digest": "0" * 64}).status_code == 409
    assert client.post(path, data={**fields, "digest": standing.revision.pdf_digest}).status_code == 409
    client.get(f"/reports/{standing.report_id}")
    assert client.post(path, data={**fields, "digest": standing.revision.pdf_digest}).status_code == 303


def test_a_form_of_any_size_is_not_read(client: httpx.Client) -> None:
    """More than a megabyte is refused before it is kept."""
    answer = client.post(f"/reports/{FIRST}/comments", data={"csrf": csrf_of(client), "text": "x" * (2 << 20)})
    assert answer.status_code == 413


def test_a_proxy_is_believed_from_its_own_address_only(drafted: Path) -> None:
    """The header with a name counts from the stated address, for people the ledger knows, and from nobody else."""
    folder, case = drafted / "out" / INCIDENT, drafted / "case"
    named = {"x-remote-user": COMMS}
    with running(folder, case, proxy=Proxy("127.0.0.1", "x-remote-user")) as desk, httpx.Client() as client:
        assert client.get(desk.address, headers=named, follow_redirects=True).status_code == 200
        assert client.get(desk.address, headers={"x-remote-user": "Mallory"}).status_code == 403
    with running(folder, case, proxy=Proxy("192.0.2.9", "x-remote-user")) as desk, httpx.Client() as client:
        assert client.get(desk.address, headers=named).status_code == 401


def test_copies_carry_the_mark_on_every_page(client: httpx.Client) -> None:
    """What leaves the desk as a PDF is a marked copy."""
    answer = client.get(f"/reports/{FIRST}/draft.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == f'attachment; filename="{FIRST}.draft.pdf"'
