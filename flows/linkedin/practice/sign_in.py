"""Signing in: the form in its several shapes, and what happens to what is typed into it."""

from __future__ import annotations

import json
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

from optout.practice.pause import pause

from .arrival import admit, carry
from .shell import (
    CONSENT_COOKIE,
    CSRF_COOKIE,
    SESSION_COOKIE,
    fields,
    give_cookie,
    practice,
    render,
    session_of,
)

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.switchboard import PracticeAccount

_WRONG_PASSWORD = "Wrong email or password. Try again or create an account."  # noqa: S105 - a text
_UNKNOWN = "Couldn't find an account associated with this email. Try again or create an account."
_INLINE = "identifier-password-inline-feedback"
_TEMPLATES = {
    "classic": "sign_in.html",
    "password-only": "sign_in_password_only.html",
    "react": "sign_in_react.html",
    "chooser": "sign_in_chooser.html",
}


@dataclass(frozen=True)
class _Errors:
    user: str = ""
    password: str = ""


@dataclass(frozen=True)
class _Verdict:
    account: PracticeAccount | None
    errors: _Errors = _Errors()


async def _show_form(request: Request) -> Response:
    if session_of(request):
        return RedirectResponse("/feed/", 302)
    kind = _kind_at_the_door(request)
    guest = practice(request).switchboard.newest
    login = guest.login if guest and kind == "password-only" else ""
    return _form(request, kind, redirect=_wanted(request), login=login)


async def _show_classic(request: Request) -> Response:
    return _form(request, "classic", redirect=_wanted(request))


async def _submit(request: Request) -> Response:
    typed = await fields(request)
    if not _csrf_fits(request, typed.get("csrfToken")):
        return render("trouble.html", status=403, code=403, text="CSRF check failed.")
    login, redirect = typed.get("session_key", "").strip(), typed.get("session_redirect", "")
    verdict = _judge(request, login, typed.get("session_password", ""))
    await _hang(request, verdict)
    if verdict.account is None:
        kind = "password-only" if typed.get("parentPageKey") == "password-only" else "classic"
        return _form(request, kind, redirect=redirect, login=login, errors=verdict.errors)
    onward = admit(request, verdict.account, redirect)
    response = RedirectResponse(onward.url, 303)
    if onward.session:
        carry(response, onward.session)
    return response


async def _submit_react(request: Request) -> Response:
    if not _csrf_fits(request, request.headers.get("csrf-token")):
        return PlainTextResponse("CSRF check failed.", 403)
    try:
        payload = json.loads(await request.body())["payload"]
        login, password = str(payload["identifier"]).strip(), str(payload["password"])
        redirect = str(payload["sessionRedirect"])
    except (ValueError, KeyError, TypeError):
        return PlainTextResponse("Not a sign-in request.", 400)
    verdict = _judge(request, login, password)
    await _hang(request, verdict)
    if verdict.account is None:
        return JSONResponse({"replace": _INLINE, "text": "Wrong email or password."})
    onward = admit(request, verdict.account, redirect)
    response = JSONResponse({"completionAction": {"url": onward.url}})
    if onward.session:
        carry(response, onward.session)
    return response


async def _sign_out(request: Request) -> Response:
    session = session_of(request)
    if session and request.query_params.get("csrfToken") == session.csrf:
        session.ended = True
        response = RedirectResponse("/login", 303)
        give_cookie(response, SESSION_COOKIE, '"delete me"', days=0, script=False)
        return response
    return RedirectResponse("/", 303)


def _judge(request: Request, login: str, password: str) -> _Verdict:
    switchboard = practice(request).switchboard
    switchboard.count("credential_submissions", login)
    account = switchboard.find(login)
    if account is None:
        return _Verdict(None, _Errors(user=_UNKNOWN))
    right = secrets.compare_digest(password.encode(), account.password.encode())
    if not right or account.has("credentials-refused"):
        return _Verdict(None, _Errors(password=_WRONG_PASSWORD))
    return _Verdict(account)


async def _hang(request: Request, verdict: _Verdict) -> None:
    if _meets(verdict.account, "sign-in-hangs"):
        await pause(request, None)


def _form(
    request: Request,
    kind: str,
    *,
    redirect: str = "",
    login: str = "",
    errors: _Errors | None = None,
) -> Response:
    """The form of this kind, with the cookies that a browser without any is given."""
    csrf = request.cookies.get(CSRF_COOKIE) or f"ajax:{secrets.randbelow(10**19):019}"
    browser = request.cookies.get("bcookie", "").removeprefix("v=2&") or str(uuid.uuid4())
    guest = practice(request).switchboard.newest
    response = render(
        _TEMPLATES[kind],
        csrf=csrf,
        browser=browser,
        redirect=redirect,
        login=login,
        errors=errors or _Errors(),
        refused=bool(request.query_params.get("errorKey")),
        saved=guest,
        by_enter=_meets(guest, "form-react-enter"),
        serial=secrets.randbelow(90),
        ask_cookies=_meets(guest, "cookie-banner") and CONSENT_COOKIE not in request.cookies,
    )
    give_cookie(response, CSRF_COOKIE, f'"{csrf}"')
    give_cookie(response, "bcookie", f'"v=2&{browser}"', days=365)
    return response


def _meets(guest: PracticeAccount | None, *conditions: str) -> bool:
    return guest is not None and guest.has(*conditions)


def _kind_at_the_door(request: Request) -> str:
    """The form's shape: before signing in nobody is known, so the newest account decides."""
    guest = practice(request).switchboard.newest
    if _meets(guest, "account-chooser"):
        return "password-only" if "session_key" in request.query_params else "chooser"
    if _meets(guest, "form-react", "form-react-enter"):
        return "react"
    return "password-only" if _meets(guest, "form-password-only") else "classic"


def _wanted(request: Request) -> str:
    return request.query_params.get("session_redirect", "")


def _csrf_fits(request: Request, given: str | None) -> bool:
    return bool(given) and given == request.cookies.get(CSRF_COOKIE)


_FORM_PATHS = ("/login", "/login/{lang}", "/uas/login", "/checkpoint/lg/login")
_CLASSIC_PATHS = (
    "/checkpoint/lg/sign-in-another-account",
    "/checkpoint/rm/sign-in-another-account",
)
ROUTES = [
    *(Route(path, _show_form) for path in (*_FORM_PATHS, "/flagship-web/login/")),
    *(Route(path, _show_classic) for path in _CLASSIC_PATHS),
    Route("/checkpoint/lg/login-submit", _submit, methods=["POST"]),
    Route("/flagship-web/rsc-action/actions/server-request", _submit_react, methods=["POST"]),
    Route("/uas/logout", _sign_out),
]
SIGNING_IN = ("/checkpoint/lg/", "/checkpoint/challenge", "/flagship-web/rsc-action/")
