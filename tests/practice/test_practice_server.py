"""Serving a practice site: on loopback only, counted, marked, and stopped without delay."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from optout.errors import UsageProblem
from optout.practice.conditions import Condition
from optout.practice.middleware import Counted, Marked
from optout.practice.pause import pause
from optout.practice.server import serve
from optout.practice.site import PracticeSite
from optout.practice.switchboard import Switchboard

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request

_CONDITIONS = (
    Condition("first", "One.", "some"),
    Condition("second", "Two.", "others"),
    Condition("third", "Three.", "some"),
)


async def _page(_: Request) -> Response:
    return PlainTextResponse("here")


async def _blocked(_: Request) -> Response:
    return PlainTextResponse("go away", 999)


async def _never(request: Request) -> Response:
    await pause(request, None)
    return PlainTextResponse("too late")


def _login_of(connection: HTTPConnection) -> str | None:
    return connection.cookies.get("who")


@pytest.fixture
def site() -> PracticeSite:
    app = Starlette(
        routes=[
            Route("/", _page, methods=["GET", "POST"]),
            Route("/in", _page, methods=["POST"]),
            Route("/static/x", _page),
            Route("/blocked", _blocked),
            Route("/never", _never),
        ]
    )
    board = Switchboard(_CONDITIONS)
    counted = Counted(app, board, login_of=_login_of, signing_in=("/in",))
    return PracticeSite("toy", Marked(counted), board)


def _ask(origin: str, path: str = "/", method: str = "GET", who: str = "") -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection(urlsplit(origin).netloc, timeout=5)
    connection.request(method, path, headers={"Cookie": f"who={who}"} if who else {})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_a_site_answers_at_its_origin(site: PracticeSite) -> None:
    with serve(site) as server:
        assert _ask(server.origin)[0] == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "practice.example.org", ""])  # noqa: S104 - to be refused
def test_a_host_that_is_not_loopback_is_refused(site: PracticeSite, host: str) -> None:
    with pytest.raises(UsageProblem, match="this machine only"), serve(site, host=host):
        pass


def test_a_port_that_is_taken_is_named(site: PracticeSite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageProblem, match=str(port)), serve(site, port=port):
            pass


def test_after_the_block_nobody_listens_and_no_thread_is_left(site: PracticeSite) -> None:
    with serve(site) as server:
        _ask(server.origin)
    with pytest.raises(ConnectionRefusedError):
        _ask(server.origin)
    assert "practice-toy" not in {thread.name for thread in threading.enumerate()}


def test_a_visitor_who_waits_for_ever_does_not_hold_up_the_end(
    site: PracticeSite, capfd: pytest.CaptureFixture[str]
) -> None:
    with serve(site) as server:
        waiting = http.client.HTTPConnection(urlsplit(server.origin).netloc, timeout=30)
        waiting.request("GET", "/never")
        _ask(server.origin)  # answered after the other one has arrived
        began = time.monotonic()
    waiting.close()
    assert time.monotonic() - began < 2
    assert capfd.readouterr() == ("", "")


def test_a_block_that_raises_still_ends_the_server(site: PracticeSite) -> None:
    def raising() -> None:
        with serve(site) as server:
            raise LookupError(server.origin)

    with pytest.raises(LookupError) as raised:
        raising()
    with pytest.raises(ConnectionRefusedError):
        _ask(str(raised.value))


def test_a_status_of_999_reaches_the_visitor(site: PracticeSite) -> None:
    with serve(site) as server:
        assert _ask(server.origin, "/blocked")[0] == 999


@pytest.mark.parametrize("path", ["/", "/blocked", "/nowhere"])
def test_every_answer_is_marked_and_carries_the_strict_policy(site: PracticeSite, path: str) -> None:
    with serve(site) as server:
        headers = _ask(server.origin, path)[1]
    assert headers["x-practice-site"] == "1"
    assert headers["content-security-policy"].startswith("default-src 'self'; script-src 'self';")


def test_requests_are_counted_for_the_login_whose_session_they_carry(site: PracticeSite) -> None:
    ada = site.switchboard.add("ada", "pw")
    with serve(site) as server:
        _ask(server.origin, who="ada")
        _ask(server.origin, method="POST", who="ada")
        _ask(server.origin)
    assert (ada.counters.requests, site.switchboard.anonymous.requests) == (2, 1)


def test_signing_in_is_not_counted_as_changing_something(site: PracticeSite) -> None:
    ada = site.switchboard.add("ada", "pw")
    with serve(site) as server:
        _ask(server.origin, "/in", "POST", who="ada")
        _ask(server.origin, "/", "POST", who="ada")
    assert ada.counters.state_changing_requests == 1


def test_style_sheets_and_scripts_are_neither_counted_nor_logged(site: PracticeSite) -> None:
    with serve(site) as server:
        _ask(server.origin, "/static/x")
        _ask(server.origin, "/")
    assert site.switchboard.log == [("GET", "/", None)]


def test_conditions_are_listed_under_their_groups(site: PracticeSite) -> None:
    listed = {group: [each.name for each in found] for group, found in site.groups()}
    assert listed == {"some": ["first", "third"], "others": ["second"]}
