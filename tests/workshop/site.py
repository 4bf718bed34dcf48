"""A small practice site with one page per shape that a setting can have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from optout.practice.conditions import Condition
from optout.practice.middleware import Counted, Marked
from optout.practice.sessions import Sessions
from optout.practice.site import PracticeSite
from optout.practice.switchboard import Switchboard

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from optout.practice.sessions import Session
    from optout.practice.switchboard import PracticeAccount

COOKIE = "workshop"
CANARY = "canary-4f9a1c"
SITES = (1, 2, 3)
HERE = Path(__file__).parent
CONDITIONS = tuple(
    Condition(name, sentence, "all")
    for name, sentence in {
        "refuses": "Saving is refused.",
        "forgets": "Saving is answered as if it had worked, and nothing is stored.",
        "neighbour-moves": "Saving one setting moves the one beside it.",
        "confirm-deletes": "The button of the question speaks of deleting.",
        "confirm-hides": "The button of the question is named otherwise than it says.",
        "half-ticked": "The box is neither ticked nor empty.",
        "asks-anew": "The question has other words than it used to.",
        "twice-named": "Two controls stand beside the same words.",
        "other-skin": "The wording is the opposite one.",
        "last-site-forgets": "The last site keeps no change.",
        "not-offered": "The list has no row for the setting, and its page is not found.",
        "long": "Labels and sections are long.",
        "japanese": "The page is in Japanese.",
        "portuguese": "The page is in Brazilian Portuguese.",
    }.items()
)
_FAR = {
    "en": ("Learning", "Train on everything I do"),
    "ja": ("生成AIの改善のためのデータ", "コンテンツを作るAIの学習に私のデータを使う"),
    "pt-BR": ("Dados para aprimoramento da IA generativa", "Usar meus dados para treinar modelos de IA"),
}
_PAGES = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, undefined=StrictUndefined)
_SIMPLE = (
    *("auto", "prevent", "dialog", "select", "choice", "menu", "confirm", "nameless", "skin"),
    *("native", "unsaved", "frame", "hidden-frame", "shadow", "sections", "wordy", "scrolling"),
)


def site() -> PracticeSite:
    """A new site with no accounts."""
    board = Switchboard(CONDITIONS)
    sessions = Sessions()
    app = Starlette(
        routes=[
            Route("/enter", _enter, methods=["GET", "POST"]),
            Route("/api/{key}", _save, methods=["PUT"]),
            Route("/settings/form", _form, methods=["GET", "POST"]),
            Route("/settings/frame/inner", _frame),
            Route("/settings/far", _far),
            Route("/settings/late", _late),
            Route("/settings", _list),
            Route("/settings/{page}", _page),
            Route("/sites", _sites),
            Route("/sites/{number:int}", _one_site),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]
    )
    app.state.board, app.state.sessions = board, sessions

    def login_of(connection: HTTPConnection) -> str | None:
        session = sessions.find(connection.cookies.get(COOKIE))
        return session.account.login if session else None

    counted = Counted(app, board, login_of=login_of, signing_in=("/enter",))
    return PracticeSite("workshop", Marked(counted), board)


def session_for(practice: PracticeSite, account: PracticeAccount, origin: str) -> dict[str, object]:
    """What a browser keeps of somebody who has signed in."""
    app = practice.app.app.app  # type: ignore[attr-defined]
    session = app.state.sessions.open(account, landing="/settings", pending=[])
    host = urlsplit(origin).hostname
    cookie = {"name": COOKIE, "value": session.token, "domain": host, "path": "/", "expires": -1}
    cookie |= {"httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [cookie], "origins": []}


async def _enter(request: Request) -> Response:
    if request.method == "GET":
        return _shown("enter.html", lang="en", wrong=False, login="")
    given = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    board: Switchboard = request.app.state.board
    board.count("credential_submissions", given.get("login"))
    account = board.find(given.get("login"))
    if account is None or account.password != given.get("password"):
        return _shown("enter.html", lang="en", wrong=True, login=given.get("login", ""))
    session = request.app.state.sessions.open(account, landing="/settings", pending=[])
    response = RedirectResponse("/settings", 303)
    response.set_cookie(COOKIE, session.token, httponly=True)
    return response


async def _save(request: Request) -> Response:
    session, key = _session(request), request.path_params["key"]
    if session is None:
        return JSONResponse({}, 401)
    account = session.account
    if account.has("refuses"):
        return JSONResponse({}, 409)
    forgets = account.has("forgets") or (account.has("last-site-forgets") and key == f"site-{SITES[-1]}")
    if not forgets:
        _store(request, account, key, allowed=bool((await request.json())["allowed"]))
    return JSONResponse({"saved": True})


def _store(request: Request, account: PracticeAccount, key: str, *, allowed: bool) -> None:
    if account.settings.get(key, True) != allowed:
        account.settings[key] = allowed
        request.app.state.board.count("changes", account.login)
        if account.has("neighbour-moves"):
            account.settings["neighbour"] = not account.settings.get("neighbour", True)


async def _page(request: Request) -> Response:
    name = request.path_params["page"]
    if name == "broken":
        return HTMLResponse("This did not work.", 500)
    if name not in _SIMPLE:
        return _member(request, "base.html", status=404)
    return _member(request, f"{name}.html")


async def _form(request: Request) -> Response:
    session = _session(request)
    if session is None:
        return RedirectResponse("/enter", 302)
    account = session.account
    drawn_on = account.settings.get("form", True)
    trouble = False
    if request.method == "POST":
        drawn_on = "training" in dict(parse_qsl((await request.body()).decode()))
        trouble = account.has("refuses")
        if not trouble:
            _store(request, account, "form", allowed=drawn_on)
    # What was posted is drawn, whether it was kept or not: this is how such pages mislead.
    return _member(request, "form.html", trouble=trouble, drawn_on=drawn_on)


async def _frame(request: Request) -> Response:
    return _member(request, "frame_inner.html")


async def _late(request: Request) -> Response:
    return _member(request, "auto.html")


async def _far(request: Request) -> Response:
    session = _session(request)
    account = session.account if session else None
    lang = "en"
    if account is not None and account.has("japanese", "portuguese"):
        lang = "ja" if account.has("japanese") else "pt-BR"
    heading, label = _FAR[lang]
    long = account is not None and account.has("long")
    if long:
        label += " and on whatever else anybody who works with me does here, at any time" * 6
    return _member(
        request,
        "far.html",
        lang=lang,
        heading=heading,
        label=label,
        others=40 if long else 2,
        canary=CANARY,
    )


async def _list(request: Request) -> Response:
    session = _session(request)
    gone = session is not None and session.account.has("not-offered")
    rows = ("profile", "security", "language") if gone else ("profile", "security", "language", "absent")
    return _member(request, "list.html", rows=rows)


async def _sites(request: Request) -> Response:
    return _member(request, "sites.html", sites=SITES)


async def _one_site(request: Request) -> Response:
    return _member(request, "site.html", number=request.path_params["number"])


def _session(request: Request) -> Session | None:
    session: Session | None = request.app.state.sessions.find(request.cookies.get(COOKIE))
    return session if session and session.live else None


def _member(request: Request, template: str, *, status: int = 200, **facts: object) -> Response:
    session = _session(request)
    if session is None:
        return RedirectResponse("/enter", 302)
    account = session.account
    common: dict[str, object] = {
        "lang": "en",
        "name": account.name,
        "has": account.has,
        "on": lambda key: account.settings.get(key, True),
    }
    return _shown(template, status=status, **{**common, **facts})


def _shown(template: str, *, status: int = 200, **facts: object) -> Response:
    return HTMLResponse(_PAGES.get_template(template).render(facts), status)
