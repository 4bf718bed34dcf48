"""Signing in: a form on one page or two, a code by e-mail, another site's sign-in, and challenges."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import pyotp
from starlette.responses import RedirectResponse
from starlette.routing import Route

from optout.practice.kit.conditions import CHALLENGES
from optout.practice.kit.platform import Challenge
from optout.practice.kit.shell import (
    PENDING_COOKIE,
    SESSION_COOKIE,
    fields,
    pending_of,
    practice,
    render,
    session_of,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.kit.platform import Platform
    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

OWN = "/practice/"
_PROVIDER = f"{OWN}provider"
_RETURN = f"{OWN}provider/return"
_CODE = "code-by-e-mail"
_SENT = ("challenge-email-code", "challenge-sms-code", _CODE)
_TITLES = {
    _CODE: "Enter the code we sent to your e-mail",
    "challenge-captcha": "Show that you are a person",
    "challenge-email-code": "Enter the code we sent to your e-mail",
    "challenge-sms-code": "Enter the code we sent to your phone",
    "challenge-authenticator": "Enter the code from your authenticator",
    "challenge-app-approval": "Say yes on your phone",
    "challenge-identity": "Show who you are",
}


def routes(platform: Platform) -> list[Route]:
    """The sign-in pages of a platform."""
    door = platform.door
    own = {challenge_of(platform, stage).path for stage in (*CHALLENGES, _CODE)}
    return [
        Route(door.path, _door, methods=["GET", "POST"]),
        *(Route(path, _challenge, methods=["GET", "POST"]) for path in sorted(own)),
        Route(_PROVIDER, _provider, methods=["GET", "POST"]),
        Route(_RETURN, _return),
    ]


def challenge_of(platform: Platform, stage: str) -> Challenge:
    """The page that a stage of signing in brings up: the platform's own, or the kit's."""
    kits = Challenge(path=f"{OWN}{stage}", text=_TITLES.get(stage, "One more step"))
    return platform.door.challenges.get(stage, kits)


async def _door(request: Request) -> Response:
    wanted, platform = request.query_params.get("next", ""), practice(request).platform
    if request.method == "POST":
        return _judged(request, wanted, await fields(request))
    if session_of(request):
        return RedirectResponse(platform.home, 302)
    return (
        RedirectResponse(_other_site(request), 302)
        if platform.door.elsewhere
        else _form(request, wanted)
    )


def _judged(request: Request, wanted: str, typed: dict[str, str]) -> Response:
    """What comes of what was typed."""
    facts, board = practice(request).platform.door, practice(request).switchboard
    login = typed.get(_name(facts.user), "").strip()
    account, password = board.find(login), typed.get(_name(facts.password))
    if not facts.password:
        if account is None:
            return _form(request, wanted, login=login, wrong=True)
        return admit(request, account, wanted, [_CODE])
    if password is None:
        return _form(request, wanted, login=login, wrong=account is None, second=account is not None)
    board.count("credential_submissions", login)
    right = account and secrets.compare_digest(password.encode(), account.password.encode())
    if account is None or not right or account.has("credentials-refused"):
        return _form(request, wanted, login=login, wrong=True, second=facts.two_pages)
    return admit(request, account, wanted, [stage for stage in CHALLENGES if account.has(stage)])


def _form(
    request: Request, wanted: str, *, login: str = "", wrong: bool = False, second: bool = False
) -> Response:
    return render(
        request,
        "door.html",
        door=practice(request).platform.door,
        wanted=wanted,
        login=login,
        wrong=wrong,
        second=second,
        provider=_other_site(request),
    )


def _other_site(request: Request) -> str:
    """Another origin on this machine, as an identity provider is another site."""
    parts = urlsplit(str(request.base_url))
    host = "localhost" if parts.hostname == "127.0.0.1" else parts.hostname
    back = quote(f"{parts.scheme}://{parts.netloc}", safe="")
    return f"{parts.scheme}://{host}:{parts.port}{_PROVIDER}?back={back}"


def admit(request: Request, account: PracticeAccount, wanted: str, pending: list[str]) -> Response:
    """Open a session for somebody, with what still has to be passed, and lead on."""
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    landing = wanted if local else practice(request).platform.home
    return _onward(request, practice(request).sessions.open(account, landing=landing, pending=pending))


def _onward(request: Request, session: Session) -> Response:
    platform = practice(request).platform
    target = challenge_of(platform, session.pending[0]).path if session.pending else session.landing
    response = RedirectResponse(target, 303)
    cookie = PENDING_COOKIE if session.pending else SESSION_COOKIE
    response.set_cookie(cookie, session.token, max_age=86400 * 30, httponly=True, samesite="lax")
    if not session.pending:
        response.delete_cookie(PENDING_COOKIE)
    return response


async def _challenge(request: Request) -> Response:
    session = pending_of(request)
    if session is None:
        return RedirectResponse(practice(request).platform.door.path, 302)
    stage, wrong = session.pending[0], False
    if request.method == "POST":
        typed = await fields(request)
        challenge = challenge_of(practice(request).platform, stage)
        code = typed.get(_name(challenge.code) or "code", "")
        if code:
            practice(request).switchboard.count("code_submissions", session.account.login)
        if _passes(session.account, stage, code, person=typed.get("person") == "on"):
            session.pending.pop(0)
            return _onward(request, session)
        wrong = True
    return render(
        request,
        "challenge.html",
        challenge=challenge_of(practice(request).platform, stage),
        asks_code=stage in (*_SENT, "challenge-authenticator"),
        wrong=wrong,
    )


def _passes(account: PracticeAccount, stage: str, code: str, *, person: bool) -> bool:
    if stage in _SENT:
        return code == account.code
    if stage == "challenge-authenticator":
        return pyotp.TOTP(account.totp).verify(code, valid_window=1)
    return person


async def _provider(request: Request) -> Response:
    """Another site, where somebody signs in without a password of this one."""
    board = practice(request).switchboard
    wrong = False
    if request.method == "POST":
        typed = await fields(request)
        account = board.find(typed.get("login", "").strip())
        if account is not None and typed.get("person") == "on":
            session = practice(request).sessions.open(account, landing="", pending=["provider"])
            back = request.query_params.get("back", "")
            return RedirectResponse(f"{back}{_RETURN}?ticket={session.token}", 303)
        wrong = True
    return render(request, "provider.html", wrong=wrong)


async def _return(request: Request) -> Response:
    session = practice(request).sessions.find(request.query_params.get("ticket"))
    if session is None or session.pending != ["provider"]:
        return RedirectResponse(practice(request).platform.door.path, 302)
    session.pending.clear()
    session.landing = practice(request).platform.home
    return _onward(request, session)


def _name(attributes: object) -> str:
    """The name under which a form sends a field: its name, or its id where it has no name."""
    known = attributes if isinstance(attributes, dict) else {}
    return str(known.get("name") or known.get("id") or "")
