"""The calls with which settings pages read and save one setting."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from optout.practice.pause import pause

from .catalogue import ROWS
from .shell import practice, session_of
from .switches import entity, store, stored_switch, switches
from .wording import WORDINGS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

    from .switches import Switch

_SLOW_STATE_S = 1.2
_SLOW_SAVE_S = 0.6
_REFUSALS = {"save-403": 403, "save-429": 429, "save-500": 500, "save-500-looks-off": 500}
_FORGETFUL = ("save-not-kept", "remembered-in-page")


async def _setting(request: Request) -> Response:
    session = session_of(request)
    if session is None:
        return JSONResponse({"status": 401}, 401)
    switch = _find(session.account, request.path_params["key"])
    if switch is None:
        return JSONResponse({"status": 404}, 404)
    if request.method == "PUT":
        return await _save(request, session, switch)
    if switch.main and session.account.has("late-state-no-json"):
        await pause(request, _SLOW_STATE_S)
    return _describe(session.account, switch)


async def _save(request: Request, session: Session, switch: Switch) -> Response:
    account = session.account
    if request.headers.get("csrf-token") != session.csrf:
        return PlainTextResponse("CSRF check failed.", 403)
    on = _wanted(request, await request.body(), _entity(account, switch))
    if on is None:
        return JSONResponse({"status": 400}, 400)
    if switch.locked:
        return JSONResponse({"status": 403}, 403)
    if account.has("save-delayed"):
        await pause(request, _SLOW_SAVE_S)
    for name, status in _REFUSALS.items():
        if account.has(name):
            return JSONResponse({"status": status}, status)
    if not account.has(*_FORGETFUL) and store(account, switch, on=on):
        practice(request).switchboard.count("changes", account.login)
    if account.has("session-expires-after-saving"):
        session.ended = True
    return _describe(account, replace(switch, on=on))


def _wanted(request: Request, body: bytes, known: dict[str, object]) -> bool | None:
    """The state that a call asks for, or None where the call is not as it should be."""
    if request.headers.get("x-restli-protocol-version") != "2.0.0":
        return None
    try:
        asked = json.loads(body)
    except ValueError:
        return None
    fixed = ("key", "settingDisplayType", "entityUrn", "hasChild")
    if not isinstance(asked, dict) or any(asked.get(name) != known[name] for name in fixed):
        return None
    return {"true": True, "false": False}.get(str(asked.get("value")))


def _find(account: PracticeAccount, key: str) -> Switch | None:
    elsewhere = (stored_switch(account, *named) for row in ROWS.values() for named in row.switches)
    return next((each for each in (*switches(account), *elsewhere) if each.key == key), None)


def _entity(account: PracticeAccount, switch: Switch) -> dict[str, object]:
    return entity(switch, WORDINGS[account.language])


def _describe(account: PracticeAccount, switch: Switch) -> Response:
    return JSONResponse(_entity(account, switch))


async def _destroy(request: Request) -> Response:
    session = session_of(request)
    if session is not None:
        practice(request).switchboard.count("changes", session.account.login)
    return JSONResponse({})


ROUTES = [
    Route("/mysettings-api/everything", _destroy, methods=["DELETE"]),
    Route("/mysettings-api/settingsApiSettings/{key}", _setting, methods=["GET", "PUT"]),
]
