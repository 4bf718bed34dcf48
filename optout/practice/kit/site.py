"""A platform's practice site, put together from its facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from optout.practice.kit import door, settings
from optout.practice.kit.conditions import conditions_of
from optout.practice.kit.shell import (
    PENDING_COOKIE,
    SESSION_COOKIE,
    Practice,
    member,
    render_member,
    templates,
    trouble,
)
from optout.practice.middleware import Counted, Marked
from optout.practice.sessions import Sessions
from optout.practice.site import PracticeSite
from optout.practice.switchboard import Switchboard

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from optout.practice.kit.platform import Platform
    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

_STATIC = Path(__file__).parent / "static"


def practice_site(platform: Platform, *, slow_seconds: float = 10.0) -> PracticeSite:
    """A new practice site with no accounts.

    Args:
        platform: its facts.
        slow_seconds: how long a signed-in page takes for an account under `slow`.
    """
    switchboard = Switchboard(conditions_of(platform))
    sessions = Sessions()
    app = Starlette(
        routes=[
            *door.routes(platform),
            *settings.routes(platform),
            Route("/practice/elsewhere", _elsewhere),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        exception_handlers={HTTPException: trouble, Exception: trouble},
    )
    pages = templates(platform.pages)
    app.state.practice = Practice(platform, switchboard, sessions, slow_seconds, pages)

    def login_of(connection: HTTPConnection) -> str | None:
        cookies = connection.cookies
        tokens = (cookies.get(PENDING_COOKIE), cookies.get(SESSION_COOKIE))
        session = next(filter(None, map(sessions.find, tokens)), None)
        return session.account.login if session else None

    def session_for(account: PracticeAccount, origin: str) -> dict[str, Any]:
        session = sessions.open(account, landing=platform.home, pending=[])
        session.ended = account.has("signed-out", "signed-out-late")
        cookie: dict[str, Any] = {"name": SESSION_COOKIE, "value": session.token}
        cookie |= {"domain": urlsplit(origin).hostname, "path": "/", "expires": -1}
        cookie |= {"httpOnly": True, "secure": False, "sameSite": "Lax"}
        return {"cookies": [cookie], "origins": []}

    at_the_door = (platform.door.path, *_challenge_paths(platform))
    counted = Counted(app, switchboard, login_of=login_of, signing_in=at_the_door)
    return PracticeSite(platform.name, Marked(counted), switchboard, session_for)


def _challenge_paths(platform: Platform) -> set[str]:
    own = {challenge.path for challenge in platform.door.challenges.values()}
    return {*own, f"{door.OWN}code", f"{door.OWN}challenge", f"{door.OWN}provider"}


@member
async def _elsewhere(request: Request, session: Session) -> Response:
    return render_member(request, session, "empty.html")
