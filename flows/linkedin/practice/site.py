"""The practice site of this platform, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from optout.practice.middleware import Counted, Marked
from optout.practice.sessions import Sessions
from optout.practice.site import PracticeSite
from optout.practice.switchboard import Switchboard

from . import arrival, challenges, objection, settings, settings_api, sign_in
from .conditions import CONDITIONS
from .shell import (
    CSRF_COOKIE,
    HERE,
    PENDING_COOKIE,
    SESSION_COOKIE,
    Practice,
    member,
    render_member,
    session_of,
    trouble,
)
from .wording import WORDINGS

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount


def site(*, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts.

    Args:
        slow_seconds: how long a signed-in page takes for an account under `slow`.
    """
    switchboard = Switchboard(CONDITIONS, languages=tuple(WORDINGS))
    sessions = Sessions()
    app = Starlette(
        routes=[
            Route("/", _home),
            Route("/feed/", _feed),
            Route("/preload/", _feed),
            Route("/voyager/api/me", _me),
            *sign_in.ROUTES,
            *arrival.ROUTES,
            *challenges.ROUTES,
            *objection.ROUTES,
            *settings_api.ROUTES,
            *settings.ROUTES,
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        exception_handlers={HTTPException: trouble, Exception: trouble},
    )
    app.state.practice = Practice(switchboard, sessions, slow_seconds)

    def login_of(connection: HTTPConnection) -> str | None:
        cookies = connection.cookies
        tokens = (cookies.get(PENDING_COOKIE), cookies.get(SESSION_COOKIE))
        session = next(filter(None, map(sessions.find, tokens)), None)
        return session.account.login if session else None

    def session_for(account: PracticeAccount, origin: str) -> dict[str, Any]:
        session = sessions.open(account, landing="/feed/", pending=[])
        session.ended = account.has("signed-out", "signed-out-late")
        around = {"domain": urlsplit(origin).hostname, "path": "/", "expires": -1, "secure": False}
        values = {SESSION_COOKIE: session.token, CSRF_COOKIE: f'"{session.csrf}"'}
        cookies = [
            {
                "name": name,
                "value": value,
                "httpOnly": name == SESSION_COOKIE,
                "sameSite": "Lax",
                **around,
            }
            for name, value in values.items()
        ]
        return {"cookies": cookies, "origins": []}

    counted = Counted(app, switchboard, login_of=login_of, signing_in=sign_in.SIGNING_IN)
    return PracticeSite("linkedin", Marked(counted), switchboard, session_for)


@member
async def _home(_: Request, __: Session) -> Response:
    return RedirectResponse("/feed/", 302)


@member
async def _feed(request: Request, session: Session) -> Response:
    return render_member(request, session, "feed.html")


async def _me(request: Request) -> Response:
    session = session_of(request)
    if session is None or request.headers.get("csrf-token") != session.csrf:
        return JSONResponse({"status": 401}, 401)
    return JSONResponse({"data": {"premiumSubscriber": False}})
