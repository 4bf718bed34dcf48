"""Challenges: what a person must pass after the right password, and how each is passed."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyotp
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from .arrival import CONSENT_WALL, next_url, passed
from .shell import CSRF_COOKIE, fields, pending_of, practice, render, to_sign_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

_SMS = "challenge-sms-code"
_APP = "challenge-app-approval"


@dataclass(frozen=True)
class _CodeForm:
    """One of the forms that ask for six digits."""

    form_id: str
    input_id: str
    input_type: str
    button_id: str
    page_key: str
    heading: str
    sentence: str
    recovery: bool = False


_CODE_FORMS = {
    "challenge-email-code": _CodeForm(
        form_id="email-pin-challenge",
        input_id="input__email_verification_pin",
        input_type="text",
        button_id="email-pin-submit-button",
        page_key="d_checkpoint_ch_emailPin",
        heading="Enter the code we sent to your email",
        sentence="Six digits are waiting in your inbox.",
    ),
    _SMS: _CodeForm(
        form_id="two-step-challenge",
        input_id="input__phone_verification_pin",
        input_type="tel",
        button_id="two-step-submit-button",
        page_key="d_checkpoint_ch_phonePin",
        heading="Enter the code we sent to your phone",
        sentence="Six digits are waiting among your text messages.",
    ),
    "challenge-authenticator": _CodeForm(
        form_id="two-step-challenge",
        input_id="input__phone_verification_pin",
        input_type="tel",
        button_id="two-step-submit-button",
        page_key="d_checkpoint_ch_authenticatorApp",
        heading="Enter the code you see on your authenticator app",
        sentence="It changes every thirty seconds.",
        recovery=True,
    ),
}
_OTHER_PAGES = {
    _APP: "challenge_app.html",
    "challenge-captcha": "challenge_captcha.html",
    "challenge-identity": "challenge_identity.html",
    "restricted": "restricted.html",
}


async def _show(request: Request) -> Response:
    session = pending_of(request)
    if session is None:
        return to_sign_in(request)
    if session.pending[0] == CONSENT_WALL:
        return RedirectResponse(next_url(session), 302)
    return _page(request, session)


async def _verify(request: Request) -> Response:
    session = pending_of(request)
    if session is None:
        return to_sign_in(request)
    given = await fields(request)
    if given.get("csrfToken") != request.cookies.get(CSRF_COOKIE):
        return render("trouble.html", status=403, code=403, text="CSRF check failed.")
    if "pin" in given:
        practice(request).switchboard.count("code_submissions", session.account.login)
    stage = session.pending[0]
    if stage == _APP and given.get("userResponse") == "TRY_ANOTHER_WAY":
        session.pending[0] = _SMS
        return RedirectResponse(next_url(session), 303)
    recovery = request.url.path.endswith("/verifyCode")
    if not recovery and stage in _PASSES and _PASSES[stage](session.account, given):
        if stage == _APP:
            session.account.approved = False
        return passed(session)
    return _page(request, session, wrong=True)


async def _poll(request: Request) -> Response:
    session = pending_of(request)
    if session is None:
        return JSONResponse({}, 401)
    state = "SOLVED" if session.account.approved else "SHOWN"
    return JSONResponse({"pollingResponseChallengeStateV2": state})


async def _captcha_frame(_: Request) -> Response:
    return render("captcha_frame.html")


def _page(request: Request, session: Session, *, wrong: bool = False) -> Response:
    stage = session.pending[0]
    common: dict[str, Any] = {
        "csrf": request.cookies.get(CSRF_COOKIE, ""),
        "challenge_id": session.token[:12],
        "now_ms": int(time.time() * 1000),
        "wrong": wrong,
    }
    if code_form := _CODE_FORMS.get(stage):
        return render("challenge_code.html", form=code_form, page_key=code_form.page_key, **common)
    return render(_OTHER_PAGES[stage], page_key="d_checkpoint_ch_practice", **common)


def _sent_code(account: PracticeAccount, given: dict[str, str]) -> bool:
    return given.get("pin") == account.code


def _current_code(account: PracticeAccount, given: dict[str, str]) -> bool:
    # One step either way: a code typed at the end of its half minute still counts.
    return pyotp.TOTP(account.totp).verify(given.get("pin", ""), valid_window=1)


def _approved(account: PracticeAccount, _: dict[str, str]) -> bool:
    return account.approved


def _person(_: PracticeAccount, given: dict[str, str]) -> bool:
    return given.get("person") == "on"


_PASSES: dict[str, Callable[[PracticeAccount, dict[str, str]], bool]] = {
    "challenge-email-code": _sent_code,
    _SMS: _sent_code,
    "challenge-authenticator": _current_code,
    _APP: _approved,
    "challenge-captcha": _person,
    "challenge-identity": _person,
}

ROUTES = [
    *(
        Route(f"/checkpoint/challenge/{verb}", _verify, methods=["POST"])
        for verb in ("verify", "verifyCode", "verifyV2")
    ),
    Route("/checkpoint/challengesV2/poll/{challenge}", _poll, methods=["POST"]),
    Route("/checkpoint/challenge/captcha-frame", _captcha_frame),
    Route("/checkpoint/challenge/{token}", _show),
    Route("/checkpoint/challengesV2/{token}", _show),
]
