"""The settings page, with its control as the account is to meet it, and the call that saves."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from optout.practice.kit.behaviour import behaviour
from optout.practice.kit.shell import member, practice, render_member, session_of
from optout.practice.kit.views import MAIN, View, store, views
from optout.practice.pause import pause

if TYPE_CHECKING:
    from starlette.requests import Request

    from optout.practice.kit.platform import Platform
    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

_FRAME = "/practice/frame"
_STATE = "/practice/state"
_WHO = "/practice/whoami"
_DESTROY = "/practice/destroy"
_STATUSES = {"server-error": 500, "rate-limited": 429, "absent-404": 404}
_REFUSALS = {"save-403": 403, "save-429": 429, "save-500": 500, "save-500-looks-off": 500}
_FORGETFUL = ("save-not-kept", "remembered-in-page")
_LATE_STATE_S = 0.6
_SLOW_SAVE_S = 0.5


def routes(platform: Platform) -> list[Route]:
    """The settings pages of a platform, its home page, and what they call."""
    method, path = platform.saving
    pages = [*platform.paths, *platform.objects]
    return [
        *(Route(page, _page) for page in dict.fromkeys(pages)),
        *([] if platform.home in pages else [Route(platform.home, _home)]),
        *([] if "/" in (*pages, platform.home) else [Route("/", _to_home)]),
        Route(path, _save, methods=[method]),
        Route(_FRAME, _frame),
        Route(_STATE, _state),
        Route(_WHO, _who),
        Route(_DESTROY, _destroy, methods=["POST"]),
    ]


@member
async def _to_home(request: Request, _: Session) -> Response:
    return RedirectResponse(practice(request).platform.home, 302)


@member
async def _home(request: Request, session: Session) -> Response:
    return _shown(request, session, "home.html", opened=False)


@member
async def _page(request: Request, session: Session) -> Response:
    platform, account = practice(request).platform, session.account
    if not _is_place(platform, request):
        # What follows a # never reaches the server, so the first page may be the setting's as well.
        if account.has("absent-404", "absent-redirect", "absent-empty"):
            return render_member(request, session, "empty.html")
        return _shown(request, session, "home.html", opened=False)
    response = await _instead(request, session)
    if response is not None:
        return response
    if platform.objects and request.url.path not in platform.objects:
        return render_member(request, session, "objects.html", objects=platform.objects)
    response = _shown(request, session, "setting.html", opened=True)
    if account.has("session-expires-after-reading"):
        session.ended = True
    return response


async def _instead(request: Request, session: Session) -> Response | None:
    """What this account meets in place of the setting's page; None where it meets the page."""
    platform, account = practice(request).platform, session.account
    first = _is_place(platform, request, platform.places[:1])
    gone = first and account.has("first-place-gone")
    status = 404 if gone else next((code for name, code in _STATUSES.items() if account.has(name)), 0)
    if status:
        raise HTTPException(status)
    if account.has("hangs"):
        await pause(request, None)
        return Response(status_code=503)
    leads = {"redirect-loop": str(request.url), "absent-redirect": "/practice/elsewhere"}
    for name, address in leads.items():
        if account.has(name):
            return RedirectResponse(address, 302)
    if account.has("empty-page"):
        return HTMLResponse("<!doctype html><title></title><body>")
    if account.has("withheld") and request.url.path == (platform.objects or platform.places)[-1]:
        return render_member(request, session, "withheld.html", heading=platform.control.heading)
    nothing = account.has("absent-empty") or (first and account.has("first-place-empty"))
    return render_member(request, session, "empty.html") if nothing else None


def _is_place(platform: Platform, request: Request, places: tuple[str, ...] = ()) -> bool:
    """Whether the setting shows at this address; what follows a # never reaches the server."""
    query = dict(request.query_params)
    for place in places or (*platform.places, *platform.objects):
        parts = urlsplit(place)
        fits = parts.path == request.url.path and dict(parse_qsl(parts.query)).items() <= query.items()
        if fits and not parts.fragment:
            return True
    return False


def _shown(request: Request, session: Session, template: str, *, opened: bool) -> Response:
    """A page that holds the controls, shown at once (`opened`) or behind something to be opened."""
    platform, account = practice(request).platform, session.account
    name = request.url.path if request.url.path in platform.objects else MAIN
    return render_member(
        request,
        session,
        template,
        opened=opened,
        acts=behaviour(account),
        # In the other order, so that the first control of a page is not always the right one.
        views=_drawn(platform, account, name)[::-1],
        frame=f"{_FRAME}?name={name}" if account.has("in-iframe") else "",
        heading="" if account.has("heading-gone") else platform.met_by(account).heading,
    )


def _drawn(platform: Platform, account: PracticeAccount, name: str) -> tuple[View, ...]:
    """The controls as the page first shows them."""
    main, *others = views(platform, account, name)
    return (replace(main, out=True) if account.has("late-state") else main, *others)


@member
async def _frame(request: Request, session: Session) -> Response:
    platform, account = practice(request).platform, session.account
    return render_member(
        request,
        session,
        "frame.html",
        acts=behaviour(account),
        views=_drawn(platform, account, request.query_params.get("name", MAIN)),
        frame="",
        heading="" if account.has("heading-gone") else platform.met_by(account).heading,
    )


@member
async def _state(request: Request, session: Session) -> Response:
    """What is stored, late."""
    await pause(request, _LATE_STATE_S)
    shown = views(practice(request).platform, session.account, request.query_params.get("name", MAIN))
    return JSONResponse({"on": shown[0].on})


async def _who(request: Request) -> Response:
    """Whether anybody is signed in, late."""
    await pause(request, _LATE_STATE_S)
    return JSONResponse({}, 200 if session_of(request) else 401)


async def _save(request: Request) -> Response:
    session, site = session_of(request), practice(request)
    if session is None:
        return JSONResponse({}, 401)
    if request.headers.get("x-practice-csrf") != session.csrf:
        return JSONResponse({}, 403)
    account = session.account
    asked = json.loads(await request.body())
    name = str(asked["name"])
    of_object = name if name in site.platform.objects else MAIN
    known = {view.name: view for view in views(site.platform, account, of_object)}
    if name not in known or known[name].locked:
        return JSONResponse({}, 403)
    if account.has("save-delayed"):
        await pause(request, _SLOW_SAVE_S)
    for condition, status in _REFUSALS.items():
        if account.has(condition):
            return JSONResponse({}, status)
    view = known[name]
    if not account.has(*_FORGETFUL) and store(
        site.platform, account, view, out=bool(asked["on"]) == view.control.inverted
    ):
        site.switchboard.count("changes", account.login)
    if account.has("session-expires-after-saving"):
        session.ended = True
    return JSONResponse({"saved": True})


async def _destroy(request: Request) -> Response:
    session = session_of(request)
    if session is not None:
        session.account.settings["destroyed"] = True
        practice(request).switchboard.count("changes", session.account.login)
    return JSONResponse({})
