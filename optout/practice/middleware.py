"""Around every practice site: each request is counted, each answer says it is only practice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from optout.practice.switchboard import Switchboard

STATIC = "/static/"
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; frame-src 'self'"
    ),
    "x-practice-site": "1",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}


class Counted:
    """Counts and logs each request under the login whose session it carries.

    Style sheets and scripts are left out: whether a browser asks for them again is its own affair.

    Args:
        app: the site.
        switchboard: where to count.
        login_of: the login whose session a request carries, good or not.
        signing_in: beginnings of paths at which a POST is part of signing in.
    """

    def __init__(
        self,
        app: ASGIApp,
        switchboard: Switchboard,
        *,
        login_of: Callable[[HTTPConnection], str | None],
        signing_in: tuple[str, ...],
    ) -> None:
        self.app = app
        self.switchboard = switchboard
        self.login_of = login_of
        self.signing_in = signing_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request, then let the site answer it."""
        if scope["type"] == "http" and not scope["path"].startswith(STATIC):
            method, path = scope["method"], scope["path"]
            login = self.login_of(HTTPConnection(scope))
            self.switchboard.record(method, path, login)
            self.switchboard.count("requests", login)
            if method not in ("GET", "HEAD") and not path.startswith(self.signing_in):
                self.switchboard.count("state_changing_requests", login)
        await self.app(scope, receive, send)


class Marked:
    """Puts the strict content policy and the practice mark on every answer.

    Args:
        app: the site.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the site's answer and these headers."""

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                if not scope["path"].startswith(STATIC):
                    # A page from a cache would prove nothing about what is stored.
                    headers["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, marked)
