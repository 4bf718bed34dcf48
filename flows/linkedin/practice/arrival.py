"""From the right password to the first page: what stands in between, and the cookies."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from .shell import (
    CSRF_COOKIE,
    PENDING_COOKIE,
    SESSION_COOKIE,
    fields,
    give_cookie,
    member,
    pending_of,
    practice,
    render,
    render_member,
    to_sign_in,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

CONSENT_WALL = "agree-to-comply"
_CONSENT_PATH = "/checkpoint/agree-to-comply"
_REFUSED = "/flagship-web/login/?errorKey=challenge_global_internal_error"
# In this order, before the session is good.
_STAGES = (
    "restricted",
    "challenge-captcha",
    "challenge-email-code",
    "challenge-sms-code",
    "challenge-authenticator",
    "challenge-app-approval",
    "challenge-identity",
    CONSENT_WALL,
)
_LANDINGS = {"landing-feed": "/feed/", "landing-preload": "/preload/"}
_INTERSTITIALS = {
    "interstitial-add-phone": "/check/add-phone",
    "interstitial-manage-account": "/check/manage-account",
    "interstitial-verify-phone": "/check/verify-phone",
}
_ASKED = {
    "add-phone": "Add a phone number to your account?",
    "manage-account": "Is your account information up to date?",
    "verify-phone": "Is this still your phone number?",
}


@dataclass(frozen=True)
class Next:
    """Where a browser goes after the right password.

    Attributes:
        url: the address, on this site.
        session: what was opened for it; None where signing in was refused.
    """

    url: str
    session: Session | None


def admit(request: Request, account: PracticeAccount, wanted: str) -> Next:
    """Open a session for someone who gave the right password.

    Args:
        request: the request that carried the password.
        account: whose password it was.
        wanted: where they wanted to go; only a path of this site is followed.
    """
    if account.has("login-refused"):
        return Next(_REFUSED, None)
    always = next((path for name, path in _LANDINGS.items() if account.has(name)), "")
    session = practice(request).sessions.open(
        account,
        landing=always or (wanted if _is_local(wanted) else "/feed/"),
        pending=[stage for stage in _STAGES if account.has(stage)],
    )
    return Next(next_url(session), session)


def next_url(session: Session) -> str:
    """Where this session has to go now."""
    if not session.pending:
        account = session.account
        paths = (path for name, path in _INTERSTITIALS.items() if account.has(name))
        return next(paths, session.landing)
    if session.pending[0] == CONSENT_WALL:
        return _CONSENT_PATH
    token = secrets.token_urlsafe(16)
    if session.account.has("challenge-v2-path"):
        return f"/checkpoint/challengesV2/{token}?original_referer=%2Flogin"
    return f"/checkpoint/challenge/{token}?ut={secrets.token_hex(6)}"


def carry(response: Response, session: Session) -> None:
    """Give a browser the cookies that this session stands for now."""
    if session.pending:
        give_cookie(response, PENDING_COOKIE, session.token, script=False)
        return
    give_cookie(response, PENDING_COOKIE, "", days=0, script=False)
    give_cookie(response, SESSION_COOKIE, session.token, days=365, script=False)
    give_cookie(response, "liap", "true", days=365)
    give_cookie(response, CSRF_COOKIE, f'"{session.csrf}"')


def passed(session: Session) -> Response:
    """One stage is done: on to the next, or in."""
    session.pending.pop(0)
    response = RedirectResponse(next_url(session), 303)
    carry(response, session)
    return response


async def _consent_wall(request: Request) -> Response:
    session = pending_of(request)
    if session is None or session.pending[0] != CONSENT_WALL:
        return to_sign_in(request)
    if request.method == "POST":
        if (await fields(request)).get("csrfToken") == request.cookies.get(CSRF_COOKIE):
            return passed(session)
        return render("trouble.html", status=403, code=403, text="CSRF check failed.")
    return render("consent_wall.html", csrf=request.cookies.get(CSRF_COOKIE, ""))


@member
async def _interstitial(request: Request, session: Session) -> Response:
    question = _ASKED.get(request.path_params["what"])
    if question is None:
        raise HTTPException(404)
    return render_member(
        request, session, "interstitial.html", question=question, landing=session.landing
    )


def _is_local(path: str) -> bool:
    return path.startswith("/") and not path.startswith(("//", "/\\"))


ROUTES = [
    Route(_CONSENT_PATH, _consent_wall, methods=["GET", "POST"]),
    Route("/check/{what}", _interstitial),
]
