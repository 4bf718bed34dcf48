"""The settings pages: lists of rows, and behind each row a page with its switches."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from optout.practice.pause import pause

from .behaviour import Behaviour, behaviour
from .catalogue import AI_PAGE, FRAME_PAGE, MOVED_PAGE, PRIVACY, ROOT, ROWS, SECTIONS
from .catalogue import UNRECOGNISABLE as UNKNOWN_ROWS
from .shell import member, render, render_member
from .switches import Switch, entity, main_switch, stored_switch, switches
from .wording import WORDINGS

if TYPE_CHECKING:
    from starlette.requests import Request

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

    from .catalogue import Row

_CATEGORY = f"{ROOT}categories/"
_NOT_OFFERED = ("absent-404", "absent-redirect", "absent-empty")
_STATUSES = {
    "server-error": 500,
    "rate-limited": 429,
    "blocked-999": 999,
    "absent-404": 404,
    "moved": 404,
    "listing-changed": 404,
}


@member
async def _first_category(_: Request, __: Session) -> Response:
    return RedirectResponse(f"{_CATEGORY}account", 302)


@member
async def _category(request: Request, session: Session) -> Response:
    name = request.path_params["name"]
    if name not in SECTIONS:
        raise HTTPException(404)
    account = session.account
    changed = name == PRIVACY and account.has("listing-changed")
    sections = UNKNOWN_ROWS if changed else SECTIONS[name]
    shown = [
        (section.title, [_line(account, row) for row in section.rows if _offered(account, row)])
        for section in sections
    ]
    return render_member(
        request, session, "category.html", category=name, categories=list(SECTIONS), sections=shown
    )


@member
async def _page(request: Request, session: Session) -> Response:
    page = request.path_params["page"].rstrip("/")
    account = session.account
    if page == FRAME_PAGE and account.has("in-iframe"):
        return _setting(request, session, "setting_frame.html")
    if page == AI_PAGE or (page == MOVED_PAGE and account.has("moved")):
        return await _practised(request, session, page)
    row = ROWS.get(page)
    if row is None:
        raise HTTPException(404)
    if not row.switches:
        return render_member(request, session, "no_practice.html", title=row.title)
    found = tuple(stored_switch(account, key, label) for key, label in row.switches)
    return _switch_page(request, session, row.title, found)


async def _practised(request: Request, session: Session, page: str) -> Response:
    """The page of the practised setting, or what this account meets in its place."""
    account = session.account
    if page == AI_PAGE:
        for name, status in _STATUSES.items():
            if account.has(name):
                retry = {"Retry-After": "60"} if status == 429 else None  # noqa: PLR2004 - as named
                raise HTTPException(status, headers=retry)
    if account.has("hangs"):
        await pause(request, None)
        return Response(status_code=503)
    if account.has("redirect-loop"):
        return RedirectResponse(request.url.path, 302)
    if account.has("absent-redirect"):
        return RedirectResponse(f"{_CATEGORY}{PRIVACY}", 302)
    if account.has("empty-page"):
        return render("empty.html")
    if account.has("absent-empty"):
        return render_member(request, session, "no_practice.html", title="")
    response = _setting(request, session, "setting.html", in_frame=account.has("in-iframe"))
    if account.has("session-expires-after-reading"):
        session.ended = True
    return response


def _setting(request: Request, session: Session, template: str, *, in_frame: bool = False) -> Response:
    account = session.account
    acts = behaviour(account)
    found = switches(account)
    told = tuple(replace(each, on=True) if acts.json_says_on else each for each in found)
    drawn = tuple(replace(each, on=False) if acts.shows_off else each for each in found)
    words = WORDINGS[account.language]
    return render_member(
        request,
        session,
        template,
        title=words.heading,
        question=words.question,
        # Drawn in the other order, so that the first switch of a page is not always the right one.
        switches=drawn[::-1],
        acts=acts,
        blob=_blob(account, told) if acts.json else "",
        managed=account.has("locked-in", "locked-out"),
        in_frame=in_frame,
        frame=f"{ROOT}{FRAME_PAGE}",
    )


def _switch_page(request: Request, session: Session, title: str, found: tuple[Switch, ...]) -> Response:
    return render_member(
        request,
        session,
        "setting.html",
        title=title,
        question="",
        switches=found,
        acts=Behaviour(),
        blob=_blob(session.account, found),
        managed=False,
        in_frame=False,
        frame="",
    )


def _blob(account: PracticeAccount, told: tuple[Switch, ...]) -> str:
    words = WORDINGS[account.language]
    return json.dumps({"data": {}, "included": [entity(each, words) for each in told]})


def _offered(account: PracticeAccount, row: Row) -> bool:
    return row.page != AI_PAGE or not account.has(*_NOT_OFFERED)


def _line(account: PracticeAccount, row: Row) -> tuple[str, str, str]:
    """Title, address and state text of a row, as this account sees it."""
    words = WORDINGS[account.language]
    if row.page == AI_PAGE:
        page = MOVED_PAGE if account.has("moved") else AI_PAGE
        return words.heading, f"{ROOT}{page}", words.on if main_switch(account).on else words.off
    if len(row.switches) != 1:
        return row.title, f"{ROOT}{row.page}", ""
    on = stored_switch(account, *row.switches[0]).on
    return row.title, f"{ROOT}{row.page}", words.on if on else words.off


ROUTES = [
    Route("/mypreferences/d", _first_category),
    Route(ROOT, _first_category),
    Route(f"{_CATEGORY}{{name}}", _category),
    Route(f"{ROOT}{{page:path}}", _page),
]
